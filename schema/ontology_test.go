package schema_test

import (
	"slices"
	"strings"
	"testing"

	"chancery/schema"
)

func iris(f *schema.Field) string {
	var all []string
	for _, p := range f.Predicates {
		all = append(all, p.IRI)
	}
	return strings.Join(all, " ")
}

func names(classes []*schema.Class) string {
	var all []string
	for _, c := range classes {
		all = append(all, c.Name)
	}
	return strings.Join(all, " ")
}

func TestClasses(t *testing.T) {
	o := load(t)
	enum := o.Schema.Types["Class"].EnumValues
	if len(o.Classes) != len(enum)+1+4 {
		t.Fatalf("%d classes, want the %d of the enum Class, Claim, and 4 interfaces", len(o.Classes), len(enum))
	}
	for i, v := range enum {
		if c := o.Classes[i]; c.Enum != v.Name || o.ClassByEnum(v.Name) != c || o.ClassByIRI(c.IRI) != c {
			t.Errorf("class %d is %s, and the enum's value %s", i, c.Name, v.Name)
		}
	}
	if c := o.Classes[len(enum)]; c.Name != "Claim" || c.Enum != "" || c.IRI != "kg:Claim" {
		t.Errorf("after the entities comes %s (%s, %s), want Claim", c.Name, c.Enum, c.IRI)
	}
	for _, test := range []struct {
		name, members string
		time          schema.TimeModel
		yields        bool
	}{
		{"Agent", "Person Nation Organization Office Party", schema.Timeless, false},
		{"Event", "Summit Visit Meeting Letter Invitation Deal Gathering Interaction Nomination RollCall", schema.Happens, false},
		{"Visit", "Visit", schema.Happens, false},
		{"Tenure", "Tenure", schema.Lasts, false},
		{"Party", "Party", schema.Timeless, true},
		{"Thing", "Thing", schema.Timeless, true},
		{"Law", "Law", schema.Timeless, false},
		{"Claim", "Claim", schema.Timeless, false},
	} {
		c := o.Class(test.name)
		if got := names(c.Members); got != test.members || c.Time != test.time || c.Yields != test.yields {
			t.Errorf("%s: members %s, time %d, yields %t", test.name, got, c.Time, c.Yields)
		}
		if c.Description == "" {
			t.Errorf("%s has no description", test.name)
		}
	}
	if n := len(o.Class("Entity").Members); n != len(enum) {
		t.Errorf("Entity has %d members, want %d", n, len(enum))
	}
	if n := len(o.Class("Node").Members); n != len(enum)+1 {
		t.Errorf("Node has %d members, want %d", n, len(enum)+1)
	}
	visit := o.Class("Visit")
	if got := names(visit.Interfaces); got != "Node Entity Event" {
		t.Errorf("Visit implements %s", got)
	}
	if !visit.Is(o.Class("Event")) || visit.Is(o.Class("Agent")) || o.Class("Event").Is(visit) {
		t.Error("Visit is an event, no agent, and not every event is one")
	}
}

func TestFields(t *testing.T) {
	o := load(t)
	const parts = "kg:participant kg:host kg:participatingNation kg:attendee kg:visitor kg:destination kg:sender kg:recipient kg:invitee kg:party kg:actor kg:target kg:nominee kg:nominatedTo"
	for _, test := range []struct {
		field    string
		kind     schema.FieldKind
		shape    schema.Shape
		iris     string
		rng      string
		required bool
		inverse  bool
	}{
		{"Visit.id", schema.Derived, schema.Single, "", "", true, false},
		{"Visit.names", schema.Derived, schema.List, "", "", false, false},
		{"Visit.claims", schema.Derived, schema.Connection, "", "Claim", false, false},
		{"Visit.visitors", schema.Relation, schema.List, "kg:visitor", "Person", false, false},
		{"Visit.destination", schema.Relation, schema.Single, "kg:destination", "Nation", true, false},
		{"Visit.start", schema.Property, schema.Single, "schema:startDate", "", false, false},
		{"Letter.sent", schema.Property, schema.Single, "schema:startDate", "", false, false},
		{"Visit.participants", schema.Relation, schema.List, parts, "Agent", false, false},
		{"Person.meetings", schema.Relation, schema.Connection, parts, "Meeting", false, true},
		{"Nation.events", schema.Relation, schema.Connection, parts, "Event", false, true},
		{"Nation.visitsReceived", schema.Relation, schema.Connection, "kg:destination", "Visit", false, true},
		{"Nation.isoAlpha2", schema.Identifier, schema.Single, "", "", false, false},
		{"Office.roles", schema.Property, schema.List, "kg:officeRole", "", false, false},
		{"Source.asserts", schema.Relation, schema.Connection, "prov:hadPrimarySource", "Claim", false, true},
		{"Claim.supersededBy", schema.Relation, schema.Single, "prov:wasRevisionOf", "Claim", false, true},
		{"Claim.recordedAt", schema.Property, schema.Single, "prov:generatedAtTime", "", true, false},
	} {
		class, name, _ := strings.Cut(test.field, ".")
		f := o.Class(class).Field(name)
		if f == nil {
			t.Errorf("%s is missing", test.field)
			continue
		}
		rng := ""
		if f.Range != nil {
			rng = f.Range.Name
		}
		if f.Kind != test.kind || f.Shape != test.shape || rng != test.rng || f.Required != test.required || f.Inverse != test.inverse {
			t.Errorf("%s: kind %d, shape %d, range %q, required %t, inverse %t", test.field, f.Kind, f.Shape, rng, f.Required, f.Inverse)
		}
		got, want := strings.Fields(iris(f)), strings.Fields(test.iris)
		if len(want) > 0 && (len(got) == 0 || got[0] != want[0]) {
			t.Errorf("%s: its own predicate isn't first in %v", test.field, got)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s reads %v, want %v", test.field, got, want)
		}
		for _, p := range f.Predicates {
			if o.Predicate(p.IRI) != p {
				t.Errorf("%s: its %s is not the ontology's", test.field, p.IRI)
			}
		}
		if f.Def != o.Schema.Types[class].Fields.ForName(name) {
			t.Errorf("%s: its definition is not the schema's", test.field)
		}
	}
	if f := o.Class("Nation").Field("isoAlpha3"); f.Scheme != "iso3166-1-alpha-3" {
		t.Errorf("isoAlpha3 reads the scheme %q", f.Scheme)
	}
	for field, want := range map[string]schema.Value{
		"Claim.status": schema.Enum, "Claim.confidence": schema.Float, "Claim.recordedAt": schema.Moment,
		"Claim.validTime": schema.Time, "Claim.locator": schema.Text, "Place.latitude": schema.Float,
	} {
		class, name, _ := strings.Cut(field, ".")
		if f := o.Class(class).Field(name); f.Value != want {
			t.Errorf("%s: value %d, want %d", field, f.Value, want)
		}
	}
	if f := o.Class("Letter").FieldOf("schema:startDate"); f.Name != "start" {
		t.Errorf("a letter's schema:startDate is its %s", f.Name)
	}
	if f := o.Class("Nation").FieldOf("kg:destination"); f != nil {
		t.Errorf("a nation has kg:destination as its %s, want none: it reads that backwards", f.Name)
	}
}

func TestPredicates(t *testing.T) {
	o := load(t)
	for _, want := range []schema.Predicate{
		{IRI: "kg:destination", Single: true},
		{IRI: "kg:participant"},
		{IRI: "kg:nation", Single: true},
		{IRI: "schema:startDate", Single: true, Literal: true},
		{IRI: "kg:officeRole", Literal: true},
		{IRI: "skos:prefLabel", Literal: true},
		{IRI: "schema:description", Literal: true},
		{IRI: "skos:notation", Literal: true},
		{IRI: "rdf:type"},
	} {
		if p := o.Predicate(want.IRI); p == nil || *p != want {
			t.Errorf("%s: %+v, want %+v", want.IRI, p, want)
		}
	}
	if p := o.Predicate("kg:unheard-of"); p != nil {
		t.Errorf("kg:unheard-of is declared: %+v", p)
	}
	for kind, iri := range map[string]string{
		"PREFERRED": "skos:prefLabel", "ALIAS": "skos:altLabel", "NATIVE": "kg:nativeName",
		"ABBREVIATION": "kg:abbreviation", "FORMER": "kg:formerName",
	} {
		if p := o.NamePredicate(kind); p == nil || p.IRI != iri {
			t.Errorf("names of kind %s are stated with %+v, want %s", kind, p, iri)
		}
	}
}

func TestRoots(t *testing.T) {
	o := load(t)
	for name, want := range map[string]schema.Root{
		"person": {Class: o.Class("Person")}, "people": {Class: o.Class("Person"), Many: true},
		"entities": {Class: o.Class("Entity"), Many: true}, "event": {Class: o.Class("Event")},
		"claim": {Class: o.Class("Claim")}, "claims": {Class: o.Class("Claim"), Many: true},
	} {
		if r := o.Root(name); r == nil || r.Class != want.Class || r.Many != want.Many || r.Name != name {
			t.Errorf("root %s: %+v", name, r)
		}
	}
	for _, name := range []string{"node", "nodes", "facts", "changes", "search", "resolve", "resolveAll", "paths", "conflicts", "nothing"} {
		if r := o.Root(name); r != nil {
			t.Errorf("%s is a root of %s, want none", name, r.Class.Name)
		}
	}
	for _, c := range o.Classes {
		if c.Name != "Node" && (o.NodeClass(c.Name+"Connection") != c || o.NodeClass(c.Name+"Edge") != c || o.Root(c.Key) == nil) {
			t.Errorf("%s lacks its connection, edge or root", c.Name)
		}
	}
	for _, name := range []string{"FactConnection", "ChangeEdge", "Visit", ""} {
		if c := o.NodeClass(name); c != nil {
			t.Errorf("%q is a connection of %s, want none", name, c.Name)
		}
	}
}

func TestGroupKeys(t *testing.T) {
	o := load(t)
	for _, test := range []struct {
		enum, value, field, last string
		period                   schema.Period
	}{
		{"VisitGroup", "VISITORS", "visitors", "visitors", schema.NoPeriod},
		{"VisitGroup", "VISITORS_NATIONALITY", "visitors", "nationality", schema.NoPeriod},
		{"VisitGroup", "START_QUARTER", "start", "start", schema.Quarter},
		{"EventGroup", "START_DAY", "start", "start", schema.Day},
		{"EventGroup", "CLASS", "", "", schema.NoPeriod},
		{"ThingGroup", "FOREIGN_CLASS", "foreignClass", "foreignClass", schema.NoPeriod},
		{"MineralGroup", "NATIONS", "nations", "nations", schema.NoPeriod},
		{"ClaimGroup", "PUBLISHER", "source", "publisher", schema.NoPeriod},
		{"ClaimGroup", "RECORDED_DAY", "recordedAt", "recordedAt", schema.Day},
		{"ChangeGroup", "PUBLISHER", "source", "publisher", schema.NoPeriod},
		{"ChangeGroup", "KIND", "", "", schema.NoPeriod},
		{"FactGroup", "FIELD", "", "", schema.NoPeriod},
	} {
		k := o.GroupKey(test.enum, test.value)
		if k == nil {
			t.Errorf("%s.%s is missing", test.enum, test.value)
			continue
		}
		name := func(f *schema.Field) string {
			if f == nil {
				return ""
			}
			return f.Name
		}
		if name(k.Field) != test.field || name(k.Last()) != test.last || k.Period != test.period {
			t.Errorf("%s.%s: field %q, last %q, period %d", test.enum, test.value, name(k.Field), name(k.Last()), k.Period)
		}
	}
	if k := o.GroupKey("VisitGroup", "WEATHER"); k != nil {
		t.Errorf("visits are grouped by %+v", k)
	}
}

func TestVocabulary(t *testing.T) {
	for compact, full := range map[string]string{
		"kg:Visit":         "https://chancery.example/ontology/Visit",
		"schema:startDate": "https://schema.org/startDate",
		"org:Post":         "http://www.w3.org/ns/org#Post",
		"rdf:type":         "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
	} {
		if got := schema.Expand(compact); got != full {
			t.Errorf("Expand(%q) = %q", compact, got)
		}
		if got, ok := schema.Compact(full); got != compact || !ok {
			t.Errorf("Compact(%q) = %q, %t", full, got, ok)
		}
	}
	for _, other := range []string{"https://elsewhere.example/x", "https://schema.org/", "", "person/x"} {
		if got, ok := schema.Compact(other); ok {
			t.Errorf("Compact(%q) = %q", other, got)
		}
		if got := schema.Expand(other); got != other {
			t.Errorf("Expand(%q) = %q", other, got)
		}
	}
	if n := schema.Namespaces(); n["skos"] != "http://www.w3.org/2004/02/skos/core#" {
		t.Errorf("skos is %q", n["skos"])
	}
}
