package query

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/graph"
	"chancery/schema"
)

// Engine answers operations over one graph. Any number of goroutines may use it.
type Engine struct {
	ontology *schema.Ontology
	graph    *graph.Graph
	options  Options
	required map[string]bool // predicates of required relations
	helpers  helpers
	ways     map[string][]wayField

	names *nameIndexes
	texts *textIndexes
	usual atomic.Pointer[usual]
	stats stats
	turns chan struct{} // as many as subscriptions may read at a time

	alwaysLead bool // for tests: timelines are worth making however little they are asked for
	straight   bool // for tests: nothing is chosen, see straight.go

	// Facts and changes are of no class of the ontology; these stand for theirs.
	claimClass, factClass, changeClass *schema.Class
}

// Options of an engine; the zero value works.
type Options struct {
	BaseIRI string // that ids are relative to; default https://chancery.example/
	// Time bounds the work for one event of a subscription, waiting left out;
	// default 10 s.
	Time time.Duration
	// What one root field may come to:
	Rows   int // objects; default 100,000
	Bytes  int // of JSON; default 64 MiB
	Errors int // listed; default 50, the others are counted
	// Quads is how many quads one operation may read, all of its root fields
	// together; default 50,000,000, negative: any number.
	Quads int
	// Now is the clock that times the steps of plans; nil: they have no times.
	Now func() time.Time
}

// New returns an engine for a graph whose claims fit the ontology.
func New(o *schema.Ontology, g *graph.Graph, options Options) *Engine {
	if options.BaseIRI == "" {
		options.BaseIRI = "https://chancery.example/"
	}
	if options.Time == 0 {
		options.Time = 10 * time.Second
	}
	if options.Rows == 0 {
		options.Rows = 100_000
	}
	if options.Bytes == 0 {
		options.Bytes = 64 << 20
	}
	if options.Errors == 0 {
		options.Errors = 50
	}
	if options.Quads == 0 {
		options.Quads = 50_000_000
	}
	required := map[string]bool{}
	for _, c := range o.Classes {
		for _, f := range c.Fields {
			if f.Kind == schema.Relation && f.Required && !f.Inverse {
				required[f.Predicates[0].IRI] = true
			}
		}
	}
	e := &Engine{
		ontology: o, graph: g, options: options, required: required, helpers: newHelpers(runtime.GOMAXPROCS(0)-1, worthHelp), ways: waysOf(o),
		names: &nameIndexes{}, texts: &textIndexes{kept: map[string]*textIndex{}},
		turns:      make(chan struct{}, runtime.GOMAXPROCS(0)),
		claimClass: o.Class("Claim"), factClass: &schema.Class{Name: "Fact"}, changeClass: &schema.Class{Name: "Change"},
	}
	e.names.stats, e.texts.stats = &e.stats, &e.stats
	return e
}

// Request is one GraphQL operation, parsed and validated against the ontology's
// schema.
type Request struct {
	Operation *ast.OperationDefinition
	Variables map[string]any // as validated, defaults included
	// Perspective is the request's extensions.perspective, an object with the
	// arguments of @perspective; nil when there is none. The directive wins.
	Perspective map[string]any
	// Cite is the request's extensions.cite: a query is cited as if it said @cite.
	Cite bool
}

// Operation is one request being answered: one view for all of its root fields,
// which may be answered concurrently.
type Operation struct {
	engine    *Engine
	request   Request
	view      *graph.View
	meter     *graph.Meter // of all runs
	cite      bool
	citations citations
	explain   bool
	plans     struct {
		mu    sync.Mutex
		roots []rootPlan
	}
}

// Answer is the answer to one root field.
type Answer struct {
	JSON   []byte // nil: null; then Errors says why, unless the field is nullable
	Errors []*Error
}

// Begin takes the view that the request reads. The error is an *Error, ctx.Err()
// or the store's.
func (e *Engine) Begin(ctx context.Context, r Request) (*Operation, error) {
	if spans := spansOf(ctx); spans != nil {
		planned, span := spans.Start(ctx, "plan")
		defer span.End()
		ctx = planned
	}
	said := func(directive string) bool { return r.Operation.Directives.ForName(directive) != nil }
	op := &Operation{
		engine: e, request: r, meter: e.meter(), explain: said("explain"),
		cite: r.Cite && r.Operation.Operation == ast.Query || said("cite"),
	}
	args, from, bad := op.perspectiveArguments()
	if bad != nil {
		return nil, bad
	}
	p, bad := readPerspective(args)
	if bad != nil {
		return nil, bad.at(from)
	}
	var err error
	op.view, err = e.graph.View(ctx, p)
	if unknown, ok := errors.AsType[*graph.UnknownIDError](err); ok {
		return nil, errorf(UnknownID, "%v; give the id of a source, a data set or a publisher", unknown).at(placeOf(args, unknown.ID)).at(from)
	}
	if err != nil {
		return nil, err
	}
	return op, nil
}

// Answer answers one root field of Query: field as it stands in the document,
// selections the merged selections of all fields of its response key.
// Field errors are among the answer's errors; the error is ctx.Err() or the store's.
func (op *Operation) Answer(ctx context.Context, field *ast.Field, selections ast.SelectionSet) (Answer, error) {
	return op.answer(ctx, field, selections, (*run).root)
}

// AnswerAlone is Answer of an operation's only root field, which is not selected
// twice; its JSON is that of an object with the field.
func (op *Operation) AnswerAlone(ctx context.Context, field *ast.Field) (Answer, error) {
	r := op.run(ctx)
	r.alone = true
	return op.answerOf(r, field, field.SelectionSet, (*run).root)
}

func (op *Operation) answer(ctx context.Context, field *ast.Field, selections ast.SelectionSet, root func(*run, *collected) (column, error)) (Answer, error) {
	return op.answerOf(op.run(ctx), field, selections, root)
}

func (op *Operation) answerOf(r *run, field *ast.Field, selections ast.SelectionSet, root func(*run, *collected) (column, error)) (Answer, error) {
	r.room = rooms.Get().(*room)
	defer func() {
		r.room.release()
		rooms.Put(r.room)
	}()
	if op.explain {
		r.trace = &tracer{meter: r.meter, now: op.engine.options.Now}
		defer func() { op.addPlan(r.trace, field.Position.Start) }()
	}
	return op.answerWith(r, &collected{key: field.Alias, field: field, selections: selections}, root)
}

func (op *Operation) answerWith(r *run, c *collected, root func(*run, *collected) (column, error)) (Answer, error) {
	defer r.tell()
	field := c.field
	r.spending.path = r.room.keys[:0]
	defer func() { r.room.keys = r.spending.path }()
	col, err := root(r, c)
	var bad *Error
	if err = r.costly(err); errors.As(err, &bad) {
		if bad.Path = (ast.Path{ast.PathName(field.Alias)}); bad.Position == nil {
			bad.Position = field.Position
		}
		return Answer{Errors: []*Error{bad}}, nil
	}
	if err != nil {
		return Answer{}, err
	}
	if r.spans != nil {
		defer r.span("write")()
	}
	w := &writer{run: r, buf: r.room.text[:0], path: append(r.room.path[:0], step{key: field.Alias})}
	defer func() { r.room.path = w.path }()
	if r.alone {
		w.key(field.Alias)
	}
	ok := col.write(w, 0)
	if r.alone {
		w.buf = append(w.buf, '}')
	}
	if w.over != nil {
		w.over.Path = ast.Path{ast.PathName(field.Alias)}
		return Answer{Errors: []*Error{w.over}}, nil
	}
	if !ok {
		return Answer{Errors: w.listed()}, nil
	}
	op.citations.add(w.cites)
	return Answer{JSON: r.room.finished(w.buf), Errors: w.listed()}, nil
}

func (op *Operation) run(ctx context.Context) *run {
	meter := &graph.Meter{Whole: op.meter}
	return &run{
		surrounds: op.engine.straight || op.request.surrounds(),
		ctx:       ctx, spans: spansOf(ctx), op: op, room: new(room), view: op.view.Metered(meter), meter: meter, ontology: op.engine.ontology, vars: op.request.Variables,
		typeClasses: map[graph.ID]*schema.Class{}, classes: map[graph.ID]*schema.Class{}, former: map[graph.ID]*schema.Class{}, stretches: map[graph.ID]stretch{},
	}
}

// Extension is one entry of the response's extensions.
type Extension struct {
	Key  string
	JSON []byte
}

// Extensions returns what the response's extensions say of the operation:
// perspective always; citations and claims with @cite; cost and plan with @explain.
// Call it when every root field is answered. The error is ctx.Err() or the store's.
func (op *Operation) Extensions(ctx context.Context) (out []Extension, err error) {
	out = []Extension{{Key: "perspective", JSON: op.engine.stated(op.view)}}
	if op.explain {
		defer func() {
			explained, bad := op.explanation()
			out, err = append(out, explained...), errors.Join(err, bad)
		}()
	}
	if !op.cite {
		return out, nil
	}
	citations, named := op.appendCitations(nil)
	r := op.run(ctx)
	defer r.tell()
	claims, err := r.citedClaims(named)
	if err != nil {
		return out, r.costly(err)
	}
	return append(out, Extension{Key: "citations", JSON: citations}, Extension{Key: "claims", JSON: claims}), nil
}
