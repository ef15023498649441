package graph_test

import (
	"errors"
	"sync"
	"testing"

	"chancery/graph"
	"chancery/graph/local"
	"chancery/graph/memory"
)

// metered is a graph of 100 events with a name each, said by claims of two sources
// by turns, in each store.
func metered(t *testing.T, each func(t *testing.T, g *graph.Graph)) {
	for name, open := range map[string]func(t *testing.T) graph.Store{
		"memory": func(*testing.T) graph.Store { return memory.New() },
		"local": func(t *testing.T) graph.Store {
			s, err := local.Open(t.TempDir(), local.Options{})
			if err != nil {
				t.Fatal(err)
			}
			return s
		},
	} {
		t.Run(name, func(t *testing.T) {
			g, err := graph.Open(t.Context(), open(t))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := g.Close(); err != nil {
					t.Error(err)
				}
			})
			var claims []graph.Claim
			for i := range 100 {
				id := string(rune('a'+i/26)) + string(rune('a'+i%26))
				claims = append(claims, said(id, func(c *graph.Claim) {
					c.Source = [...]string{"source/a", "source/b"}[i%2]
					c.Facts = []graph.Fact{
						{Subject: "event/" + id, Predicate: graph.Type, Object: graph.Ref("kg:Visit")},
						{Subject: "event/" + id, Predicate: "schema:startDate", Object: graph.Date("2020-01-01")},
					}
				}))
			}
			if _, err := g.Apply(t.Context(), graph.Changes{Record: claims, At: day(1)}); err != nil {
				t.Fatal(err)
			}
			each(t, g)
		})
	}
}

func TestMeterCountsWhatIsRead(t *testing.T) {
	metered(t, func(t *testing.T, g *graph.Graph) {
		whole := &graph.Meter{}
		v := view(t, g, graph.Perspective{})
		visit, _ := v.Node("kg:Visit")
		typ, _ := v.Node(graph.Type)
		var subjects []graph.ID
		for _, test := range []struct {
			what string
			want int64
			read func(v *graph.View) error
		}{
			{"Expand backwards", 100, func(v *graph.View) error {
				var links graph.Links
				err := v.Expand(t.Context(), &links, []graph.ID{visit}, typ, true, nil)
				subjects = nil
				for _, l := range links.All {
					subjects = append(subjects, l.To)
				}
				return err
			}},
			{"Expand of what other claims say", 100, func(v *graph.View) error {
				var links graph.Links
				err := v.Expand(t.Context(), &links, subjects, typ, false, graph.NewSet(0))
				if len(links.All) > 0 {
					t.Error("an empty set admits ", len(links.All))
				}
				return err
			}},
			{"Expand that finds nothing", 100, func(v *graph.View) error {
				return v.Expand(t.Context(), &graph.Links{}, subjects, typ, true, nil)
			}},
			{"Quads", 100, func(v *graph.View) error {
				return v.Quads(t.Context(), graph.Pattern{Predicate: typ, Object: visit}, func(graph.Quad) bool { return true })
			}},
			{"Quads up to the third", 3, func(v *graph.View) error {
				n := 0
				return v.Quads(t.Context(), graph.Pattern{Predicate: typ, Object: visit}, func(graph.Quad) bool { n++; return n < 3 })
			}},
			{"Spend", 7, func(v *graph.View) error { return v.Spend(7) }},
			{"Column", 100, func(v *graph.View) error {
				_, ok, err := v.Column(t.Context(), graph.Type, 100)
				if !ok {
					t.Error("100 nodes are not worth a column")
				}
				return err
			}},
		} {
			m := &graph.Meter{Whole: whole}
			before := whole.Read()
			if err := test.read(v.Metered(m)); err != nil {
				t.Fatalf("%s: %v", test.what, err)
			}
			if m.Read() != test.want || whole.Read()-before != test.want {
				t.Errorf("%s: %d read, and %d in all; want %d", test.what, m.Read(), whole.Read()-before, test.want)
			}
			// One quad less is too few, and the error says so.
			m = &graph.Meter{Limit: test.want - 1}
			var over *graph.MeterError
			if err := test.read(v.Metered(m)); !errors.As(err, &over) || over.Read != test.want || over.Limit != test.want-1 {
				t.Errorf("%s with a limit of %d: %v", test.what, m.Limit, err)
			}
			if m.Left() != 0 {
				t.Errorf("%s: %d left", test.what, m.Left())
			}
		}
		// The view that all share was never metered.
		if err := v.Quads(t.Context(), graph.Pattern{}, func(graph.Quad) bool { return true }); err != nil {
			t.Error(err)
		}
	})
}

func TestMeterOfMany(t *testing.T) {
	whole := &graph.Meter{Limit: 1000}
	var group sync.WaitGroup
	for range 10 {
		group.Go(func() {
			m := &graph.Meter{Whole: whole}
			for range 100 {
				if err := m.Add(1); err != nil {
					t.Error(err)
				}
			}
			if m.Read() != 100 {
				t.Error(m.Read())
			}
		})
	}
	group.Wait()
	if whole.Read() != 1000 || whole.Left() != 0 || whole.Add(1) == nil {
		t.Errorf("read %d", whole.Read())
	}
	var none *graph.Meter
	if none.Add(1) != nil || none.Read() != 0 || none.Left() >= 0 {
		t.Error("no meter counts nothing")
	}
}
