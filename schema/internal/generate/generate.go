// Package generate turns the ontology's sources (schema/ontology/*.graphql)
// into the one SDL that is served: types with their inherited fields, and for
// every class its connection, filter, order, group keys and roots.
//
// It works on syntax alone: what is wrong with a class or a field is found by
// schema.Compile, which reads the result.
package generate

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// Sources reads the *.graphql files of the top folder of fsys, in the order of
// their names.
func Sources(fsys fs.FS) ([]*ast.Source, error) {
	names, err := fs.Glob(fsys, "*.graphql")
	if err != nil {
		return nil, err
	}
	var sources []*ast.Source
	for _, name := range names {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		sources = append(sources, &ast.Source{Name: path.Base(name), Input: string(text)})
	}
	return sources, nil
}

// Generate returns the served SDL that the sources stand for. The same version
// and sources, in the same order, give the same text.
//
// The error is a syntax error with its file and line, or names the types whose
// generated parts would collide.
func Generate(version string, sources []*ast.Source) (string, error) {
	doc, err := parser.ParseSchemas(sources...)
	if err != nil {
		return "", err
	}
	m, err := newModel(doc)
	if err != nil {
		return "", err
	}
	m.inherit()

	served := &ast.SchemaDocument{}
	for _, d := range doc.Directives {
		if !sourceOnly[d.Name] {
			served.Directives = append(served.Directives, d)
		}
	}
	for _, def := range doc.Definitions {
		served.Definitions = append(served.Definitions, def)
		l := m.listed[def.Name]
		if l == nil {
			continue
		}
		derived, err := m.derive(l)
		if err != nil {
			return "", err
		}
		served.Definitions = append(served.Definitions, derived...)
		if def.Name == entity {
			served.Definitions = append(served.Definitions, m.classEnum())
		}
	}
	if err := m.roots(); err != nil {
		return "", err
	}
	m.rewrite()

	var b strings.Builder
	fmt.Fprintf(&b, "# Generated from ontology/*.graphql by go generate. Do not edit.\n# version: %s\n", version)
	write(&b, served)
	return b.String(), nil
}

// derive returns the types that follow from one class or listed type.
func (m *model) derive(l *list) (ast.DefinitionList, error) {
	defs := ast.DefinitionList{m.connection(l), m.edge(l)}
	if l.generated {
		where, err := m.where(l)
		if err != nil {
			return nil, err
		}
		defs = append(defs, m.groupEnum(l), where, m.order(l))
	}
	defs = append(defs, m.listInput(l))
	kept := defs[:0]
	for _, d := range defs {
		if d != nil {
			kept = append(kept, d)
		}
	}
	return kept, nil
}
