package naive

import (
	"chancery/graph"
)

// Name is one name that a search looks among.
type Name struct {
	Entity         graph.ID
	Text, Language string
	Rank           int // of its kind, 0 the best
}

// Hit is an entity that a search found.
type Hit struct {
	Entity       graph.ID
	Score        float64 // as it is answered
	Matched, Why string
}

const longestSearch = 200 // bytes

// rootSearch looks among all known names of the entities that some admitted claim
// speaks of.
func (r *run) rootSearch(args map[string]any) (any, fault) {
	text := args["text"].(string)
	first, some := args["first"].(int64)
	if !some {
		first = 10
	}
	switch {
	case len(text) > longestSearch:
		return nil, tooLarge
	case first < 0:
		return nil, badUserInput
	case first > mostInList:
		return nil, listTooLong
	}
	var among []Name
	for id, class := range r.classes {
		if !r.spokenOf[id] || args["classes"] != nil && !oneOf(class.Enum, args["classes"]) {
			continue
		}
		for _, n := range r.namesOf(id) {
			among = append(among, Name{id, n.text, n.language, n.rank})
		}
	}
	list := []any{}
	for _, hit := range r.rank(text, among) {
		if int64(len(list)) < first {
			list = append(list, hit)
		}
	}
	return list, ""
}

func (r *run) hitField(h Hit, name string) any {
	switch name {
	case "score":
		return h.Score
	case "matched":
		return h.Matched
	case "why":
		return h.Why
	case "node":
		return r.entity(h.Entity, r.o.Class("Entity"), nil)
	}
	panic(noRuleError{"SearchHit", name})
}
