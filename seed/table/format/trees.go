package format

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// jsonl reads one JSON value a line.
type jsonl struct {
	text   *text
	record Record
}

func (r *jsonl) Columns() []string { return nil }

func (r *jsonl) Next() (*Record, error) {
	for {
		line, err := r.text.next()
		if err != nil {
			return nil, err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		r.record.Row++
		r.record.Line = r.text.line
		if r.record.Tree, err = decode(line); err != nil {
			return nil, &RecordError{Row: r.record.Row, Line: r.record.Line, Reason: "it is no JSON: " + err.Error()}
		}
		return &r.record, nil
	}
}

func decode(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) { // More would take ] for the end
		return nil, errors.New("something follows the value")
	}
	return ofJSON(v), nil
}

// ofJSON writes numbers and booleans as texts.
func ofJSON(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			v[k] = ofJSON(e)
		}
		return v
	case []any:
		for i, e := range v {
			v[i] = ofJSON(e)
		}
		return v
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "true"
		}
		return "false"
	}
	return v
}

// jsonFile streams the elements of a list, or the entries of an object.
type jsonFile struct {
	in      *json.Decoder
	lines   *lineCounter
	entries bool
	whole   bool // the list or object is all that the file has
	record  Record
}

func openJSON(t *text, o Options) (Reader, error) {
	lines := &lineCounter{in: t}
	r := &jsonFile{in: json.NewDecoder(lines), lines: lines, whole: o.Records == ""}
	r.in.UseNumber()
	first, err := r.in.Token()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the file is empty; write a list of objects")
	}
	if err != nil {
		return nil, r.fail(err)
	}
	if o.Records != "" {
		if first, err = r.below(first, o.Records); err != nil {
			return nil, err
		}
	}
	switch first {
	case json.Delim('['):
	case json.Delim('{'):
		r.entries = true
	default:
		return nil, fmt.Errorf("line 1: %v stands where a list of objects must", first)
	}
	return r, nil
}

// below goes to the value of a key of the top object and reads its first token.
func (r *jsonFile) below(first json.Token, key string) (json.Token, error) {
	if first != json.Delim('{') {
		return nil, fmt.Errorf("the top of the file is no object, so it has no key %q for records", key)
	}
	for r.in.More() {
		name, err := r.in.Token()
		if err != nil {
			return nil, r.fail(err)
		}
		if name == key {
			token, err := r.in.Token()
			if err != nil {
				return nil, r.fail(err)
			}
			return token, nil
		}
		var skipped json.RawMessage
		if err := r.in.Decode(&skipped); err != nil {
			return nil, r.fail(err)
		}
	}
	return nil, fmt.Errorf("the top of the file has no key %q for records", key)
}

func (r *jsonFile) fail(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		err = errors.New("the file ends within a value")
	}
	return fmt.Errorf("line %d: it is no JSON: %w", r.lines.at(r.in.InputOffset()), err)
}

func (r *jsonFile) Columns() []string { return nil }

func (r *jsonFile) Next() (*Record, error) {
	if !r.in.More() {
		if _, err := r.in.Token(); err != nil {
			return nil, r.fail(err)
		}
		if r.whole {
			return nil, r.end()
		}
		return nil, io.EOF
	}
	name := ""
	if r.entries {
		token, err := r.in.Token()
		if err != nil {
			return nil, r.fail(err)
		}
		name, _ = token.(string)
	}
	var raw json.RawMessage
	if err := r.in.Decode(&raw); err != nil {
		return nil, r.fail(err)
	}
	r.record.Row++
	r.record.Line = r.lines.at(r.in.InputOffset() - int64(len(raw)))
	v, err := decode(raw)
	if err != nil {
		return nil, r.fail(err) // unreachable: raw has been decoded before
	}
	if r.record.Tree = v; r.entries {
		r.record.Tree = map[string]any{"name": name, "value": v}
	}
	return &r.record, nil
}

// end is io.EOF where nothing follows the list or object.
func (r *jsonFile) end() error {
	_, err := r.in.Token() // More would take ] for the end
	var syntax *json.SyntaxError
	switch {
	case err == nil || errors.As(err, &syntax):
		return fmt.Errorf("line %d: something follows the list or object; a file with an object on each line is of the format jsonl", r.lines.at(r.in.InputOffset()))
	case errors.Is(err, io.EOF):
		return io.EOF
	}
	return r.fail(err)
}

// lineCounter remembers where lines begin, as far ahead as its reader has read.
type lineCounter struct {
	in     io.Reader
	offset int64
	line   int     // of what was asked for last, from 0
	breaks []int64 // offsets of the line breaks after it
}

func (c *lineCounter) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	for i, b := range p[:n] {
		if b == '\n' {
			c.breaks = append(c.breaks, c.offset+int64(i))
		}
	}
	c.offset += int64(n)
	return n, err
}

// at returns the line of an offset, from 1; offsets must not go back.
func (c *lineCounter) at(offset int64) int {
	n, _ := slices.BinarySearch(c.breaks, offset)
	c.line += n
	c.breaks = c.breaks[:copy(c.breaks, c.breaks[n:])]
	return c.line + 1
}

// MaxYAML is how many bytes a YAML file may have, since it is held in memory.
const MaxYAML = 256 << 20

// yamlFile gives the elements of a list, or the entries of a mapping.
type yamlFile struct {
	nodes   []*yaml.Node // elements, or keys and values in turn
	entries bool
	record  Record
}

func openYAML(t *text, o Options) (Reader, error) {
	data, err := io.ReadAll(io.LimitReader(t, MaxYAML+1))
	if err != nil {
		return nil, err
	}
	if len(data) > MaxYAML {
		return nil, fmt.Errorf("the file is larger than %d MiB; give it as JSON Lines", MaxYAML>>20)
	}
	loader, err := yaml.NewLoader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	var doc yaml.Node
	switch err := loader.Load(&doc); {
	case errors.Is(err, io.EOF) || err == nil && len(doc.Content) == 0:
		return nil, errors.New("the file is empty; write a list")
	case err != nil:
		return nil, fmt.Errorf("it is no YAML: %w", err)
	}
	top := doc.Content[0]
	if o.Records != "" {
		if top = entryOf(top, o.Records); top == nil {
			return nil, fmt.Errorf("the top of the file has no key %q for records", o.Records)
		}
	}
	switch top.Kind {
	case yaml.SequenceNode, yaml.MappingNode:
		return &yamlFile{nodes: top.Content, entries: top.Kind == yaml.MappingNode}, nil
	}
	return nil, fmt.Errorf("line %d: a single value stands where a list must", top.Line)
}

func entryOf(n *yaml.Node, key string) *yaml.Node {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

func (r *yamlFile) Columns() []string { return nil }

func (r *yamlFile) Next() (*Record, error) {
	if len(r.nodes) == 0 {
		return nil, io.EOF
	}
	n, name := r.nodes[0], ""
	r.nodes = r.nodes[1:]
	r.record.Row++
	r.record.Line = n.Line
	if r.entries {
		name, n, r.nodes = n.Value, r.nodes[0], r.nodes[1:]
	}
	v, err := ofYAML(n)
	if err != nil {
		return nil, &RecordError{Row: r.record.Row, Line: r.record.Line, Reason: err.Error()}
	}
	if r.record.Tree = v; r.entries {
		r.record.Tree = map[string]any{"name": name, "value": v}
	}
	return &r.record, nil
}

// ofYAML takes values as they are written: '15' and 15 are the text 15.
func ofYAML(n *yaml.Node) (any, error) {
	switch n.Kind {
	case yaml.MappingNode:
		m := make(map[string]any, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			v, err := ofYAML(n.Content[i+1])
			if err != nil {
				return nil, err
			}
			m[n.Content[i].Value] = v
		}
		return m, nil
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, e := range n.Content {
			v, err := ofYAML(e)
			if err != nil {
				return nil, err
			}
			list[i] = v
		}
		return list, nil
	case yaml.AliasNode:
		return nil, fmt.Errorf("line %d: the alias *%s stands here; write the value out", n.Line, n.Value)
	}
	if n.Tag == "!!null" {
		return nil, nil
	}
	return n.Value, nil
}

// Keys lists the paths of a tree down to its values, in order: id.bioguide, terms.
func Keys(tree any) []string {
	var all []string
	var walk func(prefix string, v any)
	walk = func(prefix string, v any) {
		m, ok := v.(map[string]any)
		if !ok {
			all = append(all, strings.TrimPrefix(prefix, "."))
			return
		}
		for _, k := range slices.Sorted(maps.Keys(m)) {
			walk(prefix+"."+k, m[k])
		}
	}
	walk("", tree)
	return all
}
