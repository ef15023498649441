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
//
// Memory: the claims of one commit, 65,536 ids where rows are sorted, and, but for a
// history, two bits for each entity and one for each claim. Cost: what is told is read
// two or three times.
func Write(ctx context.Context, g *graph.Graph, ontology *schema.Ontology, o Options, w io.Writer) error {
	if o.Base == "" {
		o.Base = DefaultBase
	}
	if o.History {
		return history.Write(ctx, g.Latest(), w, o.Format.rdf(), o.Base)
	}
	view, err := g.View(ctx, o.Perspective)
	if err != nil {
		return err
	}
	times := g.Latest().Times() // those of the view and perhaps later ones, of which it has no claims
	s, err := selected(ctx, view, ontology, &o)
	if err != nil {
		return err
	}
	switch o.Format {
	case CSV:
		return s.tables(ctx, w, times)
	case GraphML:
		return s.graphML(ctx, w)
	}
	return s.excerpt(ctx, w, &o, times)
}
