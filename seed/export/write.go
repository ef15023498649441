package export

import (
	"context"
	"io"

	"chancery/graph"
	"chancery/schema"
	"chancery/seed/history"
)

// Write writes a graph as it is at the newest commit; CSV as a zip of a folder. It
// looks at the options before it writes anything.
//
// The error is an *OptionError, a *graph.UnknownIDError for a source or an entity
// that was never seen, ctx.Err(), the store's or that of w.
func Write(ctx context.Context, g *graph.Graph, ontology *schema.Ontology, o Options, w io.Writer) error {
	if o.History {
		return history.Write(ctx, g.Latest(), w, o.Format.rdf(), o.Base)
	}
	return &OptionError{Option: paramHistory, Reason: "not yet"}
}
