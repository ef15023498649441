package query

import (
	"context"

	"go.opentelemetry.io/otel/trace"

	"chancery/graph"
	"chancery/schema"
)

// run answers one root field. It belongs to one goroutine.
type run struct {
	ctx      context.Context
	spans    trace.Tracer // nil: nobody traces the request
	op       *Operation
	view     *graph.View
	ontology *schema.Ontology
	vars     map[string]any

	meter       *graph.Meter // what view has read
	room        *room
	spending    spending
	alone       bool         // it writes an object with the field
	trace       *tracer      // nil: nobody asks for the plan
	rows        int          // objects so far, against the limit
	types       graph.Column // of the type predicate, when hasTypes
	hasTypes    bool
	numbered    []numberedClass            // by number of an object of types
	typeClasses map[graph.ID]*schema.Class // by object of the type predicate
	lastType    struct {
		id    graph.ID
		class *schema.Class
	}
	classes   map[graph.ID]*schema.Class // of what the column does not tell
	former    map[graph.ID]*schema.Class // of entities in facts that have no class any more
	stretches map[graph.ID]stretch
	listed    [2]*graph.Set     // claims that lists show; second: with retracted ones
	failed    error             // of the store, while compiling: it ends the run
	mistyped  int               // ids that the graph has never seen
	facts     []fact            // see factSpace
	changes   []change          // see changeSpace
	table     *Table            // whose rows are looked for; nil: none
	readers   *graph.NameReader // that others are beside
	surrounds bool              // something in the operation looks at what is around a row
}

// row is one object that a selection or a filter is about: its id, and the
// nearest event, tenure or membership around it (0: none, or nobody looks at it).
type row struct {
	id, around graph.ID
	// former: an entity that no known claim gives a class is shown as what it was.
	former bool
	more   uint32 // how many times more the answer has it: see once
}

func ids(rows []row) []graph.ID {
	out := make([]graph.ID, len(rows))
	for i, r := range rows {
		out[i] = r.id
	}
	return out
}

func rowsOf(ids []graph.ID) []row {
	out := make([]row, len(ids))
	for i, id := range ids {
		out[i] = row{id: id}
	}
	return out
}

// inside returns what is around the objects that r relates to.
func (r *run) inside(at row) graph.ID {
	if !r.surrounds {
		return 0
	}
	if c := r.class(at.id); c != nil && c.Time != schema.Timeless {
		return at.id
	}
	return at.around
}

// claimsFor returns the claims that a predicate of a class is read from.
func (r *run) claimsFor(c *schema.Class) *graph.Set {
	if c.Name == "Claim" {
		return r.view.Recorded()
	}
	return r.view.Facts()
}

// hides reports whether a predicate may be shown of claims that the perspective does
// not admit, as its subjects are required to have it, and there are such claims.
func (r *run) hides(p *schema.Predicate) bool {
	return r.op.engine.required[p.IRI] && r.view.Facts() != r.view.Known()
}
