package main

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chancery/api/admin"
)

// asked are questions whose answers equal graphs give alike, at whatever time.
const asked = `query ($at: DateTime) @perspective(knownAt: $at) {
  visits(first: 50) { totalCount nodes { id name visitors { id } destination { id } start { edtf } claims { nodes { id status locator recordedAt recordedBy retractedAt retractionReason supersedes { id } } } } }
  nations(first: 20) { nodes { id names { text language } identifiers { scheme value } } }
  changes(since: "2000-01-01T00:00:00Z", first: 100) { nodes { __typename } }
}`

// TestExport is the way of a graph out and in again: every format of a history, from a
// directory and from a server, gives an equal graph.
func TestExport(t *testing.T) {
	in := newImporter(t)
	data := filepath.Join(in.dir, "data")
	table := in.write("visits.csv", []byte(visitsTable))
	if _, err := in.imports(table, "--to", data, "--max-rejects", "1"); err != nil {
		t.Fatal(err)
	}
	edition := strings.Replace(visitsTable, "2019-12-12", "2019-12-13", 1)
	if _, err := in.imports(in.write("visits.csv", []byte(strings.Replace(edition, "2,Jane Example,uz,14 December 2019\n", "", 1))), "--to", data, "--max-rejects", "1"); err != nil {
		t.Fatal(err)
	}
	export := func(from, to string, args ...string) []byte {
		t.Helper()
		path := filepath.Join(in.dir, to)
		if _, err := command(t, append([]string{"export", "--from", from, "--out", path}, args...)...); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	whole := export(data, "whole.nq", "--history")
	for _, name := range []string{"h.nq", "h.trig", "h.jsonld", "h.trig.gz", "h.nq.zst"} {
		export(data, name, "--history")
		to := filepath.Join(in.dir, "of-"+name)
		out, err := command(t, "import", filepath.Join(in.dir, name), "--to", to)
		if err != nil || !strings.Contains(out, "0 rejected") {
			t.Fatalf("%s: %v: %s", name, err, out)
		}
		if _, err := command(t, "check", to); err != nil {
			t.Error(err)
		}
		if !bytes.Equal(export(to, "again.nq", "--history"), whole) {
			t.Errorf("%s gives another graph", name)
		}
		if out, err = command(t, "import", filepath.Join(in.dir, name), "--to", to); err != nil || !strings.Contains(out, "0 recorded") {
			t.Errorf("%s again: %v: %s", name, err, out)
		}
	}
	if out, err := command(t, "export", "--from", data, "--history"); err != nil || out != string(whole) {
		t.Errorf("on standard output: %v", err)
	}

	// What is served is the same, and so is what it answers.
	first := start(t, "--store", "local", "--data", filepath.Join(in.dir, "of-h.jsonld"), "--admin", "127.0.0.1:0")
	address := first.adminAddress(t)
	if !bytes.Equal(export("http://"+address, "served.nq", "--history"), whole) {
		t.Error("a server gives another export")
	}
	second := start(t, "--store", "local", "--data", data)
	for _, at := range append([]string{"null"}, times(string(whole))...) {
		query := strings.Replace(strings.Replace(asked, "($at: DateTime)", "", 1), "$at", at, 1)
		a, b := first.ask(t, query), second.ask(t, query)
		if string(a.Data) != string(b.Data) || !strings.Contains(string(a.Data), "nation/kz") {
			t.Errorf("known at %s:\n%s\n%s", at, a.Data, b.Data)
		}
	}

	// Tables: a folder, a zip, and through the server.
	for name, from := range map[string]string{"tables": "http://" + address, "tables.zip": "http://" + address} {
		path := filepath.Join(in.dir, name)
		if _, err := command(t, "export", "--from", from, "--format", "csv", "--class", "Visit", "--out", path); err != nil {
			t.Fatal(err)
		}
		text := readTable(t, path)
		if !strings.HasPrefix(text, "id,name,") || !strings.Contains(text, "event/example-visit/1") || strings.Contains(text, "event/example-visit/2") {
			t.Errorf("%s: %s", name, text)
		}
	}
	if left, err := filepath.Glob(filepath.Join(in.dir, "tables", ".*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}

	// The base IRI is the file's own affair.
	other := filepath.Join(in.dir, "other")
	export("http://"+address, "other.trig", "--history", "--base-iri", "https://example.org/kg")
	if out, err := command(t, "import", filepath.Join(in.dir, "other.trig"), "--to", other); err != nil {
		t.Errorf("another base: %v: %s", err, out)
	}
	if !bytes.Equal(export(other, "again.nq", "--history"), whole) {
		t.Error("another base gives another graph")
	}

	// Into a running server: it has the seed, so nothing but what it lacks is recorded, now.
	third := start(t, "--admin", "127.0.0.1:0")
	address = third.adminAddress(t)
	out, err := command(t, "import", filepath.Join(in.dir, "h.trig.gz"), "--to", "http://"+address)
	if err != nil || !strings.Contains(out, "0 rejected") || !strings.Contains(out, "2 retracted") {
		t.Errorf("into a server: %v: %s", err, out)
	}
	if got := string(third.ask(t, `{ visit(id: "event/example-visit/1") { destination { id } } }`).Data); !strings.Contains(got, "nation/kz") {
		t.Errorf("what it has then: %s", got)
	}
}

// times are the record times of an export.
func times(whole string) []string {
	var all []string
	for _, part := range strings.Split(whole, "generatedAtTime> ")[1:] {
		at, _, _ := strings.Cut(part, "^^")
		if len(all) == 0 || all[len(all)-1] != at {
			all = append(all, at)
		}
	}
	return all
}

// readTable reads Visit.csv of a folder or a zip.
func readTable(t *testing.T, path string) string {
	t.Helper()
	if !strings.HasSuffix(path, ".zip") {
		text, err := os.ReadFile(filepath.Join(path, "Visit.csv"))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	r, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	f, err := r.Open("Visit.csv")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestExportOverHTTP: GET and POST give the same; what is wrong is told.
func TestExportOverHTTP(t *testing.T) {
	s := start(t, "--admin", "127.0.0.1:0")
	address := s.adminAddress(t)
	ask := func(method, query, body string, header bool) (int, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, "http://"+address+"/export"+query, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if header {
			r.Header.Set(admin.Header, "test")
		}
		if body != "" {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response.StatusCode, string(text)
	}
	_, get := ask(http.MethodGet, "?format=trig&class=Visit", "", true)
	_, post := ask(http.MethodPost, "", "format=trig&class=Visit", true)
	if get != post || !strings.Contains(get, "kg:Visit") || strings.Contains(get, "a kg:Summit") {
		t.Errorf("GET and POST: %d and %d bytes", len(get), len(post))
	}
	for _, test := range []struct {
		query, says string
		status      int
	}{
		{"?format=xls", "nquads", http.StatusBadRequest},
		{"?class=Nobody", "no class", http.StatusBadRequest},
		{"?around=nation/atlantis", "nation/atlantis", http.StatusNotFound},
		{"?sources=source/nowhere", "source/nowhere", http.StatusNotFound},
	} {
		if status, text := ask(http.MethodGet, test.query, "", true); status != test.status || !strings.Contains(text, test.says) {
			t.Errorf("%s: %d %s", test.query, status, text)
		}
	}
	if status, text := ask(http.MethodGet, "", "", false); status != http.StatusForbidden {
		t.Errorf("without the header: %d %.100s", status, text)
	}
	if strings.Contains(s.log.String(), "panic") {
		t.Errorf("the server panicked: %s", s.log.String())
	}
}

// TestExportOfNothing: what cannot be exported is told, and no file is left behind.
func TestExportOfNothing(t *testing.T) {
	in := newImporter(t)
	data, out := filepath.Join(in.dir, "data"), filepath.Join(in.dir, "out")
	if _, err := in.imports(in.write("visits.csv", []byte(visitsTable)), "--to", data, "--max-rejects", "1"); err != nil {
		t.Fatal(err)
	}
	empty := t.TempDir()
	for _, test := range []struct{ args, says string }{
		{"--from " + in.dir + "/nowhere", "nowhere"},
		{"--from " + empty, "nothing to export"},
		{"--from " + data + " --out " + out + ".docx", "--format"},
		{"--from " + data + " --format csv --history --out " + out, "--history: csv"},
		{"--from " + data + " --known-at yesterday --out " + out + ".nq", "--known-at"},
		{"--from " + data + " --class Visitor --out " + out + ".nq", "--class"},
		{"--from " + data + " --around nation/atlantis --out " + out + ".nq", "nation/atlantis"},
		{"--from " + data + " --hops 2 --out " + out + ".nq", "--hops"},
		{"--from http://127.0.0.1:1 --out " + out + ".nq", "--admin"},
		{"--from " + data + " --base-iri nowhere --out " + out + ".nq", "--base-iri"},
	} {
		if _, err := command(t, append([]string{"export"}, strings.Fields(test.args)...)...); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v, want %q", test.args, err, test.says)
		}
	}
	if left, err := filepath.Glob(filepath.Join(in.dir, "*out*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	history := filepath.Join(in.dir, "h.nq")
	if _, err := command(t, "export", "--from", data, "--history", "--out", history); err != nil {
		t.Fatal(err)
	}
	if _, err := command(t, "import", history, in.write("x.nt", []byte("<https://example.org/a> <https://example.org/b> \"c\" .\n")), "--to", out); err == nil || !strings.Contains(err.Error(), "alone") {
		t.Errorf("with another file: %v", err)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a graph was made of nothing")
	}
}
