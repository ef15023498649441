package api

import (
	"context"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
)

// documents keeps the documents used last, parsed and found valid. Those of more
// than mostKeptBytes are not kept, so that clients cannot fill the memory.
type documents struct {
	graphql.Cache[*ast.QueryDocument]
	stats *CacheStats
}

// CacheStats count the looks into a cache; the zero value has none. Any number of
// goroutines may use it.
type CacheStats struct{ hits, misses atomic.Int64 }

// Hits returns how many looks found what they were for.
func (c *CacheStats) Hits() int64 { return c.hits.Load() }

// Misses returns how many did not.
func (c *CacheStats) Misses() int64 { return c.misses.Load() }

const (
	keptDocuments = 500
	mostKeptBytes = 16 << 10
)

func newDocuments(stats *CacheStats) documents {
	return documents{lru.New[*ast.QueryDocument](keptDocuments), stats}
}

// Get returns a document that is kept, and counts the look.
func (d documents) Get(ctx context.Context, text string) (*ast.QueryDocument, bool) {
	doc, ok := d.Cache.Get(ctx, text)
	if ok {
		d.stats.hits.Add(1)
	} else {
		d.stats.misses.Add(1)
	}
	return doc, ok
}

// Add keeps a document unless it is large.
func (d documents) Add(ctx context.Context, text string, doc *ast.QueryDocument) {
	if len(text) <= mostKeptBytes {
		d.Cache.Add(ctx, text, doc)
	}
}
