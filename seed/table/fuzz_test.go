package table_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chancery/seed/intake"
	"chancery/seed/table"
)

// FuzzMapping reads a mapping from any text, and a file by whatever is one. A mapping
// that is refused says where; claims that are made belong to the data set.
func FuzzMapping(f *testing.F) {
	o := ontology(f)
	shipped, err := filepath.Glob("../mappings/*/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range shipped {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text), "id\tname\tdate\n1\tA\t2010\n")
	}
	scripts, err := filepath.Glob("testdata/scripts/*.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range scripts {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		_, names, contents := files(string(text))
		f.Add(contents["m.yaml"], contents[names[1]])
	}
	f.Fuzz(func(t *testing.T, mapping, data string) {
		m, err := table.Parse("m.yaml", strings.NewReader(mapping), nil, o)
		if err != nil {
			if m != nil || err.Error() == "" {
				t.Errorf("mapping %v with error %v", m, err)
			}
			return
		}
		for _, name := range []string{"x.tsv", "x.csv", "x.jsonl", "x.json", "x.yaml"} {
			prefix := "claim/" + m.Dataset() + "/"
			err := m.Open(name, strings.NewReader(data)).Read(t.Context(), func(e intake.Entry) error {
				if !strings.HasPrefix(e.Claim.ID, prefix) || len(e.Claim.Facts) == 0 {
					t.Errorf("claim %s with %d facts", e.Claim.ID, len(e.Claim.Facts))
				}
				return nil
			}, func(r intake.Rejection) error {
				if r.Reason == "" {
					t.Errorf("%v: no reason", r.Place)
				}
				return nil
			})
			if err != nil && err.Error() == "" {
				t.Error("an error without words")
			}
		}
	})
}

// FuzzInit makes a mapping of any file; it can be loaded, and reads the file.
func FuzzInit(f *testing.F) {
	o := ontology(f)
	f.Add("visits.csv", "id,name,start date,iso3\n1,\"A, B\",2010-12-02,KAZ\n2,B,31/12/2011,UZB\n")
	f.Add("x.jsonl", `{"id":{"bioguide":"M001243"},"list":[1,2],"name":"A"}`)
	f.Add("x.yaml", "- {a: 1, b: {c: 2}}\n- {a: 2}\n")
	f.Fuzz(func(t *testing.T, name, data string) {
		var b strings.Builder
		if table.Init(&b, name, strings.NewReader(data)) != nil {
			return
		}
		m, err := table.Parse("m.yaml", strings.NewReader(b.String()), nil, o)
		if err != nil {
			t.Fatalf("%v\n%s", err, b.String())
		}
		if err := m.Open(name, strings.NewReader(data)).Read(t.Context(), func(intake.Entry) error { return nil },
			func(intake.Rejection) error { return nil }); err != nil && strings.Contains(err.Error(), "has no column") {
			t.Fatalf("%v\n%s", err, b.String())
		}
	})
}
