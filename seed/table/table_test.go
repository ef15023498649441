package table_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"chancery/graph"
	"chancery/schema"
	"chancery/schema/schematest"
	"chancery/seed/intake"
	"chancery/seed/table"
)

var update = flag.Bool("update", false, "rewrite what the scripts in testdata want")

func ontology(t testing.TB) *schema.Ontology { return schematest.Ontology(t) }

// section begins a file in a script: -- name --.
var section = regexp.MustCompile(`(?m)^-- (\S+) --\n`)

// files cuts a script into its comment and its files, in order.
func files(script string) (comment string, names []string, contents map[string]string) {
	marks := section.FindAllStringSubmatchIndex(script, -1)
	contents = map[string]string{}
	for i, m := range marks {
		end := len(script)
		if i+1 < len(marks) {
			end = marks[i+1][0]
		}
		name := script[m[2]:m[3]]
		names = append(names, name)
		contents[name] = script[m[1]:end]
	}
	return script[:marks[0][0]], names, contents
}

// TestScripts runs each script of testdata/scripts: a mapping m.yaml, a data file, and
// what comes of them: the faults of the mapping, or claims and rejections. \r, \ufeff
// and \xff in a data file stand for these characters.
func TestScripts(t *testing.T) {
	o := ontology(t)
	scripts, err := filepath.Glob("testdata/scripts/*.txt")
	if err != nil || len(scripts) == 0 {
		t.Fatal(err, "no scripts")
	}
	for _, file := range scripts {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			comment, names, contents := files(string(text))
			got := run(t, o, names, contents)
			if got == contents["want"] {
				return
			}
			if !*update {
				t.Errorf("got:\n%s\nwant:\n%s", got, contents["want"])
				return
			}
			var b strings.Builder
			b.WriteString(comment)
			for _, name := range names {
				if name != "want" {
					fmt.Fprintf(&b, "-- %s --\n%s", name, contents[name])
				}
			}
			fmt.Fprintf(&b, "-- want --\n%s", got)
			if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}

var characters = strings.NewReplacer(`\r`, "\r", `\ufeff`, "\ufeff", `\xff`, "\xff", `\u00a0`, "\u00a0")

// run returns what comes of a script.
func run(t *testing.T, o *schema.Ontology, names []string, contents map[string]string) string {
	dir := fstest.MapFS{}
	for name, text := range contents {
		dir[name] = &fstest.MapFile{Data: []byte(text)}
	}
	m, err := table.Load(dir, "m.yaml", o)
	if err != nil {
		return err.Error() + "\n"
	}
	var b strings.Builder
	for _, name := range names {
		if name == "m.yaml" || name == "want" || strings.HasPrefix(name, "lookup") {
			continue
		}
		r := m.Open(name, strings.NewReader(characters.Replace(contents[name])))
		err := r.Read(t.Context(), func(e intake.Entry) error { write(&b, e); return nil }, func(e intake.Rejection) error {
			fmt.Fprintf(&b, "REJECTED %v: %s\n", e.Place, e.Reason)
			return nil
		})
		n := r.Counts()
		fmt.Fprintf(&b, "%d rows, %d claims, %d rejected, left out: %v\n", n.Rows, n.Claims, n.Rejected, n.Left)
		if err != nil {
			fmt.Fprintf(&b, "ERROR %v\n", err)
		}
	}
	return b.String()
}

// write writes an entry, but for the claim of the source.
func write(b *strings.Builder, e intake.Entry) {
	c := e.Claim
	if strings.HasSuffix(c.ID, "/source") {
		return
	}
	fmt.Fprintf(b, "%s (%v) %s", c.ID, e.Place, c.Status)
	if dataset, _, _ := strings.Cut(strings.TrimPrefix(c.ID, "claim/"), "/"); c.Source != "source/"+dataset {
		fmt.Fprintf(b, ", by %s", c.Source)
	}
	if c.Locator != "" {
		fmt.Fprintf(b, ", %s", c.Locator)
	}
	if c.ValidTime != "" {
		fmt.Fprintf(b, ", valid %s", c.ValidTime)
	}
	if c.Confidence != nil {
		fmt.Fprintf(b, ", confidence %v", *c.Confidence)
	}
	if len(c.AttributedTo) > 0 {
		fmt.Fprintf(b, ", attributed to %s", strings.Join(c.AttributedTo, " "))
	}
	b.WriteByte('\n')
	for _, f := range c.Facts {
		object := f.Object.Text
		if f.Object.Kind == graph.Literal {
			object = f.Object.String()
		}
		fmt.Fprintf(b, "  %s %s %s\n", f.Subject, f.Predicate, object)
	}
	for _, t := range e.Things {
		fmt.Fprintf(b, "  find %s %s %q names %q nation %q\n", t.Class, t.ID, t.Identifiers, t.Names, t.Nation)
	}
	for _, l := range e.LeftOut {
		fmt.Fprintf(b, "  LEFT OUT %v\n", l)
	}
}

// TestExpressions holds the notation to a row.
func TestExpressions(t *testing.T) {
	o := ontology(t)
	row := map[string]string{
		"name": " Emomali RAHMON ", "empty": "", "day": "12 December 2019", "ids": "a; b;;c", "note": `Ambassador (since 30 June 2023)`,
		"from": "2018-05-03/..", "vague": "2018-05-03/", "n": "1,234.50", "odd|name": "x", "lang": "kaz", "iso": "KAZ", "us": "12/31/2019", "bad": "31/31/2019", "year": "867",
	}
	var head, cells []string
	for k := range row {
		head = append(head, k)
	}
	slices.Sort(head)
	for _, k := range head {
		cells = append(cells, row[k])
	}
	data := strings.Join(head, "\t") + "\n" + strings.Join(cells, "\t") + "\n"
	for _, test := range []struct{ expr, want string }{
		{`constant`, "constant"},
		{`<name>`, "Emomali RAHMON"},
		{`x <name> y`, "x Emomali RAHMON y"},
		{`x <empty> y`, ""},
		{`x <empty | or ""> y`, "x y"},
		{`<empty | or none>`, "none"},
		{`<name | lower>`, "emomali rahmon"},
		{`<name | upper>`, "EMOMALI RAHMON"},
		{`<name | title>`, "Emomali Rahmon"},
		{`<name | slug>`, "emomali-rahmon"},
		{`<name | slug | words>`, "Emomali Rahmon"},
		{`<day | date>`, "2019-12-12"},
		{`<us | date mdy>`, "2019-12-31"},
		{`<from | dates>`, "2018-05-03 / .."},
		{`<vague | dates | item 1>`, "2018-05-03"},
		{`<vague | dates | item -1>`, ""},
		{`<us | date>`, "!date dmy"},
		{`<bad | date dmy>`, "!no month 31"},
		{`<year | year>`, "0867"},
		{`<note | match "since (.*)\)" | date>`, "2023-06-30"},
		{`<note | match "^(\w+) \(since (.*)\)" "$2: $1">`, "30 June 2023: Ambassador"},
		{`<note | match xyz>`, ""},
		{`<note | drop-brackets>`, "Ambassador"},
		{`<note | before " (">`, "Ambassador"},
		{`<note | after since | replace ")" "">`, "30 June 2023"},
		{`<ids | split ;>`, "a / b / c"},
		{`id/<ids | split ;>`, "id/a / id/b / id/c"},
		{`<ids | split ; | item -1>`, "c"},
		{`<ids | split ; | item 9>`, ""},
		{`<ids | split ; | join "+">`, "a+b+c"},
		{`<ids | split ;><ids | split ;>`, "!two lists"},
		{`<n | number ",">`, "1234.5"},
		{`<n | number>`, `!no number`},
		{`<n | integer>`, "!no whole number"},
		{`<"odd|name">`, "x"},
		{`<lang | language>`, "kk"},
		{`<name | language>`, "!no language"},
		{`<iso | alpha2>`, "KZ"},
		{`<iso | code iso3166-1-alpha-3>`, "KAZ"},
		{`<iso | code gec>`, "!gec (GEC, once FIPS 10-4), which are written as in KZ"},
		{`<iso | none KAZ UZB>`, ""},
		{`<iso | open KAZ>`, ".."},
		{`<iso | lookup names>`, "Kazakhstan"},
		{`<name | lookup names>`, "!not in the lookup names"},
		{`<name | translate names>`, "Emomali RAHMON"},
		{`<empty | needed>`, "!the mapping needs it"},
		{`<iso | prefix "(" | suffix ")">`, "(KAZ)"},
		{`\<name\>`, "<name>"},
		{`<#row> of <#file>`, "1 of x.tsv"},
	} {
		mapping := "dataset: {id: x, title: X}\nstatus: REPORTED\nlookups: {names: {KAZ: Kazakhstan}}\nclaims:\n  - key: k\n    entities:\n" +
			"      it:\n        class: THING\n        id: thing/x\n        names:\n          - kept\n          - '" + strings.ReplaceAll(test.expr, "'", "''") + "'\n"
		m, err := table.Parse("m.yaml", strings.NewReader(mapping), nil, o)
		if err != nil {
			t.Errorf("%s: %v", test.expr, err)
			continue
		}
		got := ""
		err = m.Open("x.tsv", strings.NewReader(data)).Read(t.Context(), func(e intake.Entry) error {
			if strings.HasSuffix(e.Claim.ID, "/k") {
				var all []string
				for _, f := range e.Claim.Facts[2:] {
					all = append(all, f.Object.Text)
				}
				got = strings.Join(all, " / ")
			}
			return nil
		}, func(r intake.Rejection) error { got = "!" + r.Reason; return nil })
		if err != nil {
			t.Errorf("%s: %v", test.expr, err)
		}
		if want, bad := strings.CutPrefix(test.want, "!"); bad && (!strings.HasPrefix(got, "!") || !strings.Contains(got, want)) || !bad && got != test.want {
			t.Errorf("%s: got %q, want %q", test.expr, got, test.want)
		}
	}
}

func TestMatches(t *testing.T) {
	o := ontology(t)
	m, err := table.Parse("m.yaml", strings.NewReader(`
dataset: {id: x, title: X}
files: [visits.csv, us-history/*_travels.tsv]
status: REPORTED
claims: [{entities: {it: {class: THING, id: thing/x, name: X}}}]
`), nil, o)
	if err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]bool{
		"visits.csv": true, "/data/visits.csv": true, "visits.csv.gz": true, `C:\data\visits.csv`: true,
		"a/us-history/president_travels.tsv": true, "president_travels.tsv": false, "my-visits.csv": false, "visits.csv/x": false,
	} {
		if got := m.Matches(file); got != want {
			t.Errorf("%s: %t", file, got)
		}
	}
}
