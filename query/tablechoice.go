package query

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// candidate is a connection that an operation selects.
type candidate struct {
	path   []*selected // from the root field to the connection
	marked bool
	inList string // the list that it is within, by its key; "": none
}

func (c candidate) connection() *selected { return c.path[len(c.path)-1] }

// choose finds the connection whose nodes are the rows, and returns the path to it.
func (t *Table) choose() ([]*selected, *Error) {
	all, bad := t.run.candidates(nil, t.op.request.Operation.SelectionSet, "")
	if bad != nil {
		return nil, bad
	}
	marked := slices.DeleteFunc(slices.Clone(all), func(c candidate) bool { return !c.marked })
	if len(marked) > 1 {
		return nil, chosenError(marked[1], "two connections are marked @rows: mark the one whose nodes become the rows")
	}
	fit := marked
	if len(fit) == 0 {
		fit = slices.DeleteFunc(slices.Clone(all), func(c candidate) bool { return c.inList != "" })
	}
	switch {
	case len(all) == 0:
		return nil, errorf(BadUserInput, "the operation selects no connection, and the rows of a table are the nodes of one: select one, such as visits { nodes { id } }")
	case len(fit) == 0:
		return nil, chosenError(all[0], "every connection of the operation is within a list (here %q), and the rows of a table are the nodes of one connection: select one at the root, with where", all[0].inList)
	case fit[0].inList != "":
		return nil, chosenError(fit[0], "@rows marks a connection within the list %q, and the rows of a table are the nodes of one connection: select it at the root, with where", fit[0].inList)
	}
	chosen := fit[0]
	for _, other := range all {
		if other.connection() != chosen.connection() && slices.ContainsFunc(other.connection().fields, func(f *ast.Field) bool { return slices.Contains(chosen.connection().fields, f) }) {
			return nil, chosenError(chosen, "the connection is in a fragment that is spread in two places: write it out where its nodes become the rows")
		}
	}
	t.chosen = chosen.connection()
	return chosen.path, nil
}

func chosenError(c candidate, format string, args ...any) *Error {
	bad := errorf(BadUserInput, format, args...)
	for _, s := range c.path {
		bad.Path = append(bad.Path, ast.PathName(s.key))
	}
	bad.Position = c.connection().fields[0].Position
	return bad
}

// candidates are the connections below a place, in the order of the document.
func (r *run) candidates(path []*selected, selections ast.SelectionSet, inList string) ([]candidate, *Error) {
	var out []candidate
	for _, s := range r.selected(selections) {
		here := append(slices.Clone(path), s)
		c := candidate{path: here, inList: inList, marked: slices.ContainsFunc(s.fields, func(f *ast.Field) bool { return f.Directives.ForName("rows") != nil })}
		t := s.definition().Type
		def := r.ontology.Schema.Types[t.Name()]
		if def.Fields.ForName("pageInfo") != nil && def.Fields.ForName("nodes") != nil {
			out = append(out, c)
		} else if c.marked {
			return nil, chosenError(c, "@rows marks %q, which is no connection: mark one, whose nodes become the rows", s.key)
		}
		if s.fields[0].Name == "__schema" || s.fields[0].Name == "__type" {
			continue
		}
		within := inList
		if within == "" && t.Elem != nil {
			within = s.key
		}
		below, bad := r.candidates(here, s.selections(), within)
		if bad != nil {
			return nil, bad
		}
		out = append(out, below...)
	}
	return out, nil
}

// rowsOf finds what of the chosen connection the rows are: its nodes or its edges.
func (t *Table) rowsOf() (*selected, *Error) {
	var rows *selected
	at := candidate{path: []*selected{t.chosen}}
	for _, s := range t.run.selected(t.chosen.selections()) {
		if name := s.fields[0].Name; name != "nodes" && name != "edges" {
			continue
		}
		if rows != nil {
			return nil, chosenError(at, "%q has rows twice, as %s and as %s: leave one of them out", t.chosen.key, rows.key, s.key)
		}
		rows = s
	}
	if rows == nil {
		return nil, chosenError(at, "%q selects no nodes, which would be the rows: select them, %s { nodes { id } }", t.chosen.key, t.chosen.key)
	}
	return rows, nil
}
