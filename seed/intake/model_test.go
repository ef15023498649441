package intake_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"chancery/graph"
	"chancery/graph/memory"
	"chancery/schema"
	"chancery/seed/intake"
)

// The model of a history: for each claim the versions that it had, and since and
// until which step each stood.

type modelVersion struct {
	id, content string
	from, to    int // steps; to 0: it stands
}

type model struct {
	t        *testing.T
	random   *rand.Rand
	target   intake.Target
	versions map[string][]*modelVersion // by the claim's id without ~2
	times    []time.Time                // record time after each step
	now      time.Time
}

// row is a line of a made-up file.
type row struct {
	key     string // nation-3, place-2
	variant int
	nation  int  // of a place
	bad     bool // does not fit the ontology
}

const (
	modelNations = 5
	modelPlaces  = 8
)

func (r row) entry(dataset string, line int) intake.Entry {
	id := strings.Replace(r.key, "-", "/"+dataset+"-", 1)
	class := "kg:Nation"
	if strings.HasPrefix(r.key, "place") {
		class = "schema:Place"
	}
	c := graph.Claim{
		ID: "claim/" + dataset + "/" + r.key, Source: "source/" + dataset, Status: graph.Reported, Locator: fmt.Sprint("variant ", r.variant),
		Facts: []graph.Fact{
			{Subject: id, Predicate: graph.Type, Object: graph.Ref(class)},
			{Subject: id, Predicate: graph.PreferredName, Object: graph.TextIn(fmt.Sprintf("%s, variant %d", r.key, r.variant), "en")},
		},
	}
	if r.nation > 0 {
		c.Facts = append(c.Facts, graph.Fact{Subject: id, Predicate: "kg:nation", Object: graph.Ref(fmt.Sprintf("nation/%s-%d", dataset, r.nation))})
	}
	if r.bad {
		c.Facts = append(c.Facts, graph.Fact{Subject: id, Predicate: "kg:visitor", Object: graph.Ref(id)})
	}
	return intake.Entry{Place: intake.Place{File: dataset + ".csv", Line: line}, Claim: c}
}

func (r row) content() string { return fmt.Sprintf("%s %d %d", r.key, r.variant, r.nation) }

// rows are an edition of a data set: some nations, some places in them.
func (m *model) rows() []row {
	var rows []row
	for n := 1; n <= modelNations; n++ {
		if m.random.IntN(4) > 0 {
			rows = append(rows, row{key: fmt.Sprint("nation-", n), variant: m.random.IntN(3), bad: m.random.IntN(12) == 0})
		}
	}
	for n := 1; n <= modelPlaces; n++ {
		if m.random.IntN(4) > 0 {
			rows = append(rows, row{key: fmt.Sprint("place-", n), variant: m.random.IntN(3), nation: m.random.IntN(modelNations + 1), bad: m.random.IntN(12) == 0})
		}
	}
	m.random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	return rows
}

var errTorn = errors.New("the file is torn")

// reader reads rows; with torn it ends with an error after them.
type reader struct {
	dataset string
	rows    []row
	torn    bool
}

func (r reader) Read(ctx context.Context, take func(intake.Entry) error, _ func(intake.Rejection) error) error {
	source := graph.Claim{ID: "claim/" + r.dataset + "/source", Source: "source/" + r.dataset, Status: graph.Confirmed, Facts: []graph.Fact{
		{Subject: "source/" + r.dataset, Predicate: graph.Type, Object: graph.Ref("schema:CreativeWork")},
	}}
	if err := take(intake.Entry{Place: intake.Place{File: r.dataset + ".csv"}, Claim: source}); err != nil {
		return err
	}
	for i, row := range r.rows {
		if err := take(row.entry(r.dataset, i+2)); err != nil {
			return err
		}
	}
	if r.torn {
		return errTorn
	}
	return nil
}

func (r reader) parts() intake.Parts {
	return slices.Values([]intake.Part{{Name: r.dataset + ".csv", Dataset: r.dataset, Reader: r}})
}

// accepted is what the graph should take of rows: a place whose nation has no class
// is refused with it.
func (m *model) accepted(dataset string, rows []row) (takes []row, rejected int) {
	has := map[int]bool{}
	for n := 1; n <= modelNations; n++ {
		versions := m.versions[fmt.Sprintf("claim/%s/nation-%d", dataset, n)]
		if len(versions) > 0 && versions[len(versions)-1].to == 0 {
			has[n] = true
		}
		if slices.ContainsFunc(rows, func(r row) bool { return r.key == fmt.Sprint("nation-", n) && !r.bad }) {
			has[n] = true
		}
	}
	for _, r := range rows {
		versions := m.versions["claim/"+dataset+"/"+r.key]
		if len(versions) > 0 {
			if last := versions[len(versions)-1]; last.to == 0 && last.content == r.content() && !r.bad {
				takes = append(takes, r) // what the graph has just so is not judged again
				continue
			}
		}
		if r.bad || r.nation > 0 && !has[r.nation] {
			rejected++
			continue
		}
		takes = append(takes, r)
	}
	return takes, rejected
}

// take has the model take an edition in.
func (m *model) take(dataset string, rows []row, complete bool) intake.ClaimCount {
	step := len(m.times) + 1
	var n intake.ClaimCount
	n.Read = len(rows) + 1
	takes, rejected := m.accepted(dataset, rows)
	n.Rejected = rejected
	met := map[string]bool{}
	put := func(id, content string) {
		met[id] = true
		versions := m.versions[id]
		next := &modelVersion{id: id, content: content, from: step}
		if len(versions) > 0 {
			last := versions[len(versions)-1]
			next.id = fmt.Sprintf("%s~%d", id, len(versions)+1)
			switch {
			case last.to == 0 && last.content == content:
				n.Unchanged++
				return
			case last.to == 0:
				last.to = step
				n.Superseded++
			default:
				n.Restored++
			}
		}
		n.Recorded++
		m.versions[id] = append(versions, next)
	}
	put("claim/"+dataset+"/source", "source")
	for _, r := range rows {
		met["claim/"+dataset+"/"+r.key] = true
	}
	for _, r := range takes {
		put("claim/"+dataset+"/"+r.key, r.content())
	}
	if complete {
		for id, versions := range m.versions {
			if last := versions[len(versions)-1]; strings.HasPrefix(id, "claim/"+dataset+"/") && last.to == 0 && !met[id] {
				last.to = step
				n.Retracted++
			}
		}
	}
	return n
}

// stepDone notes a step and holds the graph to the model at all steps so far.
func (m *model) stepDone(what string) {
	m.t.Helper()
	v, err := m.target.Graph.View(m.t.Context(), graph.Perspective{})
	if err != nil {
		m.t.Fatal(err)
	}
	m.times = append(m.times, v.KnownAt)
	for step := range m.times {
		m.compare(step+1, what)
	}
}

func (m *model) compare(step int, what string) {
	m.t.Helper()
	v, err := m.target.Graph.View(m.t.Context(), graph.Perspective{KnownAt: m.times[step-1]})
	if err != nil {
		m.t.Fatal(err)
	}
	var want, got []string
	for _, versions := range m.versions {
		for _, version := range versions {
			if version.from <= step && (version.to == 0 || version.to > step) {
				want = append(want, version.id+" "+version.content)
			}
		}
	}
	for id := range v.Known().All {
		got = append(got, v.Name(id)+" "+contentOf(m.t, v, id))
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		m.t.Fatalf("after %s (step %d of %d), as known at step %d:\n%s\nwant\n%s", what, len(m.times), len(m.times), step, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// contentOf reads a claim of the model back.
func contentOf(t *testing.T, v *graph.View, claim graph.ID) string {
	var key, variant, nation string
	nation = "0"
	err := v.Snapshot.Quads(t.Context(), graph.Pattern{Label: claim}, func(q graph.Quad) bool {
		switch v.Name(q.Predicate) {
		case graph.PreferredName:
			key, variant, _ = strings.Cut(v.Name(q.Object), ", variant ")
		case "kg:nation":
			nation = v.Name(q.Object)[strings.LastIndexByte(v.Name(q.Object), '-')+1:]
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	if key == "" {
		return "source"
	}
	return fmt.Sprintf("%s %s %s", key, variant, nation)
}

// run imports in batches of a random size.
func (m *model) run(ctx context.Context, r reader, o intake.Options) (*intake.Report, error) {
	o.BatchClaims = 1 + m.random.IntN(6)
	return intake.Run(ctx, m.target, r.parts(), o)
}

func TestHistories(t *testing.T) {
	o := ontology(t)
	rounds := 150
	if testing.Short() {
		rounds = 30
	}
	for range rounds {
		s := rand.Uint64()
		t.Run(fmt.Sprint("seed ", s), func(t *testing.T) { history(t, o, s) })
	}
}

func history(t *testing.T, o *schema.Ontology, s uint64) {
	g, err := graph.Open(t.Context(), memory.New())
	if err != nil {
		t.Fatal(err)
	}
	m := &model{t: t, random: rand.New(rand.NewPCG(s, 1)), versions: map[string][]*modelVersion{}, now: time.Unix(1e9, 0)}
	m.target = intake.Target{Graph: g, Ontology: o, Now: func() time.Time { m.now = m.now.Add(time.Second); return m.now }}
	for range 8 {
		r := reader{dataset: []string{"a", "b"}[m.random.IntN(2)], rows: m.rows()}
		switch m.random.IntN(6) {
		case 0: // a part
			r.rows = r.rows[:m.random.IntN(len(r.rows)+1)]
			m.imported(r, intake.Options{Partial: true}, false)
		case 1: // the file is torn
			r.rows, r.torn = r.rows[:m.random.IntN(len(r.rows)+1)], true
			m.imported(r, intake.Options{}, false)
		case 2:
			m.crashed(r)
		case 3:
			m.retracted()
		default:
			m.imported(r, intake.Options{}, true)
			m.again(r)
		}
	}
}

func (m *model) imported(r reader, o intake.Options, complete bool) {
	m.t.Helper()
	dry := o
	dry.DryRun = true
	promised, err := m.run(m.t.Context(), r, dry)
	if err != nil {
		m.t.Fatal(err)
	}
	report, err := m.run(m.t.Context(), r, o)
	if err != nil {
		m.t.Fatal(err)
	}
	want := m.take(r.dataset, r.rows, complete)
	if report.Claims != want || promised.Claims != want {
		m.t.Errorf("counted\n%+v, dry\n%+v, want\n%+v\n%v", report.Claims, promised.Claims, want, report.Rejections)
	}
	if report.Failed() != r.torn {
		m.t.Errorf("failed: %v, torn: %v", report.Failed(), r.torn)
	}
	m.stepDone("an import")
}

// again imports the same once more: that does nothing.
func (m *model) again(r reader) {
	m.t.Helper()
	before := m.target.Graph.Latest().Commit()
	report, err := m.run(m.t.Context(), r, intake.Options{})
	if err != nil {
		m.t.Fatal(err)
	}
	if m.target.Graph.Latest().Commit() != before || report.Commits != 0 {
		m.t.Errorf("the same file again made %d commits: %+v", report.Commits, report.Claims)
	}
}

// crashed ends an import after some batch, and runs it again.
func (m *model) crashed(r reader) {
	m.t.Helper()
	ctx, cancel := context.WithCancel(m.t.Context())
	defer cancel()
	left := m.random.IntN(4)
	_, err := m.run(ctx, r, intake.Options{Progress: func(intake.Progress) {
		if left--; left < 0 {
			cancel()
		}
	}})
	if err != nil && !errors.Is(err, context.Canceled) {
		m.t.Fatal(err)
	}
	if _, err := m.run(m.t.Context(), r, intake.Options{}); err != nil {
		m.t.Fatal(err)
	}
	m.take(r.dataset, r.rows, true)
	m.stepDone("an import that ended in the middle, and another")
}

// retracted takes a claim back by hand.
func (m *model) retracted() {
	m.t.Helper()
	var standing []*modelVersion
	for _, versions := range m.versions {
		if last := versions[len(versions)-1]; last.to == 0 && last.content != "source" {
			standing = append(standing, last)
		}
	}
	if len(standing) == 0 {
		return
	}
	slices.SortFunc(standing, func(a, b *modelVersion) int { return cmp.Compare(a.id, b.id) })
	gone := standing[m.random.IntN(len(standing))]
	_, err := m.target.Graph.Apply(m.t.Context(), graph.Changes{At: m.target.Now(), Retract: []graph.Retraction{{Claim: gone.id, Reason: "wrong"}}})
	if err != nil {
		m.t.Fatal(err)
	}
	gone.to = len(m.times) + 1
	m.stepDone("a retraction")
}

func ontology(t testing.TB) *schema.Ontology {
	t.Helper()
	o, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	return o
}
