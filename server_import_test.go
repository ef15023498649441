package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"chancery/api/admin"
)

const visitsMapping = `dataset:
  id: example-visits
  title: Visits of the ministers of Example
files: visits*.csv
status: REPORTED
entities:
  minister:
    class: PERSON
    id: person/example/<minister | slug>
    name: <minister>
    findBy: names
claims:
  - key: <id>
    entities:
      visit:
        class: VISIT
        id: event/example-visit/<id>
        start: <from | date>
        visitors: minister
        destination: nation/<country>
`

const visitsTable = `id,minister,country,from
1,Jane Example,kz,2019-12-12
2,Jane Example,uz,14 December 2019
3,John Example,kz,some day
`

const askVisits = `{ visit(id: "event/example-visit/2") { destination { id } visitors { name } } }`

// importer is a folder with a mapping and a table.
type importer struct {
	t       *testing.T
	dir     string
	mapping string
}

func newImporter(t *testing.T) importer {
	in := importer{t: t, dir: t.TempDir()}
	in.mapping = in.write("visits.yaml", []byte(visitsMapping))
	return in
}

func (in importer) write(name string, text []byte) string {
	in.t.Helper()
	path := filepath.Join(in.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		in.t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		in.t.Fatal(err)
	}
	return path
}

// report is what import prints with --json.
type report struct {
	Claims     map[string]int
	Rejections []struct{ Place struct{ Line int } }
	Files      []struct{ Name, Error string }
	Commits    int
}

// imports runs import and returns its report.
func (in importer) imports(args ...string) (report, error) {
	in.t.Helper()
	out, err := command(in.t, append([]string{"import", "--json", "--mapping", in.mapping}, args...)...)
	var r report
	if out != "" {
		if bad := json.Unmarshal([]byte(out), &r); bad != nil {
			in.t.Fatalf("%v: %s", bad, out)
		}
	}
	return r, err
}

func packed(t *testing.T, text string, pack func(io.Writer) (io.WriteCloser, error)) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := pack(&b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestImportIntoDirectory is the life of a table: tried, imported, imported again,
// in other wrappings, and in a newer edition.
func TestImportIntoDirectory(t *testing.T) {
	in := newImporter(t)
	table := in.write("visits.csv", []byte(visitsTable))
	data := filepath.Join(in.dir, "data")

	r, err := in.imports(table, "--to", data, "--dry-run")
	if err == nil || !strings.Contains(err.Error(), "--max-rejects") || r.Claims["recorded"] != 4 {
		t.Errorf("a trial: %+v, %v", r, err)
	}
	if _, err := os.Stat(data); err == nil {
		t.Error("a trial made the directory")
	}
	details := filepath.Join(in.dir, "report.jsonl")
	r, err = in.imports(table, "--to", data, "--max-rejects", "1", "--report", details)
	if err != nil || r.Claims["recorded"] != 4 || r.Claims["rejected"] != 1 || len(r.Rejections) != 1 || r.Rejections[0].Place.Line != 4 {
		t.Errorf("importing: %+v, %v", r, err)
	}
	if text, err := os.ReadFile(details); err != nil || strings.Count(string(text), "\n") != 2 || !strings.HasPrefix(string(text), `{"rejection":`) {
		t.Errorf("the report: %s, %v", text, err)
	}
	for _, other := range []string{
		table,
		in.write("visits-2.csv.gz", packed(t, visitsTable, func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil })),
		in.write("visits-3.csv.zst", packed(t, visitsTable, func(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) })),
		filepath.Dir(in.write("folder/visits.csv", []byte(visitsTable))),
	} {
		r, err := in.imports(other, "--to", data, "--max-rejects", "1")
		if err != nil || r.Commits != 0 || r.Claims["unchanged"] != 4 {
			t.Errorf("%s again: %+v, %v", other, r, err)
		}
	}
	edition := strings.Replace(strings.Replace(visitsTable, "uz", "tm", 1), "some day", "2020", 1)
	edition = strings.Replace(edition, "1,Jane Example,kz,2019-12-12\n", "", 1)
	if r, err = in.imports(in.write("visits.csv", []byte(edition)), "--to", data); err != nil || r.Claims["superseded"] != 1 || r.Claims["retracted"] != 1 || r.Claims["recorded"] != 3 {
		t.Errorf("another edition: %+v, %v", r, err)
	}
	s := start(t, "--store", "local", "--data", data)
	if got := string(s.ask(t, askVisits).Data); got != `{"visit":{"destination":{"id":"nation/tm"},"visitors":[{"name":"Jane Example"}]}}` {
		t.Errorf("now: %s", got)
	}
	if _, err := in.imports(table, "--to", data); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("importing into what is served: %v", err)
	}
}

// TestImportIntoServer does the same through a running server.
func TestImportIntoServer(t *testing.T) {
	in := newImporter(t)
	table := in.write("visits.csv", []byte(visitsTable))
	s := start(t, "--admin", "127.0.0.1:0")
	address := s.adminAddress(t)
	to := "http://" + address

	r, err := in.imports(table, "--to", to, "--dry-run", "--max-rejects", "1")
	if err != nil || r.Claims["recorded"] != 4 {
		t.Errorf("a trial: %+v, %v", r, err)
	}
	if got := string(s.ask(t, askVisits).Data); strings.Contains(got, "nation") {
		t.Errorf("after a trial: %s", got)
	}
	details := filepath.Join(in.dir, "report.jsonl")
	if r, err = in.imports(table, "--to", to, "--max-rejects", "1", "--report", details); err != nil || r.Claims["recorded"] != 4 || r.Claims["rejected"] != 1 {
		t.Errorf("importing: %+v, %v", r, err)
	}
	if text, err := os.ReadFile(details); err != nil || strings.Count(string(text), "\n") != 2 || !strings.HasPrefix(string(text), `{"rejection":`) {
		t.Errorf("the report: %s, %v", text, err)
	}
	if got := string(s.ask(t, askVisits).Data); !strings.Contains(got, "nation/uz") {
		t.Errorf("after importing: %s", got)
	}
	if r, err = in.imports(table, "--to", to, "--max-rejects", "1"); err != nil || r.Commits != 0 {
		t.Errorf("again: %+v, %v", r, err)
	}

	// A client that hangs up: what came counts, nothing is retracted.
	half := `{"file":{"name":"visits.csv","dataset":"example-visits"}}` + "\n"
	post(t, to, half, "the stream ended before its end")
	if got := string(s.ask(t, askVisits).Data); !strings.Contains(got, "nation/uz") {
		t.Errorf("after a client hung up: %s", got)
	}
	post(t, to, `{"file":{"name":"x"}}`+"\n"+`{"entry":{"id":"`+strings.Repeat("x", 17<<20)+`"}}`, "token too long")
	post(t, to, "no JSON", "line 1")
	if log := s.log.String(); strings.Contains(log, "panic") {
		t.Errorf("the server panicked: %s", log)
	}
}

func post(t *testing.T, to, body, says string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, to+"/import", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set(admin.Header, "test")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(answer), says) || !strings.Contains(string(answer), `"retracted":0`) {
		t.Errorf("%.60s: %s, want %q and nothing retracted", body, answer, says)
	}
}

// TestImportOfNothing: what cannot be imported is told before anything is written.
func TestImportOfNothing(t *testing.T) {
	dir := t.TempDir()
	in := importer{t: t, dir: dir}
	odd := in.write("odd.dat", []byte("x"))
	unmapped := in.write("unmapped.csv", []byte("a,b\n"))
	bad := in.write("bad.yaml", []byte("dataset: {id: x, title: X}\nclaims: []\n"))
	xz := in.write("x.nt", []byte("\xfd7zXZ\x00 and more"))
	for _, test := range []struct{ args, says string }{
		{odd + " --to " + dir + "/g", "--format"},
		{unmapped + " --to " + dir + "/g", "mapping"},
		{unmapped + " --to " + dir + "/g --mapping none", "--mapping none"},
		{unmapped + " --to " + dir + "/g --mapping " + bad, "bad.yaml:2"},
		{dir + "/nowhere.nt --to " + dir + "/g", "nowhere.nt"},
		{xz + " --to " + dir + "/x", "xz -dc"},
		{xz + " --to http://127.0.0.1:1", "no server"},
	} {
		if _, err := command(t, append([]string{"import"}, strings.Fields(test.args)...)...); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v, want %q", test.args, err, test.says)
		}
	}
	if _, err := os.Stat(dir + "/g"); err == nil {
		t.Error("what cannot be imported has made a graph")
	}
	p := &program{
		Args: []string{"import", "-", "--format", "nt", "--to", dir + "/in"}, Env: func(string) (string, bool) { return "", false },
		Stdin:  strings.NewReader("<https://example.org/a> <https://example.org/b> \"c\" .\n"),
		Stdout: io.Discard, Stderr: io.Discard, Now: time.Now,
	}
	if err := p.Run(t.Context()); err != nil {
		t.Errorf("standard input: %v", err)
	}
}
