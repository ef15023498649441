package query

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/graph"
)

// The cost of an operation is how many quads it reads; see [graph.Meter] for what
// counts. All of its root fields share one limit, and each has a meter of its own
// beside it, which tells what each field has read.

// meter returns the meter of one operation.
func (e *Engine) meter() *graph.Meter {
	return &graph.Meter{Limit: int64(e.options.Quads)}
}

// QuadsRead returns how many quads the operation has read so far.
func (op *Operation) QuadsRead() int64 { return op.meter.Read() }

// tell adds what the run has read to what the engine has done.
func (r *run) tell() { r.op.engine.stats.quads.Add(r.meter.Read()) }

// spending tells which field of a run reads most by itself.
type spending struct {
	path    []string // response keys down to the field that is run now
	below   int64    // quads that fields below it have read
	dearest struct {
		path  string
		quads int64
		at    *ast.Position
	}
}

// spent is what a field finds when its run begins.
type spent struct {
	read, below int64
	mark        int // of the trace
}

// enter begins a field.
func (r *run) enter(f *collected) spent {
	s := &r.spending
	before := spent{read: r.meter.Read(), below: s.below}
	if r.trace != nil {
		before.mark = r.trace.begin(f, noEstimate)
	}
	s.path, s.below = append(s.path, f.key), 0
	return before
}

// leave ends the field that enter has begun, whether it went well or not.
func (r *run) leave(f *collected, before spent) {
	s := &r.spending
	r.trace.end(before.mark)
	all := r.meter.Read() - before.read
	if own := all - s.below; own > s.dearest.quads {
		s.dearest.path, s.dearest.quads, s.dearest.at = strings.Join(s.path, "."), own, f.field.Position
	}
	s.path, s.below = s.path[:len(s.path)-1], before.below+all
}

// costly makes what a client is told of an error that may be the meter's.
func (r *run) costly(err error) error {
	over, ok := errors.AsType[*graph.MeterError](err)
	if !ok {
		return err
	}
	r.op.engine.stats.stopped.Add(1)
	e := errorf(CostExceeded, "the operation was stopped: it had read %s quads of the graph, %s over the limit of %s",
		grouped(over.Read), grouped(over.Read-over.Limit), grouped(over.Limit))
	if d := r.spending.dearest; d.quads > 0 {
		e.Message += fmt.Sprintf("; the dearest field is %s with %s", d.path, grouped(d.quads))
		e.Position = d.at
	}
	e.Message += askForLess
	e.Limit, e.Given, e.Allowed = quadsLimit, over.Read, over.Limit
	return e
}

const (
	// quadsLimit is how errors call the limit.
	quadsLimit = "quads"
	askForLess = ": ask for fewer objects with first, narrow them with where, or ask in several requests"
)

// grouped writes a number with a comma before each three digits.
func grouped(n int64) string {
	digits := fmt.Sprint(n)
	for at := len(digits) - 3; at > 0 && digits[at-1] != '-'; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

// spendMembers counts the quads that say of a class's members what they are, once
// found nodes were read from the column that stands for them.
func (r *run) spendMembers(of []graph.ID, found int) error {
	quads := 0
	for _, class := range slices.Compact(slices.Sorted(slices.Values(of))) {
		n, _, err := r.view.Count(class, graph.Type, true)
		if err != nil {
			return err
		}
		quads += n
	}
	return r.view.Spend(max(found, quads))
}
