package edit

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/agnivade/levenshtein"

	"chancery/graph"
	"chancery/query"
	"chancery/schema"
	"chancery/seed/check"
)

// draft is one commit in the making: what it is checked against, and what is wrong
// with it so far.
type draft struct {
	ctx      context.Context
	editor   *Editor
	ontology *schema.Ontology
	view     *graph.View
	classOf  func(id string) (*schema.Class, bool) // of what the view knows
	failing  []func() error
	errs     Errors
	missed   map[string]bool // ids that an error has called unknown
}

func newDraft(ctx context.Context, e *Editor, v *graph.View) *draft {
	d := &draft{ctx: ctx, editor: e, ontology: e.ontology, missed: map[string]bool{}}
	d.against(v)
	return d
}

// against makes v the view that the rest is checked against.
func (d *draft) against(v *graph.View) {
	classOf, failed := check.Known(d.ctx, v, d.ontology)
	d.view, d.classOf, d.failing = v, classOf, append(d.failing, failed)
}

// failed is the error of the store, or ctx.Err(), that kept a class from being read.
func (d *draft) failed() error {
	for _, failed := range d.failing {
		if err := failed(); err != nil {
			return err
		}
	}
	return nil
}

// fail notes what is wrong at a place in the arguments.
func (d *draft) fail(code query.Code, place, format string, args ...any) {
	d.errs = append(d.errs, &query.Error{Code: code, Argument: place, Message: fmt.Sprintf(format, args...)})
}

// claim finds a claim that has been recorded.
func (d *draft) claim(place, id string) (graph.ID, bool) {
	node, seen := d.view.Node(id)
	if seen && node.Space() != graph.Claims {
		d.fail(query.BadUserInput, place, "%s is no claim: give the id of one", id)
		return 0, false
	}
	if !seen || !d.view.Record(node).Exists {
		d.unknown(place, id, "claim", "look its id up among the claims of an entity or a source")
		return 0, false
	}
	return node, true
}

// standing finds a claim that has been recorded and not been taken back.
func (d *draft) standing(place, id string) (graph.ID, bool) {
	node, ok := d.claim(place, id)
	if !ok {
		return 0, false
	}
	if at, gone := d.view.RetractedAt(node); gone {
		d.fail(query.Conflict, place, "%s was retracted already, at %s", id, at.Format(time.RFC3339Nano))
		return 0, false
	}
	return node, true
}

// entity returns what stands for the id of an entity that the graph has seen.
func (d *draft) entity(place, id, advice string) (string, bool) {
	node, seen := d.view.Node(id)
	switch {
	case seen && node.Space() == graph.Claims:
		d.fail(query.BadUserInput, place, "%s is a claim: give the id of an entity", id)
	case !seen || check.ID(id) != "": // words of the ontology are no entities
		d.unknown(place, id, "entity", advice)
	default:
		return d.view.Name(node), true
	}
	return "", false
}

// unknown notes that the graph has never seen an id, once for each id.
func (d *draft) unknown(place, id, kind, advice string) {
	if d.missed[id] {
		return
	}
	d.missed[id] = true
	if near := d.nearest(id); near != "" {
		advice = fmt.Sprintf("did you mean %q? Else %s", near, advice)
	}
	d.fail(query.UnknownID, place, "no %s %q is known: %s", kind, id, advice)
}

const (
	mostCompared = 50_000 // ids
	farthest     = 3      // edits
)

// nearest finds the known id of the same kind that is most like one that is not
// known; empty if none is near.
func (d *draft) nearest(unknown string) string {
	p, ok := d.view.Node(graph.Type)
	if !ok {
		return ""
	}
	kind, _, _ := strings.Cut(unknown, "/")
	best, distance, compared := "", farthest+1, 0
	err := d.view.Quads(d.ctx, graph.Pattern{Predicate: p}, func(q graph.Quad) bool {
		compared++
		id := d.view.Name(q.Subject)
		if longer := len(id) - len(unknown); strings.HasPrefix(id, kind+"/") && -distance < longer && longer < distance {
			if far := levenshtein.ComputeDistance(unknown, id); far < distance {
				best, distance = id, far
			}
		}
		return compared < mostCompared
	})
	if err != nil {
		d.failing = append(d.failing, func() error { return err })
	}
	return best
}

// reason holds a reason to be one.
func (d *draft) reason(text string) {
	switch {
	case strings.TrimSpace(text) == "":
		d.fail(query.BadUserInput, "input.reason", "the reason is empty: say why, for those who read it later")
	case strings.ContainsRune(text, 0):
		d.fail(query.BadUserInput, "input.reason", "the reason has a NUL character: take it out")
	}
}

// subjects returns the entities that the claims speak of, in the order of the
// claims; those of one claim in the graph's own order.
func subjects(ctx context.Context, s graph.Snapshot, claims []string) ([]string, error) {
	var out []string
	for _, name := range claims {
		claim, ok := s.Lookup(graph.Ref(name))
		if !ok {
			continue // unreachable unless the claims are of another snapshot
		}
		var of []graph.ID
		err := s.Quads(ctx, graph.Pattern{Label: claim}, func(q graph.Quad) bool {
			if q.Subject != claim {
				of = append(of, q.Subject)
			}
			return true
		})
		if err != nil {
			return nil, err
		}
		for _, id := range ascending(of) {
			t, _ := s.Term(id)
			out = append(out, t.Text)
		}
	}
	return out, nil
}
