package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const events = "id\tactor_id\tdate\tsource\n" +
	"1000000\tiran\t2014-01-01\ticews14\n" +
	"1000001\tchina\t2014-01-03\ticews18\n"

// TestCopies: the table spans three days, so each copy is three days later.
func TestCopies(t *testing.T) {
	for _, test := range []struct {
		first, last int
		want        string
	}{
		{1, 1, events},
		{1, 2, events + "11000000\tiran\t2014-01-04\ticews14\n11000001\tchina\t2014-01-06\ticews18\n"},
		{3, 3, "id\tactor_id\tdate\tsource\n21000000\tiran\t2014-01-07\ticews14\n21000001\tchina\t2014-01-09\ticews18\n"},
	} {
		var b strings.Builder
		if err := copies(&b, strings.NewReader(events), test.first, test.last); err != nil || b.String() != test.want {
			t.Errorf("%d-%d: %v, got\n%s", test.first, test.last, err, b.String())
		}
	}
}

func TestCopiesRefuses(t *testing.T) {
	for table, want := range map[string]string{
		"":                           "empty",
		"name\tdate\n":               "first column",
		"id\tname\n":                 "one must be date",
		"id\tdate\nx\t2014-01-01\n":  "no number",
		"id\tdate\n1\n":              "1 cells",
		"id\tdate\n1\t2014-13-01\n":  "month out of range",
		"id\tdate\n10000000\t2014\n": "no number below",
	} {
		if err := copies(io.Discard, strings.NewReader(table), 1, 2); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", table, err, want)
		}
	}
}

// TestAsk asks two servers, the second of which reads twice as much and answers
// otherwise.
func TestAsk(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	server := func(answer string) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil || !strings.Contains(string(body), `{event(id:\"event/1000000\"`) {
				t.Errorf("asked %s, %v", body, err)
			}
			io.WriteString(w, answer) //nolint:errcheck // the client notices
		}))
		t.Cleanup(s.Close)
		return s.URL
	}
	a := asking{
		engine: write("x.engine", "about: x\n\n=== Q3\n{event(id:\"event/{{.e}}\"){id}}\n--> data.event.id\n"),
		params: write("params.json", `{"Q3": [{"e": 1000000}]}`), rounds: 1,
	}
	var b strings.Builder
	err := a.run(&b, []string{
		"1=" + server(`{"data": {"event": 1}, "extensions": {"cost": {"quads": 10}}}`),
		"2=" + server(`{"data": {"event": 2}, "extensions": {"cost": {"quads": 20}}}`),
	})
	if err != nil || !strings.Contains(b.String(), "| 2.00 | differs |") {
		t.Errorf("%v\n%s", err, b.String())
	}
	err = a.run(io.Discard, []string{"1=" + server(`{"errors": [{"message": "no"}]}`)})
	if err == nil || !strings.Contains(err.Error(), "Q3, 1: ") {
		t.Error(err)
	}
}
