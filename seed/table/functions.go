package table

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"chancery/graph/edtf"
	"chancery/seed/table/code"
	"chancery/seed/table/value"
)

// function is one function of the notation: what it takes, and what makes it.
type function struct {
	least, most int // arguments; most -1: any number
	form        string
	make        func(p *parser, args []string) (func([]string) ([]string, error), error)
}

// newFunctions makes the table of them. A value is a list of texts: one for most
// columns, none for an empty cell, several after split.
func newFunctions() map[string]function {
	return map[string]function{
		"lower":         each0(strings.ToLower),
		"upper":         each0(strings.ToUpper),
		"title":         each0(value.Title),
		"slug":          each0(value.Slug),
		"hash":          each0(value.Hash),
		"drop-brackets": each0(value.WithoutBrackets),

		"words":  each0(value.Words),
		"alpha2": each0(value.Alpha2),

		"year":     try0(value.Year),
		"integer":  try0(value.Whole),
		"boolean":  try0(value.Boolean),
		"percent":  try0(value.Percent),
		"language": try0(value.Language),
		"edtf": try0(func(s string) (string, error) {
			_, err := edtf.Parse(s)
			return s, err
		}),
		"date":   {0, 1, "date, or date dmy", makeDate},
		"dates":  {0, 1, "dates, or dates dmy", makeDates},
		"number": {0, 1, `number, or number ","`, makeNumber},
		"code":   {1, 1, "code iso3166-1-alpha-2", makeCode},

		"none":   {1, -1, "none 9999 n/a", makeNone},
		"open":   {1, -1, "open 9999-12-31", makeOpen},
		"or":     {1, 1, `or "some text"`, makeOr},
		"needed": {0, 0, "needed", makeNeeded},
		// optional is about the file, sparing about faults: they make nothing of a value.
		"optional": {0, 0, "optional", makeNothing},
		"sparing":  {0, 0, "sparing", makeNothing},
		"split":    {1, 1, `split ;`, makeSplit},
		"item":     {1, 1, "item 1, or item -1 for the last", makeItem},
		"join":     {1, 1, `join ", "`, makeJoin},
		"prefix":   {1, 1, `prefix ", "`, one1(func(s, arg string) string { return arg + s })},
		"suffix":   {1, 1, `suffix "~"`, one1(func(s, arg string) string { return s + arg })},
		"before":   {1, 1, `before ";"`, one1(func(s, arg string) string { head, _, _ := strings.Cut(s, arg); return head })},
		"after":    {1, 1, `after ":"`, one1(func(s, arg string) string { _, tail, _ := strings.Cut(s, arg); return tail })},
		"replace":  {2, 2, `replace "old" "new"`, makeReplace},
		"match":    {1, 2, `match "\((\d+)\)", or match "(.*), (.*)" "$2 $1"`, makeMatch},

		"lookup":    {1, 1, "lookup TABLE", makeLookup},
		"translate": {1, 1, "translate TABLE", makeTranslate},
	}
}

func makeNothing(*parser, []string) (func([]string) ([]string, error), error) {
	return nil, nil //nolint:nilnil // nothing is what it makes
}

// function makes a function of the notation with its arguments; nil for optional and
// sparing.
func (p *parser) function(name string, args []string) (func([]string) ([]string, error), error) {
	f, ok := p.functions[name]
	if !ok {
		return nil, fmt.Errorf("%q is no function%s", name, suggest(name, slices.Collect(maps.Keys(p.functions))))
	}
	if len(args) < f.least || f.most >= 0 && len(args) > f.most {
		return nil, fmt.Errorf("%s has %d words after it; write it as in %s", name, len(args), f.form)
	}
	return f.make(p, args)
}

// mapEach applies a change to each value and drops what becomes empty.
func mapEach(change func(string) string) func([]string) ([]string, error) {
	return func(values []string) ([]string, error) {
		out := values[:0]
		for _, v := range values {
			if v = strings.TrimSpace(change(v)); v != "" {
				out = append(out, v)
			}
		}
		return out, nil
	}
}

func tryEach(change func(string) (string, error)) func([]string) ([]string, error) {
	return func(values []string) ([]string, error) {
		for i, v := range values {
			if v == "" {
				continue
			}
			changed, err := change(v)
			if err != nil {
				return nil, err
			}
			values[i] = changed
		}
		return values, nil
	}
}

func each0(change func(string) string) function {
	return function{0, 0, "without a word after it", func(*parser, []string) (func([]string) ([]string, error), error) {
		return mapEach(change), nil
	}}
}

func try0(change func(string) (string, error)) function {
	return function{0, 0, "without a word after it", func(*parser, []string) (func([]string) ([]string, error), error) {
		return tryEach(change), nil
	}}
}

func one1(change func(s, arg string) string) func(*parser, []string) (func([]string) ([]string, error), error) {
	return func(_ *parser, args []string) (func([]string) ([]string, error), error) {
		return func(values []string) ([]string, error) {
			out := values[:0]
			for _, v := range values {
				if v = change(v, args[0]); v != "" {
					out = append(out, v)
				}
			}
			return out, nil
		}, nil
	}
}

func makeDate(_ *parser, args []string) (func([]string) ([]string, error), error) {
	order, err := orderOf(args)
	if err != nil {
		return nil, err
	}
	return tryEach(func(s string) (string, error) {
		if s == ".." {
			return s, nil
		}
		return value.Date(s, order)
	}), nil
}

// makeDates makes the first and the last day of each stretch of days.
func makeDates(_ *parser, args []string) (func([]string) ([]string, error), error) {
	order, err := orderOf(args)
	if err != nil {
		return nil, err
	}
	return func(values []string) ([]string, error) {
		var out []string
		for _, v := range values {
			ends, err := value.Dates(v, order)
			if err != nil {
				return nil, err
			}
			out = append(out, ends...)
		}
		return out, nil
	}, nil
}

func orderOf(args []string) (order string, err error) {
	if len(args) > 0 {
		if order = args[0]; !slices.Contains(value.Orders(), order) {
			return "", fmt.Errorf("%q is no order of day, month and year%s", order, suggest(order, value.Orders()))
		}
	}
	return order, nil
}

func makeNumber(_ *parser, args []string) (func([]string) ([]string, error), error) {
	separator := ""
	if len(args) > 0 {
		separator = args[0]
	}
	return tryEach(func(s string) (string, error) { return value.Number(s, separator) }), nil
}

func makeCode(_ *parser, args []string) (func([]string) ([]string, error), error) {
	scheme, ok := code.Find(args[0])
	if !ok {
		return nil, fmt.Errorf("%q is no code system%s", args[0], suggest(args[0], code.Names()))
	}
	return tryEach(func(s string) (string, error) { return s, scheme.Check(s) }), nil
}

func makeNone(_ *parser, args []string) (func([]string) ([]string, error), error) {
	return func(values []string) ([]string, error) {
		return slices.DeleteFunc(values, func(v string) bool { return slices.Contains(args, v) }), nil
	}, nil
}

func makeOpen(_ *parser, args []string) (func([]string) ([]string, error), error) {
	return tryEach(func(s string) (string, error) {
		if slices.Contains(args, s) {
			return "..", nil
		}
		return s, nil
	}), nil
}

func makeOr(_ *parser, args []string) (func([]string) ([]string, error), error) {
	return func(values []string) ([]string, error) {
		if len(values) == 0 {
			return append(values, args[0]), nil
		}
		return values, nil
	}, nil
}

func makeNeeded(*parser, []string) (func([]string) ([]string, error), error) {
	return func(values []string) ([]string, error) {
		if len(values) == 0 {
			return nil, fmt.Errorf("it is empty, and the mapping needs it")
		}
		return values, nil
	}, nil
}

func makeSplit(_ *parser, args []string) (func([]string) ([]string, error), error) {
	if args[0] == "" {
		return nil, fmt.Errorf("split needs what stands between the items, as in split ;")
	}
	return func(values []string) ([]string, error) {
		var out []string
		for _, v := range values {
			for item := range strings.SplitSeq(v, args[0]) {
				if item = strings.TrimSpace(item); item != "" {
					out = append(out, item)
				}
			}
		}
		return out, nil
	}, nil
}

func makeItem(_ *parser, args []string) (func([]string) ([]string, error), error) {
	n, err := strconv.Atoi(args[0])
	if err != nil || n == 0 {
		return nil, fmt.Errorf("%q is no place in a list; the first is 1, the last -1", args[0])
	}
	return func(values []string) ([]string, error) {
		i := n - 1
		if n < 0 {
			i = len(values) + n
		}
		if i < 0 || i >= len(values) || values[i] == "" { // an end that dates does not know
			return values[:0], nil
		}
		return values[i : i+1], nil
	}, nil
}

func makeJoin(_ *parser, args []string) (func([]string) ([]string, error), error) {
	return func(values []string) ([]string, error) {
		if len(values) < 2 {
			return values, nil
		}
		return append(values[:0], strings.Join(values, args[0])), nil
	}, nil
}

func makeReplace(_ *parser, args []string) (func([]string) ([]string, error), error) {
	if args[0] == "" {
		return nil, fmt.Errorf(`replace needs what to replace, as in replace "old" "new"`)
	}
	return mapEach(func(s string) string { return strings.ReplaceAll(s, args[0], args[1]) }), nil
}

// makeMatch keeps what a regular expression finds: its first group, or all that it
// found where it has none, or what the second argument makes of its groups.
func makeMatch(_ *parser, args []string) (func([]string) ([]string, error), error) {
	re, err := regexp.Compile(args[0])
	if err != nil {
		return nil, fmt.Errorf("%q is no regular expression: %w", args[0], err)
	}
	template := "$0"
	switch {
	case len(args) > 1:
		template = args[1]
	case re.NumSubexp() > 0:
		template = "$1"
	}
	return mapEach(func(s string) string {
		found := re.FindStringSubmatchIndex(s)
		if found == nil {
			return ""
		}
		return string(re.ExpandString(nil, template, s, found))
	}), nil
}

func makeLookup(p *parser, args []string) (func([]string) ([]string, error), error) {
	table, err := p.lookup(args[0])
	if err != nil {
		return nil, err
	}
	return tryEach(func(s string) (string, error) {
		to, ok := table[s]
		if !ok {
			return "", fmt.Errorf("%q is not in the lookup %s; add it there", s, args[0])
		}
		return to, nil
	}), nil
}

func makeTranslate(p *parser, args []string) (func([]string) ([]string, error), error) {
	table, err := p.lookup(args[0])
	if err != nil {
		return nil, err
	}
	return mapEach(func(s string) string {
		if to, ok := table[s]; ok {
			return to
		}
		return s
	}), nil
}

// lookup finds a table of the mapping.
func (p *parser) lookup(name string) (map[string]string, error) {
	table, ok := p.m.lookups[name]
	if !ok {
		return nil, fmt.Errorf("no lookup is called %q%s", name, suggest(name, slices.Collect(maps.Keys(p.m.lookups))))
	}
	return table, nil
}
