package cayley

import (
	_ "embed"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"runtime/debug"

	"github.com/cayleygraph/cayley/query/gizmo"
	"github.com/dop251/goja"
)

// prelude.js runs before the script; see there.
//
//go:embed prelude.js
var prelude string

// scriptRun is one script in its engine.
type scriptRun struct {
	entry string // the program that runs the script
	err   error  // for who has waited until the script ended
}

// prepare makes the session's engine ready to run the script by run.entry.
//
// The script does not run as the session's own program: Cayley runs that in a
// goroutine where its panics, with which it answers some wrong arguments, would
// end the process. So the session's program is one call into Go, which runs the
// script and catches them.
func prepare(session *gizmo.Session, script *goja.Program, limits GizmoLimits) (*scriptRun, error) {
	vm := engineOf(session)
	vm.SetMaxCallStackSize(limits.Depth)
	run := &scriptRun{entry: "run()"}
	guard := &argumentGuard{vm: vm, depth: limits.Depth}
	for name, v := range map[string]any{
		"checkArguments": guard.check,
		"isPath":         guard.isPath,
		"longestText":    limits.Script,
	} {
		if err := vm.Set(name, v); err != nil {
			return nil, err
		}
	}
	if _, err := vm.RunScript("prelude.js", prelude); err != nil {
		return nil, fmt.Errorf("gizmo: the prelude: %w", err)
	}
	return run, vm.Set("run", func(goja.FunctionCall) goja.Value {
		if err := vm.GlobalObject().Delete("run"); err != nil {
			run.err = err
			return goja.Undefined()
		}
		defer func() {
			if p := recover(); p != nil {
				run.err = panicError(p)
				// The engine is in no state to go on; the session's goroutine closes up on its way out.
				runtime.Goexit()
			}
		}()
		_, err := vm.RunProgram(script)
		run.err = scriptError(err, limits)
		return goja.Undefined()
	})
}

// engineOf returns the session's engine, which the session keeps to itself: without
// it nothing bounds the depth of calls, and a panic is the end of the process.
func engineOf(session *gizmo.Session) *goja.Runtime {
	vm := reflect.ValueOf(session).Elem().FieldByName("vm")
	if vm.Type() != reflect.TypeFor[*goja.Runtime]() {
		panic("cayley: gizmo.Session has no engine in its field vm; see what this version of Cayley has")
	}
	return (*goja.Runtime)(vm.UnsafePointer())
}

// scriptError tells apart what ended a script.
func scriptError(err error, limits GizmoLimits) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*goja.StackOverflowError](err); ok {
		return &LimitError{Limit: "Depth", Depth: limits.Depth}
	}
	if limit, ok := errors.AsType[*LimitError](err); ok {
		return limit
	}
	return &ScriptError{Err: err}
}

// panicError is what a panic of Cayley's under a script becomes: an error is how it
// answers wrong arguments, all else is a fault.
func panicError(p any) error {
	err, ok := p.(error)
	if _, fault := p.(runtime.Error); ok && !fault {
		return &ScriptError{Err: err}
	}
	return &PanicError{Value: p, Stack: string(debug.Stack())}
}

// argumentGuard looks at what a script hands to the graph before Cayley copies it,
// which it does by recursion: a value that contains itself would end the process.
type argumentGuard struct {
	vm    *goja.Runtime
	depth int
}

// mostParts is how many parts the arguments of one call may have in all.
const mostParts = 100_000

// check throws a LimitError when the arguments are nested too deeply.
func (g *argumentGuard) check(call goja.FunctionCall) goja.Value {
	parts := 0
	for _, v := range call.Arguments {
		if !g.shallow(v, g.depth, &parts) {
			panic(g.vm.NewGoError(&LimitError{Limit: "Depth", Depth: g.depth}))
		}
	}
	return goja.Undefined()
}

// shallow reports whether v is nested no deeper than depth and, with all that was
// seen before, has no more than mostParts parts.
func (g *argumentGuard) shallow(v goja.Value, depth int, parts *int) bool {
	o, ok := v.(*goja.Object)
	if !ok {
		return true
	}
	switch o.ClassName() {
	case "Array", "Object", "Arguments", "Error":
	default:
		return true
	}
	if depth == 0 {
		return false
	}
	for _, key := range o.GetOwnPropertyNames() {
		if *parts++; *parts > mostParts || !g.shallow(o.Get(key), depth-1, parts) {
			return false
		}
	}
	return true
}

// isPath reports whether a value is one of Cayley's path objects.
func (g *argumentGuard) isPath(v goja.Value) bool {
	o, ok := v.(*goja.Object)
	return ok && o.ExportType() != nil && o.ExportType().String() == "*gizmo.pathObject"
}
