package schema_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"chancery/schema"
	"chancery/schema/internal/compat"
	"chancery/schema/internal/generate"
)

var update = flag.Bool("update", false, "take the schema as the golden one")

// load returns the ontology that is served.
func load(t *testing.T) *schema.Ontology {
	t.Helper()
	o, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// sources returns the ontology's sources.
func sources(t *testing.T) []*ast.Source {
	t.Helper()
	all, err := generate.Sources(os.DirFS("ontology"))
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("no sources in ontology/")
	}
	return all
}

func TestGenerated(t *testing.T) {
	version, err := os.ReadFile("VERSION")
	if err != nil {
		t.Fatal(err)
	}
	sdl, err := generate.Generate(strings.TrimSpace(string(version)), sources(t))
	if err != nil {
		t.Fatal(err)
	}
	o := load(t)
	if sdl != o.SDL() {
		t.Error("generated.graphql is not what the sources give: run go generate ./schema")
	}
	if o.Version != strings.TrimSpace(string(version)) {
		t.Errorf("the ontology's version is %q, the file VERSION says %q", o.Version, version)
	}
}

// TestDescriptions holds everything that clients see to a description that is
// made of sentences.
func TestDescriptions(t *testing.T) {
	var n int
	check := func(at, description string) {
		n++
		switch text := strings.TrimSpace(description); {
		case text == "":
			t.Errorf("%s has no description", at)
		case !strings.HasSuffix(text, "."):
			t.Errorf("%s: the description doesn't end with a full stop: %q", at, text)
		case strings.Contains(text, "  "), strings.Contains(text, ". ."):
			t.Errorf("%s: the description has a gap: %q", at, text)
		case strings.Count(text, "`")%2 != 0:
			t.Errorf("%s: the description has an odd backquote: %q", at, text)
		}
	}
	s := load(t).Schema
	for name, def := range s.Types {
		if def.BuiltIn {
			continue
		}
		check(name, def.Description)
		for _, f := range def.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			check(name+"."+f.Name, f.Description)
			for _, a := range f.Arguments {
				check(fmt.Sprintf("%s.%s(%s:)", name, f.Name, a.Name), a.Description)
			}
		}
		for _, v := range def.EnumValues {
			check(name+"."+v.Name, v.Description)
		}
	}
	for name, d := range s.Directives {
		if d.Position.Src.BuiltIn {
			continue
		}
		check("@"+name, d.Description)
		for _, a := range d.Arguments {
			check(fmt.Sprintf("@%s(%s:)", name, a.Name), a.Description)
		}
	}
	if n < 1000 {
		t.Errorf("only %d descriptions were looked at", n)
	}
}

// TestSpecified holds every scalar to saying where it is specified.
func TestSpecified(t *testing.T) {
	n := 0
	for name, def := range load(t).Schema.Types {
		if def.Kind != ast.Scalar || def.BuiltIn {
			continue
		}
		n++
		if def.Directives.ForName("specifiedBy") == nil {
			t.Errorf("scalar %s lacks @specifiedBy", name)
		}
	}
	if n < 5 {
		t.Errorf("only %d scalars were looked at", n)
	}
}

// TestContract holds the schema to what clients rely on: all of it is there,
// under the same names, of the same types, with the same defaults.
func TestContract(t *testing.T) {
	text, err := os.ReadFile("../../shared/contract/contract.graphql")
	if err != nil {
		leaveOut(t, "the contract is not at hand, so the schema is not compared with it")
	}
	contract, err := gqlparser.LoadSchema(&ast.Source{Name: "contract.graphql", Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range compat.Breaking(compat.Compare(contract, load(t).Schema)) {
		t.Error(c)
	}
}

// TestSeedDocuments holds the documents that are asked of the seed to the
// schema.
func TestSeedDocuments(t *testing.T) {
	files, err := filepath.Glob("../../shared/acceptance/seed/*.graphql")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		leaveOut(t, "the acceptance documents are not beside the project")
	}
	o := load(t)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, errs := gqlparser.LoadQueryWithRules(o.Schema, string(text), rules.NewDefaultRules()); errs != nil {
			t.Errorf("%s: %v", filepath.Base(file), errs)
		}
	}
}

const golden = "testdata/golden.graphql"

// TestGolden holds the schema to the last one that was taken: what breaks
// clients or the stored graph needs a new version first.
func TestGolden(t *testing.T) {
	o := load(t)
	text, err := os.ReadFile(golden)
	if os.IsNotExist(err) && *update {
		writeGolden(t, o)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	old, err := gqlparser.LoadSchema(&ast.Source{Name: golden, Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^# version: (\S+)$`).FindSubmatch(text)
	if m == nil {
		t.Fatalf("%s has no version", golden)
	}
	allowed, err := compat.Allows(string(m[1]), o.Version)
	if err != nil {
		t.Fatal(err)
	}
	changes := compat.Compare(old, o.Schema)
	if breaking := compat.Breaking(changes); len(breaking) > 0 && !allowed {
		for _, c := range breaking {
			t.Errorf("breaks: %s", c)
		}
		t.Fatalf("from version %s to %s nothing may break: raise the version (before 1.0 the minor number, after it the major one), or leave these as they were", m[1], o.Version)
	}
	if string(text) == goldenText(o) {
		return
	}
	if *update {
		writeGolden(t, o)
		return
	}
	for _, c := range changes {
		t.Log(c)
	}
	t.Error("the schema has grown or has a new version: run with -update to take it as the golden one")
}

// goldenText is the schema without its descriptions, sorted by name.
func goldenText(o *schema.Ontology) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# The schema without its descriptions, as last taken with -update. Do not edit.\n# version: %s\n\n", o.Version)
	formatter.NewFormatter(&b, formatter.WithoutDescription(), formatter.WithIndent("  ")).FormatSchema(o.Schema)
	return b.String()
}

func writeGolden(t *testing.T, o *schema.Ontology) {
	t.Helper()
	if err := os.WriteFile(golden, []byte(goldenText(o)), 0o666); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s is written anew", golden)
}

// leaveOut skips a test for what is missing; in CI nothing may be missing.
func leaveOut(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal("CI must not leave this out: " + why)
	}
	t.Skip("left out: " + why)
}
