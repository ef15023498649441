package query_test

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"
)

// shrink cuts the document down, one selection, argument or key at a time, as
// long as the answers still differ in the same way: by an answer or by a failure.
func (w *both) shrink(r request) request {
	_, _, failed := w.run(r)
	tries := 0
	for n := 0; tries < 2000; n++ {
		text, ok := cut(r.Document, n)
		if !ok {
			break
		}
		tries++
		smaller := request{text, map[string]any{}, r.Perspective}
		for name, v := range r.Variables {
			if strings.Contains(text, "$"+name) {
				smaller.Variables[name] = v
			}
		}
		if _, _, err := smaller.parse(w.o); err != nil {
			continue
		}
		if _, _, err := w.run(smaller); (err != nil) == (failed != nil) && w.differ(smaller) != "" {
			r, n = smaller, -1
		}
	}
	if r.Perspective != nil {
		if smaller := (request{r.Document, r.Variables, nil}); w.differ(smaller) != "" {
			return smaller
		}
	}
	return r
}

// cut leaves out the nth thing of a document that can be left out, and what is
// then unused.
func cut(text string, n int) (string, bool) {
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		return "", false
	}
	c := &cutter{n: n}
	op := doc.Operations[0]
	c.directives(&op.Directives)
	c.selections(&op.SelectionSet)
	for _, f := range doc.Fragments {
		c.selections(&f.SelectionSet)
	}
	if c.n >= 0 {
		return "", false
	}
	printed := func() string {
		var b strings.Builder
		formatter.NewFormatter(&b).FormatQueryDocument(doc)
		return b.String()
	}
	for again := true; again; {
		before := len(doc.Fragments)
		all := printed()
		doc.Fragments = slices.DeleteFunc(doc.Fragments, func(f *ast.FragmentDefinition) bool {
			return !strings.Contains(all, "... "+f.Name+"\n") && !strings.Contains(all, "... "+f.Name+" ") &&
				!strings.Contains(all, "..."+f.Name+"\n") && !strings.Contains(all, "..."+f.Name+" ")
		})
		again = len(doc.Fragments) < before
	}
	all := printed()
	op.VariableDefinitions = slices.DeleteFunc(op.VariableDefinitions, func(v *ast.VariableDefinition) bool {
		return strings.Count(all, "$"+v.Variable) == 1 ||
			strings.Count(all, "$"+v.Variable+":") == strings.Count(all, "$"+v.Variable)
	})
	return printed(), true
}

// cutter counts down to the thing to leave out; n is negative once it is out.
type cutter struct{ n int }

// here reports whether the next thing is the one.
func (c *cutter) here() bool {
	c.n--
	return c.n == -1
}

func (c *cutter) selections(set *ast.SelectionSet) {
	for i := 0; i < len(*set); i++ {
		if len(*set) > 1 && c.here() {
			*set = slices.Delete(*set, i, i+1)
			return
		}
		switch s := (*set)[i].(type) {
		case *ast.Field:
			c.directives(&s.Directives)
			c.arguments(&s.Arguments)
			c.selections(&s.SelectionSet)
		case *ast.InlineFragment:
			if c.here() {
				*set = slices.Replace(*set, i, i+1, s.SelectionSet...)
				return
			}
			c.directives(&s.Directives)
			c.selections(&s.SelectionSet)
		case *ast.FragmentSpread:
			c.directives(&s.Directives)
		}
	}
}

func (c *cutter) directives(list *ast.DirectiveList) {
	for i := range *list {
		if c.here() {
			*list = slices.Delete(*list, i, i+1)
			return
		}
		c.arguments(&(*list)[i].Arguments)
	}
}

func (c *cutter) arguments(list *ast.ArgumentList) {
	for i := range *list {
		if c.here() {
			*list = slices.Delete(*list, i, i+1)
			return
		}
		c.value((*list)[i].Value)
	}
}

func (c *cutter) value(v *ast.Value) {
	for i := range v.Children {
		if c.here() {
			v.Children = slices.Delete(v.Children, i, i+1)
			return
		}
		c.value(v.Children[i].Value)
	}
}
