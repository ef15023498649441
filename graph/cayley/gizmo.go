package cayley

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/cayleygraph/cayley/query"
	"github.com/cayleygraph/cayley/query/gizmo"
	"github.com/cayleygraph/quad"
	"github.com/dlclark/regexp2"
	"github.com/dop251/goja"

	"chancery/graph"
)

// GizmoLimits bound one script. A zero field is its default.
type GizmoLimits struct {
	// Time is how long the script may run. Default: 10 s.
	Time time.Duration
	// Results is how many results it may give. Default: 10,000.
	Results int
	// Memory is by how many bytes the process's heap and stacks may grow while the
	// script runs. Default: 256 MiB.
	Memory int64
	// Depth is how deeply calls and the values handed to the graph may be nested.
	// Default: 1,000.
	Depth int
	// Script is its length in bytes. Default: 64 KiB.
	Script int
}

func (l GizmoLimits) orDefaults() GizmoLimits {
	return GizmoLimits{
		Time:    cmp.Or(l.Time, 10*time.Second),
		Results: cmp.Or(l.Results, 10_000),
		Memory:  cmp.Or(l.Memory, 256<<20),
		Depth:   cmp.Or(l.Depth, 1_000),
		Script:  cmp.Or(l.Script, 64<<10),
	}
}

// Gizmo runs a script in Cayley's Gizmo language on a snapshot and returns what it
// emitted, in its order: maps of tags to values for paths, and for emit the value;
// encoding/json can write all of it. IRIs, blank nodes and literals of datatypes
// that are not native to Cayley are strings in the manner of N-Quads.
//
// The error is a *ScriptError, a *LimitError, a *PanicError, ctx.Err() or the
// snapshot's; with a *LimitError of Results the results up to the limit are there,
// with every other error none. When Gizmo returns, the script has ended.
//
// What is bounded: time, by an interrupt between two steps of the script and by
// the end of every scan; memory, by a look at the whole process every few
// milliseconds, so that others who use memory meanwhile count too and a script
// may overshoot by what it allocates between two looks. What is not: one call of
// a built-in function runs to its end, so that replace or sort on a large value
// can outlast the time and outgrow the memory; a regular expression with
// backreferences or lookaheads gives up after a second. A script can thus still
// harm the process: let nobody run one who may not restart the server.
func Gizmo(ctx context.Context, snap graph.Snapshot, script string, limits GizmoLimits) ([]any, error) {
	limits = limits.orDefaults()
	if len(script) > limits.Script {
		return nil, &LimitError{Limit: "Script", Bytes: int64(limits.Script)}
	}
	program, err := goja.Compile("script", script, false)
	if err != nil {
		return nil, &ScriptError{Err: err}
	}
	boundRegexps()
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	ctx, stop := context.WithTimeoutCause(ctx, limits.Time, &LimitError{Limit: "Time", Time: limits.Time})
	defer stop()
	defer watchMemory(limits.Memory, end)()

	store := Pin(ctx, snap)
	session := gizmo.NewSession(store)
	run, err := prepare(session, program, limits)
	if err != nil {
		return nil, err
	}
	it, err := session.Execute(ctx, run.entry, query.Options{Collation: query.JSON})
	if err != nil {
		return nil, err
	}
	results, err := collect(ctx, it, limits)
	if err != nil {
		end(err)
	}
	cause := context.Cause(ctx) // before Close ends what is still running
	if closing := it.Close(); closing != nil && err == nil {
		err = closing
	}
	for it.Next(context.Background()) {
		// until the script's goroutine has ended; it gets no further
	}
	switch {
	case cause != nil:
		if limit, ok := errors.AsType[*LimitError](cause); ok && limit.Limit == "Results" {
			return results, cause
		}
		return nil, cause
	case store.Err() != nil:
		return nil, store.Err()
	case run.err != nil:
		return nil, run.err
	case err != nil:
		return nil, err
	}
	return results, nil
}

// collect takes the script's results as they come. The error is a *LimitError or a
// *ScriptError.
func collect(ctx context.Context, it query.Iterator, limits GizmoLimits) ([]any, error) {
	results := []any{}
	for it.Next(ctx) {
		result := it.Result()
		if result == nil {
			continue // what the script's last line is
		}
		if len(results) == limits.Results {
			return results, &LimitError{Limit: "Results", Results: limits.Results}
		}
		plain, err := jsonable(result)
		if err != nil {
			return nil, err
		}
		results = append(results, plain)
	}
	return results, nil
}

// jsonable makes a result of the script one that encoding/json can write. That it
// is neither cyclic nor too deep was seen to when it was emitted.
func jsonable(v any) (any, error) {
	switch v := v.(type) {
	case nil, bool, string, int, int64, time.Time:
		return v, nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, nil //nolint:nilnil // as JSON.stringify has it
		}
		return v, nil
	case quad.Value:
		return quad.StringOf(v), nil
	case []any:
		out := make([]any, len(v))
		for i := range v {
			var err error
			if out[i], err = jsonable(v[i]); err != nil {
				return nil, err
			}
		}
		return out, nil
	case map[string]any:
		out := make(map[string]any, len(v))
		for k := range v {
			var err error
			if out[k], err = jsonable(v[k]); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return nil, &ScriptError{Err: fmt.Errorf("a result of type %T is none that JSON has", v)}
}

// boundRegexps makes the regular expressions that goja leaves to a backtracking
// engine give up: they cannot be interrupted. The setting is global to that engine,
// which nothing else here uses.
var boundRegexps = sync.OnceFunc(func() { regexp2.DefaultMatchTimeout = time.Second })
