package table_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"chancery/graph"
	"chancery/graph/memory"
	"chancery/seed/intake"
	"chancery/seed/table"
)

const visitsMapping = `
dataset: {id: visits, title: Visits}
status: REPORTED
entities:
  country:
    class: NATION
    id: nation/<country>
    name: <name>
    isoAlpha3: <iso3 | optional>
claims:
  - when: <note> matches ^skip
    leave: they are not wanted
  - key: <id>
    entities:
      visit:
        class: VISIT
        id: event/visit/<id>
        start: <from | date>
        destination: country
`

// desk is a graph that editions of tables are imported into.
type desk struct {
	t *testing.T
	intake.Target
	mapping *table.Mapping
}

func newDesk(t *testing.T, mapping string) *desk {
	t.Helper()
	g, err := graph.Open(t.Context(), memory.New())
	if err != nil {
		t.Fatal(err)
	}
	at := time.Unix(1e9, 0)
	d := &desk{t: t, Target: intake.Target{Graph: g, Ontology: ontology(t), Now: func() time.Time { at = at.Add(time.Minute); return at }}}
	if d.mapping, err = table.Load(fstest.MapFS{"m.yaml": {Data: []byte(mapping)}}, "m.yaml", d.Ontology); err != nil {
		t.Fatal(err)
	}
	return d
}

// takes imports files, which are named a.csv, b.csv and so on, and returns the report
// and which claims stand then.
func (d *desk) takes(files ...string) (*intake.Report, []string) {
	d.t.Helper()
	report, err := intake.Run(d.t.Context(), d.Target, func(yield func(intake.Part) bool) {
		for i, text := range files {
			name := string(rune('a'+i)) + ".csv"
			if !yield(intake.Part{Name: name, Dataset: "visits", Reader: d.mapping.Open(name, strings.NewReader(text))}) {
				return
			}
		}
	}, intake.Options{BatchClaims: 2})
	if err != nil {
		d.t.Fatal(err)
	}
	v, err := d.Graph.View(d.t.Context(), graph.Perspective{})
	if err != nil {
		d.t.Fatal(err)
	}
	var stand []string
	for id := range v.Known().All {
		stand = append(stand, strings.TrimPrefix(v.Name(id), "claim/visits/"))
	}
	slices.Sort(stand)
	return report, stand
}

func (d *desk) stands(got []string, want string) {
	d.t.Helper()
	if text := strings.Join(got, " "); text != want {
		d.t.Errorf("there stand %s\nwant %s", text, want)
	}
}

// TestBadRow: a row that goes bad in a newer edition leaves the claim that the graph
// has of it, and the entities that the claim names; the report says so.
func TestBadRow(t *testing.T) {
	d := newDesk(t, visitsMapping)
	const first = "id,country,name,from,note\n1,xa,Xanadu,2020-01-01,\n2,xb,Xbar,2020-01-02,\n3,xc,Xcel,2020-01-03,\n"
	_, stand := d.takes(first)
	d.stands(stand, "1 2 3 nation/xa nation/xb nation/xc source")
	for _, test := range []struct{ name, edition, want, stays string }{
		{
			name:    "a bad date",
			edition: "id,country,name,from,note\n1,xa,Xanadu,2020-01-01,\n2,xb,Xbar,31 February 2020,\n",
			want:    "1 2 nation/xa nation/xb source",
			stays:   "a.csv:3, row 2, column from: claim/visits/2: \"31 February 2020\" is no date",
		},
		{
			name:    "and another nation",
			edition: "id,country,name,from,note\n1,xa,Xanadu,2020-01-01,\n2,xa,Xanadu,31 February 2020,\n",
			want:    "1 2 nation/xa nation/xb source",
			stays:   "a.csv:3, row 2, column from: claim/visits/2: ",
		},
		{
			name:    "a nation that cannot be said",
			edition: "id,country,name,from,iso3,note\n1,xa,Xanadu,2020-01-01,,\n2,xb,Xbar,2020-01-02,soon,\n",
			want:    "1 2 nation/xa nation/xb source",
			stays:   "a.csv:3, row 2, column iso3: claim/visits/2: ",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			d.t = t
			report, stand := d.takes(test.edition)
			d.stands(stand, test.want)
			if c := report.Claims; c.Rejected != 1 || c.Kept != 2 {
				t.Errorf("counted %+v, want 1 rejected, and 2 kept: the visit's and the nation's", c)
			}
			got := report.Rejections[0].String()
			if !strings.HasPrefix(got, test.stays) || !strings.HasSuffix(got, "; what the graph has of it stays") {
				t.Errorf("told %s", got)
			}
		})
	}
}

// TestTwoFiles: two files of a data set may say the same; a difference is told with
// both places.
func TestTwoFiles(t *testing.T) {
	d := newDesk(t, visitsMapping)
	const (
		one = "id,country,name,from,note\n1,xa,Xanadu,2020-01-01,\n"
		two = "id,country,name,from,note\n1,xa,Xanadu,2020-01-01,\n2,xa,Xanadu,2020-01-02,\n3,xb,Xbar,2020-01-03,\n"
		off = "id,country,name,from,note\n1,xa,Xanadu,2020-01-11,\n3,xb,Xbar,2020-01-03,\n"
	)
	report, stand := d.takes(one, two)
	d.stands(stand, "1 2 3 nation/xa nation/xb source")
	if c := report.Claims; c.Rejected != 0 || c.Unchanged != 3 || c.Recorded != 6 {
		t.Errorf("counted %+v, want the source, row 1 and the nation unchanged", c)
	}
	before := d.Graph.Latest().Commit()
	report, _ = d.takes(two, off)
	if c := report.Claims; c.Rejected != 1 || c.Recorded+c.Retracted != 0 || d.Graph.Latest().Commit() != before {
		t.Errorf("counted %+v", c)
	}
	if got := report.Rejections[0].String(); !strings.HasPrefix(got,
		"b.csv:2, row 1: claim/visits/1: the import has had a claim of this id already, at a.csv:2, row 1, and this one, at b.csv:2, row 1, says something else") {
		t.Errorf("told %s", got)
	}
}

// TestRetractedByHand: what somebody retracted stays out until the file says something
// else; what an edition retracted comes back with the next that has it.
func TestRetractedByHand(t *testing.T) {
	d := newDesk(t, visitsMapping)
	const both = "id,country,name,from,note\n1,xa,Xanadu,2020-01-01,\n2,xb,Xbar,2020-01-02,\n"
	d.takes(both)
	_, err := d.Graph.Apply(t.Context(), graph.Changes{At: d.Now(), Retract: []graph.Retraction{{Claim: "claim/visits/2", Reason: "no longer in force"}}})
	if err != nil {
		t.Fatal(err)
	}
	report, stand := d.takes(both)
	d.stands(stand, "1 nation/xa nation/xb source")
	if c := report.Claims; c.Withheld != 1 || c.Recorded != 0 {
		t.Errorf("counted %+v, want 1 withheld", c)
	}
	var b strings.Builder
	if err := report.WriteText(&b); err != nil || !strings.Contains(b.String(), "retracted by hand, left so: 1 claim") {
		t.Errorf("the report: %v\n%s", err, b.String())
	}
	_, stand = d.takes("id,country,name,from,note\n2,xb,Xbar,2020-02-02,\n")
	d.stands(stand, "2~2 nation/xb source")
	report, stand = d.takes(both)
	d.stands(stand, "1~2 2~3 nation/xa~2 nation/xb source")
	if c := report.Claims; c.Withheld != 0 || c.Restored != 2 || c.Superseded != 1 {
		t.Errorf("counted %+v", c)
	}
}
