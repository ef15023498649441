package query

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"chancery/graph"
	"chancery/schema"
)

// Step is one step of how an operation was answered: a field of the document, or a
// part of a field's work. Expected is what counts told before the step began; the
// rest is what came of it. Numbers below 0 are not known.
type Step struct {
	Does     string
	Expected Estimate
	Rows     int           // that it found
	Quads    int64         // that it read, with the steps below it
	Time     time.Duration // that it took, with the steps below it; 0 where nobody has a clock
	Steps    []*Step
}

// Estimate is what a step is expected to come to. Below 0: not known.
type Estimate struct {
	Rows  int // at most
	Quads int // about
}

var noEstimate = Estimate{-1, -1}

// String is the step and all below it as a tree, a line each, without times.
func (s *Step) String() string {
	var b strings.Builder
	s.write(&b, "")
	return b.String()
}

func (s *Step) write(b *strings.Builder, indent string) {
	b.WriteString(indent + s.Does)
	var parts []string
	say := func(n int64, before, what, after string) {
		if n != 1 {
			what += "s"
		}
		if n >= 0 {
			parts = append(parts, before+grouped(n)+what+after)
		}
	}
	say(int64(s.Expected.Rows), "at most ", " row", " expected")
	say(int64(s.Expected.Quads), "about ", " quad", " expected")
	say(int64(s.Rows), "", " row", "")
	say(s.Quads, "", " quad", "")
	b.WriteString(": " + strings.Join(parts, ", ") + "\n")
	for _, below := range s.Steps {
		below.write(b, indent+"  ")
	}
}

// MarshalJSON leaves out what is not known.
func (s *Step) MarshalJSON() ([]byte, error) {
	known := func(n int) *int {
		if n < 0 {
			return nil
		}
		return &n
	}
	return json.Marshal(struct {
		Step          string  `json:"step"`
		RowsExpected  *int    `json:"rowsExpected,omitempty"`
		QuadsExpected *int    `json:"quadsExpected,omitempty"`
		Rows          *int    `json:"rows,omitempty"`
		Quads         int64   `json:"quads"`
		Milliseconds  float64 `json:"milliseconds,omitempty"`
		Steps         []*Step `json:"steps,omitempty"`
	}{s.Does, known(s.Expected.Rows), known(s.Expected.Quads), known(s.Rows), s.Quads, float64(s.Time.Microseconds()) / 1000, s.Steps})
}

// tracer notes the steps of a run. A nil one notes nothing, and costs nothing.
type tracer struct {
	meter *graph.Meter
	now   func() time.Time // nil: nobody has a clock
	root  Step
	open  []openStep
}

type openStep struct {
	*Step
	read  int64
	since time.Time
}

func (t *tracer) clock() (at time.Time) {
	if t.now != nil {
		at = t.now()
	}
	return at
}

// begin begins a step within the one that is open. end ends it by the mark.
func (t *tracer) begin(does fmt.Stringer, expected Estimate) (mark int) {
	if t == nil {
		return 0
	}
	t.open = append(t.open, openStep{&Step{Does: does.String(), Expected: expected, Rows: -1}, t.meter.Read(), t.clock()})
	return len(t.open) - 1
}

// found says how many rows the step with the mark has found; -1: the open step.
func (t *tracer) found(mark, rows int) {
	if t == nil {
		return
	}
	if mark < 0 {
		mark += len(t.open)
	}
	if mark >= 0 {
		t.open[mark].Rows = rows
	}
}

// miss ends a step that led nowhere: it is told where it has read something.
func (t *tracer) miss(mark int) {
	switch {
	case t == nil:
	case t.meter.Read() == t.open[mark].read:
		t.open = t.open[:mark]
	default:
		t.open[mark].Does += " (in vain)"
		t.end(mark)
	}
}

// end ends the step with the mark, and those within it that an error left open.
func (t *tracer) end(mark int) {
	if t == nil {
		return
	}
	for len(t.open) > mark {
		last := t.open[len(t.open)-1]
		t.open = t.open[:len(t.open)-1]
		last.Quads, last.Time = t.meter.Read()-last.read, t.clock().Sub(last.since)
		into := &t.root
		if len(t.open) > 0 {
			into = t.open[len(t.open)-1].Step
		}
		if does, minor := strings.CutPrefix(last.Does, minorMark); minor {
			if last.Does = does; last.Quads == 0 && len(last.Steps) == 0 && len(t.open) > 0 {
				continue
			}
		}
		into.Steps = append(into.Steps, last.Step)
	}
}

// minorMark stands before what a step does while it is open, if it is not worth
// telling of where nothing is read: leaves that are read with others, conditions
// that look at an id.
const minorMark = "\x00"

// String is the field as a step: its response key, and its name if that is another.
func (c *collected) String() string {
	if c.key == c.field.Name {
		return minorMark + c.key
	}
	return minorMark + c.key + ": " + c.field.Name
}

// ofClass is what is run for the rows of one class of several.
type ofClass struct{ *schema.Class }

func (o ofClass) String() string { return minorMark + "of each " + o.Name }

// addPlan keeps the steps of a root field that stands at a place in the document.
func (op *Operation) addPlan(of *tracer, at int) {
	op.plans.mu.Lock()
	defer op.plans.mu.Unlock()
	for _, s := range of.root.Steps {
		op.plans.roots = append(op.plans.roots, rootPlan{at, s})
	}
}

type rootPlan struct {
	at   int
	step *Step
}

// Explained reports whether the operation asks for its plan: two answers to it are
// then never the same.
func (op *Operation) Explained() bool { return op.explain }

// Plan returns the steps of the root fields that are answered, in the order of the
// document; none unless the operation has @explain.
func (op *Operation) Plan() []*Step {
	op.plans.mu.Lock()
	defer op.plans.mu.Unlock()
	slices.SortStableFunc(op.plans.roots, func(a, b rootPlan) int { return a.at - b.at })
	out := make([]*Step, len(op.plans.roots))
	for i, p := range op.plans.roots {
		out[i] = p.step
	}
	return out
}

// explanation are the extensions that @explain adds.
func (op *Operation) explanation() ([]Extension, error) {
	steps := op.Plan()
	var text strings.Builder
	for _, s := range steps {
		text.WriteString(s.String())
	}
	cost, err := json.Marshal(struct {
		Quads int64 `json:"quads"`
		Limit int   `json:"limit,omitempty"`
	}{op.meter.Read(), max(op.engine.options.Quads, 0)})
	if err != nil {
		return nil, err
	}
	plan, err := json.Marshal(struct {
		Text  string  `json:"text"`
		Steps []*Step `json:"steps"`
	}{text.String(), steps})
	return []Extension{{Key: "cost", JSON: cost}, {Key: "plan", JSON: plan}}, err
}

// ordered is fill as a step of the plan.
func (p *pages) ordered(r *run, found *items, w window) error {
	if r.trace == nil || w.countsOnly() {
		return p.fill(r, found, w)
	}
	if len(p.order) == 0 {
		err := p.fill(r, found, w)
		r.trace.found(-1, len(p.at))
		return err
	}
	mark := r.trace.begin(ordering{p.order, w}, noEstimate)
	err := p.fill(r, found, w)
	r.trace.found(mark, len(p.at))
	r.trace.end(mark)
	r.trace.found(-1, len(p.at))
	return err
}

// ordering is the order of a connection and the page that is taken.
type ordering struct {
	by   []orderKey
	page window
}

func (o ordering) String() string {
	var keys []string
	for _, k := range o.by {
		if k.descending {
			keys = append(keys, k.name+" descending")
		} else {
			keys = append(keys, k.name)
		}
	}
	text := "order by " + strings.Join(keys, ", then ")
	if o.page.last >= 0 {
		return text + fmt.Sprintf("; take the last %d", o.page.last)
	}
	return text + fmt.Sprintf("; take the first %d", o.page.first)
}

// exploreTraced is explore as a step of the plan: what was to be read was counted,
// to choose the side.
func (s *pathSearch) exploreTraced(side, other *pathSide) ([]graph.ID, error) {
	trace := s.run.trace
	if trace == nil {
		return s.explore(side, other)
	}
	mark := trace.begin(frontier{side.back, side.depth() + 1, len(side.frontier().nodes)}, Estimate{-1, side.least})
	met, err := s.explore(side, other)
	found := len(met)
	if found == 0 {
		found = len(side.frontier().nodes)
	}
	trace.found(mark, found)
	trace.end(mark)
	return met, err
}

// frontier is where a search for paths goes on.
type frontier struct {
	back       bool
	hop, nodes int
}

func (f frontier) String() string {
	end := "from"
	if f.back {
		end = "to"
	}
	return fmt.Sprintf("hop %d from the end %q, of %d known there", f.hop, end, f.nodes)
}

// written is a condition as it was given, keys in the order of the alphabet.
func written(given any) string {
	switch given := given.(type) {
	case map[string]any:
		parts := make([]string, 0, len(given))
		for _, key := range slices.Sorted(maps.Keys(given)) {
			if given[key] != nil {
				parts = append(parts, key+": "+written(given[key]))
			}
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		parts := make([]string, len(given))
		for i, each := range given {
			parts[i] = written(each)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	text := fmt.Sprint(given)
	if len(text) > mostWritten {
		text = strings.ToValidUTF8(text[:mostWritten], "") + "..."
	}
	return text
}

// mostWritten is how many bytes of a value a plan shows.
const mostWritten = 60
