package cayley_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"chancery/graph"
	"chancery/graph/cayley"
	"chancery/graph/memory"
)

// visits is a small graph of who visited whom.
func visits(t *testing.T) graph.Snapshot {
	t.Helper()
	var b graph.Batch
	says := func(s, p string, o graph.Term) { b.AddQuad(graph.Ref(s), graph.Ref(p), o, graph.Ref("claim/1")) }
	says("person/a", "kg:visited", graph.Ref("state/x"))
	says("person/b", "kg:visited", graph.Ref("state/x"))
	says("person/b", "kg:visited", graph.Ref("state/y"))
	says("person/a", "skos:prefLabel", graph.TextIn("Ann", "en"))
	says("person/a", "kg:age", graph.Typed("50", graph.Integer))
	says("person/b", "kg:age", graph.Typed("70", graph.Integer))
	says("person/a", "kg:share", graph.Number(0.5))
	says("person/a", "kg:since", graph.Date("2025-11"))
	snap, err := memory.New().Commit(t.Context(), &b)
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

func TestGizmo(t *testing.T) {
	snap := visits(t)
	for _, test := range []struct{ name, script, want string }{
		{"path", `g.V("<person/b>").out("<kg:visited>").all()`, `[{"id":"<state/x>"},{"id":"<state/y>"}]`},
		{"path back, with a tag", `g.V("<state/y>").tag("to").in("<kg:visited>").all()`, `[{"id":"<person/b>","to":"<state/y>"}]`},
		{"morphism", `var m = g.M().out("<kg:visited>"); g.V("<person/a>").follow(m).all()`, `[{"id":"<state/x>"}]`},
		{"path as a predicate", `g.V("<person/a>").out(g.V("<kg:visited>")).all()`, `[{"id":"<state/x>"}]`},
		{"list of predicates", `g.V("<person/a>").out(["<kg:visited>", "<kg:age>"]).count()`, `[]`},
		{"intersection", `g.V("<person/a>").out("<kg:visited>").and(g.V("<person/b>").out("<kg:visited>")).all()`, `[{"id":"<state/x>"}]`},
		{"filter", `g.V().has("<kg:age>", gt(60)).all()`, `[{"id":"<person/b>"}]`},
		{"native values", `g.V("<person/a>").out("<kg:age>").all(); g.V("<person/a>").out("<skos:prefLabel>").all()`, `[{"id":50},{"id":"Ann"}]`},
		{"other literals", `g.V("<person/a>").out(["<kg:share>", "<kg:since>"]).all()`, `[{"id":"\"0.5\"^^\u003cxsd:decimal\u003e"},{"id":"\"2025-11\"^^\u003cedtf:EDTF\u003e"}]`},
		{"label", `g.V("<person/a>").labelContext("<claim/1>").out("<kg:visited>").all()`, `[{"id":"<state/x>"}]`},
		{"emit", `g.emit({n: g.V().has("<kg:age>").count(), at: [1.5, null, true, 0/0], who: iri("person/a")})`, `[{"at":[1.5,null,true,null],"n":2,"who":"<person/a>"}]`},
		{"for each", `g.V("<person/b>").out("<kg:visited>").forEach(function(d) { g.emit(d.id) })`, `["<state/x>","<state/y>"]`},
		{"array", `g.emit(g.V("<person/b>").out("<kg:visited>").toArray().length)`, `[2]`},
		{"ordinary JavaScript", `g.emit([..."ab"].map(c => c.repeat(2)).concat([3].fill(4)).join("-") + JSON.stringify({a: [1]}))`, `["aa-bb-4{\"a\":[1]}"]`},
		{"what is nowhere", `g.V("<nobody>").all(); g.V("<person/a>").out("<nothing>").all()`, `[]`},
		{"the last line is no result", `1 + 1`, `[]`},
		{"recursion", `g.V("<person/b>").followRecursive(g.M().out("<kg:visited>").in("<kg:visited>")).all()`, `[{"id":"<person/a>"},{"id":"<person/b>"}]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := cayley.Gizmo(t.Context(), snap, test.script, cayley.GizmoLimits{Time: time.Hour})
			if err != nil {
				t.Fatal(err)
			}
			var text strings.Builder
			enc := json.NewEncoder(&text)
			enc.SetEscapeHTML(false)
			if err := enc.Encode(got); err != nil {
				t.Fatal(err)
			}
			want := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(test.want)
			if strings.TrimSpace(text.String()) != want {
				t.Errorf("got  %s\nwant %s", text.String(), want)
			}
		})
	}
}

// TestGizmoScriptErrors has what is wrong with a script, much of which Cayley
// answers by a panic in a goroutine of its own.
func TestGizmoScriptErrors(t *testing.T) {
	snap := visits(t)
	for _, script := range []string{
		`g.V(`,
		`throw new Error("no")`,
		`g.V("<person/a>").nothing()`,
		`g.V({a: 1}).all()`,
		`g.V("<person/a>").out({}).all()`,
		`g.V("<person/a>").save([1], "x").all()`,
		`str({})`,
		`g.V().forEach(1)`,
		`g.emit(function() {})`,
		`lt(1, 2)`,
		`eval("1")`,
		`(function() {}).constructor("return 1")()`,
		`(async function() {}).constructor("return 1")()`,
		`new Array(1e9).fill(0)`,
		`[...new Array(1e9)]`,
		`Array.from({length: 1e9})`,
		`Math.max.apply(null, {length: 1e9})`,
		`"x".repeat(1e10)`,
		`"x".padEnd(1e10)`,
		`new Uint8Array(1e10)`,
		`JSON.parse("[".repeat(1e6))`,
	} {
		got, err := cayley.Gizmo(t.Context(), snap, script, cayley.GizmoLimits{Time: time.Hour})
		if _, ok := errors.AsType[*cayley.ScriptError](err); !ok || got != nil {
			t.Errorf("%s gave %v, %T: %v", script, got, err, err)
		}
	}
}

func TestGizmoLimits(t *testing.T) {
	const long = time.Hour // no machine is too slow for that
	snap := visits(t)
	for _, test := range []struct {
		name, script string
		limits       cayley.GizmoLimits
		want         string
		results      int
	}{
		{"endless loop", `while (true) {}`, cayley.GizmoLimits{Time: 30 * time.Millisecond}, "Time", 0},
		{"endless loop that catches", `while (true) { try { while (true) {} } catch (e) {} finally { continue } }`, cayley.GizmoLimits{Time: 30 * time.Millisecond}, "Time", 0},
		{"endless loop over the graph", `while (true) { g.V().out().in().count() }`, cayley.GizmoLimits{Time: 30 * time.Millisecond}, "Time", 0},
		{"backtracking", `/(?=a)(a+)+b/.test("a".repeat(64)); while (true) {}`, cayley.GizmoLimits{Time: 30 * time.Millisecond}, "Time", 0},
		{"results of emit", `while (true) { g.emit(1) }`, cayley.GizmoLimits{Results: 3}, "Results", 3},
		{"results of a path", `g.V().all()`, cayley.GizmoLimits{Results: 2}, "Results", 2},
		{"memory", `var a = []; while (true) { a.push({}) }`, cayley.GizmoLimits{Memory: 32 << 20}, "Memory", 0},
		{"memory of strings", `var s = "x"; while (true) { s += s }`, cayley.GizmoLimits{Memory: 32 << 20}, "Memory", 0},
		{"calls", `function f() { f() } f()`, cayley.GizmoLimits{}, "Depth", 0},
		{"calls through built-in functions", `function f() { [1].forEach(f) } f()`, cayley.GizmoLimits{}, "Depth", 0},
		{"emit of what contains itself", `var a = []; a.push(a); g.emit(a)`, cayley.GizmoLimits{}, "Depth", 0},
		{"path to what contains itself", `var a = {}; a.a = a; g.V("<person/a>").out([a])`, cayley.GizmoLimits{}, "Depth", 0},
		{"many ways to the same", `var a = []; for (var i = 0; i < 64; i++) { a = [a, a] } g.emit(a)`, cayley.GizmoLimits{}, "Depth", 0},
		{"text of what contains itself", `var a = []; for (var i = 0; i < 1e5; i++) { a = [a] } JSON.stringify(a)`, cayley.GizmoLimits{}, "Depth", 0},
		{"length", strings.Repeat(" ", 65<<10), cayley.GizmoLimits{}, "Script", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.limits.Time = cmp.Or(test.limits.Time, long)
			got, err := cayley.Gizmo(t.Context(), snap, test.script, test.limits)
			limit, ok := errors.AsType[*cayley.LimitError](err)
			if !ok || limit.Limit != test.want || len(got) != test.results {
				t.Errorf("got %v, %T: %v; want %d results and the limit %s", got, err, err, test.results, test.want)
			}
			noneLeft(t)
		})
	}
}

func TestGizmoCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	emitted := make(chan struct{})
	go func() { <-emitted; cancel() }()
	close(emitted)
	got, err := cayley.Gizmo(ctx, visits(t), `while (true) {}`, cayley.GizmoLimits{Time: time.Hour})
	if !errors.Is(err, context.Canceled) || got != nil {
		t.Errorf("got %v, %v", got, err)
	}
	noneLeft(t)
}

// noneLeft waits until no goroutine of Cayley's, of its engine's or of this package's
// scans is left but the test's own.
func noneLeft(t *testing.T) {
	t.Helper()
	stacks := make([]byte, 1<<20)
	for range 500 {
		all := string(stacks[:runtime.Stack(stacks, true)])
		left := ""
		for _, g := range strings.Split(all, "\n\n") {
			if !strings.Contains(g, "testing.tRunner") && !strings.Contains(g, "testing.(*T).Run") &&
				(strings.Contains(g, "cayleygraph") || strings.Contains(g, "dop251") || strings.Contains(g, "chancery/graph")) {
				left = g
			}
		}
		if left == "" {
			return
		}
		runtime.GC() // it finds abandoned scans
		runtime.Gosched()
	}
	t.Error("a goroutine is left")
}
