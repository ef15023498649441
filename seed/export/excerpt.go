package export

import (
	"cmp"
	"context"
	"io"
	"slices"
	"time"

	"chancery/graph"
	"chancery/seed/history"
)

// excerpt writes what is selected as RDF: claims in the order in which the graph
// learned of them, with what they say of what is told.
func (s *selection) excerpt(ctx context.Context, w io.Writer, o *Options, times []int64) error {
	out, err := history.NewWriter(w, history.WriterOptions{Format: o.Format.rdf(), Base: o.Base, Kind: history.View, Facts: s.about(o)})
	if err != nil {
		return err
	}
	var facts []graph.Fact
	err = s.each(ctx, times, func(claim graph.ID) error {
		facts = facts[:0]
		name := s.view.Name(claim)
		says := false
		var bad error
		err := s.view.Quads(ctx, graph.Pattern{Label: claim}, func(q graph.Quad) bool {
			predicate, _ := s.view.Term(q.Predicate)
			if q.Subject == claim {
				if history.OfRequest(predicate.Text) || history.OfRetraction(predicate.Text) {
					return true
				}
			} else {
				var shows bool
				if shows, bad = s.shows(ctx, q); !shows {
					return bad == nil
				}
				says = true
			}
			object, _ := s.view.Term(q.Object)
			facts = append(facts, graph.Fact{Subject: s.view.Name(q.Subject), Predicate: predicate.Text, Object: object})
			return true
		})
		if err = cmp.Or(bad, err); err != nil || !says {
			return err
		}
		history.Sort(name, facts)
		return out.Claim(name, facts, true)
	})
	if err != nil {
		return err
	}
	return out.Close()
}

// each calls yield for the claims that say what is told.
func (s *selection) each(ctx context.Context, times []int64, yield func(claim graph.ID) error) error {
	return history.Commits(ctx, s.view.Snapshot, times, func(_ int64, recorded, _ []graph.ID) error {
		slices.Sort(recorded)
		for _, claim := range recorded {
			if s.claims.Has(claim) {
				if err := yield(claim); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// about states the perspective and what else was asked for.
func (s *selection) about(o *Options) []graph.Fact {
	var facts []graph.Fact
	add := func(predicate string, object graph.Term) {
		facts = append(facts, graph.Fact{Predicate: "kg:" + predicate, Object: object})
	}
	p := &o.Perspective
	if !s.view.KnownAt.IsZero() {
		add("knownAt", graph.Typed(s.view.KnownAt.Format(time.RFC3339Nano), graph.DateTime))
	}
	if p.ValidAt != nil {
		add("validOn", graph.Date(p.ValidAt.String()))
	}
	for _, id := range p.Sources {
		add("ofSource", graph.Ref(id))
	}
	for _, id := range p.ExceptSources {
		add("exceptSource", graph.Ref(id))
	}
	for _, status := range p.Statuses {
		add("ofStatus", graph.Text(status.String()))
	}
	if p.MinConfidence > 0 {
		add("minConfidence", graph.Number(p.MinConfidence))
	}
	if o.Class != "" {
		add("ofClass", graph.Text(o.Class))
	}
	for _, id := range o.Around {
		add("around", graph.Ref(id))
	}
	return facts
}
