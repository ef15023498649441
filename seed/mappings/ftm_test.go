package mappings_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"chancery/graph"
	"chancery/seed/intake"
	"chancery/seed/mappings"
)

// TestBadDatesOfFollowTheMoney: a date that is none is left out, with its place, and the
// rest of what its line says is claimed.
func TestBadDatesOfFollowTheMoney(t *testing.T) {
	_, all := load(t)
	const name = "list.ftm.json"
	const lines = `{"id":"p1","caption":"Ivan Testov","schema":"Person","properties":{"name":["Ivan Testov"],"birthDate":["someday"],"deathDate":["1990-02"]}}
{"id":"o1","caption":"Test Bank","schema":"Company","properties":{"name":["Test Bank"],"incorporationDate":["soon"]}}
{"id":"c1","schema":"Occupancy","properties":{"holder":["p1"],"post":["t1"],"startDate":["2020"],"endDate":["later"]}}
`
	r := mappings.For(all, name).Open(name, strings.NewReader(lines))
	said := map[string][]string{}
	var rejected, leftOut []string
	err := r.Read(t.Context(), func(e intake.Entry) error {
		for _, f := range e.Claim.Facts {
			said[e.Claim.ID] = append(said[e.Claim.ID], f.Predicate)
		}
		for _, l := range e.LeftOut {
			leftOut = append(leftOut, l.String())
		}
		return nil
	}, func(j intake.Rejection) error {
		if j.Place.Line > 0 { // else it is a path that none of these few lines has
			rejected = append(rejected, fmt.Sprintf("%v: %s", j.Place, j.Reason))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for claim, want := range map[string]struct{ has, lacks string }{
		"claim/followthemoney/p1": {"schema:deathDate", "schema:birthDate"},
		"claim/followthemoney/o1": {graph.PreferredName, "schema:foundingDate"},
		"claim/followthemoney/c1": {"schema:startDate", "schema:endDate"},
	} {
		if got := said[claim]; !slices.Contains(got, want.has) || slices.Contains(got, want.lacks) {
			t.Errorf("%s says %v", claim, got)
		}
	}
	wanted := []string{
		`list.ftm.json:1, row 1, column properties.birthDate: claim/followthemoney/p1: born of the the-person: "someday" is no date`,
		`list.ftm.json:2, row 2, column properties.incorporationDate: claim/followthemoney/o1: founded of the the-organization: "soon" is no date`,
		`list.ftm.json:3, row 3, column properties.endDate: claim/followthemoney/c1: end of the it: "later" is no date`,
	}
	if len(rejected) != 0 || len(leftOut) != len(wanted) {
		t.Fatalf("rejected:\n%s\nleft out:\n%s", strings.Join(rejected, "\n"), strings.Join(leftOut, "\n"))
	}
	for i, got := range leftOut {
		if !strings.HasPrefix(got, wanted[i]) {
			t.Errorf("left out %s, want %s", got, wanted[i])
		}
	}
}
