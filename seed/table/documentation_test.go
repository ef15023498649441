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

// TestBenchMappings follows the mappings of docs/bench over rows as the bench writes them.
func TestBenchMappings(t *testing.T) {
	const events = "id\tactor_id\tactor\taction_id\taction\ttarget_id\ttarget\tdate\tsource\n" +
		"1000000\tchina\tChina\tconsult\tConsult\tiran\tIran\t2014-05-13\ticews14\n" +
		"1000001\tiran\tIran\tconsult\tConsult\tchina\tChina\t2018-05-14\ticews18\n"
	const visits = "id,role,visitor,country,start,end,locale,remarks\n" +
		"5000000,president,Jane Example,Trinidad,2021-06-09,2021-06-13,\"Port of Spain, Arima\",Met.\n" +
		"5000001,president,Jane Example,Trinidad,2021-06-13,2021-06-15,,\n"
	for _, of := range []struct {
		mapping, table, rows string
		claims               int
	}{
		{"chancery-events.yaml", "named_events.tsv", events, 2 + 2 + 1 + 2},  // rows, parties, action, tables
		{"chancery-events-restated.yaml", "named_events.tsv", events, 2 + 2}, // rows, tables
		{"chancery-visits.yaml", "visits.csv", visits, 2 + 1 + 1 + 1},        // rows, visitor, country, place
	} {
		text, err := os.ReadFile("../../docs/bench/" + of.mapping)
		if err != nil {
			t.Fatal(err)
		}
		if claims, rejected := follow(t, ontology(t), string(text), of.table, of.rows); claims != of.claims || len(rejected) > 0 {
			t.Errorf("%s: %d claims, want %d, rejected: %v", of.mapping, claims, of.claims, rejected)
		}
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
