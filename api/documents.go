package api

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
)

// documents keeps the documents used last, parsed and found valid. Those of more
// than mostKeptBytes are not kept, so that clients cannot fill the memory.
type documents struct {
	graphql.Cache[*ast.QueryDocument]
}

const (
	keptDocuments = 500
	mostKeptBytes = 16 << 10
)

func newDocuments() documents {
	return documents{lru.New[*ast.QueryDocument](keptDocuments)}
}

// Add keeps a document unless it is large.
func (d documents) Add(ctx context.Context, text string, doc *ast.QueryDocument) {
	if len(text) <= mostKeptBytes {
		d.Cache.Add(ctx, text, doc)
	}
}
