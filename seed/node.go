package seed

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// MaxSize is how many bytes a document may have.
const MaxSize = 16 << 20

// maxErrors is how many faults of one document are listed.
const maxErrors = 100

// place is where something stands in a file.
type place struct{ line, column int }

func placeOf(n *yaml.Node) place { return place{n.Line, n.Column} }

// parse reads the one YAML document of a file; nil with an error.
func parse(name string, r io.Reader) (*yaml.Node, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	fail := func(at place, format string, args ...any) (*yaml.Node, error) {
		return nil, Errors{{File: name, Line: at.line, Column: at.column, Reason: fmt.Sprintf(format, args...)}}
	}
	if len(data) > MaxSize {
		return fail(place{}, "it is larger than %d MiB; split it into several documents", MaxSize>>20)
	}
	if at, bad := badCharacter(data); bad != "" {
		return fail(at, "%s", bad)
	}
	loader, err := yaml.NewLoader(strings.NewReader(string(data)))
	if err != nil {
		return fail(place{}, "%v", err)
	}
	var doc, next yaml.Node
	switch err := loader.Load(&doc); {
	case errors.Is(err, io.EOF) || err == nil && len(doc.Content) == 0:
		return fail(place{1, 1}, "it is empty; write source and claims")
	case err != nil:
		at, reason := syntax(err)
		return fail(at, "%s", reason)
	}
	switch err := loader.Load(&next); {
	case err == nil:
		return fail(placeOf(&next), "a second YAML document begins here; a file has one")
	case !errors.Is(err, io.EOF):
		at, reason := syntax(err)
		return fail(at, "%s", reason)
	}
	return doc.Content[0], nil
}

// syntax takes apart what the YAML parser says.
func syntax(err error) (place, string) {
	var e *yaml.LoadError
	if !errors.As(err, &e) {
		return place{}, "it is no YAML: " + err.Error()
	}
	reason := "it is no YAML: " + e.Message
	if e.ContextMsg != "" {
		reason += " " + e.ContextMsg
	}
	at := place{e.Mark.Line, e.Mark.Column}
	if at.line == 0 {
		at = place{e.ContextMark.Line, e.ContextMark.Column}
	}
	return at, reason
}

// badCharacter finds what no YAML may hold, since the parser does not say where it is.
func badCharacter(data []byte) (place, string) {
	at := place{1, 1}
	for len(data) > 0 {
		r, n := utf8.DecodeRune(data)
		switch {
		case r == utf8.RuneError && n == 1:
			return at, fmt.Sprintf("the byte %#02x is not UTF-8; save the file as UTF-8", data[0])
		case r == '\n':
			at = place{at.line + 1, 0}
		case r == '\t', r == '\r' && strings.HasPrefix(string(data[n:min(len(data), n+1)]), "\n"):
		case r < ' ', r >= 0x7f && r < 0xa0, r >= 0xfffe && r <= 0xffff:
			return at, fmt.Sprintf("the control character %U is not allowed; take it out", r)
		}
		data = data[n:]
		at.column++
	}
	return place{}, ""
}

// reader turns nodes into a Document and collects what is wrong.
type reader struct {
	file  string
	claim string // id of the claim that is being read
	errs  Errors
}

func (r *reader) fail(at place, field, format string, args ...any) {
	if len(r.errs) < maxErrors {
		r.errs = append(r.errs, &Error{
			File: r.file, Line: at.line, Column: at.column,
			Claim: r.claim, Field: field, Reason: fmt.Sprintf(format, args...),
		})
	}
}

// entry is one key of a mapping.
type entry struct {
	key   string
	at    place // of the key
	value *yaml.Node
}

// mapping returns the entries of a mapping in their order, each key once.
func (r *reader) mapping(n *yaml.Node, field, want string) []entry {
	if n.Kind != yaml.MappingNode {
		r.fail(placeOf(n), field, "%s stands here; write %s", kindOf(n), want)
		return nil
	}
	var all []entry
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		text, ok := r.scalar(key, field)
		switch {
		case !ok:
		case seen[text]:
			r.fail(placeOf(key), field, "%s stands here a second time; put its values together", text)
		default:
			seen[text] = true
			all = append(all, entry{text, placeOf(key), value})
		}
	}
	return all
}

// sequence returns the items of a list; what is no list is a list of itself.
func (r *reader) sequence(n *yaml.Node, field string) []*yaml.Node {
	if n.Kind != yaml.SequenceNode {
		return []*yaml.Node{n}
	}
	if len(n.Content) == 0 {
		r.fail(placeOf(n), field, "the list is empty; leave the key out")
	}
	return n.Content
}

// scalar returns a single value as it is written: YAML's ideas of numbers, dates
// and booleans do not matter here.
func (r *reader) scalar(n *yaml.Node, field string) (string, bool) {
	switch {
	case n.Kind != yaml.ScalarNode:
		r.fail(placeOf(n), field, "%s stands here; write a single value%s", kindOf(n), inQuotes(n))
	case n.Anchor != "":
		r.fail(placeOf(n), field, "the anchor &%s stands here; write the value out wherever it is needed", n.Anchor)
	case n.Tag == "!!null":
		r.fail(placeOf(n), field, "the value is missing; write one, or leave the key out")
	case n.Style&yaml.TaggedStyle != 0:
		r.fail(placeOf(n), field, "the tag %s stands here; write the value alone", n.Tag)
	default:
		return n.Value, true
	}
	return "", false
}

// inQuotes is the remedy when a date in brackets or braces was read as YAML's own.
func inQuotes(n *yaml.Node) string {
	if n.Style&yaml.FlowStyle != 0 {
		return `; a date in brackets or braces goes into quotes, as in "[..2025-10-31]"`
	}
	return ""
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
