package history

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"chancery/graph"
	"chancery/schema"
	"chancery/seed/check"
	"chancery/seed/intake"
)

// Options of taking a file in. The zero value works.
type Options struct {
	DryRun bool // say what would be done, and write nothing
	Kept   int  // how many rejections the report holds; default 100
	// Progress, when set, is called after each commit.
	Progress func(intake.Progress)
	// Reject, when set, is told of every rejection.
	Reject func(intake.Rejection) error
}

// Take takes a file of claims into a graph, commit by commit.
//
// A commit of a history that is later than all of the graph is made just as it was,
// at its own record time: so an empty graph becomes equal to the one that was
// exported, and one that has the beginning of the history goes on with the rest.
// What comes from earlier commits, and from an excerpt, the graph learns now: its
// record time is that of the import, for nobody can have known it here before. Then
// claims are held against the ontology, and rejected if they don't fit.
//
// A claim that the graph has just so, whether it stands or was retracted here, stays
// as it is; of an excerpt, which may have only a part of it, one that says as much. One that says something else under the same id is rejected.
//
// The report is whole also where there is an error: of what was done until then. A
// fault of the file is in the report; the error is ctx.Err(), the graph's or that of
// Reject.
// Memory: one commit, and the ids of claims that were rejected. A dry run remembers the
// id of each claim that it would have recorded.
func Take(ctx context.Context, t intake.Target, in io.Reader, r ReadOptions, o Options) (*intake.Report, error) {
	if o.Kept <= 0 {
		o.Kept = 100
	}
	k := &taking{Target: t, o: o, name: r.File, report: &intake.Report{DryRun: o.DryRun, Files: []intake.File{{Name: r.File}}}, refused: map[string]bool{}, planned: map[string]bool{}}
	k.checker = check.NewChecker(t.Ontology, k.classOf)
	k.checker.Foreign = true
	k.latest = t.Graph.Latest()
	counted := r.Counted
	r.Counted = func(n int) {
		k.report.Files[0].Rows = n
		if counted != nil {
			counted(n)
		}
	}
	var broken error // the graph's, not the file's
	err := Read(ctx, in, r, func(h Header, c *Commit) error {
		err := k.commit(ctx, h, c)
		if bad, ok := errors.AsType[*graph.ClaimError](err); ok {
			return &Error{File: r.File, Line: c.Line, Reason: bad.Error() + "; if statements were lost or put into another order, export again"}
		}
		if _, ok := errors.AsType[*Error](err); !ok {
			broken = err
		}
		return err
	})
	if broken == nil {
		broken = ctx.Err()
	}
	if broken == nil && err != nil {
		k.report.Files[0].Error = err.Error()
	}
	return k.report, broken
}

// taking is one file being taken in.
type taking struct {
	intake.Target
	o       Options
	name    string
	report  *intake.Report
	latest  graph.Latest
	checker *check.Checker
	refused map[string]bool // claims whose id another claim of the graph has, or that do not fit
	planned map[string]bool // claims that a dry run would have recorded; false: and retracted
	gone    map[string]bool // claims that the commit retracts
	failed  error
}

// outcome is what becomes of a commit.
type outcome struct {
	exact      bool
	changes    graph.Changes
	unchanged  int
	rejections []intake.Rejection
}

// ahead is how far a record time may lie in the future: clocks differ.
const ahead = 24 * time.Hour

// commit makes a commit of the file.
func (k *taking) commit(ctx context.Context, h Header, c *Commit) error {
	if c.At.After(k.Now().Add(ahead)) {
		// Every later commit of the graph would have to be later still.
		return &Error{File: k.name, Line: c.Line, Reason: "it was recorded at " + c.At.Format(time.RFC3339Nano) + ", which is still to come: set this machine's clock, or that of the one that exported it"}
	}
	var out outcome
	plan := func(latest graph.Latest) (graph.Changes, error) {
		k.latest = latest
		var err error
		out, err = k.plan(ctx, h, c)
		return out.changes, err
	}
	if k.o.DryRun {
		if _, err := plan(k.Graph.Latest()); err != nil {
			return err
		}
		k.note(&out)
	} else {
		receipt, err := k.Graph.Update(ctx, plan)
		if err != nil {
			return err
		}
		if out.exact && len(receipt.Recorded)+len(receipt.Retracted) > 0 && !receipt.At.Equal(c.At) {
			panic("history: a commit got another record time than its own")
		}
	}
	return k.told(c, &out)
}

// told takes note of what became of a commit.
func (k *taking) told(c *Commit, out *outcome) error {
	n := &k.report.Claims
	n.Read += len(c.Record)
	n.Recorded += len(out.changes.Record)
	n.Retracted += len(out.changes.Retract)
	n.Unchanged += out.unchanged
	n.Rejected += len(out.rejections)
	k.report.Files[0].Entries += len(c.Record)
	if len(out.changes.Record)+len(out.changes.Retract) > 0 {
		k.report.Commits++
	}
	for _, j := range out.rejections {
		k.refused[j.Claim] = true
		if len(k.report.Rejections) < k.o.Kept {
			k.report.Rejections = append(k.report.Rejections, j)
		}
		if k.o.Reject != nil {
			if err := k.o.Reject(j); err != nil {
				return err
			}
		}
	}
	if k.o.Progress != nil {
		k.o.Progress(intake.Progress{File: k.name, Read: n.Read, Rejected: n.Rejected})
	}
	return nil
}

// plan works out what a commit changes.
func (k *taking) plan(ctx context.Context, h Header, c *Commit) (outcome, error) {
	out := outcome{exact: h.Kind == Whole && c.At.UnixMicro() > k.latest.At()}
	reject := func(claim, reason string) {
		place := intake.Place{File: k.name, Line: c.Line}
		if i := slices.IndexFunc(c.Record, func(r graph.Claim) bool { return r.ID == claim }); i >= 0 {
			place.Line = c.Lines[i]
		}
		out.rejections = append(out.rejections, intake.Rejection{Place: place, Claim: claim, Reason: reason})
	}
	for i := range c.Record {
		claim := &c.Record[i]
		same, known, err := k.has(ctx, claim, h.Kind == View)
		switch {
		case err != nil:
			return out, err
		case !known:
			out.changes.Record = append(out.changes.Record, *claim)
		case same:
			out.unchanged++
		default:
			reject(claim.ID, "the graph has another claim of this id, and what a claim says never changes: import into an empty directory, or erase that claim")
		}
	}
	for _, r := range c.Retract {
		if !k.refused[r.Claim] && k.stands(r.Claim) {
			out.changes.Retract = append(out.changes.Retract, r)
		}
	}
	out.changes.At = c.At
	whole := len(out.changes.Record) == len(c.Record) && len(out.changes.Retract) == len(c.Retract)
	if out.exact && whole {
		out.changes.Key, out.changes.Digest = c.Key, c.Digest
	}
	if !out.exact {
		out.changes.At = k.Now()
		k.fit(&out.changes, reject)
	}
	return out, k.failed
}

// fit leaves out what the graph can't learn now.
func (k *taking) fit(c *graph.Changes, reject func(claim, reason string)) {
	k.gone = map[string]bool{}
	for _, r := range c.Retract {
		k.gone[r.Claim] = true
	}
	for i := range c.Record {
		if s := &c.Record[i].Supersedes; *s != "" {
			if !k.refused[*s] && k.stands(*s) {
				k.gone[*s] = true
				continue
			}
			*s = "" // it is not here, or not any more
		}
	}
	for again := true; again; {
		again = false
		k.checker.Reset()
		bad := make([]check.Errors, len(c.Record))
		for i := range c.Record {
			bad[i] = k.checker.Give(&c.Record[i])
		}
		kept := c.Record[:0:0]
		for i := range c.Record {
			claim := &c.Record[i]
			if bad[i] = append(bad[i], k.checker.Check(claim)...); bad[i] == nil {
				kept = append(kept, *claim)
				continue
			}
			again = true
			reject(claim.ID, bad[i][0].Reason)
		}
		c.Record = kept
	}
}

// note remembers what a dry run would have done.
func (k *taking) note(out *outcome) {
	for i := range out.changes.Record {
		k.planned[out.changes.Record[i].ID] = true
	}
	for _, r := range out.changes.Retract {
		k.planned[r.Claim] = false
	}
}

// stands reports whether the graph has a claim that was not retracted.
func (k *taking) stands(claim string) bool {
	if stands, planned := k.planned[claim]; planned {
		return stands
	}
	id, ok := k.latest.Lookup(graph.Ref(claim))
	if !ok {
		return false
	}
	r := k.latest.Record(id)
	return r.Exists && r.RetractedAt == 0
}

// has reports whether the graph knows a claim of this id, and whether it says the
// same; a part of a claim, whether it says all of that.
func (k *taking) has(ctx context.Context, claim *graph.Claim, part bool) (same, known bool, err error) {
	id, ok := k.latest.Lookup(graph.Ref(claim.ID))
	if !ok || !k.latest.Record(id).Exists {
		return false, false, nil
	}
	quads, err := k.latest.Claim(ctx, nil, id)
	if err != nil {
		return false, true, err
	}
	var had []graph.Fact
	for _, q := range quads {
		s, _ := k.latest.Term(q.Subject)
		p, _ := k.latest.Term(q.Predicate)
		o, _ := k.latest.Term(q.Object)
		if s.Text == claim.ID && !said(p.Text) {
			continue
		}
		had = append(had, graph.Fact{Subject: s.Text, Predicate: p.Text, Object: o})
	}
	had = sorted(had)
	says := sorted(factsOf(claim))
	if part {
		return !slices.ContainsFunc(says, func(f graph.Fact) bool { return !slices.Contains(had, f) }), true, nil
	}
	return slices.Equal(had, says), true, nil
}

// said reports whether an own field is what the claim's source states.
func said(predicate string) bool {
	switch predicate {
	case graph.Source, graph.StatusOf, graph.Locator, graph.AttributedTo, graph.Confidence, graph.ValidTime:
		return true
	}
	return false
}

// factsOf are what a claim says, and the own fields that its source states.
func factsOf(c *graph.Claim) []graph.Fact {
	facts := slices.Clone(c.Facts)
	add := func(predicate string, object graph.Term) {
		facts = append(facts, graph.Fact{Subject: c.ID, Predicate: predicate, Object: object})
	}
	add(graph.Source, graph.Ref(c.Source))
	add(graph.StatusOf, graph.Text(c.Status.String()))
	if c.Locator != "" {
		add(graph.Locator, graph.Text(c.Locator))
	}
	for _, a := range c.AttributedTo {
		add(graph.AttributedTo, graph.Ref(a))
	}
	if c.Confidence != nil {
		add(graph.Confidence, graph.Number(*c.Confidence))
	}
	if c.ValidTime != "" {
		add(graph.ValidTime, graph.Date(c.ValidTime))
	}
	return facts
}

// sorted orders facts and leaves each once.
func sorted(facts []graph.Fact) []graph.Fact {
	slices.SortFunc(facts, func(a, b graph.Fact) int {
		return cmp.Or(strings.Compare(a.Subject, b.Subject), strings.Compare(a.Predicate, b.Predicate),
			cmp.Compare(a.Object.Kind, b.Object.Kind), strings.Compare(a.Object.Text, b.Object.Text),
			strings.Compare(a.Object.Datatype, b.Object.Datatype), strings.Compare(a.Object.Language, b.Object.Language))
	})
	return slices.Compact(facts)
}

// classOf is the class of an entity in the graph, but for claims that are about to be
// retracted.
func (k *taking) classOf(id string) (*schema.Class, bool) {
	node, ok := k.latest.Lookup(graph.Ref(id))
	typed, known := k.latest.Lookup(graph.Ref(graph.Type))
	if !ok || !known {
		return nil, false
	}
	var class *schema.Class
	err := k.latest.Quads(context.Background(), graph.Pattern{Subject: node, Predicate: typed}, func(q graph.Quad) bool {
		label, _ := k.latest.Term(q.Label)
		if !k.latest.Known(q.Label) || k.gone[label.Text] {
			return true
		}
		object, _ := k.latest.Term(q.Object)
		if c := k.Ontology.ClassByIRI(object.Text); c != nil && c.Enum != "" && (class == nil || class.Yields) {
			class = c
		}
		return true
	})
	k.failed = cmp.Or(k.failed, err)
	return class, class != nil
}
