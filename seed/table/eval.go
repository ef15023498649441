package table

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"chancery/seed/intake"
	"chancery/seed/table/format"
)

// fault is why a claim is rejected: a column, and what is wrong with it.
type fault struct{ column, reason string }

// scope is what the values of expressions are read from.
type scope struct {
	file      string
	heading   []string // the names of all columns
	columns   []int    // of refs, by slot; -1: none
	seen      []bool   // whether a tree has had the ref, by slot
	rec       *format.Record
	vars      []any    // of each, by slot
	variables []string // their names
	key       string   // of the claim
	memos     []memo   // of what functions make of cells, by slot of refs

	// Room that is used again and again, so that rows cost little: what eval
	// returns, what one returns, the values of a part, and a text being put together.
	many, single, inner []string
	text                []byte
}

// eval returns the values of an expression: none when a part of it is empty. They are
// valid until the next call.
func (s *scope) eval(e *expr) ([]string, *fault) {
	if text, ok := e.constant(); ok {
		s.many = append(s.many[:0], text)
		return s.many, nil
	}
	values, bad := s.evalInto(s.many[:0], e)
	if values != nil {
		s.many = values
	}
	return values, bad
}

// one is eval for where there may be one value at most.
func (s *scope) one(e *expr) (string, *fault) {
	if e == nil {
		return "", nil
	}
	if text, ok := e.constant(); ok {
		return text, nil
	}
	values, bad := s.evalInto(s.single[:0], e)
	if values != nil {
		s.single = values
	}
	switch {
	case bad != nil || len(values) == 0:
		return "", bad
	case len(values) > 1:
		return "", &fault{s.columnOf(e), fmt.Sprintf("%s has %d values, and one is allowed here", e.text, len(values))}
	}
	return values[0], nil
}

// columnOf names the first column of an expression.
func (s *scope) columnOf(e *expr) string {
	for _, p := range e.parts {
		if p.ref != nil && p.ref.special == "" {
			return p.ref.name
		}
	}
	return ""
}

// emptyOf names the first column of an expression that gives nothing.
func (s *scope) emptyOf(e *expr) string {
	for i := range e.parts {
		if e.parts[i].ref == nil {
			continue
		}
		if values, bad := s.part(nil, &e.parts[i]); bad == nil && len(values) == 0 {
			return e.parts[i].ref.name
		}
	}
	return s.columnOf(e)
}

// evalInto appends the values of an expression that is no constant.
func (s *scope) evalInto(buf []string, e *expr) ([]string, *fault) {
	if len(e.parts) == 1 {
		return s.part(buf, &e.parts[0])
	}
	s.text = s.text[:0]
	var list []string // of the one part that has several values
	at := 0           // where in the text it goes
	gaps := false     // whether a part is an empty text, by or ""
	for i := range e.parts {
		p := &e.parts[i]
		if p.ref == nil {
			s.text = append(s.text, p.text...)
			continue
		}
		values, bad := s.part(s.inner[:0], p)
		if values != nil {
			s.inner = values
		}
		switch {
		case bad != nil:
			return nil, bad
		case len(values) == 0:
			return buf[:0], nil
		case len(values) == 1:
			s.text = append(s.text, values[0]...)
			gaps = gaps || values[0] == ""
		case list != nil:
			return nil, &fault{p.ref.name, fmt.Sprintf("%s has two lists in one text; put one of them into each", e.text)}
		default:
			list, at = slices.Clone(values), len(s.text)
		}
	}
	text := strings.TrimSpace(string(s.text))
	if gaps {
		text = strings.Join(strings.Fields(text), " ")
	}
	if list == nil {
		if text == "" {
			return buf[:0], nil
		}
		return append(buf, text), nil
	}
	at = min(at, len(text))
	for _, v := range list {
		buf = append(buf, strings.TrimSpace(text[:at]+v+text[at:]))
	}
	return buf, nil
}

// part appends the values of one part.
func (s *scope) part(buf []string, p *part) ([]string, *fault) {
	if len(p.calls) == 0 {
		return s.value(buf, p.ref), nil
	}
	var m *memo
	cell := ""
	if s.rec.Cells != nil && p.ref.variable < 0 && p.ref.special == "" {
		m, cell = &s.memos[p.ref.slot], s.cell(p.ref)
		if known, ok := m.get(cell); ok {
			return append(buf, known.values...), known.bad
		}
	}
	values := s.value(buf, p.ref)
	for i := range p.calls {
		var err error
		if values, err = p.calls[i].do(values); err != nil {
			bad := &fault{p.ref.name, err.Error()}
			m.put(cell, nil, bad)
			return nil, bad
		}
	}
	m.put(cell, values, nil)
	return values, nil
}

// value appends what a ref stands for; nothing for an empty cell.
func (s *scope) value(buf []string, r *ref) []string {
	switch r.special {
	case "row":
		return append(buf, strconv.Itoa(s.rec.Row))
	case "line":
		return append(buf, strconv.Itoa(s.rec.Line))
	case "file":
		return append(buf, s.file)
	case "key":
		return append(buf, s.key)
	}
	if r.variable < 0 && s.rec.Cells != nil {
		if text := strings.TrimSpace(s.cell(r)); text != "" {
			return append(buf, text)
		}
		return buf
	}
	return texts(buf, s.tree(r))
}

// cell is what stands in the column of a ref; nothing where the file has no such column.
func (s *scope) cell(r *ref) string {
	if i := s.columns[r.slot]; i >= 0 {
		return s.rec.Cells[i]
	}
	return ""
}

// tree returns what a ref leads to in a tree or a variable.
func (s *scope) tree(r *ref) any {
	from := s.rec.Tree
	if r.variable >= 0 {
		from = s.vars[r.variable]
	}
	found := follow(from, r.path)
	if found != nil {
		s.seen[r.slot] = true
	}
	return found
}

// texts appends the texts of a tree: itself, or the elements of a list. An object has none.
func texts(buf []string, v any) []string {
	switch v := v.(type) {
	case string:
		if v = strings.TrimSpace(v); v != "" {
			return append(buf, v)
		}
	case []any:
		for _, e := range v {
			buf = texts(buf, e)
		}
	}
	return buf
}

func entriesOf(m map[string]any) []any {
	var all []any
	for _, name := range slices.Sorted(maps.Keys(m)) {
		all = append(all, map[string]any{"name": name, "value": m[name]})
	}
	return all
}

// list returns what a variable runs through: texts, or parts of the tree. An object
// gives its entries, with name and value.
func (s *scope) list(e *expr) ([]any, *fault) {
	p := &e.parts[0]
	if p.ref.special == "cells" {
		return s.cells(), nil
	}
	if len(p.calls) == 0 && (p.ref.variable >= 0 || s.rec.Cells == nil) {
		switch v := s.tree(p.ref).(type) {
		case []any:
			return v, nil
		case map[string]any:
			return entriesOf(v), nil
		case string:
			if v = strings.TrimSpace(v); v != "" {
				return []any{v}, nil
			}
		}
		return nil, nil
	}
	values, bad := s.part(nil, p)
	if bad != nil {
		return nil, bad
	}
	all := make([]any, len(values))
	for i, v := range values {
		all[i] = v
	}
	return all, nil
}

// cells are those of the record that are filled, with name and value; of a tree, its entries.
func (s *scope) cells() (all []any) {
	if tree, ok := s.rec.Tree.(map[string]any); ok {
		return entriesOf(tree)
	}
	for i, cell := range s.rec.Cells {
		if cell = strings.TrimSpace(cell); cell != "" && s.heading[i] != "" {
			all = append(all, map[string]any{"name": s.heading[i], "value": cell})
		}
	}
	return all
}

// meets reports whether all conditions hold. A value that is a list meets one when any of it does.
func (s *scope) meets(when []condition) (bool, *fault) {
	for i := range when {
		c := &when[i]
		if c.exists && s.isTree(c.value) {
			if s.isThere(s.tree(c.value.parts[0].ref)) == c.not {
				return false, nil
			}
			continue
		}
		values, bad := s.eval(c.value)
		if bad != nil {
			return false, bad
		}
		holds := c.exists && len(values) > 0
		for _, v := range values {
			holds = holds || !c.exists && c.holds(v)
		}
		if holds == c.not {
			return false, nil
		}
	}
	return true, nil
}

// isTree reports whether a value is a part of a tree as it stands.
func (s *scope) isTree(e *expr) bool {
	return len(e.parts) == 1 && e.parts[0].ref != nil && len(e.parts[0].calls) == 0 && e.parts[0].ref.special == "" &&
		(s.rec.Cells == nil || e.parts[0].ref.variable >= 0)
}

// isThere reports whether there is something: a text, an element or an entry.
func (s *scope) isThere(tree any) bool {
	switch t := tree.(type) {
	case string:
		return strings.TrimSpace(t) != ""
	case []any:
		return len(t) > 0
	case map[string]any:
		return len(t) > 0
	}
	return false
}

// forEach calls do for each setting of the variables.
func (s *scope) forEach(all []each, do func() error, reject func(*fault) error) error {
	if len(all) == 0 {
		return do()
	}
	items, bad := s.list(all[0].list)
	if bad != nil {
		return reject(bad)
	}
	before := s.vars[all[0].variable]
	for _, item := range items {
		s.vars[all[0].variable] = item
		if err := s.forEach(all[1:], do, reject); err != nil {
			return err
		}
	}
	s.vars[all[0].variable] = before
	return nil
}

// place is where a fault stands in the file.
func (s *scope) place(column string) intake.Place {
	if cell, ok := s.ofCells(column); ok {
		column = cell
	}
	return intake.Place{File: s.file, Line: s.rec.Line, Row: s.rec.Row, Column: column}
}

// ofCells is the column that a value of <#cells> stands in. In a table, nothing else that a
// variable runs through has parts.
func (s *scope) ofCells(name string) (column string, ok bool) {
	variable, _, _ := strings.Cut(name, ".")
	i := slices.Index(s.variables, variable)
	if i < 0 || s.heading == nil {
		return "", false
	}
	cell, _ := s.vars[i].(map[string]any)
	column, ok = cell["name"].(string)
	return column, ok
}
