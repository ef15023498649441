package export

import (
	"bufio"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"chancery/graph"
	"chancery/schema"
)

// attribute is a typed attribute of nodes or edges: a key of GraphML.
type attribute struct {
	id, on, name, kind string
}

// graphML writes entities as nodes, by id, and then what leads from one to another as
// edges, by the first's id, the relation and the other's id. Nodes are the entities
// that all is told of, and of a class also those that they name.
func (s *selection) graphML(ctx context.Context, w io.Writer) error {
	out := &xmlWriter{Writer: bufio.NewWriterSize(w, 1<<16)}
	g := &graphMLWriter{selection: s, out: out}
	g.declare()
	if err := s.entities(ctx, g.node); err != nil {
		return err
	}
	if err := s.entities(ctx, g.edges); err != nil {
		return err
	}
	out.text("  </graph>\n</graphml>\n")
	return out.Flush()
}

type graphMLWriter struct {
	*selection
	out   *xmlWriter
	keys  map[string]string // of properties and identifiers, by name and type
	count int               // edges
}

// entities calls yield for the entities that are nodes, by id.
func (s *selection) entities(ctx context.Context, yield func(ctx context.Context, e *entity) error) error {
	each := func(take func(graph.ID) error) error {
		if s.typed == 0 {
			return nil
		}
		return s.typedBy(ctx, graph.Pattern{Predicate: s.typed}, func(id graph.ID) error {
			if !s.isNode(id) {
				return nil
			}
			return take(id)
		})
	}
	return s.sorted(ctx, each, func(n named) error {
		e, err := s.entity(ctx, n)
		if err != nil || e == nil {
			return err
		}
		return yield(ctx, e)
	})
}

// isNode reports whether an entity is a node: one that is told of, or, if the export
// is not of those around some, that they name.
func (s *selection) isNode(id graph.ID) bool {
	if !s.some {
		return s.named.has(id)
	}
	return s.full.has(id) || s.byClass && s.ends.has(id)
}

// types of GraphML for those of the ontology.
var types = map[schema.Value]string{schema.Float: "double", schema.Int: "int", schema.Boolean: "boolean"}

// declare writes the head and the keys: the same for every export of one ontology.
func (g *graphMLWriter) declare() {
	g.out.text(xml.Header + `<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ` +
		`xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">` + "\n")
	all := []attribute{
		{"label", "node", "label", "string"},
		{"class", "node", "class", "string"},
		{"description", "node", "description", "string"},
		{"names", "node", "names", "string"},
		{"identifiers", "node", "identifiers", "string"},
		{"claims", "node", "claims", "string"},
		{"edge-label", "edge", "label", "string"},
		{"predicate", "edge", "predicate", "string"},
		{"weight", "edge", "weight", "double"},
		{"edge-claims", "edge", "claims", "string"},
		{"sources", "edge", "sources", "string"},
		{"status", "edge", "status", "string"},
		{"confidence", "edge", "confidence", "double"},
		{"validTime", "edge", "validTime", "string"},
	}
	g.keys = map[string]string{}
	kinds := map[string]string{}
	for _, class := range g.ontology.Classes {
		if class.Enum == "" {
			continue
		}
		for _, f := range columns(class) {
			if f.Kind == schema.Relation {
				continue
			}
			name, kind := f.Name, typeOf(f)
			if had, known := kinds[name]; known && had != kind {
				name += "." + kind // the same name for another type
			}
			if g.keys[f.Name+" "+kind] == "" {
				kinds[name] = kind
				g.keys[f.Name+" "+kind] = "of-" + name
				all = append(all, attribute{"of-" + name, "node", name, kind})
			}
		}
	}
	for _, a := range all {
		g.out.text(fmt.Sprintf("  <key id=%q for=%q attr.name=%q attr.type=%q/>\n", a.id, a.on, a.name, a.kind))
	}
	g.out.text("  <graph edgedefault=\"directed\">\n")
}

// typeOf is the type of a field's attribute; lists are JSON in a string.
func typeOf(f *schema.Field) string {
	if kind, ok := types[f.Value]; ok && f.Kind == schema.Property && f.Shape == schema.Single {
		return kind
	}
	return "string"
}

func (g *graphMLWriter) node(ctx context.Context, e *entity) error {
	g.out.text("    <node id=\"")
	g.out.escaped(e.name)
	g.out.text("\">\n")
	g.out.data("label", g.label(ctx, e))
	g.out.data("class", e.class.Name)
	g.out.data("description", g.description(ctx, e))
	g.out.data("names", texts(g.names(e)))
	g.out.data("identifiers", texts(identifiers(e)))
	g.out.data("claims", texts(g.claimNames(e.claims)))
	for _, f := range columns(e.class) {
		if f.Kind == schema.Relation || !g.isFull(e.id) {
			continue
		}
		text := ""
		if f.Kind == schema.Identifier {
			text = g.identifier(ctx, e, f.Scheme)
		} else if values, err := g.of(ctx, e, f); err != nil {
			return err
		} else if len(values) > 0 {
			text = cell(f, values)
		}
		g.out.data(g.keys[f.Name+" "+typeOf(f)], text)
	}
	g.out.text("    </node>\n")
	return g.out.err
}

// edges writes those that lead from an entity.
func (g *graphMLWriter) edges(ctx context.Context, e *entity) error {
	if !g.isFull(e.id) {
		return nil
	}
	predicates := make([]string, 0, len(e.values))
	for predicate := range e.values {
		predicates = append(predicates, predicate)
	}
	slices.Sort(predicates)
	for _, predicate := range predicates {
		values := e.values[predicate]
		label := predicate
		if f := e.class.FieldOf(predicate); f != nil {
			if f.Kind != schema.Relation {
				continue
			}
			label = f.Name
			if f.Predicates[0].Single && len(values) > 1 {
				values = []said{*g.best(ctx, values)}
			}
		}
		for i := range values {
			v := &values[i]
			if predicate == graph.Type || v.term.Kind != graph.IRI || v.object.Space() != graph.Nodes {
				continue
			}
			class, err := g.class(ctx, v.object)
			if err != nil {
				return err
			}
			if class == nil || !g.isNode(v.object) {
				continue
			}
			g.edge(ctx, e, predicate, label, v)
		}
	}
	return g.out.err
}

func (g *graphMLWriter) edge(ctx context.Context, e *entity, predicate, label string, v *said) {
	g.out.text(fmt.Sprintf("    <edge id=\"e%d\" source=\"", g.count))
	g.count++
	g.out.escaped(e.name)
	g.out.text("\" target=\"")
	g.out.escaped(v.term.Text)
	g.out.text("\">\n")
	g.out.data("edge-label", label)
	g.out.data("predicate", schema.Expand(predicate))
	sources := []string{}
	for _, claim := range v.claims {
		sources = append(sources, g.view.Name(g.view.Stays(g.view.Record(claim).Source)))
	}
	slices.Sort(sources)
	sources = slices.Compact(sources)
	g.out.data("weight", fmt.Sprint(len(sources)))
	g.out.data("edge-claims", texts(g.claimNames(v.claims)))
	g.out.data("sources", texts(sources))
	claim := slices.MinFunc(v.claims, func(a, b graph.ID) int { return g.view.Prefer(ctx, a, b) })
	record := g.view.Record(claim)
	g.out.data("status", record.Status.String())
	g.out.data("confidence", fmt.Sprint(record.Confidence))
	if record.HasValidTime {
		var links graph.Links
		if err := g.view.Follow(ctx, &links, []graph.ID{claim}, graph.ValidTime, false, nil); err != nil {
			g.out.fail(err)
		}
		for _, l := range links.All {
			g.out.data("validTime", g.view.Name(l.To))
		}
	}
	g.out.text("    </edge>\n")
}

// xmlWriter writes XML and keeps the first error.
type xmlWriter struct {
	*bufio.Writer
	err error
}

func (w *xmlWriter) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *xmlWriter) text(s string) {
	if _, err := w.WriteString(s); err != nil {
		w.fail(err)
	}
}

// escaped writes characters; those that XML cannot hold become U+FFFD.
func (w *xmlWriter) escaped(s string) {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	if err := xml.EscapeText(w, []byte(s)); err != nil {
		w.fail(err)
	}
}

// data writes an attribute, unless it is empty.
func (w *xmlWriter) data(key, text string) {
	if text == "" {
		return
	}
	w.text("      <data key=\"" + key + "\">")
	w.escaped(text)
	w.text("</data>\n")
}
