package randomdoc

import (
	"math/rand/v2"
	"slices"

	"chancery/graph"
	"chancery/schema"
)

// Questions about entities picked at random mostly have no answer. So some are about
// what claims are known to say: ends that a path joins, facts, contradictions.

// link is a fact between two entities.
type link struct {
	to    string
	field string // of the subject's class; "": the ontology does not know it
}

// named is the object of a fact, and its predicate.
type named struct{ object, predicate string }

// said collects what the claims say.
func (s *Sample) said() {
	s.facts, s.links, s.relations, s.named = nil, map[string][]link{}, map[string]int{}, map[named]int{}
	for _, commit := range s.Commits {
		for _, claim := range commit.Record {
			if claim.Status == graph.Denied {
				continue
			}
			for _, f := range claim.Facts {
				s.facts = append(s.facts, f)
				from, to := s.classOf(f.Subject), s.classOf(f.Object.Text)
				if from == nil || to == nil || f.Object.Kind != graph.IRI {
					continue
				}
				s.relations[f.Predicate]++
				s.named[named{f.Object.Text, f.Predicate}]++
				l := link{to: f.Object.Text}
				if field := from.FieldOf(f.Predicate); field != nil && field.Kind == schema.Relation {
					l.field = field.Name
				}
				s.links[f.Subject] = append(s.links[f.Subject], l)
				s.links[f.Object.Text] = append(s.links[f.Object.Text], link{f.Subject, l.field})
			}
		}
	}
}

// says reports whether some claim relates two entities by a field.
func (s *Sample) says(f *schema.Field) bool {
	return slices.ContainsFunc(f.Predicates, func(p *schema.Predicate) bool { return s.relations[p.IRI] >= 2 })
}

// walk goes some links on from an entity, and names the fields of those links.
func (s *Sample) walk(rng *rand.Rand, from string, links int) (to string, fields []any) {
	for to = from; links > 0 && len(s.links[to]) > 0; links-- {
		l := pick(rng, s.links[to])
		if l.to == from {
			continue
		}
		if to = l.to; l.field != "" && !slices.Contains(fields, any(l.field)) {
			fields = append(fields, l.field)
		}
	}
	return to, fields
}

// special is a question at one of the roots that are of no class.
func (g *generator) special() string {
	of := g.o.Schema.Query
	name := pick(g.rng, []string{
		"paths", "paths", "paths", "facts", "facts", "facts", "changes", "changes", "conflicts", "search", "claims",
		"resolve", "resolveAll", "nodes",
	})
	var text string
	for _, part := range g.fieldOf(of, of.Fields.ForName(name), 1, nil) {
		text += part + " "
	}
	return "{ " + text + "}"
}

// pathEnd is one end of paths; mostly, one that some path leads to from the other.
func (g *generator) pathEnd(key string) string {
	if key == "from" || g.chance(20) {
		g.pathFrom, g.pathFields = g.anyID(), nil
		if key == "from" {
			return g.pathFrom
		}
		return g.anyID()
	}
	to, fields := g.s.walk(g.rng, g.pathFrom, 1+g.rng.IntN(4))
	g.pathFields = fields
	return to
}

// known is a text filter that what is said meets now and then, for keys that ask of
// facts; nil for others.
func (g *generator) known(key string) object {
	f := pick(g.rng, g.s.facts)
	text := g.o.Schema.Types["TextFilter"].Fields
	one := func(name string, v any) object {
		g.uses("TextFilter", name)
		return object{{name, text.ForName(name).Type, false, v}}
	}
	switch key {
	case "field":
		if class := g.s.classOf(f.Subject); class != nil {
			if field := class.FieldOf(f.Predicate); field != nil {
				switch g.rng.IntN(4) {
				case 0:
					return one("in", []any{field.Name, "names"})
				case 1:
					return one("not", field.Name)
				}
				return one("eq", field.Name)
			}
		}
		return one("in", []any{"class", "name", "names"})
	case "predicate":
		switch g.rng.IntN(3) {
		case 0:
			return one("contains", pick(g.rng, []string{"name", "Date", "ontology", "type"}))
		case 1:
			return one("startsWith", "http")
		}
		return one("eq", schema.Expand(f.Predicate))
	case "value":
		if f.Object.Kind == graph.Literal {
			return one("eq", f.Object.Text)
		}
		return one("exists", g.chance(50))
	}
	return nil
}
