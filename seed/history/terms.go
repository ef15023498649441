package history

import (
	"encoding/hex"
	"fmt"
	"hash/maphash"
	"net/url"
	"strings"

	"chancery/graph"
	"chancery/schema"
	"chancery/seed/rdf"
)

// Namespaces of the file beside those of the ontology.
const (
	edtfNamespace = "http://id.loc.gov/datatypes/edtf/"
	vocabulary    = "https://chancery.example/ontology/"
	schemes       = vocabulary + "scheme/" // datatypes of identifiers
	raw           = vocabulary + "raw/"    // IRIs that can't be told apart otherwise
	rawLiteral    = vocabulary + "RawLiteral"
	rawBlank      = "raw-" // of labels
	xsdString     = "http://www.w3.org/2001/XMLSchema#string"
)

// Terms turns the terms of a graph into those of RDF and back, below one base IRI.
// Different terms have different ones, whatever is in them: what RDF cannot hold, or
// would read as another term, is written in code. They are for one goroutine.
type Terms struct {
	base    string   // ends with a slash
	out, in *recents // nil: nothing is remembered
}

// recents are what texts were turned into shortly before: many terms are predicates,
// classes and sources.
type recents struct {
	seed  maphash.Seed
	slots [1 << 10]struct{ from, to string }
}

func newRecents() *recents { return &recents{seed: maphash.MakeSeed()} }

// of returns what a text was turned into, or turns it.
func (r *recents) of(text string, turn func(string) string) string {
	if r == nil {
		return turn(text)
	}
	slot := &r.slots[maphash.String(r.seed, text)%uint64(len(r.slots))]
	if slot.from != text || slot.to == "" {
		slot.from, slot.to = text, turn(text)
	}
	return slot.to
}

func newTerms(base string) Terms { return Terms{base, newRecents(), newRecents()} }

// NewTerms returns the terms below a base IRI, to which a slash is added if it
// has none. The error says what is wrong with the base.
func NewTerms(base string) (Terms, error) {
	if !strings.HasSuffix(base, "/") {
		base += "/"
	}
	if fault := rdf.Fault(graph.Ref(base)); fault != "" {
		return Terms{}, fmt.Errorf("base IRI: %s", fault)
	}
	return newTerms(base), nil
}

// Base is the base IRI.
func (t Terms) Base() string { return t.base }

// Out is the term in RDF.
func (t Terms) Out(term graph.Term) graph.Term {
	switch term.Kind {
	case graph.IRI:
		return graph.Ref(t.iri(term.Text))
	case graph.Blank:
		if strings.HasPrefix(term.Text, rawBlank) || rdf.Fault(term) != "" {
			term.Text = rawBlank + hex.EncodeToString([]byte(term.Text))
		}
		return term
	}
	out := term
	if term.Datatype != "" {
		out.Datatype = t.iri(term.Datatype)
	}
	if rdf.Fault(out) == "" && t.In(out) == term {
		return out
	}
	text := strings.Join([]string{code(term.Text), code(term.Datatype), code(term.Language)}, " ")
	return graph.Typed(text, rawLiteral)
}

// code writes any bytes as characters of an IRI.
func code(text string) string { return url.QueryEscape(text) }

// iri is the IRI of an id, a compact IRI or a full one.
func (t Terms) iri(text string) string { return t.out.of(text, t.newIRI) }

func (t Terms) newIRI(text string) string {
	candidate := text
	switch {
	case strings.HasPrefix(text, "edtf:"):
		candidate = edtfNamespace + strings.TrimPrefix(text, "edtf:")
	case strings.HasPrefix(text, graph.Scheme):
		candidate = schemes + strings.TrimPrefix(text, graph.Scheme)
	default:
		if candidate = schema.Expand(text); candidate == text && !absolute(text) {
			candidate = t.base + text
		}
	}
	if rdf.Fault(graph.Ref(candidate)) != "" || t.id(candidate) != text {
		return raw + code(text)
	}
	return candidate
}

// absolute reports whether a text begins with a scheme.
func absolute(text string) bool {
	before, _, ok := strings.Cut(text, ":")
	return ok && !strings.ContainsAny(before, "/?#")
}

// In is the graph's term of one in RDF: what Out was given.
func (t Terms) In(term graph.Term) graph.Term {
	switch term.Kind {
	case graph.IRI:
		return graph.Ref(t.id(term.Text))
	case graph.Blank:
		if label, ok := strings.CutPrefix(term.Text, rawBlank); ok {
			if text, err := hex.DecodeString(label); err == nil {
				term.Text = string(text)
			}
		}
		return term
	}
	switch term.Datatype {
	case "", xsdString:
		term.Datatype = ""
	case rawLiteral:
		if parts := strings.Split(term.Text, " "); len(parts) == 3 {
			text, err1 := url.QueryUnescape(parts[0])
			datatype, err2 := url.QueryUnescape(parts[1])
			language, err3 := url.QueryUnescape(parts[2])
			if err1 == nil && err2 == nil && err3 == nil {
				return graph.Term{Kind: graph.Literal, Text: text, Datatype: datatype, Language: language}
			}
		}
		term.Datatype = t.id(term.Datatype)
	default:
		term.Datatype = t.id(term.Datatype)
	}
	return term
}

// id is the id or compact IRI of an IRI, or the IRI itself.
func (t Terms) id(iri string) string { return t.in.of(iri, t.newID) }

func (t Terms) newID(iri string) string {
	if text, ok := strings.CutPrefix(iri, raw); ok {
		if text, err := url.QueryUnescape(text); err == nil {
			return text
		}
	}
	if text, ok := strings.CutPrefix(iri, edtfNamespace); ok {
		return "edtf:" + text
	}
	if text, ok := strings.CutPrefix(iri, schemes); ok {
		return graph.Scheme + text
	}
	if compact, ok := schema.Compact(iri); ok {
		return compact
	}
	return strings.TrimPrefix(iri, t.base)
}
