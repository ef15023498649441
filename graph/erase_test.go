package graph_test

import (
	"errors"
	"strings"
	"testing"

	"chancery/graph"
)

func TestErase(t *testing.T) {
	g := newGraph(t)
	about := func(id, source string, facts ...graph.Fact) graph.Claim {
		return graph.Claim{ID: "claim/" + id, Source: source, Status: graph.Reported, AttributedTo: []string{"person/witness"}, Facts: facts}
	}
	name := func(id, text string) graph.Fact {
		return graph.Fact{Subject: id, Predicate: graph.PreferredName, Object: graph.Text(text)}
	}
	met := func(a, b string) graph.Fact {
		return graph.Fact{Subject: a, Predicate: "kg:met", Object: graph.Ref(b)}
	}
	apply(t, g, day(1), graph.Changes{Record: []graph.Claim{
		about("secret", "source/a", name("person/x", "a secret"), name("person/y", "Y")),
		about("only-x", "source/a", name("person/x", "X"), met("person/y", "person/x")),
		about("both", "source/a", name("person/x", "X"), name("person/z", "Z")),
		about("from-b", "source/b", name("person/z", "Zed")),
	}})
	apply(t, g, day(2), graph.Changes{Record: []graph.Claim{{ID: "claim/newer", Source: "source/a", Status: graph.Confirmed, Supersedes: "claim/secret", Facts: []graph.Fact{name("person/y", "Why")}}}})

	holds := func(text string) (n int) {
		t.Helper()
		for _, p := range []graph.Perspective{{}, {KnownAt: day(1)}} {
			v := view(t, g, p)
			err := v.Quads(t.Context(), graph.Pattern{}, func(q graph.Quad) bool {
				for _, id := range []graph.ID{q.Subject, q.Object, q.Label} {
					if term, _ := v.Term(id); strings.Contains(term.Text, text) {
						n++
					}
				}
				return true
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		return n
	}
	erase := func(e graph.Erasure) graph.Receipt {
		t.Helper()
		e.At, e.Reason = day(3), "order of a court"
		r, err := g.Erase(t.Context(), e)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := erase(graph.Erasure{Claims: []string{"claim/secret"}})
	if n := holds("secret"); n != 0 {
		t.Errorf("%d traces of an erased claim are left", n)
	}
	note := view(t, g, graph.Perspective{})
	if id, ok := note.Node(r.Recorded[len(r.Recorded)-1]); !ok || note.Record(id).Status != graph.Confirmed {
		t.Errorf("there is no note %v", r.Recorded)
	}
	erase(graph.Erasure{Entities: []string{"person/x"}})
	if n := holds("person/x") + holds("only-x"); n != 0 {
		t.Errorf("%d traces of an erased entity, or of the claim that only spoke of it, are left", n)
	}
	if holds("claim/both") == 0 {
		t.Error("a claim that says other things too was erased")
	}
	erase(graph.Erasure{Entities: []string{"source/b"}})
	if n := holds("from-b"); n != 0 {
		t.Errorf("%d traces of a claim without its source are left", n)
	}
	v := view(t, g, graph.Perspective{})
	if got := admitted(v, v.Facts()); got != "both edits/3-2 edits/4-1 edits/5-1 edits/source newer" {
		t.Errorf("left are %s", got)
	}
	if _, err := g.Erase(t.Context(), graph.Erasure{Claims: []string{"claim/secret"}}); !errors.Is(err, graph.ErrClaimUnknown) {
		t.Errorf("erasing again: %v", err)
	}
	var unknown *graph.UnknownIDError
	if _, err := g.Erase(t.Context(), graph.Erasure{Entities: []string{"person/nobody"}}); !errors.As(err, &unknown) {
		t.Errorf("erasing the unknown: %v", err)
	}
}
