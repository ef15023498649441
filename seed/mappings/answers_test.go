package mappings_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"chancery/graph"
	"chancery/graph/memory"
	"chancery/query"
	"chancery/schema"
	"chancery/seed/intake"
	"chancery/seed/mappings"
	"chancery/seed/table"
)

// TestAnswers imports all shared data sets by the mappings, asks each of the
// questions as one document, and compares the rows of the answer with those that a
// script found in the files.
func TestAnswers(t *testing.T) {
	o, all := load(t)
	g := imported(t, o, all, sharedFiles(t))
	engine := query.New(o, g, query.Options{BaseIRI: "https://chancery.example/", Rows: 100_000})
	questions, err := filepath.Glob("testdata/questions/*.graphql")
	if err != nil || len(questions) == 0 {
		t.Fatal(err, "no questions")
	}
	for _, file := range questions {
		name := strings.TrimSuffix(filepath.Base(file), ".graphql")
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			table := readTable(t, filepath.Join(shared, "answers", name+".tsv"))
			want := linesOf(table[1:])
			var cells [][]string
			for _, row := range rowsOf(name, ask(t, o, engine, string(text))) {
				var line []string
				for _, column := range table[0] {
					line = append(line, row[column])
				}
				cells = append(cells, line)
			}
			got := linesOf(cells)
			for _, line := range slices.Sorted(maps.Keys(want)) {
				if !got[line] {
					t.Errorf("missing: %s", line)
				}
			}
			for _, line := range slices.Sorted(maps.Keys(got)) {
				if !want[line] {
					t.Errorf("too much: %s", line)
				}
			}
		})
	}
	t.Run("outlets", func(t *testing.T) { outlets(t, o, engine) })
}

// linesOf is a set of rows.
func linesOf(rows [][]string) map[string]bool {
	lines := map[string]bool{}
	for _, cells := range rows {
		lines[strings.Join(cells, "\t")] = true
	}
	return lines
}

// mentionsDocument asks for the outlets behind events of GDELT.
const mentionsDocument = `{
  interactions(where: {identifier: {scheme: "gdelt-event"}, claims: {distinct: PUBLISHER, atLeast: 2}}, first: 100) {
    nodes {
      event: identifier(scheme: "gdelt-event")
      claims(where: {publisher: {kind: [MEDIA_OUTLET]}}, first: 0) { groups(by: [PUBLISHER]) { keys { entity { outlet: name } } } }
    }
  }
}`

// outlets are those that mention an event of the sample, each once however many
// articles it has of it.
func outlets(t *testing.T, o *schema.Ontology, engine *query.Engine) {
	events := map[string]bool{}
	for _, cells := range readTable(t, filepath.Join(shared, "gdelt/events_v2_sample.tsv")) {
		events[cells[0]] = true
	}
	want := map[string]bool{}
	for _, cells := range readTable(t, filepath.Join(shared, "gdelt/mentions_v2_of_events_sample.tsv")) {
		if events[cells[0]] {
			want[cells[0]+" "+cells[4]] = true
		}
	}
	got := map[string]bool{}
	for _, r := range flat(ask(t, o, engine, mentionsDocument)) {
		got[r["event"]+" "+r["outlet"]] = true
	}
	if !maps.Equal(got, want) {
		t.Errorf("got %v\nwant %v", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
}

// sharedFiles are the files of the shared data sets, what others refer to first.
func sharedFiles(t *testing.T) []string {
	files, err := filepath.Glob(shared + "/*/*.*")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("the shared data sets are not at hand")
		}
		t.Skip("the shared data sets are not at hand, so nothing is read")
	}
	slices.Sort(files)
	slices.SortStableFunc(files, byOrder)
	return files
}

// imported is a graph of the files that a mapping is for.
func imported(t *testing.T, o *schema.Ontology, all []*table.Mapping, files []string) *graph.Graph {
	g, err := graph.Open(t.Context(), memory.New())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	})
	now := func() time.Time { return time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC) }
	report, err := intake.Run(t.Context(), intake.Target{Graph: g, Ontology: o, Now: now}, parts(all, files), intake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := report.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	t.Log(text.String())
	if report.Failed() {
		t.Error("a file could not be read to its end")
	}
	return g
}

func parts(all []*table.Mapping, files []string) iter.Seq[intake.Part] {
	return func(yield func(intake.Part) bool) {
		for _, file := range files {
			if m := mappings.For(all, file); m != nil && !yield(intake.Part{Name: file, Dataset: m.Dataset(), Reader: fileReader{m, file}}) {
				return
			}
		}
	}
}

// fileReader reads a file by a mapping.
type fileReader struct {
	mapping *table.Mapping
	file    string
}

func (f fileReader) Read(ctx context.Context, take func(intake.Entry) error, reject func(intake.Rejection) error) error {
	in, err := os.Open(f.file)
	if err != nil {
		return err
	}
	defer in.Close()
	return f.mapping.Open(f.file, in).Read(ctx, take, reject)
}

// ask returns the answers of a document's root fields, in their order.
func ask(t *testing.T, o *schema.Ontology, engine *query.Engine, document string) []any {
	doc, errs := gqlparser.LoadQueryWithRules(o.Schema, document, rules.NewDefaultRules())
	if errs != nil {
		t.Fatal(errs)
	}
	operation := doc.Operations[0]
	op, err := engine.Begin(t.Context(), query.Request{Operation: operation})
	if err != nil {
		t.Fatal(err)
	}
	var answers []any
	for _, selection := range operation.SelectionSet {
		field := selection.(*ast.Field)
		a, err := op.Answer(t.Context(), field, field.SelectionSet)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range a.Errors {
			t.Errorf("%s: %v", field.Alias, e)
		}
		d := json.NewDecoder(bytes.NewReader(a.JSON))
		d.UseNumber()
		var value any
		if err := d.Decode(&value); err != nil {
			t.Fatalf("%s: the answer is no JSON: %v", field.Alias, err)
		}
		answers = append(answers, map[string]any{field.Alias: value})
	}
	return answers
}

// readTable reads the cells of a file of tabs, the heading first.
func readTable(t *testing.T, file string) [][]string {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for line := range strings.SplitSeq(strings.TrimSuffix(string(text), "\n"), "\n") {
		rows = append(rows, strings.Split(line, "\t"))
	}
	return rows
}

// row is a row of an answer: what stands under each name of a leaf.
type row map[string]string

// flat makes rows of an answer, as a join does: each element of a list is a row of
// its own, with all that stands around it.
func flat(value any) []row {
	switch v := value.(type) {
	case []any:
		var all []row
		for _, element := range v {
			all = append(all, flat(element)...)
		}
		return all
	case map[string]any:
		rows := []row{{}}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			var inner []row
			switch of := v[name].(type) {
			case []any, map[string]any:
				inner = flat(of)
			case nil:
				inner = []row{{}}
			default:
				inner = []row{{name: fmt.Sprint(of)}}
			}
			var joined []row
			for _, before := range rows {
				for _, more := range inner {
					one := maps.Clone(before)
					maps.Copy(one, more)
					joined = append(joined, one)
				}
			}
			rows = joined
		}
		return rows
	}
	panic(fmt.Sprintf("flat: a %T", value))
}

// rowsOf makes the rows of one question: flat, and what a table says otherwise than
// an answer does.
func rowsOf(question string, answers []any) []row {
	switch question {
	case "q11":
		return chains(answers, ">")
	case "q20":
		return chains(answers, " > ")
	case "q23": // an agreement without a title is one, too
		for _, node := range dig(answers[0], "deals", "nodes").([]any) {
			deal := node.(map[string]any)
			if names := deal["names"].([]any); len(names) > 0 {
				deal["names"] = names[:1]
			} else {
				deal["names"] = nil
			}
		}
	case "q24": // where a path ends
		for _, path := range dig(answers[0], "paths").([]any) {
			p := path.(map[string]any)
			all := p["territories"].([]any)
			p["territories"] = all[len(all)-1:]
		}
	case "q25":
		return accreditations(answers)
	}
	rows := flat(answers)
	for i, r := range rows {
		switch question {
		case "q04":
			r["rank"] = fmt.Sprintf("%02d", i+1)
			if i > 0 {
				r["gap_days_after_predecessor"] = days(rows[i-1]["ended"], r["started"])
			}
		case "q07":
			r["countries"] = fmt.Sprintf("%03s", r["countries"])
		case "q08":
			r["overlap_from"] = max(r["president_from"], r["secretary_from"])
			r["overlap_to"] = min(r["president_to"], r["secretary_to"])
		case "q14":
			r["direction"] = strings.ToLower(r["direction"])
		case "q21":
			r["date"] = strings.ReplaceAll(r["date"], "-", "")
		}
	}
	return rows
}

// dig follows names into an answer.
func dig(value any, names ...string) any {
	for _, name := range names {
		value = value.(map[string]any)[name]
	}
	return value
}

// days counts from one day to another; "" where one is not known to the day.
func days(from, to string) string {
	a, errA := time.Parse(time.DateOnly, from)
	b, errB := time.Parse(time.DateOnly, to)
	if errA != nil || errB != nil {
		return ""
	}
	return fmt.Sprint(int(b.Sub(a).Hours() / 24))
}

// chains writes each path as the codes of those on it that have one.
func chains(answers []any, between string) []row {
	var rows []row
	for _, path := range dig(answers[0], "paths").([]any) {
		var codes []string
		for i, step := range dig(path, "steps").([]any) {
			ends := []string{"from", "to"}[min(i, 1):]
			for _, end := range ends {
				if code, ok := dig(step, end, "code").(string); ok {
					codes = append(codes, code)
				}
			}
		}
		rows = append(rows, row{"path": strings.Join(codes, between)})
	}
	return rows
}

// accreditations puts the territories of each into one cell.
func accreditations(answers []any) []row {
	var rows []row
	for _, node := range dig(answers[0], "accreditations", "nodes").([]any) {
		var territories []string
		all := flat(node)
		for _, r := range all {
			territories = append(territories, r["territory_id"])
		}
		slices.Sort(territories)
		rows = append(rows, row{
			"person_id": all[0]["person_id"], "first_started": all[0]["started"],
			"territories": strings.Join(slices.Compact(territories), ";"),
		})
	}
	return rows
}
