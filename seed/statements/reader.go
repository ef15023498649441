// Package statements turns the statements of RDF files into entries for package
// intake: a named graph is a source, and what it says of one subject is one claim.
//
// Classes, relations and properties that the ontology has become its own. All else
// is kept as it is: a foreign class makes a Thing, a foreign predicate a fact under
// its full IRI. An IRI below the base is an id of the graph, https://BASE/nation/kz
// is nation/kz; any other becomes the id of a thing, which keeps the IRI as an
// identifier.
package statements

import (
	"context"
	"errors"
	"hash/maphash"
	"io"
	"path"
	"strconv"
	"strings"

	"chancery/graph"
	"chancery/schema"
	"chancery/seed/check"
	"chancery/seed/intake"
	"chancery/seed/rdf"
)

// Options say how to read a file. File and Base are required.
type Options struct {
	File   string
	Format rdf.Format // 0: by the ending of File
	// Base is the IRI below which IRIs are ids of the graph; it ends with a slash.
	// Relative IRIs of the file are below it.
	Base string
	// Dataset is what the claims are of; empty: the file's own name, without ending.
	Dataset string
	// Held is how many statements are held at once, to put those of one subject
	// together wherever they stand; default 200,000. In a longer file, what is said of
	// a subject so many statements after its first is a second claim.
	Held int
}

// Reader reads one file. It is an [intake.Reader], to be used once.
//
// Memory: the statements held, and 20 bytes a claim.
type Reader struct {
	o         *schema.Ontology
	options   Options
	in        io.Reader
	count     int
	held      held
	earlier   map[uint64]int32 // how many claims a subject has had, by its hash
	hash      maphash.Seed
	sources   map[graph.Term]bool // graphs that were introduced
	take      func(intake.Entry) error
	said      []said                   // of the subject under way
	checker   *check.Checker           // of single facts about subject(class)
	having    map[string]*schema.Class // some class that has a predicate
	compacted map[string]string        // compact IRIs by full ones; empty: there is none
}

const defaultHeld = 200_000

// New returns a reader of a file.
func New(in io.Reader, o *schema.Ontology, options Options) *Reader {
	if options.Held <= 0 {
		options.Held = defaultHeld
	}
	if !strings.HasSuffix(options.Base, "/") {
		options.Base += "/"
	}
	if options.Dataset == "" {
		options.Dataset = Dataset(options.File)
	}
	classOf := func(id string) (*schema.Class, bool) {
		c := o.Class(strings.TrimPrefix(id, anyOf))
		return c, c != nil
	}
	return &Reader{
		checker: check.NewChecker(o, classOf), having: map[string]*schema.Class{}, compacted: map[string]string{},
		o: o, options: options, in: in, held: newHeld(),
		earlier: map[uint64]int32{}, hash: maphash.MakeSeed(), sources: map[graph.Term]bool{},
	}
}

// Dataset is what the claims of a file are of by default: its own name, without the
// ending.
func Dataset(file string) string {
	name := path.Base(strings.ReplaceAll(file, `\`, "/"))
	return escape(strings.TrimSuffix(name, path.Ext(name)))
}

// Counts tells how many statements were read, as rows.
func (r *Reader) Counts() intake.Counts { return intake.Counts{Rows: r.count} }

// Read implements [intake.Reader]. Its own error is a *rdf.SyntaxError or that of
// the file; what came before it has been taken.
func (r *Reader) Read(ctx context.Context, take func(intake.Entry) error, _ func(intake.Rejection) error) error {
	r.take = take
	var taking error // not the file's
	err := rdf.Read(r.in, rdf.Options{Format: r.options.Format, File: r.options.File, Base: r.options.Base}, func(s rdf.Statement) error {
		if r.count%1024 == 0 && ctx.Err() != nil {
			taking = ctx.Err()
			return taking
		}
		r.count++
		r.held.add(&s)
		for taking == nil && r.held.statements > r.options.Held {
			taking = r.hand(r.held.oldest())
		}
		return taking
	})
	if taking != nil {
		return taking
	}
	for taking == nil && r.held.statements > 0 {
		taking = r.hand(r.held.oldest())
	}
	return errors.Join(err, taking)
}

// hand makes a claim of what a graph says of a subject, and of a graph's first one
// introduces its source.
func (r *Reader) hand(d *description) error {
	if !r.sources[d.graph] {
		r.sources[d.graph] = true
		if err := r.take(r.introduce(d)); err != nil {
			return err
		}
	}
	return r.take(r.entry(d))
}

// source is the id of the source that a graph is; the default graph is the file.
func (r *Reader) source(g graph.Term) string {
	if g.Kind == 0 {
		return "source/" + r.options.Dataset
	}
	id := r.id(g)
	if strings.HasPrefix(id, "source/") {
		return id
	}
	return "source/" + strings.TrimPrefix(id, things)
}

// introduce is the claim that a source makes about itself.
func (r *Reader) introduce(d *description) intake.Entry {
	source := r.source(d.graph)
	name := d.graph.Text
	if d.graph.Kind == 0 {
		name = r.options.Dataset
	}
	return intake.Entry{Place: r.place(d), Claim: graph.Claim{
		ID: "claim/" + r.options.Dataset + "/source/" + strings.TrimPrefix(source, "source/"), Source: source, Status: graph.Confirmed,
		Facts: []graph.Fact{
			{Subject: source, Predicate: graph.Type, Object: graph.Ref("schema:CreativeWork")},
			{Subject: source, Predicate: graph.AliasName, Object: graph.Text(name)},
		},
	}}
}

func (r *Reader) place(d *description) intake.Place {
	return intake.Place{File: r.options.File, Line: d.line}
}

// entry is the claim of a graph about a subject.
func (r *Reader) entry(d *description) intake.Entry {
	id := r.id(d.node)
	key := id
	if d.graph.Kind != 0 {
		key = strings.TrimPrefix(r.source(d.graph), "source/") + "/" + id
	}
	h := maphash.String(r.hash, key)
	r.earlier[h]++
	if n := r.earlier[h]; n > 1 {
		key += "/part-" + strconv.Itoa(int(n))
	}
	c := &claim{Reader: r, id: id, node: d.node}
	r.said = r.held.take(r.said[:0], d)
	c.make(r.said)
	return intake.Entry{Place: r.place(d), Things: c.things, Loose: true, Claim: graph.Claim{
		ID: "claim/" + r.options.Dataset + "/" + key, Source: r.source(d.graph), Status: graph.Reported, Facts: c.facts,
	}}
}
