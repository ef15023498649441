package mappings_test

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"chancery/graph"
	"chancery/schema"
	"chancery/seed/check"
	"chancery/seed/intake"
	"chancery/seed/mappings"
	"chancery/seed/table"
)

// shared is where the data sets lie that the mappings are for.
const shared = "../../../shared/data"

// load returns the ontology and all mappings.
func load(t testing.TB) (*schema.Ontology, []*table.Mapping) {
	t.Helper()
	o, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	all, err := mappings.Load(o)
	if err != nil {
		t.Fatal(err)
	}
	return o, all
}

// order is that in which data sets go into a graph: what others refer to comes first.
var order = []string{"crosswalk", "world-countries", "us-territories"}

func byOrder(a, b string) int {
	rank := func(file string) int {
		i := slices.Index(order, filepath.Base(filepath.Dir(file)))
		if i < 0 {
			return len(order)
		}
		return i
	}
	return rank(a) - rank(b)
}

// TestTotals reads the shared data sets by their mappings and holds all claims
// against the ontology. Each row is claimed, left out or rejected with a reason.
func TestTotals(t *testing.T) {
	o, all := load(t)
	files := sharedFiles(t)
	var totals strings.Builder
	classes := map[string]*schema.Class{}
	for _, file := range files {
		name := strings.TrimPrefix(file, shared+"/")
		m := mappings.For(all, file)
		if m == nil {
			if !slices.ContainsFunc(elsewhere, func(pattern string) bool { ok, _ := filepath.Match(pattern, name); return ok }) {
				t.Errorf("no mapping is for %s", name)
			}
			continue
		}
		t.Run(name, func(t *testing.T) { fmt.Fprintf(&totals, "%s: %s\n", name, total(t, o, m, file, classes)) })
	}
	const golden = "testdata/totals.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(totals.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if totals.String() != string(want) {
		t.Errorf("got:\n%s\nwant, unless -update is given:\n%s", totals.String(), want)
	}
}

var update = flag.Bool("update", false, "take the totals as those that are wanted")

// elsewhere are files that other readers read, and those that are no data.
var elsewhere = []string{"gdelt/columns_*", "answers/*", "*/LICENSE*", "*/NOTICE*"}

func total(t *testing.T, o *schema.Ontology, m *table.Mapping, file string, classes map[string]*schema.Class) string {
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	reasons := map[string]int{}
	examples := map[string]string{}
	refuse := func(place intake.Place, reason string) {
		kind := kindOf(reason)
		if reasons[kind]++; reasons[kind] == 1 {
			examples[kind] = fmt.Sprintf("%v: %s", place, reason)
		}
	}
	facts := 0
	var batch []intake.Entry
	flush := func() {
		claims := make([]graph.Claim, len(batch))
		places := map[string]intake.Place{}
		for i, e := range batch {
			claims[i] = e.Claim
			places[e.Claim.ID] = e.Place
			facts += len(e.Claim.Facts)
		}
		known := func(id string) (*schema.Class, bool) { c, ok := classes[id]; return c, ok }
		var bad check.Errors
		if errors.As(check.Claims(o, known, claims), &bad) {
			for _, e := range bad {
				refuse(places[e.Claim], "check: "+e.Field+": "+e.Reason)
			}
		}
		for _, c := range claims {
			for _, f := range c.Facts {
				if class := o.ClassByIRI(f.Object.Text); f.Predicate == graph.Type && (classes[f.Subject] == nil || classes[f.Subject].Yields) {
					classes[f.Subject] = class
				}
			}
		}
		batch = batch[:0]
	}
	r := m.Open(file, in)
	err = r.Read(t.Context(), func(e intake.Entry) error {
		if batch = append(batch, e); len(batch) == 50 { // Claims lists at most 100 faults at once
			flush()
		}
		return nil
	}, func(e intake.Rejection) error {
		refuse(e.Place, e.Reason)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	flush()
	n := r.Counts()
	var b strings.Builder
	fmt.Fprintf(&b, "%d rows, %d claims, %d facts", n.Rows, n.Claims, facts)
	for _, reason := range slices.Sorted(maps.Keys(n.Left)) {
		fmt.Fprintf(&b, "\n  %d left out: %s", n.Left[reason], reason)
	}
	for _, kind := range slices.Sorted(maps.Keys(reasons)) {
		fmt.Fprintf(&b, "\n  %d rejected: %s", reasons[kind], strings.ReplaceAll(examples[kind], shared+"/", ""))
	}
	t.Log(b.String())
	return b.String()
}

// kindOf is a reason without what is of one row.
func kindOf(reason string) string {
	var b strings.Builder
	for i, piece := range strings.Split(reason, `"`) {
		if i%2 == 0 {
			b.WriteString(piece)
		}
	}
	words := strings.Fields(b.String())
	for i, w := range words {
		if strings.Contains(w, "/") {
			words[i] = "…"
		}
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, strings.Join(words, " "))
}
