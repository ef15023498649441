package compat_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"chancery/schema/internal/compat"
)

// base is what each case below edits.
const base = `
directive @class(iri: String) on OBJECT
directive @edge(iri: String!, inverse: Boolean! = false) on FIELD_DEFINITION
directive @cite(deep: Boolean) on QUERY | SUBSCRIPTION
type Query { visit(id: ID!): Visit  visits(first: Int = 20, where: VisitWhere): [Visit!]! }
interface Node { id: ID! }
type Visit implements Node @class(iri: "kg:Visit") { id: ID!  nation: Nation! @edge(iri: "kg:destination")  phase: Phase }
type Nation { name: String }
union Any = Visit | Nation
enum Phase { HELD CANCELLED }
input VisitWhere { id: ID  phase: [Phase!] }
input Order @oneOf { id: Int  name: Int }
scalar Date
`

func TestCompare(t *testing.T) {
	for _, test := range []struct{ name, old, now, want string }{
		{"nothing", "", "", ""},
		{"a description", `scalar Date`, `"A day." scalar Date`, ""},
		{"the order of fields", "id: ID  phase: [Phase!]", "phase: [Phase!]  id: ID", ""},

		{"a type removed", "scalar Date", "", "! Date: removed"},
		{"a type added", "scalar Date", "scalar Date scalar Time", "+ Time: added"},
		{"a type of another kind", "scalar Date", "enum Date { TODAY }", "! Date: was SCALAR, is ENUM"},
		{"a field removed", "  phase: Phase }", " }", "! Visit.phase: removed"},
		{"a field added", "{ name: String }", "{ name: String code: String }", "+ Nation.code: added"},
		{"a field's type", "{ name: String }", "{ name: Int }", "! Nation.name: was String, is Int"},
		{"a field that became required", "{ name: String }", "{ name: String! }", "! Nation.name: was String, is String!"},
		{"a field that became optional", "nation: Nation!", "nation: Nation", "! Visit.nation: was Nation!, is Nation"},
		{"a field that became a list", "phase: Phase }", "phase: [Phase] }", "! Visit.phase: was Phase, is [Phase]"},
		{"an argument removed", "first: Int = 20, ", "", "! Query.visits(first:): removed"},
		{"an argument added", "first: Int = 20, ", "first: Int = 20, last: Int, ", "+ Query.visits(last:): added"},
		{"a required argument with a default", "first: Int = 20, ", "first: Int = 20, deep: Boolean! = false, ", "+ Query.visits(deep:): added"},
		{"a required argument", "first: Int = 20, ", "first: Int = 20, last: Int!, ", "! Query.visits(last:): added, and it has to be given"},
		{"an argument's type", "first: Int = 20", "first: Int! = 20", "! Query.visits(first:): was Int, is Int!"},
		{"a default", "first: Int = 20", "first: Int = 10", "! Query.visits(first:): the default was 20, is 10"},
		{"a default gone", "first: Int = 20", "first: Int", "! Query.visits(first:): the default was 20, is none"},
		{"an enum value removed", "HELD CANCELLED", "HELD", "! Phase.CANCELLED: removed"},
		{"an enum value added", "HELD CANCELLED", "HELD CANCELLED POSTPONED", "+ Phase.POSTPONED: added"},
		{"an input field removed", "{ id: ID  phase: [Phase!] }", "{ id: ID }", "! VisitWhere.phase: removed"},
		{"an input field added", "{ id: ID  phase", "{ id: ID  name: String  phase", "+ VisitWhere.name: added"},
		{"a required input field", "{ id: ID  phase", "{ id: ID  name: String!  phase", "! VisitWhere.name: added, and it has to be given"},
		{"a required input field with a default", "{ id: ID  phase", `{ id: ID  name: String! = "x"  phase`, "+ VisitWhere.name: added"},
		{"an input field's type", "phase: [Phase!]", "phase: Phase", "! VisitWhere.phase: was [Phase!], is Phase"},
		{"an interface removed", "Visit implements Node", "Visit", "! Visit: interface Node removed"},
		{"an interface added", "type Nation { name", "type Nation implements Node { id: ID! name", "+ Nation: interface Node added + Nation.id: added"},
		{"a union member removed", "Visit | Nation", "Visit", "! Any: member Nation removed"},
		{"a union member added", "union Any = Visit | Nation", "union Any = Visit | Nation | Query", "+ Any: member Query added"},
		{"@oneOf gone", "Order @oneOf", "Order", "! Order: @oneOf came or went"},
		{"@oneOf come", "input VisitWhere {", "input VisitWhere @oneOf {", "! VisitWhere: @oneOf came or went"},
		{"a directive removed", "directive @cite(deep: Boolean) on QUERY | SUBSCRIPTION", "", "! @cite: removed"},
		{"a directive's argument removed", "(deep: Boolean)", "", "! @cite(deep:): removed"},
		{"a directive's place removed", "on QUERY | SUBSCRIPTION", "on QUERY", "! @cite: no longer on SUBSCRIPTION"},
		{"a directive added", "scalar Date", "scalar Date directive @rows on FIELD", "+ @rows: added"},
		{"a class's IRI", "kg:Visit", "kg:Journey", `! Visit: @class(iri:) was "kg:Visit", is "kg:Journey"`},
		{"a relation's IRI", "kg:destination", "kg:nation", `! Visit.nation: @edge(iri:) was "kg:destination", is "kg:nation"`},
		{"a relation's direction", `"kg:destination"`, `"kg:destination", inverse: true`, "! Visit.nation: @edge(inverse:) was false, is true"},
		{"a relation's direction, as it was", `"kg:destination"`, `"kg:destination", inverse: false`, ""},
		{"a source gone", ` @edge(iri: "kg:destination")`, "", "! Visit.nation: @edge removed"},
		{"a source come", "phase: Phase }", `phase: Phase @edge(iri: "kg:phase") }`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if !strings.Contains(base, test.old) {
				t.Fatalf("the base has no %q", test.old)
			}
			changes := compat.Compare(load(t, base), load(t, strings.Replace(base, test.old, test.now, 1)))
			var got []string
			breaking := 0
			for _, c := range changes {
				sign := "+"
				if c.Breaking {
					sign = "!"
					breaking++
				}
				got = append(got, fmt.Sprintf("%s %s", sign, c))
			}
			if s := strings.Join(got, " "); s != test.want {
				t.Errorf("got  %s\nwant %s", s, test.want)
			}
			if n := len(compat.Breaking(changes)); n != breaking {
				t.Errorf("Breaking gives %d, want %d", n, breaking)
			}
		})
	}
}

func TestAllows(t *testing.T) {
	for _, test := range []struct {
		before, after string
		want          bool
	}{
		{"0.1.0", "0.1.0", false},
		{"0.1.0", "0.1.7", false},
		{"0.1.0", "0.2.0", true},
		{"0.2.0", "0.1.0", false},
		{"0.9.0", "1.0.0", true},
		{"1.0.0", "0.9.0", false},
		{"1.2.0", "1.3.0", false},
		{"1.2.0", "2.0.0", true},
		{"0.9.0", "0.10.0", true},
	} {
		got, err := compat.Allows(test.before, test.after)
		if err != nil || got != test.want {
			t.Errorf("from %s to %s: got %t, %v, want %t", test.before, test.after, got, err, test.want)
		}
	}
	for _, wrong := range []string{"", "1", "1.2", "1.2.x", "1.2.3.4", "1.-2.3"} {
		if _, err := compat.Allows("0.1.0", wrong); err == nil {
			t.Errorf("%q passes for a version", wrong)
		}
		if _, err := compat.Allows(wrong, "0.1.0"); err == nil {
			t.Errorf("%q passes for a version", wrong)
		}
	}
}

func load(t *testing.T, sdl string) *ast.Schema {
	t.Helper()
	s, err := gqlparser.LoadSchema(&ast.Source{Name: "test.graphql", Input: sdl})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
