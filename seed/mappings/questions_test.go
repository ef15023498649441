package mappings_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// TestQuestions holds drafts of documents, which ask the questions of the shared data,
// to the schema: it has a place for whatever they ask for.
func TestQuestions(t *testing.T) {
	o, _ := load(t)
	files, err := filepath.Glob("testdata/questions/*.graphql")
	if err != nil || len(files) == 0 {
		t.Fatal(err, "no questions")
	}
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
