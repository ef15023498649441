package history

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"

	"chancery/graph"
	"chancery/schema"
	"chancery/seed/rdf"
)

// Kind is what a file of claims is of.
type Kind uint8

// The kinds of files.
const (
	Whole Kind = iota + 1 // the whole history of a graph
	View                  // what a perspective shows, or a part of it
)

// kinds are the classes of the first statement, about the base IRI.
var kinds = map[Kind]string{Whole: "kg:History", View: "kg:Excerpt"}

// Predicates of the statements about the base IRI.
const (
	formatVersion = "kg:formatVersion" // the first but one
	claimCount    = "kg:claimCount"    // the last: how many claims the file has, retractions not counted
)

// version is that of the form of the file.
const version = "1"

// Header is what the first statements say.
type Header struct {
	Kind Kind
	Base string
}

// ownOrder are the predicates of a claim's own fields in the order of the file, in which
// a commit brings them in; others follow by their names.
var ownOrder = []string{
	graph.Type, graph.Source, graph.StatusOf, graph.RecordedAt, graph.Locator, graph.AttributedTo,
	graph.Confidence, graph.ValidTime, graph.RecordedBy, graph.Supersedes, graph.RetractedAt, graph.RetractionReason,
}

// Writer writes a file of claims, in the order in which they are given.
type Writer struct {
	out    *rdf.Writer
	terms  Terms
	claims int
}

// WriterOptions say how to write. Format, Base and Kind are required.
type WriterOptions struct {
	Format rdf.Format // one that has graphs
	Base   string
	Kind   Kind
	Facts  []graph.Fact // about the base IRI, such as the perspective; subjects are ignored
}

// NewWriter begins a file.
func NewWriter(w io.Writer, o WriterOptions) (*Writer, error) {
	if !o.Format.HasGraphs() {
		return nil, fmt.Errorf("%v has no named graphs, and a claim is one: write N-Quads, TriG or JSON-LD", o.Format)
	}
	terms, err := NewTerms(o.Base)
	if err != nil {
		return nil, err
	}
	prefixes := schema.Namespaces()
	maps.DeleteFunc(prefixes, func(name, _ string) bool { return name == "geo" || name == "dcterms" })
	prefixes["edtf"], prefixes["scheme"] = edtfNamespace, schemes
	out, err := rdf.NewWriter(w, rdf.Options{Format: o.Format, Base: terms.base, Prefixes: prefixes, Ordered: true})
	if err != nil {
		return nil, err
	}
	writer := &Writer{out: out, terms: terms}
	about := []graph.Fact{
		{Predicate: graph.Type, Object: graph.Ref(kinds[o.Kind])},
		{Predicate: formatVersion, Object: graph.Text(version)},
	}
	for _, f := range append(about, o.Facts...) {
		if err := writer.about(f.Predicate, f.Object); err != nil {
			return nil, err
		}
	}
	return writer, nil
}

// about writes a statement about the base IRI.
func (w *Writer) about(predicate string, object graph.Term) error {
	return w.out.Write(rdf.Statement{
		Subject: graph.Ref(w.terms.base), Predicate: w.terms.Out(graph.Ref(predicate)), Object: w.terms.Out(object),
	})
}

// Claim writes facts of a claim's graph as they come: own fields, whose subject is the
// claim, and what it says. begins says that they are not more of one that came before.
func (w *Writer) Claim(claim string, facts []graph.Fact, begins bool) error {
	if begins {
		w.claims++
	}
	s := rdf.Statement{Graph: w.terms.Out(graph.Ref(claim))}
	for i := range facts {
		f := &facts[i]
		if i == 0 || f.Subject != facts[i-1].Subject {
			s.Subject = w.terms.Out(graph.Ref(f.Subject))
		}
		if i == 0 || f.Predicate != facts[i-1].Predicate {
			s.Predicate = w.terms.Out(graph.Ref(f.Predicate))
		}
		s.Object = w.terms.Out(f.Object)
		if err := w.out.Write(s); err != nil {
			return fmt.Errorf("%s: %w", claim, err)
		}
	}
	return nil
}

// Sort orders facts of a claim by their texts, own fields first.
func Sort(claim string, facts []graph.Fact) {
	slices.SortFunc(facts, func(a, b graph.Fact) int { return compareFacts(claim, &a, &b) })
}

// Close ends the file: the last statement tells that it is whole. It does not
// close the writer below.
func (w *Writer) Close() error {
	if err := w.about(claimCount, graph.Typed(strconv.Itoa(w.claims), graph.Integer)); err != nil {
		return err
	}
	return w.out.Close()
}
