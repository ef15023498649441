package edit

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/graph"
	"chancery/query"
	"chancery/schema"
)

// Editor makes commits of what mutations ask for. Any number of goroutines may
// use it; a graph has one editor.
type Editor struct {
	ontology *schema.Ontology
	graph    *graph.Graph
	now      func() time.Time
	turn     chan struct{} // full while an edit is under way
}

// New returns an editor of a graph whose claims fit the ontology. Commits get
// their record time from now.
func New(o *schema.Ontology, g *graph.Graph, now func() time.Time) *Editor {
	return &Editor{ontology: o, graph: g, now: now, turn: make(chan struct{}, 1)}
}

// change is the input of one mutation.
type change interface {
	// changes checks the input and says what to record and retract. What is wrong
	// goes to d.fail. The error is ctx.Err() or the store's.
	changes(d *draft) (graph.Changes, error)
	// told returns the claims and entities that the answer tells of, read from the
	// view that the commit left. Its receipt may be one that was given before.
	told(ctx context.Context, v *graph.View, r graph.Receipt) (claims, entities []string, err error)
}

type byKey struct{}

// By keeps in a context who makes an edit, for [Editor.Edit]: the claims that it
// records say so. Retractions have no room for it.
func By(ctx context.Context, who string) context.Context {
	return context.WithValue(ctx, byKey{}, who)
}

func by(ctx context.Context) string {
	who, _ := ctx.Value(byKey{}).(string)
	return who
}

// Edit makes the commit that a root field of Mutation asks for. Where the field's
// idempotency key was used by the same input before, it makes none and gives the
// payload of that commit again, as it was read then.
// The error is Errors, and then nothing was written, or ctx.Err() or the store's.
func (e *Editor) Edit(ctx context.Context, field *ast.Field, variables map[string]any) (query.Payload, error) {
	args, err := query.Arguments(e.ontology.Schema, variables, field)
	if bad, ok := errors.AsType[*query.Error](err); ok {
		return query.Payload{}, Errors{bad}
	}
	if err != nil {
		return query.Payload{}, err // unreachable unless query breaks its promise
	}
	in, once, err := read(field.Name, args["input"].(map[string]any))
	if err != nil {
		return query.Payload{}, err
	}
	select {
	case e.turn <- struct{}{}:
	case <-ctx.Done():
		return query.Payload{}, ctx.Err()
	}
	defer func() { <-e.turn }()

	view, receipt, err := e.commit(ctx, in, once)
	if err != nil {
		return query.Payload{}, refused(err)
	}
	claims, entities, err := in.told(ctx, view, receipt)
	if err != nil {
		return query.Payload{}, err
	}
	return query.Payload{
		View: view, KnownAt: receipt.At, DryRun: once.DryRun,
		Claims: claims, Entities: staying(view, entities),
	}, nil
}

// commit returns the view that the commit left, or would leave.
func (e *Editor) commit(ctx context.Context, in change, once once) (*graph.View, graph.Receipt, error) {
	if once.Key != nil {
		receipt, used, err := e.first(ctx, once)
		if err != nil {
			return nil, receipt, err
		}
		if used {
			view, err := e.graph.View(ctx, graph.Perspective{KnownAt: receipt.At})
			return view, receipt, err
		}
	}
	before, err := e.graph.View(ctx, graph.Perspective{})
	if err != nil {
		return nil, graph.Receipt{}, err
	}
	d := newDraft(ctx, e, before)
	changes, err := in.changes(d)
	if err = cmp.Or(err, d.failed()); err != nil {
		return nil, graph.Receipt{}, err
	}
	if len(d.errs) > 0 {
		return nil, graph.Receipt{}, listed(d.errs)
	}
	for i := range changes.Record {
		changes.Record[i].RecordedBy = by(ctx)
	}
	changes.At = e.now()
	if once.Key != nil {
		changes.Key, changes.Digest = *once.Key, once.digest
	}
	if once.DryRun {
		return e.graph.Preview(ctx, changes)
	}
	receipt, err := e.graph.Apply(ctx, changes)
	if err != nil {
		return nil, receipt, err
	}
	view, err := e.graph.View(ctx, graph.Perspective{})
	if err == nil && !view.KnownAt.Equal(receipt.At) { // another writer came between
		view, err = e.graph.View(ctx, graph.Perspective{KnownAt: receipt.At})
	}
	return view, receipt, err
}

// first returns the receipt of the commit that had the key, if one had. Empty
// changes ask the graph for that and for nothing else.
func (e *Editor) first(ctx context.Context, once once) (receipt graph.Receipt, used bool, err error) {
	_, receipt, err = e.graph.Preview(ctx, graph.Changes{Key: *once.Key, Digest: once.digest})
	if errors.Is(err, graph.ErrClaimInvalid) {
		return receipt, false, nil // the key is new, and there is nothing to preview
	}
	return receipt, err == nil, err
}

// refused turns what the graph refuses into what the client is told.
func refused(err error) error {
	switch {
	case errors.Is(err, graph.ErrKeyTaken):
		return Errors{{
			Code: query.Conflict, Argument: "input.idempotencyKey",
			Message: "the key was used for another request: take a new one for each change, and the same one only to send a change again",
		}}
	case errors.Is(err, graph.ErrClaimRetracted), errors.Is(err, graph.ErrClaimExists), errors.Is(err, graph.ErrClaimUnknown):
		return Errors{{Code: query.Conflict, Message: fmt.Sprintf("%v: the graph was changed meanwhile; look again, and try again", err)}}
	}
	return err
}

// once is what all inputs share.
type once struct {
	DryRun bool    `json:"dryRun"`
	Key    *string `json:"idempotencyKey"`
	digest string  // of the mutation and its input, without these two
}

// read takes the coerced input of a mutation apart.
func read(mutation string, input map[string]any) (change, once, error) {
	var in change
	switch mutation {
	case "record":
		in = &record{}
	case "retract":
		in = &retract{}
	case "supersede":
		in = &supersede{}
	case "merge":
		in = &merge{}
	case "split":
		in = &split{}
	default:
		panic("edit: Mutation." + mutation + " has no rule")
	}
	var o once
	text := marshal(input)
	for _, part := range []any{in, &o} {
		if err := json.Unmarshal(text, part); err != nil {
			panic("edit: the schema's inputs are not those of this package: " + err.Error())
		}
	}
	if o.Key != nil && *o.Key == "" {
		return nil, o, Errors{{Code: query.BadUserInput, Argument: "input.idempotencyKey", Message: "the key is empty: give one of your own, or leave it out"}}
	}
	rest := make(map[string]any, len(input))
	for key, value := range input {
		if key != "dryRun" && key != "idempotencyKey" {
			rest[key] = value
		}
	}
	sum := sha256.Sum256(append([]byte(mutation), marshal(rest)...))
	o.digest = hex.EncodeToString(sum[:])
	return in, o, nil
}

// marshal writes coerced input as JSON, keys in order.
func marshal(input map[string]any) []byte {
	text, err := json.Marshal(input)
	if err != nil {
		panic("edit: coerced input that is no JSON: " + err.Error())
	}
	return text
}

// staying returns the ids that stand for the given ones in the view, each once, in
// order. Ids that the view has never seen are left out.
func staying(v *graph.View, names []string) []string {
	var out []string
	seen := map[graph.ID]bool{}
	for _, name := range names {
		if id, ok := v.Node(name); ok && !seen[id] {
			seen[id] = true
			out = append(out, v.Name(id))
		}
	}
	return out
}
