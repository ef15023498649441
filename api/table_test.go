package api

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"slices"
	"testing"
)

const someVisits = `query Visits { visits(orderBy: [{start: ASC}], first: 2) { totalCount nodes {
  id start { edtf earliest precision } destination { name isoAlpha2 } visitors { id name } } } }`

func tableURL(query, format string) string {
	return "/graphql?" + url.Values{"query": {query}, "format": {format}}.Encode()
}

func TestTableIsAllPages(t *testing.T) {
	h := seeded(t, Options{})
	answer := serve(t, h, "GET", tableURL(someVisits, "csv"), "")
	if answer.Code != http.StatusOK || answer.Header().Get("Content-Type") != "text/csv; charset=utf-8; header=present" {
		t.Fatalf("%d %v %s", answer.Code, answer.Header(), answer.Body)
	}
	rows, err := csv.NewReader(answer.Body).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"id", "start.edtf", "start.earliest", "start.precision", "destination.name", "destination.isoAlpha2", "visitors"}
	if !slices.Equal(rows[0], want) {
		t.Errorf("columns %v", rows[0])
	}
	t.Logf("%v", rows[:3])
	if len(rows) < 10 {
		t.Errorf("%d rows", len(rows))
	}
	for _, f := range []string{"ndjson", "arrow", "parquet"} {
		answer := serve(t, h, "GET", tableURL(someVisits, f), "")
		if answer.Code != http.StatusOK || answer.Body.Len() == 0 {
			t.Errorf("%s: %d %s", f, answer.Code, answer.Body)
		}
		t.Logf("%s: %v %.200q", f, answer.Header(), answer.Body)
	}
}
