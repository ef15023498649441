package table

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"strconv"
	"strings"

	"chancery/graph"
	"chancery/seed/check"
	"chancery/seed/intake"
	"chancery/seed/table/format"
	"chancery/seed/table/value"
)

// Reader reads a file by a mapping. It is an [intake.Reader], to be used once and by
// one goroutine.
//
// Its entries are, in this order: a claim about the source itself, and for each row
// the claims about entities at the top of the mapping that are named for the first
// time, each before what refers to it, and the claims of the row. The claims have
// been made after the ontology; whether entities that they name by id alone exist
// is for the reader of the entries to check.
//
// Memory grows by some 20 bytes a claim, which keep the keys apart, and with
// the number of entities at the top of the mapping; not with the facts.
type Reader struct {
	m      *Mapping
	in     io.Reader
	counts Counts
	scope  scope
	seed   maphash.Seed
	keys   map[uint64]int32 // rows of the claims, by hashes of their keys
	shared map[string]*said // by id
	// byCell finds what is shared by the one cell that its id hangs on, by the number of
	// the entity.
	byCell []map[string]*said
	checks []memo // of values held to their kind, by the number of the fact
	making claim  // used for one claim after the other
	facts  intake.Slab[graph.Fact]
	things intake.Slab[intake.Thing]
	line   []byte // being hashed
	// also are claims that the row would have made but for what it is refused for.
	also []string

	take   func(intake.Entry) error
	reject func(intake.Rejection) error
}

// Counts are how many of what a reader has met.
type Counts struct {
	Rows     int // read
	Claims   int // taken
	Rejected int
	// Left are the rows that the mapping leaves out, by its reason for it.
	Left map[string]int
}

// said is an entity that has been said in a claim of its own, or could not be.
type said struct {
	thing intake.Thing
	find  bool // the thing can be found by more than its id
	bad   *fault
}

// Open makes a reader of a file. name stands for it in messages and chooses the format
// where the mapping has none. in is not closed.
func (m *Mapping) Open(name string, in io.Reader) *Reader {
	return &Reader{
		m: m, in: in, seed: maphash.MakeSeed(), keys: map[uint64]int32{}, shared: map[string]*said{},
		counts: Counts{Left: map[string]int{}},
		scope: scope{
			file: name, columns: make([]int, len(m.refs)), seen: make([]bool, len(m.refs)), vars: make([]any, len(m.variables)), variables: m.variables,
			memos: make([]memo, len(m.refs)),
		},
		byCell: make([]map[string]*said, len(m.shared)), checks: make([]memo, m.checks),
	}
}

// Counts tells how far Read has come.
func (r *Reader) Counts() Counts { return r.counts }

// Read implements [intake.Reader].
//
// Its own error is Errors, when the heading lacks columns that the mapping names,
// or tells why the file cannot be read, with its name and the line.
func (r *Reader) Read(ctx context.Context, take func(intake.Entry) error, reject func(intake.Rejection) error) error {
	r.take = func(e intake.Entry) error { r.counts.Claims++; return take(e) }
	r.reject = func(e intake.Rejection) error { r.counts.Rejected++; return reject(e) }
	options := r.m.format
	if options.Name == "" {
		if options.Name = format.ByEnding(strings.TrimSuffix(r.scope.file, ".gz")); options.Name == "" {
			return fmt.Errorf("%s: its ending tells no format; write it into the mapping, as in format: csv", r.scope.file)
		}
	}
	in, err := format.Open(r.in, options)
	if err != nil {
		return fmt.Errorf("%s: %w", r.scope.file, err)
	}
	if err := r.bind(in.Columns()); err != nil {
		return err
	}
	if err := r.take(r.m.sourceEntry(r.scope.file)); err != nil {
		return err
	}
	for n := 0; ; n++ {
		if n%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		rec, err := in.Next()
		var bad *format.RecordError
		switch {
		case errors.Is(err, io.EOF):
			return r.unseen(in.Columns() == nil)
		case errors.As(err, &bad):
			r.counts.Rows++
			err = r.reject(intake.Rejection{Place: intake.Place{File: r.scope.file, Line: bad.Line, Row: bad.Row}, Reason: bad.Reason})
		case err != nil:
			return fmt.Errorf("%s: %w", r.scope.file, err)
		default:
			r.counts.Rows++
			r.scope.rec = rec
			err = r.row()
		}
		if err != nil {
			return err
		}
	}
}

// bind finds the columns that the mapping names.
func (r *Reader) bind(columns []string) error {
	r.scope.heading = columns
	f := &faults{file: r.m.file}
	byName := map[string]int{}
	for i, name := range columns {
		byName[name] = i
	}
	for _, ref := range r.m.refs {
		r.scope.columns[ref.slot] = -1
		if ref.variable >= 0 || ref.special != "" {
			continue
		}
		if columns == nil {
			if ref.path == nil {
				f.add(ref.at, "", "%q is no path; paths are written id.bioguide or terms[-1].start", ref.name)
			}
			continue
		}
		i, ok := byName[ref.name]
		if !ok && ref.optional {
			continue
		}
		if !ok {
			f.add(ref.at, "", "%s has no column %q%s", r.scope.file, ref.name, suggest(ref.name, columns))
			continue
		}
		r.scope.columns[ref.slot] = i
	}
	if err := f.err(); err != nil {
		if len(columns) == 1 {
			if at := strings.IndexAny(columns[0], ";\t|,"); at >= 0 {
				return fmt.Errorf("%s has one column, %q: if %q stands between cells, write format: {name: csv, delimiter: %q} into the mapping",
					r.scope.file, columns[0], columns[0][at:at+1], columns[0][at:at+1])
			}
		}
		return err
	}
	return nil
}

// unseen tells which paths no record of a file of trees had.
func (r *Reader) unseen(trees bool) error {
	if !trees || r.counts.Rows == 0 {
		return nil
	}
	told := map[string]bool{}
	for _, ref := range r.m.refs {
		if r.scope.seen[ref.slot] || ref.optional || ref.special != "" || told[ref.name] {
			continue
		}
		told[ref.name] = true
		if r.seenElsewhere(ref) {
			continue
		}
		if err := r.reject(intake.Rejection{Place: intake.Place{File: r.scope.file, Column: ref.name}, Reason: fmt.Sprintf(
			"no record has it; look at %s:%d:%d", r.m.file, ref.at.line, ref.at.column)}); err != nil {
			return err
		}
	}
	return nil
}

func (r *Reader) seenElsewhere(ref *ref) bool {
	for _, other := range r.m.refs {
		if other.name == ref.name && r.scope.seen[other.slot] {
			return true
		}
	}
	return false
}

// mostCell bounds the bytes of a cell: what is said of it goes to servers, and into answers.
const mostCell = 1 << 20

// row makes the claims of a row, up to the first leave whose conditions hold.
func (r *Reader) row() error {
	for i, cell := range r.scope.rec.Cells {
		if len(cell) > mostCell {
			r.alsoAll()
			return r.refuse(&fault{r.scope.heading[i], fmt.Sprintf("the cell has %d bytes, and %d at most can be taken; look for a quote that does not end, or keep long texts elsewhere", len(cell), mostCell)}, "")
		}
	}
	taken := false
	for _, rule := range r.m.rules {
		if rule.leave != "" {
			holds, bad := r.scope.meets(rule.when)
			if bad != nil {
				r.alsoAll()
				return r.refuse(bad, "")
			}
			if holds {
				r.counts.Left[rule.leave]++
				return nil
			}
			continue
		}
		if len(rule.each) == 0 {
			if err := r.apply(rule, &taken); err != nil {
				return err
			}
			continue
		}
		err := r.scope.forEach(rule.each, func() error { return r.apply(rule, &taken) },
			func(bad *fault) error { taken = true; return r.refuse(bad, "") })
		if err != nil {
			return err
		}
	}
	if taken {
		return nil
	}
	return r.refuse(&fault{"", "no claim of the mapping is for it; add one, or leave: and why such rows are left out"}, "")
}

// apply makes the claim of a rule, if its conditions hold.
func (r *Reader) apply(rule *rule, taken *bool) error {
	holds, bad := r.scope.meets(rule.when)
	switch {
	case bad != nil:
		*taken = true
		return r.refuse(bad, r.claimOf(rule))
	case !holds:
		return nil
	}
	*taken = true
	return r.follow(rule)
}

// refuse rejects a claim; its id is empty where nobody knows it.
func (r *Reader) refuse(bad *fault, claim string) error {
	also := r.also
	r.also = nil
	return r.reject(intake.Rejection{Place: r.scope.place(bad.column), Reason: bad.reason, Claim: claim, Also: also})
}

// claimOf is the id of the claim that a rule makes of the row, or "" where the row
// does not tell.
func (r *Reader) claimOf(rule *rule) string {
	if rule.key == nil {
		return ""
	}
	key, bad := r.scope.one(rule.key)
	if bad != nil || key == "" || check.ID("source/"+key) != "" {
		return ""
	}
	return r.claimID(key)
}

func (r *Reader) claimID(key string) string { return "claim/" + r.m.dataset.id + "/" + key }

// alsoAll notes all claims that the row may make, as far as it tells.
func (r *Reader) alsoAll() {
	for _, rule := range r.m.rules {
		if rule.leave != "" || len(rule.each) > 0 {
			continue
		}
		if claim := r.claimOf(rule); claim != "" {
			r.also = append(r.also, claim)
		}
	}
}

// follow makes the claim of a rule.
func (r *Reader) follow(rule *rule) error {
	c := &r.making
	c.r, c.rule, c.ids = r, rule, c.ids[:0]
	r.scope.key = ""
	entry, bad, err := c.make()
	switch {
	case err != nil:
		return err
	case bad != nil:
		claim := r.claimOf(rule)
		if rule.key == nil {
			r.also = append(r.also, r.claimID(r.scope.key))
		}
		return r.refuse(bad, claim)
	}
	if row, again := r.again(r.scope.key); again {
		reason := fmt.Sprintf("row %d has the key %s already; if the two say different things, add a column to the key", row, quote(r.scope.key))
		if rule.key == nil {
			reason = fmt.Sprintf("row %d says the same; once is enough", row)
		}
		return r.refuse(&fault{"", reason}, "")
	}
	return r.take(entry)
}

// again reports whether a key was there before, and in which row; otherwise it is there now.
func (r *Reader) again(key string) (int32, bool) {
	h := maphash.String(r.seed, key)
	if row, ok := r.keys[h]; ok {
		return row, true
	}
	r.keys[h] = int32(r.scope.rec.Row)
	return 0, false
}

// hash makes a key of the whole row, and of the variables.
func (r *Reader) hash(index int) string {
	b := strconv.AppendInt(r.line[:0], int64(index), 10)
	for _, cell := range r.scope.rec.Cells {
		b = append(b, '\t')
		b = append(b, cell...)
	}
	if r.scope.rec.Cells == nil {
		b = fmt.Append(b, r.scope.rec.Tree)
	}
	for _, v := range r.scope.vars {
		if v != nil {
			b = fmt.Append(b, "\t", v)
		}
	}
	r.line = b
	return value.HashBytes(b)
}

// sourceEntry is the claim in which the data set speaks of itself.
func (m *Mapping) sourceEntry(file string) intake.Entry {
	d := &m.dataset
	c := graph.Claim{ID: "claim/" + d.id + "/source", Source: m.Source(), Status: graph.Confirmed}
	say := func(subject, predicate string, object graph.Term) {
		c.Facts = append(c.Facts, graph.Fact{Subject: subject, Predicate: predicate, Object: object})
	}
	say(c.Source, graph.Type, graph.Ref("schema:CreativeWork"))
	say(c.Source, graph.PreferredName, graph.TextIn(d.title, "en"))
	if d.description != "" {
		say(c.Source, graph.Description, graph.TextIn(d.description, "en"))
	}
	if d.licence != "" {
		say(c.Source, "schema:license", graph.Text(d.licence))
	}
	if d.url != "" {
		say(c.Source, "schema:url", graph.Text(d.url))
	}
	if d.published != "" {
		say(c.Source, "schema:datePublished", graph.Date(d.published))
	}
	if d.publisher.id != "" {
		say(c.Source, "schema:publisher", graph.Ref(d.publisher.id))
		say(d.publisher.id, graph.Type, graph.Ref("schema:Organization"))
		say(d.publisher.id, graph.PreferredName, graph.TextIn(d.publisher.name, "en"))
	}
	if d.partOf.id != "" {
		say(c.Source, "schema:isPartOf", graph.Ref(d.partOf.id))
		say(d.partOf.id, graph.Type, graph.Ref("schema:CreativeWork"))
		say(d.partOf.id, graph.PreferredName, graph.TextIn(d.partOf.name, "en"))
	}
	return intake.Entry{Place: intake.Place{File: file}, Claim: c}
}
