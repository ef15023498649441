package table_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// block finds the fenced blocks of a page, with their languages.
var block = regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```$")

// TestDocumentation follows the whole example of docs/mappings.md.
func TestDocumentation(t *testing.T) {
	page, err := os.ReadFile("../../docs/mappings.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(page), "## An example, whole")
	blocks := block.FindAllStringSubmatch(example, 2)
	if len(blocks) != 2 || blocks[1][1] != "yaml" {
		t.Fatal("the example has no table and mapping")
	}
	claims, rejected := follow(t, ontology(t), blocks[1][2], "visits.csv", blocks[0][2])
	if claims != 7 || len(rejected) > 0 { // two visits, a minister, two countries, two topics
		t.Errorf("%d claims, rejected: %v", claims, rejected)
	}
}

// TestFunctionsAreDocumented finds each function in the table of docs/mappings.md.
func TestFunctionsAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/mappings.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("functions.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?m)^\t\t"([a-z0-9-]+)": `).FindAllStringSubmatch(string(source), -1) {
		if !regexp.MustCompile("(?m)^\\|.*`" + m[1] + "[ `]").MatchString(string(page)) {
			t.Errorf("docs/mappings.md does not have the function %s", m[1])
		}
	}
}
