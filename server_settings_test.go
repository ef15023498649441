package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestSettingsAreDocumented holds the table of settings in the README to the flags of
// serve: each is there with its variable, and nothing else is.
func TestSettingsAreDocumented(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(readme), "| flag and key | environment |")
	table, _, ended := strings.Cut(after, "\n\n")
	if !found || !ended {
		t.Fatal("the README has no table of settings")
	}
	documented := map[string]string{} // variables, by flag
	name := regexp.MustCompile("`([^`]+)`")
	for row := range strings.Lines(table) {
		cells := strings.Split(row, "|")
		if len(cells) < 5 || !strings.Contains(cells[1], "`") {
			continue
		}
		flags, variables := name.FindAllStringSubmatch(cells[1], -1), name.FindAllStringSubmatch(cells[2], -1)
		if len(flags) != len(variables) {
			t.Errorf("%d flags, and %d variables: %s", len(flags), len(variables), row)
			continue
		}
		for i, flag := range flags {
			if documented[flag[1]] != "" {
				t.Errorf("%s is there twice", flag[1])
			}
			documented[flag[1]] = variables[i][1]
		}
	}
	parser, err := kong.New(&commandLine{}, kong.NoDefaultHelp())
	if err != nil {
		t.Fatal(err)
	}
	serve := parser.Model.Children[slices.IndexFunc(parser.Model.Children, func(n *kong.Node) bool { return n.Name == "serve" })]
	for _, flag := range serve.Flags {
		if flag.Name == "help" {
			continue
		}
		variable, there := documented[flag.Name]
		if !there || !slices.Contains(flag.Envs, variable) {
			t.Errorf("--%s, %v: the table has the variable %q", flag.Name, flag.Envs, variable)
		}
		delete(documented, flag.Name)
	}
	for flag := range documented {
		t.Errorf("the table has %s, which is no flag of serve", flag)
	}
	if len(serve.Flags) < 40 {
		t.Errorf("only %d flags were looked at", len(serve.Flags))
	}
}
