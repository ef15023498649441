package query_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"chancery/graph"
	"chancery/graph/memory"
	"chancery/query"
	"chancery/query/naive"
)

// TestPathsExhaustively compares paths in every mode with all sequences of
// different entities of small, dense graphs:
//
//	go test ./query -run TestPathsExhaustively -seed 17
func TestPathsExhaustively(t *testing.T) {
	comparePaths(t, 150, newMaze, (*maze).ask, (*maze).answer)
}

// TestPathsFarther compares shortest paths with those of a plain search, in graphs
// that are too large to try every sequence: events with two ends join many parties.
func TestPathsFarther(t *testing.T) {
	comparePaths(t, 12, newWideMaze, (*maze).askFar, (*maze).shortest)
}

// TestPathsInStrides does so along fields of which nothing leads to an event: the
// search goes two hops at once wherever columns tell enough.
func TestPathsInStrides(t *testing.T) {
	comparePaths(t, 12, newWideMaze, (*maze).askEvents, (*maze).shortest)
}

func comparePaths(t *testing.T, mazes uint64, start func(*rand.Rand) *maze, ask func(*maze) pathQuestion, answer func(*maze, pathQuestion) []string) {
	t.Helper()
	first := seedOf(t)
	o := load(t)
	questions, answered := 0, 0
	for n := range mazes {
		m := start(numbers(first + n))
		g, err := graph.Open(t.Context(), memory.New())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := g.Apply(t.Context(), m.changes()); err != nil {
			t.Fatal(err)
		}
		e := query.New(o, g, query.Options{})
		for range 40 {
			q := ask(m)
			doc, variables, err := request{Document: q.String()}.parse(o)
			if err != nil {
				t.Fatal(err)
			}
			all, err := wholeAnswer(t.Context(), e, doc, variables, nil)
			if err != nil || all.Data == nil || len(all.Errors) > 0 {
				t.Fatalf("seed %d: %s: %v %v", first+n, q, err, all.Errors)
			}
			want, got := answer(m, q), pathsOf(all.Data)
			if !slices.Equal(want, got) {
				t.Fatalf("seed %d: %s\n%s\nwant %q\ngot  %q", first+n, q, m, want, got)
			}
			questions++
			if len(want) > 0 {
				answered++
			}
		}
	}
	t.Logf("%d questions, %d with paths", questions, answered)
}

// pathsOf writes the paths of an answer: a>b<c, with > for a relation walked
// forwards.
func pathsOf(data *naive.Object) []string {
	var out []string
	for _, p := range data.Values[0].([]any) {
		p := p.(*naive.Object)
		steps := p.Values[1].([]any)
		text := ""
		for _, s := range steps {
			s := s.(*naive.Object)
			arrow := map[any]string{false: ">", true: "<"}[s.Values[0]]
			if text == "" {
				text = s.Values[1].(*naive.Object).Values[0].(string)
			}
			text += arrow + s.Values[2].(*naive.Object).Values[0].(string)
		}
		out = append(out, fmt.Sprintf("%v %s", p.Values[0], text))
	}
	return out
}

// maze is a small graph of people, nations, visits and interactions, in the graph's
// own order.
type maze struct {
	rng   *rand.Rand
	ids   []string
	time  []days // of each; the zero value: no event
	edges []edge
}

// days are the bounds of a visit's first and last day in May 2024.
type days struct {
	event                                bool
	known                                bool
	firstMin, firstMax, lastMin, lastMax int
	start, end                           string
}

type edge struct {
	from, to  int
	predicate string
	fields    []string // that show it
}

func newMaze(rng *rand.Rand) *maze {
	m := &maze{rng: rng}
	add := func(id string, d days) { m.ids, m.time = append(m.ids, id), append(m.time, d) }
	for i := range 2 {
		add(fmt.Sprintf("nation/n%d", i), days{})
	}
	for i := range 2 + rng.IntN(2) {
		add(fmt.Sprintf("person/p%d", i), days{})
	}
	// Half of them have a long way to go: each event has two ends at most.
	visits, interactions := 3+rng.IntN(2), 0
	if rng.IntN(2) == 0 {
		visits, interactions = rng.IntN(2), 4+rng.IntN(3)
	}
	for i := range visits {
		add(fmt.Sprintf("visit/v%d", i), m.days())
	}
	for i := range interactions {
		add(fmt.Sprintf("interaction/i%d", i), m.days())
	}
	rng.Shuffle(len(m.ids), func(i, j int) {
		m.ids[i], m.ids[j] = m.ids[j], m.ids[i]
		m.time[i], m.time[j] = m.time[j], m.time[i]
	})
	for range 5 + rng.IntN(8) + 3*interactions {
		m.join(rng.IntN(len(m.ids)), rng.IntN(len(m.ids)))
	}
	return m
}

// newWideMaze has interactions between many parties; some take part in many.
func newWideMaze(rng *rand.Rand) *maze {
	m := &maze{rng: rng}
	for i := range 40 {
		m.ids, m.time = append(m.ids, fmt.Sprintf("person/p%d", i)), append(m.time, days{})
	}
	for i := range 60 + rng.IntN(40) {
		m.ids, m.time = append(m.ids, fmt.Sprintf("interaction/i%d", i)), append(m.time, m.days())
	}
	rng.Shuffle(len(m.ids), func(i, j int) {
		m.ids[i], m.ids[j] = m.ids[j], m.ids[i]
		m.time[i], m.time[j] = m.time[j], m.time[i]
	})
	for at, id := range m.ids {
		if strings.HasPrefix(id, "interaction/") {
			for range 4 {
				m.join(at, slices.Index(m.ids, fmt.Sprintf("person/p%d", rng.IntN(1+rng.IntN(40)))))
			}
		}
	}
	return m
}

// askFar asks for shortest paths from one to another.
func (m *maze) askFar() pathQuestion {
	return pathQuestion{
		from: m.rng.IntN(len(m.ids)), to: m.rng.IntN(len(m.ids)), ids: m.ids,
		mode: []string{"SHORTEST", "ALL_SHORTEST"}[m.rng.IntN(2)], maxLength: 4 + m.rng.IntN(9), first: 1 + m.rng.IntN(20),
	}
}

// shortest goes from the first entity only to what is nearer to the last.
func (m *maze) askEvents() pathQuestion {
	q := m.askFar()
	q.events = true
	return q
}

func (m *maze) shortest(q pathQuestion) []string {
	far := make([]int, len(m.ids))
	for i := range far {
		far[i] = -1
	}
	far[q.to] = 0
	for level := []int{q.to}; len(level) > 0; {
		var next []int
		for _, at := range level {
			for i := range m.ids {
				if far[i] < 0 && m.arrow(q, i, at) != "" {
					far[i] = far[at] + 1
					next = append(next, i)
				}
			}
		}
		level = next
	}
	if far[q.from] < 0 || far[q.from] > q.maxLength {
		return nil
	}
	most := 1
	if q.mode == "ALL_SHORTEST" {
		most = q.first
	}
	var out []string
	var walk func(path []int)
	walk = func(path []int) {
		at := path[len(path)-1]
		if at == q.to && len(out) < most {
			out = append(out, m.write(q, path))
		}
		for next := range m.ids {
			if len(out) < most && far[next] == far[at]-1 && far[next] >= 0 && m.arrow(q, at, next) != "" {
				walk(append(slices.Clone(path), next))
			}
		}
	}
	walk([]int{q.from})
	return out
}

// days are those of a visit: exact or rough, with an end or without, or unknown.
func (m *maze) days() days {
	d := days{event: true, known: m.rng.IntN(8) > 0}
	rough := func() (from, to int, text string) {
		from = 1 + m.rng.IntN(9)
		to = from + m.rng.IntN(4)*m.rng.IntN(2)
		return from, to, fmt.Sprintf("[2024-05-%02d..2024-05-%02d]", from, to)
	}
	if !d.known {
		return d
	}
	d.firstMin, d.firstMax, d.start = rough()
	d.lastMin, d.lastMax = d.firstMin, d.firstMax
	if m.rng.IntN(2) == 0 {
		d.lastMin, d.lastMax, d.end = rough()
	}
	// The first day is not after the last.
	d.known = d.firstMin <= d.lastMax
	d.firstMax, d.lastMin = min(d.firstMax, d.lastMax), max(d.firstMin, d.lastMin)
	return d
}

// join adds a relation between two, if there can be one.
func (m *maze) join(from, to int) {
	kind := func(i int) string { return strings.SplitN(m.ids[i], "/", 2)[0] }
	e := edge{from: from, to: to, predicate: "kg:unheardOf"}
	switch pair := kind(from) + " " + kind(to); {
	case from == to:
		return
	case m.rng.IntN(4) == 0:
	case pair == "visit person":
		e.predicate, e.fields = "visitors", []string{"visitors", "participants"}
	case pair == "visit nation":
		e.predicate, e.fields = "destination", []string{"destination", "participants"}
	case strings.HasPrefix(pair, "interaction ") && (kind(to) == "person" || kind(to) == "nation"):
		e.predicate = []string{"actor", "target"}[m.rng.IntN(2)]
		e.fields = []string{e.predicate, "participants"}
	case pair == "person nation":
		e.predicate, e.fields = "nationality", []string{"nationality"}
	case kind(from) == "visit", kind(from) == "interaction":
		e.predicate, e.fields = "mentions", []string{"mentions"}
	}
	for _, other := range m.edges {
		if other.from == from && other.predicate == e.predicate && (other.to == to || singles[e.predicate]) {
			return // a visit has one destination
		}
	}
	m.edges = append(m.edges, e)
}

var mazePredicates = map[string]string{
	"visitors": "kg:visitor", "destination": "kg:destination", "nationality": "schema:nationality", "mentions": "schema:mentions",
	"actor": "kg:actor", "target": "kg:target",
}

var singles = map[string]bool{"destination": true, "actor": true, "target": true}

// changes introduce the entities in order, then what joins them.
func (m *maze) changes() graph.Changes {
	c := graph.Changes{At: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)}
	say := func(f graph.Fact) {
		c.Record = append(c.Record, graph.Claim{
			ID: fmt.Sprintf("claim/%d", len(c.Record)), Source: "source/maze", Status: graph.Reported, Facts: []graph.Fact{f},
		})
	}
	class := map[string]string{"n": "kg:Nation", "p": "schema:Person", "v": "kg:Visit", "i": "kg:Interaction"}
	for i, id := range m.ids {
		say(graph.Fact{Subject: id, Predicate: graph.Type, Object: graph.Ref(class[id[:1]])})
		if m.time[i].start != "" {
			say(graph.Fact{Subject: id, Predicate: "schema:startDate", Object: graph.Date(m.time[i].start)})
		}
		if m.time[i].end != "" {
			say(graph.Fact{Subject: id, Predicate: "schema:endDate", Object: graph.Date(m.time[i].end)})
		}
	}
	for _, e := range m.edges {
		predicate := e.predicate
		if e.fields != nil {
			predicate = mazePredicates[e.predicate]
		}
		fact := graph.Fact{Subject: m.ids[e.from], Predicate: predicate, Object: graph.Ref(m.ids[e.to])}
		say(fact)
		// What is said twice, or denied, is told by no column alone.
		switch m.rng.IntN(12) {
		case 0:
			say(fact)
		case 1:
			fact.Object = graph.Ref(m.ids[m.rng.IntN(len(m.ids))])
			say(fact)
			c.Record[len(c.Record)-1].Status = graph.Denied
		}
	}
	return c
}

func (m *maze) String() string {
	var b strings.Builder
	for i, id := range m.ids {
		fmt.Fprintf(&b, "%s %s %s\n", id, m.time[i].start, m.time[i].end)
	}
	for _, e := range m.edges {
		fmt.Fprintf(&b, "%s %s %s\n", m.ids[e.from], e.predicate, m.ids[e.to])
	}
	return b.String()
}

// pathQuestion is what paths is asked; indexes of entities, -1 for none.
type pathQuestion struct {
	from, to         int
	ids              []string
	mode             string
	via              []int // nil: none
	field            string
	events           bool // along actor and target, mostly from party to party
	directed         bool
	during           [2]int // days of May; zero: none
	inOrder          bool
	maxLength, first int
}

func (m *maze) ask() pathQuestion {
	rng := m.rng
	q := pathQuestion{
		from: rng.IntN(len(m.ids)), to: rng.IntN(len(m.ids)), ids: m.ids,
		mode: []string{"SHORTEST", "ALL_SHORTEST", "K_SHORTEST"}[rng.IntN(3)], directed: rng.IntN(4) == 0,
		inOrder: rng.IntN(3) == 0, maxLength: 1 + rng.IntN(7), first: 1 + rng.IntN(8)*rng.IntN(8),
	}
	if q.mode != "K_SHORTEST" && rng.IntN(2) == 0 {
		q.to = -1
	}
	if rng.IntN(5) == 0 {
		q.field = []string{"visitors", "participants", "nationality", "mentions", "actor"}[rng.IntN(5)]
	}
	if rng.IntN(4) == 0 {
		q.via = []int{}
		for i := range m.ids {
			if rng.IntN(3) > 0 {
				q.via = append(q.via, i)
			}
		}
	}
	if rng.IntN(4) == 0 {
		from := 1 + rng.IntN(9)
		q.during = [2]int{from, from + rng.IntN(5)}
	}
	return q
}

// String is the question as a document.
func (q pathQuestion) String() string {
	args := fmt.Sprintf("from: %q, mode: %s, directed: %v, inTimeOrder: %v, maxLength: %d, first: %d",
		q.ids[q.from], q.mode, q.directed, q.inOrder, q.maxLength, q.first)
	if q.to >= 0 {
		args += fmt.Sprintf(", to: %q", q.ids[q.to])
	}
	if q.events {
		args += `, fields: ["actor", "target"]`
	}
	if q.field != "" {
		args += fmt.Sprintf(", fields: [%q]", q.field)
	}
	if q.via != nil {
		var ids []string
		for _, i := range q.via {
			ids = append(ids, fmt.Sprintf("%q", q.ids[i]))
		}
		args += fmt.Sprintf(", via: {id: {in: [%s]}}", strings.Join(ids, ", "))
	}
	if q.during != [2]int{} {
		args += fmt.Sprintf(`, during: "2024-05-%02d/2024-05-%02d"`, q.during[0], q.during[1])
	}
	return "{ paths(" + args + ") { length steps { inverse from { id } to { id } } } }"
}

// answer tries every sequence of different entities.
func (m *maze) answer(q pathQuestion) []string {
	var found [][]int
	var extend func(path []int)
	extend = func(path []int) {
		if m.isPath(q, path) {
			found = append(found, slices.Clone(path))
		}
		if len(path) > q.maxLength || len(path) == len(m.ids) {
			return
		}
		for next := range m.ids {
			if !slices.Contains(path, next) && m.arrow(q, path[len(path)-1], next) != "" {
				extend(append(slices.Clone(path), next))
			}
		}
	}
	extend([]int{q.from})
	end := func(path []int) int { return path[len(path)-1] }
	slices.SortFunc(found, func(a, b []int) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(end(a), end(b)), slices.Compare(a, b))
	})
	least := map[int]int{} // number of entities on the shortest path to each end
	var out []string
	for _, path := range found {
		n, seen := least[end(path)]
		if seen && (q.mode == "SHORTEST" || q.mode == "ALL_SHORTEST" && len(path) > n) {
			continue
		}
		if !seen {
			least[end(path)] = len(path)
		}
		if len(out) < q.first {
			out = append(out, m.write(q, path))
		}
	}
	return out
}

// isPath reports whether a sequence of neighbours is one of the paths asked for.
func (m *maze) isPath(q pathQuestion, path []int) bool {
	last := len(path) - 1
	if q.to < 0 && last == 0 || q.to >= 0 && path[last] != q.to {
		return false
	}
	for i, at := range path {
		between := i > 0 && i < last
		if between && q.via != nil && !slices.Contains(q.via, at) {
			return false
		}
		if (between || i > 0 && q.to < 0) && q.during != [2]int{} && !m.time[at].surelyMeets(q.during) {
			return false
		}
	}
	if !q.inOrder || last == 0 {
		return true
	}
	day := 0
	for _, at := range path {
		d := m.time[at]
		if d.event && (!d.known || d.lastMin < day) {
			return false
		}
		day = max(day, d.firstMax)
	}
	return true
}

func (d days) surelyMeets(during [2]int) bool {
	return !d.event || d.known && d.firstMax <= during[1] && d.lastMin >= during[0]
}

// arrow is how two neighbours are joined: >, <, or "" for not at all.
func (m *maze) arrow(q pathQuestion, from, to int) string {
	joined := func(from, to int) bool {
		return slices.ContainsFunc(m.edges, func(e edge) bool {
			return e.from == from && e.to == to && (q.field == "" || slices.Contains(e.fields, q.field)) &&
				(!q.events || e.predicate == "actor" || e.predicate == "target")
		})
	}
	switch {
	case joined(from, to):
		return ">"
	case !q.directed && joined(to, from):
		return "<"
	}
	return ""
}

func (m *maze) write(q pathQuestion, path []int) string {
	text := ""
	for i, at := range path {
		if i > 0 {
			text += m.arrow(q, path[i-1], at)
		}
		text += m.ids[at]
	}
	if len(path) == 1 {
		text = ""
	}
	return fmt.Sprintf("%d %s", len(path)-1, text)
}
