package resolvers

import (
	"context"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"chancery/query"
)

// Shape is what one column of a table is made of.
type Shape = query.Shape

// Rows are some rows of a table, as JSON.
type Rows = query.Rows

// CitationShape is the shape of Rows.Citations, for one row.
var CitationShape = query.CitationShape

// Table is a query's answer as rows; see [query.Table].
type Table struct {
	table   *query.Table
	answers *answers
}

// OpenTable finds the rows of a query, by the context that the executor's
// DispatchOperation returned. It must be a query that could begin and has no
// @explain: one that [Basis] knows.
func OpenTable(ctx context.Context) (*Table, *gqlerror.Error) {
	a := ctx.Value(answersKey{}).(*answers)
	t, err := ctx.Value(operationKey{}).(*query.Operation).Table(ctx)
	if err != nil {
		return nil, a.errors.present(ctx, err)
	}
	return &Table{t, a}, nil
}

// Next reads the next rows; their JSON is nil when there are no more. ctx bounds
// the time for these. After an error, which the client may be shown, the table cannot be had.
func (t *Table) Next(ctx context.Context) (Rows, *gqlerror.Error) {
	rows, err := t.table.Next(ctx)
	if err != nil {
		return Rows{}, t.answers.errors.present(ctx, err)
	}
	return rows, nil
}

// Present turns an error of writing the rows into what the client is shown of it, by
// the table of all errors: one that it does not know is logged, and INTERNAL.
func (t *Table) Present(ctx context.Context, err error) *gqlerror.Error {
	return t.answers.errors.present(ctx, err)
}

// Shape is what the rows hold, citations left out.
func (t *Table) Shape() []Shape { return t.table.Shape() }

// Cited reports whether the rows come with citations.
func (t *Table) Cited() bool { return t.table.Cited() }

// Len is how many rows there are.
func (t *Table) Len() int { return t.table.Len() }

// Limit leaves out all rows after the first n.
func (t *Table) Limit(n int) { t.table.Limit(n) }

// KnownAt is the record time that the rows are read at.
func (t *Table) KnownAt() time.Time { return t.table.KnownAt() }

// Perspective is the perspective of the rows as JSON, as extensions.perspective
// has it.
func (t *Table) Perspective() []byte { return t.table.Perspective() }
