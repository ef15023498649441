package seed

import (
	"context"
	"embed"
	"fmt"
	"time"

	"chancery/graph"
	"chancery/schema"
	"chancery/seed/check"
)

//go:embed *.yaml
var files embed.FS

// documents names the embedded files in the order in which they are recorded:
// each may speak of entities that one before it gives a class.
var documents = [...]string{
	"c5-plus-1-summit.yaml",
	"background.yaml",
	"unicode-cldr.yaml",
}

// recordedBy is what the seed's claims are recorded by.
const recordedBy = "seed"

// Load records the embedded documents at the time given, each in one commit,
// after all of them have passed the check. A document whose source the graph has
// claims about from an earlier Load is left as it is, so that Load can run at
// every start.
// The error is Errors when a document is at fault, else the graph's or ctx.Err().
func Load(ctx context.Context, g *graph.Graph, o *schema.Ontology, at time.Time) error {
	view, err := g.View(ctx, graph.Perspective{})
	if err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	classOf, failed := check.Known(ctx, view, o)
	batches, err := claims(o, classOf)
	if failed() != nil {
		return fmt.Errorf("seed: reading the classes that the graph knows: %w", failed())
	}
	if err != nil {
		return err
	}
	for i, batch := range batches {
		if id, ok := view.Node(batch[0].ID); ok && view.Record(id).Exists {
			continue
		}
		if _, err := g.Apply(ctx, graph.Changes{Record: batch, At: at}); err != nil {
			return fmt.Errorf("seed: recording %s: %w", documents[i], err)
		}
	}
	return nil
}

// claims returns the claims of each embedded document, checked.
func claims(o *schema.Ontology, before func(id string) (*schema.Class, bool)) ([][]graph.Claim, error) {
	given := map[string]*schema.Class{}
	classOf := func(id string) (*schema.Class, bool) {
		if c, ok := given[id]; ok {
			return c, true
		}
		return before(id)
	}
	var batches [][]graph.Claim
	for _, name := range documents {
		batch, err := embedded(name, o, classOf)
		if err != nil {
			return nil, err
		}
		if name == namesFile {
			batch = append(batch, cldrNames(batch[0].Source, batches)...)
			if err := check.Claims(o, classOf, batch); err != nil {
				return nil, err
			}
		}
		for _, c := range batch {
			for _, f := range c.Facts {
				if f.Predicate == graph.Type {
					given[f.Subject] = o.ClassByIRI(f.Object.Text)
				}
			}
		}
		batches = append(batches, batch)
	}
	return batches, nil
}

func embedded(name string, o *schema.Ontology, classOf func(id string) (*schema.Class, bool)) (_ []graph.Claim, err error) {
	file, err := files.Open(name)
	if err != nil {
		return nil, fmt.Errorf("seed: %w", err) // unreachable unless documents names a file that is not there
	}
	defer func() {
		if e := file.Close(); err == nil && e != nil {
			err = fmt.Errorf("seed: %w", e)
		}
	}()
	doc, err := Read(name, file)
	if err != nil {
		return nil, err
	}
	return doc.Claims(o, classOf)
}
