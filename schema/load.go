package schema

import (
	_ "embed"

	"github.com/vektah/gqlparser/v2/ast"
)

//go:embed generated.graphql
var served string

// Load returns the ontology of the schema that is served. Each call compiles it
// anew, in some tens of milliseconds; callers keep it.
//
// The error is that of Compile: it can come only from an edit of the generated
// file, or from sources that were generated but never tested.
func Load() (*Ontology, error) {
	return Compile(&ast.Source{Name: "schema/generated.graphql", Input: served})
}
