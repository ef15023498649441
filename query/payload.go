package query

import (
	"context"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/graph"
)

// Payload is what the answer to a mutation tells of its commit.
type Payload struct {
	View     *graph.View // after the commit, or as it would be
	KnownAt  time.Time   // the commit's record time
	DryRun   bool
	Claims   []string // ids of those recorded, or of those retracted where none was
	Entities []string // ids of those that the claims speak of; ids not in the view are left out
}

// Extension returns what the response's extensions say of the perspective that the
// payload was read with.
func (p Payload) Extension() Extension {
	return Extension{Key: "perspective", JSON: state(p.View, true)}
}

// Payload answers a mutation's root field with the selections on its
// CommitPayload. Errors are as those of [Operation.Answer].
func (e *Engine) Payload(ctx context.Context, r Request, p Payload, field *ast.Field, selections ast.SelectionSet) (Answer, error) {
	op := &Operation{engine: e, request: r, view: p.View, meter: e.meter()}
	return op.answer(ctx, field, selections, func(r *run, c *collected) (column, error) {
		claims, entities := r.named(p.Claims), r.named(p.Entities)
		if err := r.classify(append(ids(claims), ids(entities)...)); err != nil {
			return nil, err
		}
		return r.fields("CommitPayload", c, func(f *collected) (column, error) {
			switch f.field.Name {
			case "knownAt":
				return &leaf{nonNull: true, put: func(w *writer, _ int) bool { w.string(p.KnownAt.Format(time.RFC3339Nano)); return true }}, nil
			case "dryRun":
				return &leaf{nonNull: true, put: func(w *writer, _ int) bool { w.boolean(p.DryRun); return true }}, nil
			case "claims":
				return r.wholeList(claims, f)
			case "entities":
				return r.wholeList(entities, f)
			}
			panic("query: CommitPayload." + f.field.Name + " is derived by no rule")
		})
	})
}

// named returns rows for the ids that the view has.
func (r *run) named(names []string) []row {
	out := make([]row, 0, len(names))
	for _, name := range names {
		if id, ok := r.view.Node(name); ok {
			out = append(out, row{id: id})
		}
	}
	return out
}

// wholeList makes the column of a list that the only row has.
func (r *run) wholeList(rows []row, f *collected) (column, error) {
	kept := rows[:0:0]
	for _, at := range rows {
		if r.class(at.id) != nil {
			kept = append(kept, at)
		}
	}
	objects, err := r.objects(kept, f)
	return &list{nonNull: true, itemNonNull: true, ends: []int{len(kept)}, items: objects}, err
}
