package table

import (
	"fmt"
	"strconv"
	"strings"
)

// expr is a text with places for values: person/<who>, <since | date>.
type expr struct {
	text  string // as it is written
	at    place
	parts []part
	bad   bool // a fault has been told
}

// part is a piece of text, or a value between angle brackets.
type part struct {
	text  string // when ref is nil
	ref   *ref
	calls []call
}

// ref names a value of the row: a column, a path of a tree, a variable of each,
// or something about the row itself.
type ref struct {
	name string // as it is written
	at   place
	slot int // its number in the mapping; columns are bound by it
	// quoted marks a name in quotes: always a column or path, never a variable.
	quoted bool
	// optional allows files that have no such column or path.
	optional bool
	// sparing has a fault in the value cost the field alone, not the claim.
	sparing bool
	// special is row, line, file, key or cells for <#row> and so on.
	special string
	// variable is the slot of the variable of each that the path begins at; -1: the record.
	variable int
	path     []step
}

// step is one step of a path: a key, or a place in a list, negative from its end.
type step struct {
	key   string
	index int
	list  bool
}

// call is a function with its arguments, as compiled.
type call struct {
	name string
	do   func(values []string) ([]string, error)
}

// constant returns the text of an expression without values.
func (e *expr) constant() (string, bool) {
	switch {
	case len(e.parts) == 0:
		return "", true
	case len(e.parts) == 1 && e.parts[0].ref == nil:
		return e.parts[0].text, true
	}
	return "", false
}

// parseExpr reads an expression. at is the place of its first character.
func (p *parser) parseExpr(text string, at place) *expr {
	e := &expr{text: text, at: at}
	fail := func(offset int, format string, args ...any) *expr {
		p.add(place{at.line, at.column + offset}, "", format, args...)
		e.bad = true
		return e
	}
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			e.parts = append(e.parts, part{text: b.String()})
			b.Reset()
		}
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text) && strings.IndexByte(`<>\`, text[i+1]) >= 0:
			i++
			b.WriteByte(text[i])
		case c == '>':
			return fail(i, `the > has no < before it; a > that is text is written \>`)
		case c == '<':
			end := closing(text, i+1)
			if end < 0 {
				return fail(i, `the < has no > after it; a < that is text is written \<`)
			}
			flush()
			if piece, ok := p.parseValue(text[i+1:end], place{at.line, at.column + i + 1}); ok {
				e.parts = append(e.parts, piece)
			} else {
				e.bad = true
			}
			i = end
		default:
			b.WriteByte(c)
		}
	}
	flush()
	return e
}

// closing finds the > that ends a value, past what stands in quotes.
func closing(s string, from int) int {
	quoted := false
	for i := from; i < len(s); i++ {
		switch {
		case quoted && s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == '>' && !quoted:
			return i
		}
	}
	return -1
}

// parseValue reads what stands between < and >: a name, and functions after bars.
func (p *parser) parseValue(s string, at place) (part, bool) {
	pieces := cutBars(s)
	name := strings.TrimSpace(pieces[0].text)
	r := &ref{name: name, at: place{at.line, at.column + leading(pieces[0].text)}, variable: -1, slot: len(p.m.refs)}
	if unquoted, err := strconv.Unquote(name); err == nil && strings.HasPrefix(name, `"`) {
		r.name, r.quoted = unquoted, true
	}
	if r.name == "" {
		p.add(at, "", "a column's name is missing between < and >")
		return part{}, false
	}
	if special, ok := strings.CutPrefix(r.name, "#"); ok && !r.quoted {
		switch special {
		case "row", "line", "file", "key", "cells":
			r.special = special
		default:
			p.add(r.at, "", "<#%s> is nothing; there are <#row>, <#line>, <#file>, <#key> and <#cells>", special)
			return part{}, false
		}
	}
	if r.special == "cells" && (len(pieces) > 1 || !p.inEach) {
		p.add(r.at, "", "<#cells> are for each alone, and take no functions: each: {cell: <#cells>}; then there are <cell.name> and <cell.value>")
		return part{}, false
	}
	p.m.refs = append(p.m.refs, r)
	out := part{ref: r}
	for _, piece := range pieces[1:] {
		where := place{at.line, at.column + piece.offset + leading(piece.text)}
		words, err := splitWords(piece.text)
		if err != nil {
			p.add(where, "", "%v", err)
			continue
		}
		if len(words) == 0 {
			p.add(where, "", "a function is missing after |")
			continue
		}
		do, err := p.function(words[0], words[1:])
		if err != nil {
			p.add(where, "", "%v", err)
			continue
		}
		if do == nil {
			r.optional = r.optional || words[0] == "optional"
			r.sparing = r.sparing || words[0] == "sparing"
			continue
		}
		out.calls = append(out.calls, call{words[0], do})
	}
	return out, true
}

func leading(s string) int { return len(s) - len(strings.TrimLeft(s, " ")) }

type piece struct {
	text   string
	offset int
}

// cutBars cuts at the bars that do not stand in quotes.
func cutBars(s string) []piece {
	var all []piece
	quoted, from := false, 0
	for i := 0; i < len(s); i++ {
		switch {
		case quoted && s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == '|' && !quoted:
			all = append(all, piece{s[from:i], from})
			from = i + 1
		}
	}
	return append(all, piece{s[from:], from})
}

// splitWords cuts at blanks; what has blanks of its own stands in double quotes,
// in which \" and \\ stand for " and \, and any other \ for itself.
func splitWords(s string) ([]string, error) {
	var words []string
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		if s[0] != '"' {
			end := strings.IndexAny(s, " \t")
			if end < 0 {
				end = len(s)
			}
			words, s = append(words, s[:end]), s[end:]
			continue
		}
		var b strings.Builder
		i := 1
		for ; i < len(s) && s[i] != '"'; i++ {
			if s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\') {
				i++
			}
			b.WriteByte(s[i])
		}
		if i == len(s) {
			return nil, fmt.Errorf("the quote before %s is not closed", s[1:])
		}
		words, s = append(words, b.String()), s[i+1:]
	}
	return words, nil
}

// parsePath reads terms[-1].start.
func parsePath(s string) ([]step, error) {
	var path []step
	for _, key := range strings.Split(s, ".") {
		name, rest, indexed := strings.Cut(key, "[")
		if name != "" {
			path = append(path, step{key: name})
		} else if !indexed || len(path) == 0 && key != s {
			return nil, fmt.Errorf("%q is no path; paths are written id.bioguide or terms[-1].start", s)
		}
		for indexed {
			digits, after, closed := strings.Cut(rest, "]")
			n, err := strconv.Atoi(digits)
			if err != nil || !closed || after != "" && after[0] != '[' {
				return nil, fmt.Errorf("%q is no path: between [ and ] stands a number, 0 for the first and -1 for the last", s)
			}
			path = append(path, step{index: n, list: true})
			_, rest, indexed = strings.Cut(after, "[")
		}
	}
	return path, nil
}

// follow takes a path through a tree; nil when there is nothing.
func follow(tree any, path []step) any {
	for _, s := range path {
		switch t := tree.(type) {
		case map[string]any:
			if s.list {
				return nil
			}
			tree = t[s.key]
		case []any:
			i := s.index
			if i < 0 {
				i += len(t)
			}
			if !s.list || i < 0 || i >= len(t) {
				return nil
			}
			tree = t[i]
		default:
			return nil
		}
	}
	return tree
}
