package export_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"chancery/graph"
	"chancery/graph/local"
	"chancery/graph/memory"
	"chancery/schema"
	"chancery/seed"
	"chancery/seed/export"
	"chancery/seed/history"
	"chancery/seed/intake"
	"chancery/seed/rdf"
)

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

var loaded = sync.OnceValues(schema.Load)

func load(t testing.TB) *schema.Ontology {
	t.Helper()
	o, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func open(t testing.TB, store graph.Store) *graph.Graph {
	t.Helper()
	g, err := graph.Open(context.Background(), store)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	})
	return g
}

// seeded is the seed's graph, with a merge, a correction, a denial and odd facts.
func seeded(t testing.TB, store graph.Store) *graph.Graph {
	t.Helper()
	g := open(t, store)
	if err := seed.Load(t.Context(), g, load(t), start); err != nil {
		t.Fatal(err)
	}
	half := 0.5
	notes := func(id string, status graph.Status, facts ...graph.Fact) graph.Claim {
		return graph.Claim{ID: "claim/notes/" + id, Source: "source/notes", Status: status, Facts: facts}
	}
	fact := func(subject, predicate string, object graph.Term) graph.Fact {
		return graph.Fact{Subject: subject, Predicate: predicate, Object: object}
	}
	unsure := notes("unsure", graph.Reported, fact("event/tea", "kg:visitor", graph.Ref("person/sergio-gor")), fact("event/tea", "schema:startDate", graph.Date("2024~")))
	unsure.Confidence, unsure.ValidTime = &half, "2024"
	tea := notes("tea", graph.Confirmed,
		fact("event/tea", graph.Type, graph.Ref("kg:Visit")), fact("event/tea", graph.PreferredName, graph.TextIn("Tea, \"hot\" <&>", "en")),
		fact("event/tea", "kg:destination", graph.Ref("nation/kz")), fact("event/tea", "kg:visitor", graph.Ref("person/old-gor")),
		fact("event/tea", "https://example.org/mood", graph.Text("merry\n\u0001")))
	for n, c := range []graph.Changes{
		{Record: []graph.Claim{
			notes("source", graph.Confirmed, fact("source/notes", graph.Type, graph.Ref("schema:CreativeWork")), fact("source/notes", graph.AliasName, graph.Text("Notes"))),
			notes("old-gor", graph.Confirmed, fact("person/old-gor", graph.Type, graph.Ref("schema:Person")), fact("person/old-gor", graph.AliasName, graph.TextIn("Gor the Elder", "en"))),
			tea, unsure, notes("denied", graph.Denied, fact("event/tea", "kg:visitor", graph.Ref("person/christopher-landau"))),
		}},
		{Record: []graph.Claim{notes("merge", graph.Confirmed, fact("person/old-gor", graph.MergedInto, graph.Ref("person/sergio-gor")))}},
		{Retract: []graph.Retraction{{Claim: "claim/notes/unsure", Reason: "wrong"}}},
	} {
		c.At = start.Add(time.Duration(n+1) * time.Hour)
		if _, err := g.Apply(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	return g
}

func options(t testing.TB, query string) export.Options {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	o, err := export.Parse(values)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return o
}

func write(t testing.TB, g *graph.Graph, query string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := export.Write(t.Context(), g, load(t), options(t, query), &b); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return b.Bytes()
}

// queries are of all kinds.
var queries = []string{
	"history=true", "", "class=Visit", "class=Agent", "around=event/tea", "around=nation/kz&hops=2", "around=nation/kz,nation/uz&hops=0",
	"knownAt=2026-01-02T04:04:05Z", "validOn=2024-06-01&knownAt=2026-01-02T05:04:05Z", "sources=source/notes", "exceptSources=source/background", "statuses=reported", "minConfidence=0.9&knownAt=2026-01-02T04:04:05Z",
}

// TestSameBytes: equal graphs give equal bytes, whatever store they are in and how
// their claims got there.
func TestSameBytes(t *testing.T) {
	store, err := local.Open(filepath.Join(t.TempDir(), "data"), local.Options{})
	if err != nil {
		t.Fatal(err)
	}
	one, two := seeded(t, memory.New()), seeded(t, store)
	three := open(t, memory.New())
	target := intake.Target{Graph: three, Ontology: load(t), Now: func() time.Time { return start }}
	file := history.ReadOptions{File: "x.trig", Format: rdf.TriG}
	if r, err := history.Take(t.Context(), target, bytes.NewReader(write(t, one, "history=true&format=trig")), file, history.Options{}); err != nil || r.Failed() {
		t.Fatal(r, err)
	}
	for _, format := range export.Names() {
		for _, query := range queries {
			if strings.HasPrefix(query, "history") && (format == "csv" || format == "graphml") {
				continue
			}
			query = "format=" + format + "&" + query
			a := write(t, one, query)
			if !bytes.Equal(a, write(t, one, query)) || !bytes.Equal(a, write(t, two, query)) || !bytes.Equal(a, write(t, three, query)) {
				t.Errorf("%s: equal graphs give other bytes", query)
			}
		}
	}
}

// facts are the statements of an excerpt that are no own fields, without base.
func facts(t testing.TB, g *graph.Graph, query string) []string {
	t.Helper()
	var all []string
	short := strings.NewReplacer("https://chancery.example/ontology/", "kg:", "https://chancery.example/", "")
	for line := range strings.Lines(string(write(t, g, query))) {
		parts := strings.Fields(short.Replace(line))
		if len(parts) > 4 && parts[0] != parts[len(parts)-2] {
			all = append(all, strings.Join(parts[:len(parts)-1], " "))
		}
	}
	return all
}

func TestExcerpts(t *testing.T) {
	g := seeded(t, memory.New())
	const (
		visitor = "<event/tea> <kg:visitor> <person/sergio-gor> <claim/notes/"
		typed   = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
	)
	for _, test := range []struct {
		query     string
		has, none []string // beginnings of facts
	}{
		{
			"",
			[]string{visitor + "tea>", "<event/tea> <https://example.org/mood> \"merry\\n", "<nation/kz> " + typed},
			[]string{visitor + "unsure>", "<person/old-gor>", "<event/tea> <kg:visitor> <person/christopher-landau>", "<person/sergio-gor> <kg:mergedInto>"},
		},
		{"knownAt=2026-01-02T04:30:00Z", []string{visitor + "unsure>", "<event/tea> <kg:visitor> <person/old-gor>"}, []string{visitor + "tea>"}},
		{"knownAt=2026-01-02T03:30:00Z", []string{"<nation/kz> " + typed}, []string{"<event/tea>"}},
		{"minConfidence=0.6&knownAt=2026-01-02T04:30:00Z", []string{"<event/tea> <kg:visitor> <person/old-gor>"}, []string{visitor + "unsure>"}},
		{"validOn=2023-01-01&knownAt=2026-01-02T04:30:00Z", []string{"<event/tea> <kg:visitor> <person/old-gor>"}, []string{visitor + "unsure>"}},
		{
			"sources=source/notes",
			[]string{visitor + "tea>", "<nation/kz> " + typed, "<person/sergio-gor> " + typed},
			[]string{"<nation/kz> <kg:borders>", "<event/c5-plus-1-summit-2025>", "<nation/us>"},
		},
		{
			"class=Visit",
			[]string{visitor + "tea>", "<event/us-envoys-visit-to-kazakhstan-2025>", "<nation/kz> " + typed, "<source/notes> " + typed},
			[]string{"<nation/kz> <kg:borders>", "<event/c5-plus-1-summit-2025>", "<law/jackson-vanik-amendment>"},
		},
		{"around=event/tea&hops=0", []string{visitor + "tea>", "<nation/kz> " + typed}, []string{"<nation/kz> <kg:borders>", "<event/us-envoys-visit-to-kazakhstan-2025>"}},
		{"around=event/tea", []string{"<nation/kz> <kg:borders>", "<person/sergio-gor>"}, []string{"<event/us-envoys-visit-to-kazakhstan-2025>"}},
		{"around=event/tea&hops=2", []string{"<event/us-envoys-visit-to-kazakhstan-2025> <kg:visitor>"}, nil},
		{"around=person/old-gor", []string{visitor + "tea>"}, nil},
	} {
		got := facts(t, g, test.query)
		begins := func(text string) bool {
			return slices.ContainsFunc(got, func(fact string) bool { return strings.HasPrefix(fact, text) })
		}
		for _, text := range test.has {
			if !begins(text) {
				t.Errorf("%s: %s is missing", test.query, text)
			}
		}
		for _, text := range test.none {
			if begins(text) {
				t.Errorf("%s: %s is too much", test.query, text)
			}
		}
	}
}

// TestExcerptsComeBack: what is exported of a part can be taken into another graph: all
// that is named has its class.
func TestExcerptsComeBack(t *testing.T) {
	g := seeded(t, memory.New())
	for i, query := range queries[1:] {
		for _, format := range []rdf.Format{rdf.NQuads, rdf.TriG, rdf.JSONLD} {
			if i%3 != 0 && format != rdf.NQuads {
				continue
			}
			again := open(t, memory.New())
			target := intake.Target{Graph: again, Ontology: load(t), Now: func() time.Time { return start.AddDate(1, 0, 0) }}
			text := write(t, g, query+"&format="+format.String())
			r, err := history.Take(t.Context(), target, bytes.NewReader(text), history.ReadOptions{File: "x", Format: format}, history.Options{})
			if err != nil || r.Failed() || r.Claims.Recorded == 0 {
				t.Errorf("%s, %v: %+v, %v", query, format, r, err)
			}
			if r.Claims.Rejected > 0 {
				t.Errorf("%s, %v: %+v", query, format, r.Rejections)
			}
			into, err := history.Take(t.Context(), intake.Target{Graph: g, Ontology: load(t), Now: target.Now}, bytes.NewReader(text), history.ReadOptions{File: "x", Format: format}, history.Options{DryRun: true})
			if err != nil || into.Claims.Recorded != 0 {
				t.Errorf("%s, %v into its own graph: %+v, %v", query, format, into, err)
			}
		}
	}
}

// tables are the files of an export as CSV.
func tables(t testing.TB, g *graph.Graph, query string) map[string][]map[string]string {
	t.Helper()
	text := write(t, g, query+"&format=csv")
	r, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]map[string]string{}
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(in).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows[1:] {
			cells := map[string]string{}
			for i, name := range rows[0] {
				if _, twice := cells[name]; twice {
					t.Errorf("%s has two columns %s", f.Name, name)
				}
				cells[name] = row[i]
			}
			all[f.Name] = append(all[f.Name], cells)
		}
		if !slices.IsSortedFunc(rows[1:], func(a, b []string) int { return strings.Compare(a[0], b[0]) }) && f.Name != "claims.csv" {
			t.Errorf("%s: its rows are not in order", f.Name)
		}
	}
	return all
}

func TestTables(t *testing.T) {
	g := seeded(t, memory.New())
	all := tables(t, g, "")
	i := slices.IndexFunc(all["Visit.csv"], func(row map[string]string) bool { return row["id"] == "event/tea" })
	if i < 0 {
		t.Fatalf("no row: %v", all["Visit.csv"])
	}
	for column, want := range map[string]string{
		"name": "Tea, \"hot\" <&>", "destination": "nation/kz", "visitors": `["person/sergio-gor"]`, "start": "", "hosts": "[]",
		"otherFacts": `{"https://example.org/mood":["merry\n\u0001"]}`, "claims": `["claim/notes/tea"]`, "participants": `["nation/kz","person/sergio-gor"]`,
	} {
		if got := all["Visit.csv"][i][column]; got != want {
			t.Errorf("%s: %q, want %q", column, got, want)
		}
	}
	for _, rows := range all {
		for _, row := range rows {
			for name, cell := range row {
				list := strings.HasPrefix(cell, `["`) || strings.HasPrefix(cell, `[{`) || strings.HasPrefix(cell, `{"`) // a time may begin with a bracket too
				if list && !json.Valid([]byte(cell)) {
					t.Errorf("%s of %s is no JSON: %s", name, row["id"], cell)
				}
			}
		}
	}
	gor := slices.IndexFunc(all["Person.csv"], func(row map[string]string) bool { return row["id"] == "person/sergio-gor" })
	if row := all["Person.csv"][gor]; row["mergedFrom"] != `["person/old-gor"]` || !strings.Contains(row["names"], "Gor the Elder") {
		t.Errorf("of a merge: %v", row)
	}
	nation := slices.IndexFunc(all["Nation.csv"], func(row map[string]string) bool { return row["id"] == "nation/kz" })
	if row := all["Nation.csv"][nation]; row["isoAlpha2"] != "KZ" || row["name"] != "Kazakhstan" || !strings.Contains(row["identifiers"], `"iso3166-1-alpha-2:KZ"`) {
		t.Errorf("a nation: %v", row)
	}
	part := tables(t, g, "class=VISIT")
	if len(part) != 2 || len(part["Visit.csv"]) != len(all["Visit.csv"]) || len(part["claims.csv"]) == 0 || len(part["claims.csv"]) >= len(all["claims.csv"]) {
		t.Errorf("of a class: %d files", len(part))
	}
}

// graphML is the form of a file.
type graphML struct {
	XMLName xml.Name `xml:"http://graphml.graphdrawing.org/xmlns graphml"`
	Keys    []struct {
		ID   string `xml:"id,attr"`
		For  string `xml:"for,attr"`
		Name string `xml:"attr.name,attr"`
		Type string `xml:"attr.type,attr"`
	} `xml:"key"`
	Graph struct {
		Nodes []struct {
			ID   string `xml:"id,attr"`
			Data []data `xml:"data"`
		} `xml:"node"`
		Edges []struct {
			Source string `xml:"source,attr"`
			Target string `xml:"target,attr"`
			Data   []data `xml:"data"`
		} `xml:"edge"`
	} `xml:"graph"`
}

type data struct {
	Key  string `xml:"key,attr"`
	Text string `xml:",chardata"`
}

func readGraphML(t testing.TB, text []byte) *graphML {
	t.Helper()
	var g graphML
	if err := xml.Unmarshal(text, &g); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]string{}
	names := map[string]bool{}
	for _, k := range g.Keys {
		if kinds[k.ID] != "" || names[k.For+k.Name] {
			t.Errorf("two keys %s, %s", k.ID, k.Name)
		}
		kinds[k.ID], names[k.For+k.Name] = k.For+" "+k.Type, true
	}
	nodes := map[string]bool{}
	check := func(of, id string, all []data) {
		seen := map[string]bool{}
		for _, d := range all {
			kind, ok := strings.CutPrefix(kinds[d.Key], of+" ")
			if !ok || seen[d.Key] {
				t.Errorf("%s has %s: no key of a %s, or twice", id, d.Key, of)
			}
			seen[d.Key] = true
			if kind == "int" || kind == "double" || kind == "boolean" {
				if !json.Valid([]byte(d.Text)) {
					t.Errorf("%s: %s is no %s: %q", id, d.Key, kind, d.Text)
				}
			}
		}
	}
	for _, n := range g.Graph.Nodes {
		if nodes[n.ID] {
			t.Errorf("node %s comes twice", n.ID)
		}
		nodes[n.ID] = true
		check("node", n.ID, n.Data)
	}
	for _, e := range g.Graph.Edges {
		if !nodes[e.Source] || !nodes[e.Target] {
			t.Errorf("an edge from %s to %s: no such node", e.Source, e.Target)
		}
		check("edge", e.Source, e.Data)
	}
	return &g
}

func TestGraphML(t *testing.T) {
	g := seeded(t, memory.New())
	for _, query := range queries[1:] {
		text := write(t, g, query+"&format=graphml")
		read := readGraphML(t, text)
		if query != "around=nation/kz,nation/uz&hops=0" && len(read.Graph.Edges) == 0 {
			t.Errorf("%s: no edges", query)
		}
		tea := 0
		for _, e := range read.Graph.Edges {
			if e.Source == "event/tea" && e.Target == "person/sergio-gor" {
				tea++
			}
		}
		if wants := query == "" || query == "class=Visit" || strings.HasPrefix(query, "around=event/tea"); wants && tea != 1 {
			t.Errorf("%s: %d edges of the visitor", query, tea)
		}
		if query == "around=nation/kz,nation/uz&hops=0" && len(read.Graph.Nodes) != 2 {
			t.Errorf("%s: %d nodes", query, len(read.Graph.Nodes))
		}
	}
}

// TestNetworkX: Python's networkx reads it, where it is installed.
func TestNetworkX(t *testing.T) {
	python := ""
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.CommandContext(t.Context(), name, "-c", "import networkx").Run() == nil {
			python = name
		}
	}
	switch {
	case python != "":
	case os.Getenv("CI") != "":
		t.Fatal("python3 has no networkx, and nothing may be left out here")
	default:
		t.Skip("left out: python3 has no networkx, which reads GraphML; TestGraphML holds the form of the file")
	}
	text := write(t, seeded(t, memory.New()), "format=graphml")
	read := readGraphML(t, text)
	command := exec.CommandContext(t.Context(), python, "-c", `
import sys, io, json, networkx
g = networkx.read_graphml(io.BytesIO(sys.stdin.buffer.read()))
print(json.dumps([len(g), g.number_of_edges(), g.nodes["event/tea"]["class"], [d["label"] for _, _, d in g.out_edges("event/tea", data=True)], sum(not d for _, d in g.nodes(data=True))]))`)
	command.Stdin = bytes.NewReader(text)
	out, err := command.CombinedOutput()
	want := []any{float64(len(read.Graph.Nodes)), float64(len(read.Graph.Edges)), "Visit", []any{"destination", "visitors"}, 0.0}
	var got []any
	if err != nil || json.Unmarshal(out, &got) != nil {
		t.Fatalf("%v: %s", err, out)
	}
	a, _ := json.Marshal(got)
	b, _ := json.Marshal(want)
	if !bytes.Equal(a, b) {
		t.Errorf("networkx read %s, want %s", a, b)
	}
}

func TestParse(t *testing.T) {
	for query, says := range map[string]string{
		"format=xls":                                "format: format \"xls\" is none of nquads, trig",
		"knownAt=yesterday":                         "knownAt: \"yesterday\"",
		"validOn=2025":                              "validOn",
		"statuses=TRUE":                             "none of CONFIRMED",
		"minConfidence=2":                           "minConfidence",
		"hops=1":                                    "name them with around",
		"around=nation/kz&hops=-1":                  "hops",
		"class=Visit&around=nation/kz":              "one of them",
		"history=true&format=csv":                   "takes nquads",
		"history=true&sources=source/x":             "leave out",
		"history=perhaps":                           "neither",
		"format=nq&format=trig":                     "2 times",
		"colour=red":                                "no such option",
		"baseIRI=nowhere":                           "base IRI",
		"history=true&knownAt=2025-01-01T00:00:00Z": "leave out",
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		says = strings.Replace(says, "takes nquads", "take nquads", 1)
		if _, err := export.Parse(values); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", query, err, says)
		}
	}
	g := seeded(t, memory.New())
	var unknown *graph.UnknownIDError
	var option *export.OptionError
	if err := export.Write(t.Context(), g, load(t), options(t, "around=nation/atlantis"), io.Discard); !errors.As(err, &unknown) {
		t.Error(err)
	}
	if err := export.Write(t.Context(), g, load(t), options(t, "class=Visitor"), io.Discard); !errors.As(err, &option) || !strings.Contains(err.Error(), "Visit") {
		t.Error(err)
	}
}
