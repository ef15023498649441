package intake_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"chancery/seed/intake"
)

// TestLeftOut: values that claims stand without have a count of their own, every time that
// a file is imported, here and through a stream; those of claims that are not there have none.
func TestLeftOut(t *testing.T) {
	without := func(e intake.Entry, field string) intake.Entry {
		e.LeftOut = append(e.LeftOut, intake.LeftOut{Place: e.Place, Claim: e.Claim.ID, Field: field, Reason: "it is no date"})
		return e
	}
	all := entries{
		source,
		without(without(said("1", 1, "person/x rdf:type schema:Person"), "born of the person"), "died of the person"),
		without(said("2", 2, "person/y kg:visitor person/y"), "born of the person"),                                   // rejected
		without(said("3", 3, "person/z skos:altLabel Z"), "born of the person"),                                       // waits
		without(said("1", 4, "person/x rdf:type schema:Person"), "born of the person"),                                // again
		without(said("4", 5, "person/z rdf:type schema:Person", "person/z skos:prefLabel Zed"), "died of the person"), // what that waits for
	}
	var stream bytes.Buffer
	if err := intake.WriteStream(t.Context(), &stream, slices.Values([]intake.Part{{Name: "d.csv", Dataset: "d", Reader: all}})); err != nil {
		t.Fatal(err)
	}
	for _, batch := range []int{1, 2, 100} {
		o := newOffice(t, batch)
		for _, test := range []struct {
			name  string
			files intake.Parts
			o     intake.Options
		}{
			{"dry", slices.Values([]intake.Part{{Name: "d.csv", Dataset: "d", Reader: all}}), intake.Options{DryRun: true}},
			{"first", slices.Values([]intake.Part{{Name: "d.csv", Dataset: "d", Reader: all}}), intake.Options{Kept: 2}},
			{"again, as a stream", intake.ReadStream(bytes.NewReader(stream.Bytes())), intake.Options{}},
		} {
			var details bytes.Buffer
			test.o.BatchClaims, test.o.Details = batch, &details
			report, err := intake.Run(t.Context(), o.Target, test.files, test.o)
			if err != nil {
				t.Fatal(err)
			}
			if report.Claims.Rejected != 1 || report.ValuesLeftOut != 5 {
				t.Errorf("batches of %d, %s: %d rejected and %d left out, want 1 and 5", batch, test.name, report.Claims.Rejected, report.ValuesLeftOut)
			}
			if got := strings.Count(details.String(), `{"leftOut":{"place":{"file":"d.csv","line":`); got != 5 {
				t.Errorf("batches of %d, %s: %d details in\n%s", batch, test.name, got, &details)
			}
			var text strings.Builder
			if err := report.WriteText(&text); err != nil {
				t.Fatal(err)
			}
			wants := []string{
				"values: 5 left out of claims that stand without them\n",
				"left out: d.csv:1: claim/d/1: born of the person: it is no date; the claim stands without it\n",
			}
			if test.o.Kept > 0 {
				wants = append(wants, "… and 3 more values left out; --report FILE has them all\n")
			}
			for _, want := range wants {
				if !strings.Contains(text.String(), want) {
					t.Errorf("batches of %d, %s: no %q in\n%s", batch, test.name, want, &text)
				}
			}
		}
	}
}
