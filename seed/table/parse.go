package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"chancery/graph"
	"chancery/schema"
	"chancery/seed/table/format"
)

// MaxMapping is how many bytes a mapping, or a lookup of one, may have.
const MaxMapping = 4 << 20

// place is where something stands in a mapping.
type place struct{ line, column int }

func placeOf(n *yaml.Node) place { return place{n.Line, n.Column} }

// textPlace is where the text of a scalar begins, past its quote.
func textPlace(n *yaml.Node) place {
	p := placeOf(n)
	if n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
		p.column++
	}
	return p
}

// Load reads a mapping and checks it against the ontology. name is its file in
// files, where its lookups lie beside it.
//
// The error is Errors with all faults, at most the first 100, or that of reading
// the file.
func Load(files fs.FS, name string, o *schema.Ontology) (_ *Mapping, err error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, fmt.Errorf("reading a mapping: %w", err)
	}
	defer func() {
		if e := f.Close(); err == nil && e != nil {
			err = fmt.Errorf("reading a mapping: %w", e)
		}
	}()
	dir, err := fs.Sub(files, path.Dir(name))
	if err != nil {
		return nil, fmt.Errorf("reading a mapping: %w", err)
	}
	return Parse(name, f, dir, o)
}

// Parse is Load from a reader. Lookups are read from dir; nil: there are none.
func Parse(name string, r io.Reader, dir fs.FS, o *schema.Ontology) (*Mapping, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxMapping+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	p := &parser{m: &Mapping{file: name, lookups: map[string]map[string]string{}}, dir: dir, functions: newFunctions()}
	p.faults.file = name
	p.document(data)
	if p.root != nil {
		p.compile(o)
	}
	if err := p.err(); err != nil {
		return nil, err
	}
	return p.m, nil
}

// parser reads one mapping and collects what is wrong with it.
type parser struct {
	faults
	m         *Mapping
	dir       fs.FS
	functions map[string]function
	root      *yaml.Node // nil while it could not be read
	inEach    bool       // what is read is a list of each
}

func (p *parser) document(data []byte) {
	switch {
	case len(data) > MaxMapping:
		p.add(place{}, "", "it is larger than %d MiB", MaxMapping>>20)
		return
	case !utf8.Valid(data):
		p.add(place{}, "", "it is not UTF-8; save the file as UTF-8")
		return
	}
	loader, err := yaml.NewLoader(bytes.NewReader(data))
	if err != nil {
		p.add(place{}, "", "%v", err)
		return
	}
	var doc yaml.Node
	switch err := loader.Load(&doc); {
	case errors.Is(err, io.EOF) || err == nil && len(doc.Content) == 0:
		p.add(place{1, 1}, "", "it is empty; write dataset, files and claims")
		return
	case err != nil:
		var e *yaml.LoadError
		if !errors.As(err, &e) {
			p.add(place{}, "", "it is no YAML: %v", err)
			return
		}
		at := place{e.Mark.Line, e.Mark.Column}
		if at.line == 0 {
			at = place{e.ContextMark.Line, e.ContextMark.Column}
		}
		p.add(at, "", "it is no YAML: %s", strings.TrimSpace(e.Message+" "+e.ContextMsg))
		return
	}
	top := doc.Content[0]
	if top.Kind != yaml.MappingNode {
		p.add(placeOf(top), "", "%s stands here; write dataset, files and claims", kindOf(top))
		return
	}
	p.root = top
	p.top(top)
}

// entry is one key of a YAML mapping.
type entry struct {
	key   string
	at    place
	value *yaml.Node
}

// entries returns the entries of a YAML mapping; keys, if any, are those allowed.
func (p *parser) entries(n *yaml.Node, what string, keys ...string) []entry {
	if n.Kind != yaml.MappingNode {
		p.add(placeOf(n), what, "%s stands here; write keys and values", kindOf(n))
		return nil
	}
	var all []entry
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		switch {
		case k.Kind != yaml.ScalarNode:
			p.add(placeOf(k), what, "%s stands where a key must", kindOf(k))
		case seen[k.Value]:
			p.add(placeOf(k), k.Value, "the key stands here a second time")
		case len(keys) > 0 && !slices.Contains(keys, k.Value):
			p.add(placeOf(k), k.Value, "%s has no such key%s", what, suggest(k.Value, keys))
		default:
			all = append(all, entry{k.Value, placeOf(k), n.Content[i+1]})
		}
		seen[k.Value] = true
	}
	return all
}

// scalar returns a single value as it is written.
func (p *parser) scalar(n *yaml.Node, key string) (string, bool) {
	switch {
	case n.Kind == yaml.AliasNode:
		p.add(placeOf(n), key, "the alias *%s stands here; write the value out", n.Value)
	case n.Kind != yaml.ScalarNode:
		p.add(placeOf(n), key, "%s stands here; write a single value", kindOf(n))
	case n.Tag == "!!null":
		p.add(placeOf(n), key, "the value is missing; write one, or leave the key out")
	default:
		return n.Value, true
	}
	return "", false
}

// items returns the items of a list; what is no list is a list of itself.
func (p *parser) items(n *yaml.Node) []*yaml.Node {
	if n.Kind == yaml.SequenceNode {
		return n.Content
	}
	return []*yaml.Node{n}
}

// expression reads a scalar as an expression.
func (p *parser) expression(n *yaml.Node, key string) *expr {
	text, ok := p.scalar(n, key)
	if !ok {
		return nil
	}
	return p.parseExpr(text, textPlace(n))
}

func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "the alias *" + n.Value
	}
	return "a single value"
}

var topKeys = []string{"dataset", "files", "format", "lookups", "status", "entities", "claims"}

func (p *parser) top(n *yaml.Node) {
	given := map[string]entry{}
	for _, e := range p.entries(n, "a mapping", topKeys...) {
		given[e.key] = e
	}
	for _, key := range []string{"dataset", "claims"} {
		if _, ok := given[key]; !ok {
			p.add(placeOf(n), key, "it is missing")
		}
	}
	if e, ok := given["dataset"]; ok {
		p.dataset(e)
	}
	if e, ok := given["files"]; ok {
		for _, item := range p.items(e.value) {
			if s, ok := p.scalar(item, "files"); ok {
				if _, err := path.Match(s, ""); err != nil {
					p.add(placeOf(item), "files", "%q is no pattern of file names; write them as in visits.tsv or us-history/*_travels.tsv", s)
				}
				p.m.patterns = append(p.m.patterns, s)
			}
		}
	}
	if e, ok := given["format"]; ok {
		p.format(e.value)
	}
	if e, ok := given["lookups"]; ok {
		for _, l := range p.entries(e.value, "lookups") {
			p.m.lookups[l.key] = p.readLookup(l)
		}
	}
	if e, ok := given["status"]; ok {
		p.m.status = p.parseStatus(e.value)
	}
	if e, ok := given["entities"]; ok {
		for _, one := range p.entries(e.value, "entities") {
			if x := p.entity(one); x != nil {
				x.shared = true
				p.m.shared = append(p.m.shared, x)
			}
		}
	}
	if e, ok := given["claims"]; ok {
		if e.value.Kind != yaml.SequenceNode || len(e.value.Content) == 0 {
			p.add(placeOf(e.value), "claims", "%s stands here; write a list of claims, each with entities", kindOf(e.value))
			return
		}
		for _, item := range e.value.Content {
			if r := p.rule(item); r != nil {
				p.m.rules = append(p.m.rules, r)
			}
		}
	}
}

func (p *parser) parseStatus(n *yaml.Node) graph.Status {
	s, ok := p.scalar(n, "status")
	if !ok {
		return graph.NoStatus
	}
	status := graph.ParseStatus(s)
	if status == graph.NoStatus {
		all := []string{"CONFIRMED", "REPORTED", "ASSESSED", "DENIED"}
		p.add(placeOf(n), "status", "%q is no status%s", s, suggest(s, all))
		return graph.Reported // so that it is not said to be missing too
	}
	return status
}

var datasetKeys = []string{"id", "title", "description", "publisher", "licence", "url", "published", "partOf", "partial"}

func (p *parser) dataset(e entry) {
	d := &p.m.dataset
	for _, f := range p.entries(e.value, "dataset", datasetKeys...) {
		switch f.key {
		case "publisher":
			d.publisher = p.agent(f)
			continue
		case "partOf":
			d.partOf = p.agent(f)
			continue
		}
		s, ok := p.scalar(f.value, f.key)
		if !ok {
			continue
		}
		switch f.key {
		case "id":
			d.id = s
		case "title":
			d.title = s
		case "description":
			d.description = s
		case "licence":
			d.licence = s
		case "url":
			d.url = s
		case "published":
			d.published = s
		case "partial":
			if d.partial = s == "true"; s != "true" && s != "false" {
				p.add(placeOf(f.value), f.key, "%q is neither true nor false", s)
			}
		}
	}
	if d.id == "" {
		p.add(e.at, "dataset", "its id is missing; write one, as in id: us-secretary-travels")
	}
	if d.title == "" {
		p.add(e.at, "dataset", "its title is missing; write one, as in title: Travels of the Secretary of State")
	}
}

func (p *parser) agent(e entry) agent {
	var a agent
	for _, f := range p.entries(e.value, e.key, "id", "name") {
		if s, ok := p.scalar(f.value, f.key); ok {
			if f.key == "id" {
				a.id = s
			} else {
				a.name = s
			}
		}
	}
	if a.id == "" || a.name == "" {
		p.add(e.at, e.key, "it needs an id and a name, as in {id: organization/nato, name: NATO}")
	}
	return a
}

func (p *parser) format(n *yaml.Node) {
	o := &p.m.format
	at := placeOf(n)
	if n.Kind == yaml.ScalarNode {
		o.Name, _ = p.scalar(n, "format")
	} else {
		for _, f := range p.entries(n, "format", "name", "delimiter", "columns", "records") {
			if f.key == "columns" {
				p.columns(f, o)
				continue
			}
			s, ok := p.scalar(f.value, f.key)
			if !ok {
				continue
			}
			switch f.key {
			case "name":
				o.Name, at = s, placeOf(f.value)
			case "records":
				o.Records = s
			case "delimiter":
				r, size := utf8.DecodeRuneInString(s)
				if size != len(s) || s == "" || r == '"' || r == '\n' || r == '\r' || r == utf8.RuneError {
					p.add(placeOf(f.value), f.key, "%q is no delimiter; write one character, as in \";\"", s)
					continue
				}
				o.Delimiter = r
			}
		}
	}
	if o.Name != "" && !slices.Contains(format.Names(), o.Name) {
		p.add(at, "format", "%q is no format%s", o.Name, suggest(o.Name, format.Names()))
	}
}

// columns reads those of a file without a heading: a list, or a list for each edition.
func (p *parser) columns(e entry, o *format.Options) {
	names := func(items []*yaml.Node) (all []string) {
		for _, item := range items {
			if s, ok := p.scalar(item, e.key); ok {
				all = append(all, s)
			}
		}
		return all
	}
	items := p.items(e.value)
	if len(items) == 0 || items[0].Kind != yaml.SequenceNode {
		o.Columns = names(items)
		return
	}
	for i, item := range items {
		if edition := names(p.items(item)); i == 0 {
			o.Columns = edition
		} else {
			o.Editions = append(o.Editions, edition)
		}
	}
}

// readLookup reads a table of the mapping's own, or one from a file beside it.
func (p *parser) readLookup(e entry) map[string]string {
	table := map[string]string{}
	if e.value.Kind == yaml.ScalarNode {
		name, ok := p.scalar(e.value, e.key)
		if !ok {
			return table
		}
		if err := readPairs(p.dir, name, table); err != nil {
			p.add(placeOf(e.value), e.key, "%v", err)
		}
		return table
	}
	for _, f := range p.entries(e.value, "lookup "+e.key) {
		if s, ok := p.scalar(f.value, e.key); ok {
			table[f.key] = s
		}
	}
	return table
}

// readPairs reads a TSV file of two columns under a heading.
func readPairs(dir fs.FS, name string, table map[string]string) (err error) {
	if dir == nil {
		return fmt.Errorf("there is no folder to read the lookup %s from", name)
	}
	f, err := dir.Open(name)
	if err != nil {
		return fmt.Errorf("the lookup cannot be read: %w; its file lies beside the mapping", err)
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	in, err := format.Open(io.LimitReader(f, MaxMapping), format.Options{Name: "tsv"})
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if len(in.Columns()) < 2 {
		return fmt.Errorf("%s has one column; a lookup has two, from what and to what", name)
	}
	for {
		rec, err := in.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if before, again := table[rec.Cells[0]]; again && before != rec.Cells[1] {
			return fmt.Errorf("%s:%d: %q stands here a second time, with another value", name, rec.Line, rec.Cells[0])
		}
		table[rec.Cells[0]] = rec.Cells[1]
	}
}

// quote writes a text for a message in which it may be long.
func quote(s string) string {
	const most = 60
	if len(s) > most {
		s = s[:most] + "…"
	}
	return strconv.Quote(s)
}
