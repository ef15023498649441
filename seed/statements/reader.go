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
	"chancery/seed/recent"
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
	making    claim  // the claim under way
	said      []said // of its subject
	facts     intake.Slab[graph.Fact]
	things    intake.Slab[intake.Thing]
	checker   *check.Checker    // of literals
	compacted map[string]string // compact IRIs by full ones; empty: there is none

	predicates map[string]*predicate
	last       *predicate // the one that was asked for last
	named      *predicate // graph.PreferredName
	values     recent.Slots[value]
	ids        recent.Slots[named]
}

// named is the id of an IRI.
type named struct{ iri, id string }

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
	nothing := func(string) (*schema.Class, bool) { return nil, false } // no claim is checked, only literals
	return &Reader{
		checker: check.NewChecker(o, nothing), compacted: map[string]string{}, predicates: map[string]*predicate{},
		named: &predicate{compact: graph.PreferredName},
		o:     o, options: options, in: in, held: newHeld(),
		earlier: map[uint64]int32{}, hash: maphash.MakeSeed(), sources: map[graph.Term]bool{},
		values: make(recent.Slots[value], slots), ids: make(recent.Slots[named], slots),
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
	scanned := scan(r.in, rdf.Options{Format: r.options.Format, File: r.options.File, Base: r.options.Base})
	var taking error // not the file's
	for chunk := range scanned.chunks {
		if taking = ctx.Err(); taking == nil {
			taking = r.hold(chunk)
		}
		if taking != nil {
			scanned.stop()
			return taking
		}
		scanned.giveBack(chunk)
	}
	for taking == nil && r.held.statements > 0 {
		taking = r.hand(r.held.oldest())
	}
	return errors.Join(scanned.err, taking)
}

// hold takes statements in, and hands on what that makes too much of.
func (r *Reader) hold(statements []rdf.Statement) error {
	for i := range statements {
		s := &statements[i]
		r.count++
		r.held.add(s, r.predicate(s.Predicate.Text))
		for r.held.statements > r.options.Held {
			if err := r.hand(r.held.oldest()); err != nil {
				return err
			}
		}
	}
	return nil
}

// hand makes a claim of what a graph says of a subject, and of a graph's first one
// introduces its source.
func (r *Reader) hand(d *description) error {
	if !r.sources[d.in.name] {
		r.sources[d.in.name] = true
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
	source := r.source(d.in.name)
	name := d.in.name.Text
	if d.in.name.Kind == 0 {
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
	source := r.source(d.in.name)
	claimID := "claim/" + r.options.Dataset + "/"
	if d.in.name.Kind != 0 {
		claimID += strings.TrimPrefix(source, "source/") + "/" + id
	} else {
		claimID += id
	}
	h := maphash.String(r.hash, claimID)
	r.earlier[h]++
	if n := r.earlier[h]; n > 1 {
		claimID += "/part-" + strconv.Itoa(int(n))
	}
	place := r.place(d)
	c := &r.making
	*c = claim{Reader: r, id: id, node: d.node, facts: c.facts[:0], things: c.things[:0]}
	r.said = r.held.take(r.said[:0], d)
	c.make(r.said)
	return intake.Entry{Place: place, Things: r.things.Keep(c.things), Loose: true, Claim: graph.Claim{
		ID: claimID, Source: source, Status: graph.Reported, Facts: r.facts.Keep(c.facts),
	}}
}
