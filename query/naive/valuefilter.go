package naive

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"chancery/graph"
)

// textMeets answers a TextFilter on some texts: each key by itself, exists and
// not of all of them, the others of any.
func textMeets(texts []string, where map[string]any) bool {
	for key, v := range where {
		if v == nil {
			continue
		}
		some := func(is func(string) bool) bool { return slices.ContainsFunc(texts, is) }
		met := false
		switch key {
		case "exists":
			met = v.(bool) == (len(texts) > 0)
		case "eq":
			met = slices.Contains(texts, v.(string))
		case "in":
			met = some(func(t string) bool { return oneOf(t, v) })
		case "startsWith":
			met = some(func(t string) bool { return strings.HasPrefix(fold(t), fold(v.(string))) })
		case "contains":
			met = some(func(t string) bool { return strings.Contains(fold(t), fold(v.(string))) })
		case "not":
			met = len(texts) > 0 && !slices.Contains(texts, v.(string))
		default:
			panic(noRuleError{"TextFilter", key})
		}
		if !met {
			return false
		}
	}
	return true
}

func oneOf(text string, values any) bool { return slices.Contains(values.([]any), any(text)) }

// idMeets answers an IDFilter.
func (f *filter) idMeets(id graph.ID, where map[string]any) bool {
	is := func(name any) bool {
		named, _ := f.id(name.(string))
		return named == id
	}
	return (where["eq"] == nil || is(where["eq"])) &&
		(where["in"] == nil || slices.ContainsFunc(where["in"].([]any), is)) &&
		(where["not"] == nil || !is(where["not"]))
}

// numberMeets answers a NumberFilter on a number. stated is what exists asks.
func numberMeets(n *float64, stated bool, where map[string]any) bool {
	for key, v := range where {
		if v == nil {
			continue
		}
		met := false
		switch key {
		case "exists":
			met = v.(bool) == stated
		case "eq":
			met = n != nil && *n == v.(float64)
		case "lt":
			met = n != nil && *n < v.(float64)
		case "lte":
			met = n != nil && *n <= v.(float64)
		case "gt":
			met = n != nil && *n > v.(float64)
		case "gte":
			met = n != nil && *n >= v.(float64)
		default:
			panic(noRuleError{"NumberFilter", key})
		}
		if !met {
			return false
		}
	}
	return true
}

func number(text string) *float64 {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil
	}
	return &n
}

// momentMeets answers a MomentFilter on a moment in microseconds, if there is one.
func (f *filter) momentMeets(at int64, has bool, where map[string]any) bool {
	moment := func(v any) int64 {
		t, err := time.Parse(time.RFC3339, v.(string))
		if err != nil {
			f.fail(badUserInput)
		}
		return t.UnixMicro()
	}
	return (where["exists"] == nil || where["exists"] == has) &&
		(where["before"] == nil || has && at < moment(where["before"])) &&
		(where["after"] == nil || has && at > moment(where["after"]))
}
