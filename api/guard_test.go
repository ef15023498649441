package api

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"chancery/resolvers"
)

// nested is a field inside itself, depth levels in all.
func nested(depth int) string {
	return "{" + strings.Repeat("a{", depth-1) + "a" + strings.Repeat("}", depth)
}

// each repeats a text, with %d for the number.
func each(n int, format string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(format, "%d", fmt.Sprint(i)) + " ")
	}
	return b.String()
}

// TestLimits has, for each limit, a document that just meets it and one that
// just does not.
func TestLimits(t *testing.T) {
	g := guard{limits: Limits{
		Tokens: 500, Name: 10, Depth: 5, Roots: 6, Fields: 20, Repeats: 4, Aliases: 7, Directives: 3, Introspection: 3,
	}.Filled(), cache: newDocuments(&CacheStats{})}
	for limit, documents := range map[string][2]string{
		"tokens":     {"{a(b:[" + each(491, "1") + "])}", "{a(b:[" + each(492, "1") + "])}"},
		"name":       {"{abcdefghij}", "{abcdefghijk}"},
		"depth":      {nested(5), nested(6)},
		"roots":      {"{" + each(6, "a%d") + "}", "{" + each(7, "a%d") + "}"},
		"fields":     {"{x{" + each(19, "a%d") + "}}", "{x{" + each(20, "a%d") + "}}"},
		"repeats":    {"{x{a a a a}}", "{x{a a a a a}}"},
		"aliases":    {"{x{" + each(7, "b%d: a") + "}}", "{x{" + each(8, "b%d: a") + "}}"},
		"directives": {"{a @x @y @z}", "query @w {a @x @y @z}"},

		"introspection": {"{__schema{types{fields{args{name}}}}}", "{__schema{types{fields{args{name}} enumValues{name}}}}"},
	} {
		if err := check(t, g, documents[0]); err != nil {
			t.Errorf("%s: %v for a document within the limit", limit, err)
		}
		err := check(t, g, documents[1])
		if err == nil || resolvers.Code(err) != resolvers.LimitExceeded || err.Extensions["limit"] != limit {
			t.Errorf("%s: %+v, want the limit named", limit, err)
			continue
		}
		given, allowed := err.Extensions["given"].(int), err.Extensions["allowed"].(int)
		if given != allowed+1 || !strings.Contains(err.Message, fmt.Sprint(allowed)) {
			t.Errorf("%s: given %d, allowed %d: %s; want one too many", limit, given, allowed, err.Message)
		}
	}
}

func TestNesting(t *testing.T) {
	g := guard{limits: Limits{Nesting: 3}.Filled(), cache: newDocuments(&CacheStats{}).Cache}
	for variables, want := range map[string]bool{
		`{}`: true, `{"a":[[1]],"b":2}`: true, `{"a":{"b":{}}}`: true,
		`{"a":[1,[[]]]}`: false, `{"a":{"b":{"c":{"d":1}}}}`: false, `{"a":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `}`: false,
	} {
		request := &graphql.RawParams{Query: "{a}"}
		if err := json.Unmarshal([]byte(variables), &request.Variables); err != nil {
			t.Fatal(err)
		}
		err := g.MutateOperationParameters(t.Context(), request)
		if (err == nil) != want || err != nil && err.Extensions["limit"] != "nesting" {
			t.Errorf("%.40s: %v, want it let in: %v", variables, err, want)
		}
	}
}

func check(t *testing.T, g guard, document string) *gqlerror.Error {
	t.Helper()
	return g.MutateOperationParameters(t.Context(), &graphql.RawParams{Query: document})
}

// TestFragmentsCountWhereTheyAreSpread measures through fragments.
func TestFragmentsCountWhereTheyAreSpread(t *testing.T) {
	g := guard{limits: Limits{}.Filled(), cache: newDocuments(&CacheStats{})}
	doubling := func(n int) string {
		return "{...F0}" + each(n, "fragment F%d on T {a{...G%d} b{...G%d}} fragment G%d on T {c{...H%d} d{...H%d}} fragment H%d on T {x}")
	}
	chain := "{...F0} fragment F99 on T {x} "
	for i := range 99 {
		chain += fmt.Sprintf("fragment F%d on T {a{...F%d} b{...F%d}} ", i, i+1, i+1)
	}
	for _, test := range []struct{ name, document, limit string }{
		{"depth", "{a{...F}} fragment F on T " + nested(20), "depth"},
		{"roots", "{...F} fragment F on T {" + each(31, "a%d") + "}", "roots"},
		{"repeats across fragments", "{x{" + each(101, "...F%d") + "}} " + each(101, "fragment F%d on T {a}"), "repeats"},
		{"repeats across inline fragments", "{x{" + each(101, "...{a}") + "}}", "repeats"},
		{"repeats below repeats", "{" + each(11, "x{"+each(10, "a")+"}") + "}", "repeats"},
		{"fields that double with each fragment", chain, "fields"},
		{"fragments that are fine", doubling(1), ""},
		{"fragments that do not exist", "{...F}", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := check(t, g, test.document)
			if test.limit == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || err.Extensions["limit"] != test.limit {
				t.Errorf("%v, want the limit of %s", err, test.limit)
			}
		})
	}
	for _, document := range []string{
		"{...F} fragment F on T {...F}",
		"{a} fragment F on T {a{...G}} fragment G on T {... {...F}}",
	} {
		if err := check(t, g, document); err == nil || resolvers.Code(err) != resolvers.ValidationFailed {
			t.Errorf("%s: %v, want a fragment within itself", document, err)
		}
	}
}

// graphiqlIntrospection is what GraphiQL asks when it opens, all options on.
const graphiqlIntrospection = `
query IntrospectionQuery { __schema { description queryType { name kind } mutationType { name kind } subscriptionType { name kind }
  types { ...FullType } directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } } } }
fragment FullType on __Type { kind name description specifiedByURL isOneOf
  fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
  inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
  ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }`

func TestGraphiQLOpens(t *testing.T) {
	h := seeded(t, Options{})
	_, answer := ask(t, h, graphiqlIntrospection)
	if answer["errors"] != nil || !strings.Contains(string(answer["data"]), `"name":"VisitConnection"`) {
		t.Errorf("errors %s", answer["errors"])
	}
	if strings.Contains(string(answer["data"]), `"name":"defer"`) {
		t.Error("@defer is offered, and not supported")
	}
}

func FuzzMeasure(f *testing.F) {
	f.Add(graphiqlIntrospection)
	f.Add("{...F} fragment F on T {a{...G} b{...G}} fragment G on T {a}")
	f.Add("{...F} fragment F on T {...F}")
	g := guard{limits: Limits{}.Filled(), cache: newDocuments(&CacheStats{})}
	f.Fuzz(func(t *testing.T, document string) {
		err := check(t, g, document)
		if err != nil && resolvers.Code(err) == "" {
			t.Errorf("an error without a code: %v", err)
		}
	})
}
