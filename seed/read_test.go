package seed

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chancery/graph"
	"chancery/schema"
	"chancery/schema/schematest"
)

var update = flag.Bool("update", false, "write what the documents in testdata/broken now give")

// TestBroken reads every document of testdata/broken. What is wrong with it stands
// at its end, a fault a line, after "#! ".
func TestBroken(t *testing.T) {
	files, err := filepath.Glob("testdata/broken/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no documents", err)
	}
	o := ontology(t)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			document, want := data, ""
			if i := bytes.Index(data, []byte("#! ")); i >= 0 {
				document, want = data[:i], string(data[i:])
			}
			_, err = claimsOf(filepath.Base(file), document, o)
			if err == nil {
				t.Fatal("the document passes")
			}
			got := "#! " + strings.ReplaceAll(err.Error(), "\n", "\n#! ") + "\n"
			if *update {
				if err := os.WriteFile(file, append(document, got...), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

// TestREADME holds the example to what it promises.
func TestREADME(t *testing.T) {
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(data), "```yaml\n")
	example, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("no example")
	}
	claims, err := claimsOf("README.md", []byte(example), ontology(t))
	if err != nil {
		t.Fatal(err)
	}
	if got := claims[0]; got.ID != "claim/example-gazette-2025-09-02/source" || len(got.Facts) != 5 {
		t.Errorf("the claim of the source: %+v", got)
	}
	if got := claims[3]; got.Status != graph.Denied || got.Confidence == nil || *got.Confidence != 0.8 {
		t.Errorf("the denied claim: %+v", got)
	}
}

// TestDeepNesting holds the parser to its limits.
func TestDeepNesting(t *testing.T) {
	if _, err := Read("deep.yaml", strings.NewReader(strings.Repeat("[", 1<<20))); err == nil {
		t.Error("a million brackets pass")
	}
	if _, err := Read("large.yaml", strings.NewReader(strings.Repeat("#\n", MaxSize/2+1))); err == nil {
		t.Error("a file that is too large passes")
	} else if want := "large.yaml: it is larger than 16 MiB; split it into several documents"; err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func FuzzRead(f *testing.F) {
	for _, pattern := range []string{"*.yaml", "testdata/broken/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	o := ontology(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		claims, err := claimsOf("fuzz.yaml", data, o)
		if (err == nil) == (len(claims) == 0) {
			t.Errorf("%d claims and the error %v", len(claims), err)
		}
	})
}

func ontology(t testing.TB) *schema.Ontology { return schematest.Ontology(t) }

// claimsOf reads a document into a graph that knows nothing.
func claimsOf(name string, data []byte, o *schema.Ontology) ([]graph.Claim, error) {
	doc, err := Read(name, bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return doc.Claims(o, func(string) (*schema.Class, bool) { return nil, false })
}
