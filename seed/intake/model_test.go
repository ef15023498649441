package intake_test

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"chancery/graph"
	"chancery/graph/local"
	"chancery/graph/memory"
	"chancery/schema"
	"chancery/schema/schematest"
	"chancery/seed/intake"
)

// The model of a history: for each claim the versions that it had, and since and
// until which step each stood.

type modelVersion struct {
	id, content string
	from, to    int  // steps; to 0: it stands
	byHand      bool // somebody retracted it
}

type model struct {
	t        *testing.T
	random   *rand.Rand
	target   intake.Target
	versions map[string][]*modelVersion // by the claim's id without ~2
	times    []time.Time                // record time after each step
	merged   []modelMerge               // nations that are one now
	now      time.Time
}

// modelMerge says by hand that two nations of a data set are one.
type modelMerge struct {
	claim      string
	dataset    string
	from, into int
}

// row is a line of a made-up file.
type row struct {
	key     string // nation-3, place-2
	variant int
	nation  int  // of a place
	bad     bool // does not fit the ontology
	lost    bool // its reader rejects it
}

const (
	modelNations = 5
	modelPlaces  = 8
)

func (r row) entry(dataset string, place intake.Place) intake.Entry {
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
	return intake.Entry{Place: place, Claim: c}
}

func (r row) content() string { return fmt.Sprintf("%s %d %d", r.key, r.variant, r.nation) }

// rows are an edition of a data set: some nations, some places in them.
func (m *model) rows() []row {
	var rows []row
	add := func(r row) {
		switch m.random.IntN(16) {
		case 0:
			r.bad = true
		case 1:
			r.lost = true
		}
		rows = append(rows, r)
	}
	for n := 1; n <= modelNations; n++ {
		if m.random.IntN(4) > 0 {
			add(row{key: fmt.Sprint("nation-", n), variant: m.random.IntN(3)})
		}
	}
	for n := 1; n <= modelPlaces; n++ {
		if m.random.IntN(4) > 0 {
			add(row{key: fmt.Sprint("place-", n), variant: m.random.IntN(3), nation: m.random.IntN(modelNations + 1)})
		}
	}
	m.random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	return rows
}

// files are one or two: the second has some rows of the first again, just so or changed.
func (m *model) files() [][]row {
	rows := m.rows()
	if m.random.IntN(2) == 0 {
		return [][]row{rows}
	}
	var again []row
	for _, r := range rows {
		switch m.random.IntN(5) {
		case 0:
			again = append(again, r)
		case 1:
			r.variant, r.bad, r.lost = r.variant+m.random.IntN(2), false, false
			again = append(again, r)
		}
	}
	return [][]row{rows, again}
}

var errTorn = errors.New("the file is torn")

// reader reads the files of an edition; with torn the last ends with an error.
type reader struct {
	dataset string
	files   [][]row
	torn    bool
}

// file is a reader of one of them.
type file struct {
	reader
	n int
}

func (f file) Read(_ context.Context, take func(intake.Entry) error, reject func(intake.Rejection) error) error {
	place := intake.Place{File: f.name()}
	source := graph.Claim{ID: "claim/" + f.dataset + "/source", Source: "source/" + f.dataset, Status: graph.Confirmed, Facts: []graph.Fact{
		{Subject: "source/" + f.dataset, Predicate: graph.Type, Object: graph.Ref("schema:CreativeWork")},
	}}
	if err := take(intake.Entry{Place: place, Claim: source}); err != nil {
		return err
	}
	for i, row := range f.files[f.n] {
		var err error
		place.Line = i + 2
		if row.lost {
			err = reject(intake.Rejection{Place: place, Claim: "claim/" + f.dataset + "/" + row.key, Reason: "no date"})
		} else {
			err = take(row.entry(f.dataset, place))
		}
		if err != nil {
			return err
		}
	}
	if f.torn && f.n == len(f.files)-1 {
		return errTorn
	}
	return nil
}

func (f file) name() string { return fmt.Sprintf("%s-%d.csv", f.dataset, f.n) }

func (r reader) parts() intake.Parts {
	var all []intake.Part
	for n := range r.files {
		f := file{r, n}
		all = append(all, intake.Part{Name: f.name(), Dataset: r.dataset, Reader: f})
	}
	return slices.Values(all)
}

// last is the newest version of a claim, or nil.
func (m *model) last(id string) *modelVersion {
	versions := m.versions[id]
	if len(versions) == 0 {
		return nil
	}
	return versions[len(versions)-1]
}

// one returns the nations that are one with a nation, itself among them.
func (m *model) one(dataset string, nation int) []int {
	all := []int{nation}
	for i := 0; i < len(all); i++ {
		for _, merge := range m.merged {
			for _, pair := range [][2]int{{merge.from, merge.into}, {merge.into, merge.from}} {
				if merge.dataset == dataset && pair[0] == all[i] && !slices.Contains(all, pair[1]) {
					all = append(all, pair[1])
				}
			}
		}
	}
	return all
}

// same reports whether two rows say the same, nations that are one taken for one.
func (m *model) same(dataset, a, b string) bool {
	keyA, variantA, nationA := parts(a)
	keyB, variantB, nationB := parts(b)
	return keyA == keyB && variantA == variantB && slices.Contains(m.one(dataset, nationA), nationB)
}

// parts takes the content of a row apart.
func parts(content string) (key string, variant, nation int) {
	if _, err := fmt.Sscan(content, &key, &variant, &nation); err != nil {
		panic(err)
	}
	return key, variant, nation
}

// fate is what becomes of a row.
type fate uint8

const (
	isTaken fate = iota
	isUnchanged
	isWithheld
	isRefused
)

// alone is what becomes of a row if its nation has a class and no row before has its key.
func (m *model) alone(dataset string, r row) (f fate, judged bool) {
	last := m.last("claim/" + dataset + "/" + r.key)
	switch {
	case r.bad || r.lost:
		return isRefused, true
	case last != nil && last.to == 0 && m.same(dataset, last.content, r.content()):
		return isUnchanged, false
	case last != nil && last.byHand && m.same(dataset, last.content, r.content()):
		return isWithheld, false
	}
	return isTaken, true
}

// fates are what becomes of all rows of all files, in order. What the graph has just so
// is not judged again; a place whose nation has no class is refused; of two rows with
// one key the first that is not refused counts.
func (m *model) fates(r reader) map[*row]fate {
	nations, places := map[*row]fate{}, map[*row]fate{}
	has := map[int]bool{}
	for n := 1; n <= modelNations; n++ {
		last := m.last(fmt.Sprintf("claim/%s/nation-%d", r.dataset, n))
		has[n] = last != nil && last.to == 0
	}
	m.fatesOf(r, "nation-", func(int) bool { return true }, nations)
	for x, f := range nations {
		if f == isTaken {
			has[x.number()] = true
		}
	}
	m.fatesOf(r, "place-", func(nation int) bool {
		return nation == 0 || slices.ContainsFunc(m.one(r.dataset, nation), func(n int) bool { return has[n] })
	}, places)
	maps.Copy(places, nations)
	return places
}

func (m *model) fatesOf(r reader, kind string, has func(nation int) bool, fates map[*row]fate) {
	first := map[string]*row{}
	for _, rows := range r.files {
		for i := range rows {
			x := &rows[i]
			if !strings.HasPrefix(x.key, kind) {
				continue
			}
			f, judged := m.alone(r.dataset, *x)
			if judged && f != isRefused && !has(x.nation) {
				f = isRefused
			}
			if before := first[x.key]; before != nil && !x.lost {
				switch {
				case !m.same(r.dataset, x.content(), before.content()) || x.bad:
					f = isRefused
				case fates[before] == isTaken:
					f = isUnchanged
				default:
					f = fates[before]
				}
			} else if f != isRefused {
				first[x.key] = x
			}
			fates[x] = f
		}
	}
}

func (r row) number() int {
	n, _ := strconv.Atoi(r.key[strings.IndexByte(r.key, '-')+1:])
	return n
}

// take has the model take an edition in.
func (m *model) take(r reader, complete bool) intake.ClaimCount {
	step := len(m.times) + 1
	var n intake.ClaimCount
	prefix := "claim/" + r.dataset + "/"
	met, refused, taken := map[string]bool{prefix + "source": true}, map[string]bool{}, map[string]bool{}
	put := func(id, content string) {
		n.Recorded++
		next := &modelVersion{id: id, content: content, from: step}
		if last := m.last(id); last != nil {
			next.id = fmt.Sprintf("%s~%d", id, len(m.versions[id])+1)
			if last.to == 0 {
				last.to = step
				n.Superseded++
			} else {
				n.Restored++
			}
		}
		m.versions[id] = append(m.versions[id], next)
	}
	fates := m.fates(r)
	n.Read, n.Unchanged = len(r.files), len(r.files)
	if m.last(prefix+"source") == nil {
		n.Unchanged--
		put(prefix+"source", "source")
	}
	for _, rows := range r.files {
		for i := range rows {
			x := &rows[i]
			id := prefix + x.key
			met[id] = true
			if !x.lost {
				n.Read++
			}
			switch fates[x] {
			case isTaken:
				put(id, x.content())
			case isUnchanged:
				n.Unchanged++
			case isWithheld:
				n.Withheld++
			case isRefused:
				n.Rejected++
				refused[id] = true
				continue
			}
			taken[id] = true
		}
	}
	m.retire(r.dataset, step, complete, met, refused, taken, &n)
	return n
}

// retire retracts what an edition has no longer, but for the nations of places that
// stand because their rows were refused.
func (m *model) retire(dataset string, step int, complete bool, met, refused, taken map[string]bool, n *intake.ClaimCount) {
	prefix := "claim/" + dataset + "/"
	// A nation that a claim names needs a class by itself, if it had one, and together with
	// those that are one with it.
	var alone, together [][]int
	for id := range refused {
		last := m.last(id)
		if last == nil || last.to != 0 || taken[id] {
			continue
		}
		n.Kept++
		key, _, nation := parts(last.content)
		if strings.HasPrefix(key, "nation-") {
			nation = row{key: key}.number()
		}
		alone, together = append(alone, []int{nation}), append(together, m.one(dataset, nation))
	}
	if !complete {
		return
	}
	spared := map[string]bool{}
	for _, nations := range append(alone, together...) {
		if slices.ContainsFunc(nations, func(n int) bool { return spared[fmt.Sprint(prefix, "nation-", n)] }) {
			continue
		}
		if id := m.spared(prefix, nations, met); id != "" {
			spared[id] = true
		}
	}
	for id := range m.versions {
		if last := m.last(id); strings.HasPrefix(id, prefix) && last.to == 0 && !met[id] {
			if spared[id] {
				n.Kept++
				continue
			}
			last.to = step
			n.Retracted++
		}
	}
}

// spared returns the claim that goes on giving its class to one of nations that are one: the
// newest, or which of the newest the graph has where one import recorded several.
func (m *model) spared(prefix string, nations []int, met map[string]bool) string {
	found, from := "", 0
	for _, nation := range nations {
		id := fmt.Sprint(prefix, "nation-", nation)
		last := m.last(id)
		if last == nil || last.to != 0 {
			continue
		}
		if met[id] {
			return ""
		}
		latest := m.target.Graph.Latest()
		claim, _ := latest.Lookup(graph.Ref(last.id))
		if last.from > from || last.from == from && latest.Known(claim) {
			found, from = id, last.from
		}
	}
	return found
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

var (
	histories = flag.Int("histories", 0, "how many random histories TestHistories runs; 0: as many as is quick")
	firstSeed = flag.Uint64("seed", 0, "the first history's seed, the others follow; 0: each is random")
)

// localEach is of how many histories one is also told to a local store, which syncs
// each commit.
const localEach = 10

func TestHistories(t *testing.T) {
	o := ontology(t)
	rounds := 150
	if testing.Short() {
		rounds = 30
	}
	if *histories > 0 {
		rounds = *histories
	}
	for n := range rounds {
		s := *firstSeed + uint64(n)
		if *firstSeed == 0 {
			s = rand.Uint64()
		}
		t.Run(fmt.Sprint("memory, seed ", s), func(t *testing.T) { history(t, o, s, memory.New()) })
		if n%localEach == 0 {
			t.Run(fmt.Sprint("local, seed ", s), func(t *testing.T) {
				store, err := local.Open(t.TempDir(), local.Options{})
				if err != nil {
					t.Fatal(err)
				}
				history(t, o, s, store)
			})
		}
	}
}

func history(t *testing.T, o *schema.Ontology, s uint64, store graph.Store) {
	g, err := graph.Open(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	})
	m := &model{t: t, random: rand.New(rand.NewPCG(s, 1)), versions: map[string][]*modelVersion{}, now: time.Unix(1e9, 0)}
	m.target = intake.Target{Graph: g, Ontology: o, Now: func() time.Time { m.now = m.now.Add(time.Second); return m.now }}
	for range 10 {
		r := reader{dataset: []string{"a", "b"}[m.random.IntN(2)], files: m.files()}
		switch m.random.IntN(9) {
		case 0: // a part
			m.cut(&r)
			m.imported(r, intake.Options{Partial: true}, false)
		case 1: // the file is torn
			m.cut(&r)
			r.torn = true
			m.imported(r, intake.Options{}, false)
		case 2:
			m.crashed(r)
		case 3, 4:
			m.retracted()
		case 5:
			m.mergedByHand(r.dataset)
		case 6:
			m.split()
		default:
			m.imported(r, intake.Options{}, true)
			m.again(r)
		}
	}
}

// cut shortens the last file.
func (m *model) cut(r *reader) {
	last := &r.files[len(r.files)-1]
	*last = (*last)[:m.random.IntN(len(*last)+1)]
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
	want := m.take(r, complete)
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
	m.take(r, true)
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
	gone.to, gone.byHand = len(m.times)+1, true
	m.stepDone("a retraction")
}

// mergedByHand says that two nations are one, which neither was with another before.
func (m *model) mergedByHand(dataset string) {
	m.t.Helper()
	from, into := 1+m.random.IntN(modelNations), 1+m.random.IntN(modelNations)
	if len(m.one(dataset, from)) > 1 || slices.Contains(m.one(dataset, from), into) {
		return
	}
	merge := modelMerge{fmt.Sprint("claim/hand/merge-", len(m.times)), dataset, from, into}
	_, err := m.target.Graph.Apply(m.t.Context(), graph.Changes{At: m.target.Now(), Record: []graph.Claim{{
		ID: merge.claim, Source: graph.EditSource, Status: graph.Confirmed, RecordedBy: "an editor", Facts: []graph.Fact{{
			Subject: fmt.Sprintf("nation/%s-%d", dataset, from), Predicate: graph.MergedInto, Object: graph.Ref(fmt.Sprintf("nation/%s-%d", dataset, into)),
		}},
	}}})
	if err != nil {
		m.t.Fatal(err)
	}
	m.versions[merge.claim] = []*modelVersion{{id: merge.claim, content: "source", from: len(m.times) + 1}}
	m.merged = append(m.merged, merge)
	m.stepDone("a merge")
}

// split takes a merge back.
func (m *model) split() {
	m.t.Helper()
	if len(m.merged) == 0 {
		return
	}
	i := m.random.IntN(len(m.merged))
	merge := m.merged[i]
	m.merged = slices.Delete(m.merged, i, i+1)
	_, err := m.target.Graph.Apply(m.t.Context(), graph.Changes{At: m.target.Now(), Retract: []graph.Retraction{{Claim: merge.claim, Reason: "two"}}})
	if err != nil {
		m.t.Fatal(err)
	}
	m.last(merge.claim).to = len(m.times) + 1
	m.stepDone("a split")
}

func ontology(t testing.TB) *schema.Ontology { return schematest.Ontology(t) }
