package schema_test

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/schema"
	"chancery/schema/internal/generate"
)

// TestBroken breaks the ontology's sources in one place each, and wants to read
// where.
func TestBroken(t *testing.T) {
	for _, test := range []struct{ name, old, now, want string }{
		{
			"unknown range", "destination: Nation!", "destination: Natoin!",
			`Visit.destination: unknown type "Natoin"`,
		},
		{
			"unknown argument type", "text: String!\n    \"Only entities", "text: Txet!\n    \"Only entities",
			`Query.search(text:): unknown type "Txet"`,
		},
		{
			"unknown interface", "type Visit implements Node & Entity & Event", "type Visit implements Node & Entity & Evnet",
			`Visit: unknown interface "Evnet"`,
		},
		{
			"range that is no class", "destination: Nation! ", "destination: String! ",
			"Visit.destination: @edge leads to entities, and String is no class",
		},
		{
			"no directive", `capital: Place @edge(iri: "kg:capital")`, "capital: Place",
			"Nation.capital: nothing says where its values come from: @edge, @literal, @identifier or @derived",
		},
		{
			"no directive on an interface", `end: TimeSpan @literal(iri: "schema:endDate")` + "\n  \"The places", "end: TimeSpan\n  \"The places",
			"Event.end: nothing says where its values come from",
		},
		{
			"edge and literal", `capital: Place @edge(iri: "kg:capital")`, `capital: Place @edge(iri: "kg:capital") @literal(iri: "kg:capital")`,
			"Nation.capital: both @edge and @literal",
		},
		{
			"edge without an IRI", `capital: Place @edge(iri: "kg:capital")`, "capital: Place @edge",
			"Nation.capital: @edge without an IRI",
		},
		{
			"literal with an empty IRI", `@literal(iri: "kg:symbol")`, `@literal(iri: "")`,
			"Mineral.symbol: @literal without an IRI",
		},
		{
			"unknown prefix", `@edge(iri: "kg:capital")`, `@edge(iri: "gk:capital")`,
			`Nation.capital: @edge: "gk:capital" has no known prefix`,
		},
		{
			"no prefix", `@edge(iri: "kg:capital")`, `@edge(iri: "capital")`,
			`Nation.capital: @edge: "capital" has no known prefix`,
		},
		{
			"unknown kind", `@edge(iri: "kg:visitor", kindOf: "kg:participant")`, `@edge(iri: "kg:visitor", kindOf: "kg:partaker")`,
			"Visit.visitors: kg:visitor is a kind of kg:partaker, which no field declares",
		},
		{
			"circular kind", `@edge(iri: "kg:participant") @group`, `@edge(iri: "kg:participant", kindOf: "kg:visitor") @group`,
			"Event.participants: kg:participant is a kind of itself, by way of kg:visitor",
		},
		{
			"kind of itself", `@edge(iri: "kg:borders")`, `@edge(iri: "kg:borders", kindOf: "kg:borders")`,
			"Nation.borders: kg:borders is a kind of itself",
		},
		{
			"kind of a property", `@edge(iri: "kg:capital")`, `@edge(iri: "kg:capital", kindOf: "kg:symbol")`,
			"Nation.capital: kg:capital is a kind of kg:symbol, and not both are relations",
		},
		{
			"different kinds of one predicate", `destination: Nation! @edge(iri: "kg:destination", kindOf: "kg:participant")`,
			`destination: Nation! @edge(iri: "kg:destination", kindOf: "kg:participant")` + "\n\"Doc.\"\n" + `aim: Nation @edge(iri: "kg:destination")`,
			`Visit.aim: kg:destination is a kind of "" here and of "kg:participant" in Visit.destination`,
		},
		{
			"kindOf where read backwards", `@edge(iri: "kg:visitor", inverse: true)`, `@edge(iri: "kg:visitor", inverse: true, kindOf: "kg:participant")`,
			"Person.visits: @edge: kindOf is said where kg:visitor is declared forwards",
		},
		{
			"one value and many", `capital: Place @edge(iri: "kg:capital")`, `capital: Place @edge(iri: "kg:borders")`,
			"Nation.borders: kg:borders has one value in Nation.capital and many in Nation.borders",
		},
		{
			"relation and property", `symbol: String @literal(iri: "kg:symbol")`, `symbol: String @literal(iri: "kg:mineral")`,
			"Mineral.symbol: kg:mineral is both a relation and a property: see Nation.minerals",
		},
		{
			"one predicate with two kinds of values", `sent: TimeSpan @literal(iri: "schema:startDate")`, `sent: String @literal(iri: "schema:startDate")`,
			"Event.start: schema:startDate is TimeSpan here and String in Letter.sent",
		},
		{
			"backwards without forwards", `@edge(iri: "kg:visitor", inverse: true)`, `@edge(iri: "kg:traveller", inverse: true)`,
			"Person.visits: no field declares kg:traveller forwards",
		},
		{
			"backwards from another class", `visits: [Visit!]! @edge(iri: "kg:visitor", inverse: true)`, `visits: [Letter!]! @edge(iri: "kg:visitor", inverse: true)`,
			"Person.visits: no field of Letter declares kg:visitor forwards to Person: see Visit.visitors",
		},
		{
			"backwards to another class", `visitsReceived: [Visit!]! @edge(iri: "kg:destination", inverse: true)`, `visitsReceived: [Visit!]! @edge(iri: "kg:visitor", inverse: true)`,
			"Nation.visitsReceived: no field of Visit declares kg:visitor forwards to Nation: see Visit.visitors",
		},
		{
			"class IRI twice", `@class(iri: "kg:Meeting")`, `@class(iri: "kg:Visit")`,
			"Meeting: @class: kg:Visit is the IRI of Visit already",
		},
		{
			"class without an IRI", `@class(iri: "kg:Meeting")`, "@class",
			"Meeting: @class without an IRI",
		},
		{
			"class IRI without a prefix", `@class(iri: "kg:Meeting")`, `@class(iri: "Meeting")`,
			`Meeting: @class: "Meeting" has no known prefix`,
		},
		{
			"entity without a class", ` @class(iri: "kg:Meeting")`, "",
			"Meeting: implements Node, so it needs @class",
		},
		{
			"interface with an IRI", "@class(time: HAPPENS)", `@class(iri: "kg:Event", time: HAPPENS)`,
			"Event: an interface has no IRI of its own",
		},
		{
			"narrowing key that is a field", "partOf: Event @edge", "visit: Event @edge",
			"Event.visit: a filter on events can't have this field's key, which narrows it to the class Visit",
		},
		{
			"field with a key of the filter's own", "capital: Place @edge", "identifier: Place @edge",
			"Nation.identifier: a filter on nations can't have this field's key, which has a meaning of its own there",
		},
		{
			"field named class", "partOf: Event @edge", "class: Event @edge",
			"Event.class: a filter on events can't have this field's key",
		},
		{
			"two classes with one root", `plural: "people"`, `plural: "nations"`,
			"Nation: its root nations is one of Person already",
		},
		{
			"literal of a class", `symbol: String @literal`, `symbol: Place @literal`,
			"Mineral.symbol: @literal reads texts, numbers, times and enums, and Place is none of them",
		},
		{
			"identifier that is no text", "isoAlpha2: String", "isoAlpha2: Int",
			"Nation.isoAlpha2: @identifier reads one text, and its type is Int",
		},
		{
			"identifier without a scheme", `@identifier(scheme: "iso3166-1-alpha-2")`, `@identifier(scheme: "")`,
			"Nation.isoAlpha2: @identifier without a scheme",
		},
		{
			"group through no field", `@group(through: ["nationality"])`, `@group(through: ["nationalty"])`,
			`VisitGroup.VISITORS_NATIONALTY: @key: Person has no field "nationalty" to group by`,
		},
		{
			"group through no class", `@group(through: ["nationality"])`, `@group(through: ["nationality.isoAlpha2.length"])`,
			"VisitGroup.VISITORS_NATIONALITY_ISO_ALPHA2_LENGTH: @key: isoAlpha2 leads to no class",
		},
		{
			"group by period of no time", "@edge(iri: \"kg:capital\")", "@edge(iri: \"kg:capital\") @group(periods: [YEAR])",
			"NationGroup.CAPITAL_YEAR: @key: Nation.capital is no time, so it has no period",
		},
		{
			"group by time without a period", `@literal(iri: "schema:foundingDate")`, `@literal(iri: "schema:foundingDate") @group`,
			"OrganizationGroup.FOUNDED: @key: Organization.founded is a time, so it needs a period",
		},
		{
			"group key without a meaning", `SOURCE @key(field: "source")` + "\n  \"By the publisher of their", "SOURCE\n  \"By the publisher of their",
			"ClaimGroup.SOURCE: @key is missing",
		},
		{
			"kind of name without a predicate", ` @literal(iri: "skos:altLabel")`, "",
			"NameKind.ALIAS: @literal is missing",
		},
		{
			"inherited field that reads something else", "\"What it calls for, such", "\"When.\" end: TimeSpan @literal(iri: \"kg:end\")\n  \"What it calls for, such",
			"Letter.end: it reads something else than the field of that name of its interface",
		},
		{
			"type declared twice", "type Visit implements", "type Meeting { id: ID } type Visit implements",
			"Meeting: declared twice",
		},
		{
			"extension of nothing", "extend type Query {\n  \"\"\"\n  How two", "extend type Qeury {\n  \"\"\"\n  How two",
			"Qeury: extended but not declared",
		},
		{
			"syntax", "type Visit implements", "typo Visit implements",
			`events.graphql:22:1: Unexpected Name "typo"`,
		},
		{
			"GraphQL's own rules", "capital: Place @edge", "__capital: Place @edge",
			`edited.graphql:`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := compileEdited(t, test.old, test.now)
			if err == nil {
				t.Fatalf("no error, want %s", test.want)
			}
			for line := range strings.SplitSeq(err.Error(), "\n") {
				if strings.HasPrefix(strings.TrimPrefix(line, "schema: "), test.want) {
					return
				}
			}
			t.Errorf("got  %v\nwant %s", err, test.want)
		})
	}
}

// TestGrown adds a class by an edit of one source.
func TestGrown(t *testing.T) {
	all := append(sources(t), &ast.Source{Name: "routes.graphql", Input: `
"A way that goods take."
type TradeRoute implements Node & Entity @class(iri: "kg:TradeRoute") {
  "Where it begins."
  from: Place! @edge(iri: "kg:routeFrom")
  "When it was opened."
  opened: TimeSpan @literal(iri: "kg:opened")
}`})
	sdl, err := generate.Generate("0.1.0", all)
	if err != nil {
		t.Fatal(err)
	}
	o, err := schema.Compile(&ast.Source{Name: "grown.graphql", Input: sdl})
	if err != nil {
		t.Fatal(err)
	}
	c := o.Class("TradeRoute")
	if c.Key != "tradeRoute" || c.Enum != "TRADE_ROUTE" || o.Root("tradeRoutes").Class != c {
		t.Errorf("key %s, enum %s", c.Key, c.Enum)
	}
	if f := o.Schema.Types["EntityWhere"].Fields.ForName("tradeRoute"); f == nil || f.Description != "Only entities that are trade routes and meet this." {
		t.Errorf("EntityWhere.tradeRoute: %+v", f)
	}
	if f := o.Schema.Types["TradeRouteOrder"].Fields.ForName("opened"); f == nil {
		t.Error("trade routes can't be ordered by opened")
	}
	if o.Schema.Types["TradeRouteConnection"].Fields.ForName("groups") != nil {
		t.Error("trade routes have groups, with nothing to group by")
	}
}

// compileEdited compiles the ontology with one text of its sources, which must
// be there exactly once, replaced.
func compileEdited(t *testing.T, old, now string) error {
	t.Helper()
	all := sources(t)
	found := 0
	for _, s := range all {
		found += strings.Count(s.Input, old)
		s.Input = strings.Replace(s.Input, old, now, 1)
	}
	if found != 1 {
		t.Fatalf("%q is in the sources %d times, want once", old, found)
	}
	sdl, err := generate.Generate("0.1.0", all)
	if err != nil {
		return err
	}
	_, err = schema.Compile(&ast.Source{Name: "edited.graphql", Input: sdl})
	return err
}
