package mappings_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// title is the first line of a document: what it asks.
var title = regexp.MustCompile(`^# [A-Z].*[^.]\n[^#]`)

// TestQuestions holds the documents that ask the questions of the shared data to the
// schema. They are examples of the API, too: each begins with its title.
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
		if !title.Match(text) {
			t.Errorf("%s: the first line is no title", filepath.Base(file))
		}
		if _, errs := gqlparser.LoadQueryWithRules(o.Schema, string(text), rules.NewDefaultRules()); errs != nil {
			t.Errorf("%s: %v", filepath.Base(file), errs)
		}
	}
}
