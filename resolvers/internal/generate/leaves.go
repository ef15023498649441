package main

import (
	"strings"

	"github.com/99designs/gqlgen/codegen/config"
	"github.com/vektah/gqlparser/v2/ast"
)

// result names the scalar that every root field has in the schema that gqlgen
// generates code for.
const result = "Result"

// leaves is a gqlgen plugin that makes each root field a leaf. Package query
// answers it whole, arguments and selections included, so gqlgen needs no type
// of the ontology, no argument and no filter.
type leaves struct{}

// Name is how gqlgen calls the plugin in its errors.
func (leaves) Name() string { return "leaves" }

// MutateConfig leaves nothing in the schema but the root types, the scalar
// Result and what GraphQL itself defines.
func (leaves) MutateConfig(cfg *config.Config) error { //nolint:unparam // the signature is gqlgen's
	schema := cfg.Schema
	kept := map[string]*ast.Definition{}
	for name, def := range schema.Types {
		if def.BuiltIn || cfg.IsRoot(def) {
			kept[name] = def
		}
	}
	kept[result] = &ast.Definition{Kind: ast.Scalar, Name: result, Position: schema.Query.Position}
	schema.Types = kept
	schema.PossibleTypes = map[string][]*ast.Definition{}
	schema.Implements = map[string][]*ast.Definition{}
	for name, def := range kept {
		if def.Kind == ast.Object {
			schema.AddPossibleType(name, def)
		}
	}
	for name, directive := range schema.Directives {
		if !directive.Position.Src.BuiltIn {
			delete(schema.Directives, name)
		}
	}
	for _, root := range []*ast.Definition{schema.Query, schema.Mutation, schema.Subscription} {
		if root != nil {
			makeLeaves(root)
		}
	}
	return nil
}

func makeLeaves(root *ast.Definition) {
	root.Directives = nil
	for _, field := range root.Fields {
		if strings.HasPrefix(field.Name, "__") {
			continue
		}
		field.Type = &ast.Type{NamedType: result, NonNull: field.Type.NonNull, Position: field.Type.Position}
		field.Arguments = nil
		field.Directives = nil
	}
}
