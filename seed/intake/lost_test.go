package intake_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"chancery/graph"
	"chancery/graph/memory"
	"chancery/seed/intake"
)

// tearing is a store of which one commit, and so all after it, does not become durable.
type tearing struct {
	graph.Store
	left int // commits until then
}

var errLost = errors.New("torn")

// Start implements graph.Starter.
func (s *tearing) Start(ctx context.Context, b *graph.Batch) (graph.Snapshot, func() error, error) {
	after, err := s.Store.Commit(ctx, b)
	s.left--
	durable := s.left >= 0
	return after, func() error {
		if durable {
			return nil
		}
		return errLost
	}, err
}

// TestLostCommits: wherever commits are lost, the report tells of those before, and
// they are what the graph has.
func TestLostCommits(t *testing.T) {
	all := []intake.Entry{source}
	for i := range 9 {
		id := fmt.Sprint("nation/n-", i)
		all = append(all, said(fmt.Sprint(i), i+1, id+" rdf:type kg:Nation", id+" skos:prefLabel N"+fmt.Sprint(i)))
	}
	for commits := range 6 {
		g, err := graph.Open(t.Context(), &tearing{memory.New(), commits})
		if err != nil {
			t.Fatal(err)
		}
		target := newOffice(t, 2).Target
		target.Graph = g
		part := intake.Part{Name: "d.csv", Dataset: "d", Reader: entries(all)}
		report, err := intake.Run(t.Context(), target, slices.Values([]intake.Part{part}), intake.Options{BatchClaims: 2})
		whole := commits >= 5
		if whole != (err == nil) || !whole && !errors.Is(err, errLost) {
			t.Errorf("after %d commits: %v", commits, err)
		}
		if got := g.Latest().Commit(); got != uint64(commits) && !whole || report.Commits != min(commits, 5) || report.Claims.Recorded != min(2*commits, 10) {
			t.Errorf("after %d commits the graph has %d, and the report tells of %d with %d claims", commits, got, report.Commits, report.Claims.Recorded)
		}
	}
}
