package query

import (
	"context"
	"errors"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/graph"
)

// Following is a subscription to changes being answered: each event is one change.
// It reads on from where it is whenever it is asked, so events that nobody takes
// are held by nobody, and it holds no snapshot while there is none to give. It is
// for one goroutine at a time.
type Following struct {
	engine     *Engine
	request    Request
	cite       bool
	field      *ast.Field
	selections ast.SelectionSet

	after graph.Change   // the last one given or passed over
	read  int64          // the record time up to which all changes were read
	ahead []graph.Change // read and not given yet
	view  *graph.View    // that they were read from; nil without any
}

// readAhead is how many changes are read at a time. Those who take them slowly
// keep the snapshot that they are read from.
const readAhead = 256

// Event is one event of a subscription.
type Event struct {
	Answer
	Extensions []Extension
}

// Follow begins a subscription: field as it stands in the document, selections the
// merged selections of its response key. Without a cursor it begins after the
// newest commit. The error is an *Error, ctx.Err() or the store's.
func (e *Engine) Follow(ctx context.Context, r Request, field *ast.Field, selections ast.SelectionSet) (*Following, error) {
	newest := e.graph.Latest().At()
	f := &Following{engine: e, request: r, field: field, selections: selections, after: graph.EndOf(newest), read: newest}
	op, err := e.Begin(ctx, r)
	if err != nil {
		return nil, err
	}
	f.cite = op.cite
	if !op.view.Perspective.KnownAt.IsZero() {
		return nil, errorf(BadUserInput, "a subscription follows what becomes known: leave knownAt out, or ask for changes up to then with a query").at("knownAt").at("perspective")
	}
	run := op.run(ctx)
	args, _, err := f.arguments(run)
	if err != nil {
		return nil, f.placed(err)
	}
	if text, ok := args["after"].(string); ok {
		place, bad := run.place(text, e.changeClass, nil)
		if bad != nil {
			return nil, f.placed(bad.at("after"))
		}
		from := run.change(place.id)
		if from.at > newest {
			return nil, f.placed(errorf(CursorInvalid, "%.60q is a cursor of a later state of the graph", text).at("after"))
		}
		f.after, f.read = graph.Change{At: from.at, Retracted: from.retracted, Claim: from.claim}, from.at-1
	}
	return f, nil
}

// Next waits for the next change that meets the condition, and answers it from the
// newest commit then. Changes come in their order, each once. Waiting ends with
// ctx; [Options].Time bounds what is done once there is something to do.
// The error is ctx.Err(), or an *Error, or the store's.
// Cost while waiting: none.
func (f *Following) Next(ctx context.Context) (Event, error) {
	for len(f.ahead) == 0 {
		f.view = nil
		if latest := f.engine.graph.Latest(); latest.At() <= f.read {
			select {
			case <-latest.Superseded():
				continue
			case <-ctx.Done():
				return Event{}, ctx.Err()
			}
		}
		if err := f.turn(ctx, f.more); err != nil {
			return Event{}, err
		}
	}
	var event Event
	err := f.turn(ctx, func(ctx context.Context) (err error) {
		event, err = f.event(ctx)
		return err
	})
	return event, err
}

// turn does what reads the graph, as one of a few subscriptions at a time: many that
// catch up with the history must leave the processors to others.
func (f *Following) turn(ctx context.Context, do func(context.Context) error) error {
	select {
	case f.engine.turns <- struct{}{}:
		defer func() { <-f.engine.turns }()
		return do(ctx)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// event answers the first of the changes that were read ahead.
func (f *Following) event(ctx context.Context) (Event, error) {
	ctx, cancel := context.WithTimeout(ctx, f.engine.options.Time)
	defer cancel()
	op := &Operation{engine: f.engine, request: f.request, view: f.view, meter: f.engine.meter(), cite: f.cite}
	answer, err := op.answer(ctx, f.field, f.selections, func(r *run, c *collected) (column, error) {
		return r.changeEdge(c, f.ahead[0])
	})
	if err != nil {
		return Event{}, err
	}
	extensions, err := op.Extensions(ctx)
	if err != nil {
		return Event{}, err
	}
	f.ahead = f.ahead[1:]
	return Event{Answer: answer, Extensions: extensions}, nil
}

// more reads the next changes, and keeps those that meet the condition.
func (f *Following) more(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, f.engine.options.Time)
	defer cancel()
	op, err := f.engine.Begin(ctx, f.request)
	if err != nil {
		return err
	}
	changes := op.view.Changes(f.after, readAhead)
	if len(changes) < readAhead {
		f.read = op.view.KnownAt.UnixMicro()
	}
	if len(changes) == 0 {
		f.after = graph.EndOf(f.read)
		return nil
	}
	run := op.run(ctx)
	defer run.tell()
	_, condition, err := f.arguments(run)
	if err != nil {
		return f.placed(err)
	}
	found := &items{}
	for _, c := range changes {
		found.all = append(found.all, item{to: run.addChange(change{at: c.At, retracted: c.Retracted, claim: c.Claim})})
	}
	found.ends = []int{len(found.all)}
	if _, err := run.keepMeeting(found, []row{{}}, condition); err != nil {
		return f.placed(run.costly(err))
	}
	for _, it := range found.all {
		c := run.change(it.to)
		f.ahead = append(f.ahead, graph.Change{At: c.at, Retracted: c.retracted, Claim: c.claim})
	}
	f.after, f.view = changes[len(changes)-1], op.view
	return nil
}

// arguments coerces the field's arguments and compiles its condition.
func (f *Following) arguments(r *run) (args map[string]any, condition filter, err error) {
	args, bad := r.arguments(f.field.Definition.Arguments, f.field.Arguments)
	if bad != nil {
		return nil, nil, bad
	}
	condition, err = r.compile(pageSource{class: r.op.engine.changeClass, where: r.whereChange}, args)
	return args, condition, err
}

// placed puts an error of the arguments at the field.
func (f *Following) placed(err error) error {
	if bad, ok := errors.AsType[*Error](err); ok {
		bad.Path, bad.Position = ast.Path{ast.PathName(f.field.Alias)}, f.field.Position
	}
	return err
}

// changeEdge makes the column of a change with its cursor.
func (r *run) changeEdge(c *collected, of graph.Change) (column, error) {
	at := row{id: r.addChange(change{at: of.At, retracted: of.Retracted, claim: of.Claim})}
	edge, err := r.fields("ChangeEdge", c, func(f *collected) (column, error) {
		if f.field.Name == "cursor" {
			return &leaf{nonNull: true, put: func(w *writer, _ int) bool {
				w.string(r.cursorText(r.op.engine.changeClass, nil, place{id: at.id}))
				return true
			}}, nil
		}
		node, err := r.objects([]row{at}, f)
		return &pick{nonNull: true, at: []int{0}, objects: node}, err
	})
	if err == nil {
		err = r.failed
	}
	return edge, err
}
