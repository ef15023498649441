package sparql

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
)

// Names of what is added to an export. What is shown lies in the graph shownGraph.
const (
	shownGraph  = "<urn:chancery:shown>"
	keysGraph   = "<urn:chancery:keys>"
	boundsGraph = "<urn:chancery:bounds>"

	classOf  = "<urn:chancery:class>"
	claimKey = "<urn:chancery:key>"
	sourceOn = "<urn:chancery:published>"
	textOf   = "<urn:chancery:text>"
	earliest = "<urn:chancery:earliest>"
	latest   = "<urn:chancery:latest>"
	schemeIs = "urn:chancery:scheme:"
	broader  = "urn:chancery:broader:"
)

var dates = regexp.MustCompile(`("(?:[^"\\]|\\.)*"\^\^<http://id\.loc\.gov/datatypes/edtf/EDTF>)`)

// Bounds returns, as N-Quads, the days that each EDTF date of some N-Quads can mean:
// days since 1970, and far numbers for open ends.
func Bounds(nquads string) (string, error) {
	var b strings.Builder
	seen := map[string]bool{}
	for _, literal := range dates.FindAllString(nquads, -1) {
		if seen[literal] {
			continue
		}
		seen[literal] = true
		text := literal[1:strings.LastIndexByte(literal, '"')]
		d, err := edtf.Parse(text)
		if err != nil {
			return "", fmt.Errorf("sparql: %s: %w", literal, err)
		}
		from, to := d.Bounds()
		if d.IsOpen() {
			from = to // it is said of ends alone: they lie after every day, and are not unknown
		}
		date := fmt.Sprintf("<urn:chancery:date:%d>", len(seen))
		fmt.Fprintf(&b, "%s %s %s %s .\n", date, textOf, literal, boundsGraph)
		for _, end := range []struct {
			predicate string
			day       edtf.Day
		}{{earliest, from}, {latest, to}} {
			fmt.Fprintf(&b, "%s %s \"%d\"^^<http://www.w3.org/2001/XMLSchema#integer> %s .\n", date, end.predicate, end.day, boundsGraph)
		}
	}
	return b.String(), nil
}

// Prepare returns the update that makes, of an export with its [Bounds], what is shown
// on a day, which is the perspective's.
func Prepare(o *schema.Ontology, day edtf.Day) string {
	single, types := predicatesOf(o), classesOf(o)
	at := func(name string) string { return iri(name) }
	updates := []string{
		// When a source was published: the latest that is said of it.
		`INSERT { GRAPH ` + keysGraph + ` { ?source ` + sourceOn + ` ?on } } WHERE {
  SELECT ?source (MAX(?each) AS ?on) WHERE {
    GRAPH ?g { ?source ` + at(graph.Published) + ` ?date }
    GRAPH ` + boundsGraph + ` { ?d ` + textOf + ` ?date ; ` + earliest + ` ?from ; ` + latest + ` ?to }
    BIND(CONCAT("1", STR(?from + 50000000000000), STR(?to + 50000000000000)) AS ?each)
  } GROUP BY ?source }`,
		// What claims are preferred by, the greatest first: valid on the day, then by status,
		// confidence, publication, and when they were recorded.
		`INSERT { GRAPH ` + keysGraph + ` { ?g ` + claimKey + ` ?key } } WHERE {
  GRAPH ?g { ?g ` + at(graph.StatusOf) + ` ?status ; ` + at(graph.RecordedAt) + ` ?at ; ` + at(graph.Source) + ` ?source
    OPTIONAL { ?g ` + at(graph.Confidence) + ` ?confidence } OPTIONAL { ?g ` + at(graph.ValidTime) + ` ?valid } }
  OPTIONAL { GRAPH ` + boundsGraph + ` { ?d ` + textOf + ` ?valid ; ` + earliest + ` ?from ; ` + latest + ` ?to } }
  OPTIONAL { GRAPH ` + keysGraph + ` { ?source ` + sourceOn + ` ?published } }
  BIND(CONCAT(
    IF(!BOUND(?valid) || (?from <= ` + fmt.Sprint(int64(day)) + ` && ?to >= ` + fmt.Sprint(int64(day)) + `), "1", "0"),
    IF(?status = "CONFIRMED", "3", IF(?status = "REPORTED", "2", "1")),
    STR(<http://www.w3.org/2001/XMLSchema#integer>(COALESCE(?confidence, 1.0) * 1000) + 10000),
    COALESCE(?published, "0"), STR(?at)) AS ?key) }`,
		// Of a single-valued predicate the object of the preferred claim is shown; of claims as
		// good as each other that of the smaller id.
		`INSERT { GRAPH ` + shownGraph + ` { ?s ?p ?o } } WHERE {
  VALUES ?p { ` + single + ` }
  GRAPH ?g { ?s ?p ?o } FILTER(?s != ?g)
  GRAPH ` + keysGraph + ` { ?g ` + claimKey + ` ?key }
  FILTER NOT EXISTS { GRAPH ?other { ?s ?p ?instead } GRAPH ` + keysGraph + ` { ?other ` + claimKey + ` ?better }
    FILTER(` + better + `) } }`,
		// Of others all are.
		`INSERT { GRAPH ` + shownGraph + ` { ?s ?p ?o } } WHERE {
  GRAPH ?g { ?s ?p ?o } FILTER(?s != ?g && ISIRI(?g) && !STRSTARTS(STR(?g), "urn:chancery:") && ?p != ` + at(graph.Type) + `)
  FILTER(?p NOT IN (` + strings.ReplaceAll(single, "> <", ">, <") + `)) }`,
		// A class that yields gives way to one that does not.
		`INSERT { GRAPH ` + shownGraph + ` { ?s ` + classOf + ` ?type } } WHERE {
  VALUES (?type ?yields) { ` + types + ` }
  GRAPH ?g { ?s ` + at(graph.Type) + ` ?type } FILTER(?s != ?g)
  GRAPH ` + keysGraph + ` { ?g ` + claimKey + ` ?key }
  FILTER NOT EXISTS { VALUES (?instead ?gives) { ` + types + ` }
    GRAPH ?other { ?s ` + at(graph.Type) + ` ?instead } FILTER(?s != ?other) GRAPH ` + keysGraph + ` { ?other ` + claimKey + ` ?better }
    FILTER((?yields && !?gives) || (?yields = ?gives && (` + better + `))) } }`,
		// Of the identifiers of a scheme one is shown where a field shows one.
		`INSERT { GRAPH ` + shownGraph + ` { ?s ?scheme ?o } } WHERE {
  GRAPH ?g { ?s ` + at(graph.Notation) + ` ?o } FILTER(?s != ?g)
  GRAPH ` + keysGraph + ` { ?g ` + claimKey + ` ?key }
  BIND(IRI(CONCAT("` + schemeIs + `", STRAFTER(STR(DATATYPE(?o)), "/scheme/"))) AS ?scheme)
  FILTER NOT EXISTS { GRAPH ?other { ?s ` + at(graph.Notation) + ` ?instead } GRAPH ` + keysGraph + ` { ?other ` + claimKey + ` ?better }
    FILTER(DATATYPE(?instead) = DATATYPE(?o) && (` + better + `)) } }`,
	}
	for _, c := range o.Classes {
		if f := c.Field("broader"); f != nil && !c.Abstract {
			updates = append(updates, `INSERT { GRAPH `+shownGraph+` { ?s <`+broader+c.Name+`> ?o } } WHERE {
  GRAPH `+shownGraph+` { ?s ?p ?o . ?s `+classOf+` `+iri(c.IRI)+` . ?o `+classOf+` `+iri(c.IRI)+` } VALUES ?p { `+predicates(f)+` } }`)
		}
	}
	return strings.Join(updates, " ;\n")
}

// better says that a claim ?other, whose key is ?better, is preferred to ?g with ?key.
const better = `?better > ?key || (?better = ?key && STR(?other) < STR(?g))`

// predicatesOf lists the single-valued predicates.
func predicatesOf(o *schema.Ontology) string {
	var out []string
	for _, c := range o.Classes {
		for _, f := range c.Fields {
			for _, p := range f.Predicates {
				if p.Single && c.Name != "Claim" {
					out = append(out, iri(p.IRI))
				}
			}
		}
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), " ")
}

// classesOf lists the concrete classes, and whether each yields.
func classesOf(o *schema.Ontology) string {
	var b strings.Builder
	for _, c := range o.Classes {
		if !c.Abstract && c.Name != "Claim" {
			fmt.Fprintf(&b, "(%s %t) ", iri(c.IRI), c.Yields)
		}
	}
	return b.String()
}

func predicates(f *schema.Field) string {
	out := make([]string, len(f.Predicates))
	for i, p := range f.Predicates {
		out[i] = iri(p.IRI)
	}
	return strings.Join(out, " ")
}

func iri(compact string) string { return "<" + schema.Expand(compact) + ">" }
