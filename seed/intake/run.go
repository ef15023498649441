package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"chancery/graph"
	"chancery/schema"
	"chancery/seed/check"
)

// Target is a graph to take entries into, and what they are held against.
type Target struct {
	Graph    *graph.Graph
	Ontology *schema.Ontology
	Now      func() time.Time // gives commits their record time
}

// Options of an import. The zero value works.
type Options struct {
	DryRun  bool // say what would be done, and write nothing
	Partial bool // retract nothing: the files are not all of their data sets

	BatchClaims int // in one commit; default 4,096
	BatchBytes  int // of text in one commit; default 8 MiB

	// Kept is how many rejections, values left out, merges and doubtful pairs the report
	// holds, of each; default 100.
	Kept int
	// Details, when set, gets all of them as JSON Lines, each an object with one
	// key: rejection, leftOut, merge or doubt.
	Details io.Writer
	// Progress, when set, is called after each batch, by the goroutine of Run.
	Progress func(Progress)
}

// Progress is how far an import is.
type Progress struct {
	File     string `json:"file"`
	Read     int    `json:"read"`     // entries of all files so far
	Rejected int    `json:"rejected"` // so far
}

// Run takes the files into the graph, batch by batch: each batch is one commit, or
// none when it brings nothing new. A batch is found its identities, held against
// the ontology and compared with what the graph has, with no other commit between
// that and its own. It is worked out while the commit before it goes to the disk;
// when Run returns, all are there.
//
// A claim whose entities have no class yet waits, within limits, until a later
// claim gives them one. In the end, unless it is Partial, claims of a data set
// that its files no longer have are retracted; those of a data set with a file
// that could not be read to its end are not.
//
// The report is whole also where there is an error: of what was done until then.
// Running again after an error, or after the process ended, gives the graph that
// one undisturbed run would have given. Errors of files are in the report; the
// error is ctx.Err(), the graph's, or that of Details.
//
// Memory: two batches and two commits, what waits, some 50 MB of identities and places, two bits for each
// claim and each entity of the graph. A dry run also remembers all that it would have written of classes,
// identifiers and names.
func Run(ctx context.Context, t Target, files Parts, o Options) (*Report, error) {
	if o.BatchClaims <= 0 {
		o.BatchClaims = 4096
	}
	if o.BatchBytes <= 0 {
		o.BatchBytes = 8 << 20
	}
	if o.Kept <= 0 {
		o.Kept = 100
	}
	r := newRun(t, o)
	err := r.run(ctx, files)
	// A commit that does not come to be is the cause of whatever failed after it.
	if lost := r.writer.Wait(); lost != nil {
		return r.told.without(r.writer.Ahead()), fmt.Errorf("import: %w", lost)
	}
	return r.report, err
}

// run is one import.
type run struct {
	Target
	o        Options
	writer   *graph.Writer
	report   *Report
	told     told
	file     *File // being read
	world    *world
	now      *plan // of the batch under way
	checker  *check.Checker
	editions map[string]*edition // by data set
	blind    bool                // a file of a data set that nobody knows could not be read to its end
	began    int64               // record time of the last commit before the import
	met      *graph.Set          // claims recorded until then that the files have
	taken    *graph.Set          // of those, the ones that they have just so, or changed
	refused  *graph.Set          // of those, the ones whose rows were rejected
	kept     nodes               // entities of claims that stand because a row was rejected
	counted  nodes               // entities that the report has counted
	would    map[uint64]struct{} // likewise, by the hashes of ids: a dry run's new ones
	places   places
	waiting  waiting
	room     room
	details  *json.Encoder
	doubted  map[[2]string]bool // pairs that were told
	lost     map[string]string  // entities whose class was to come from a claim that was rejected: which
}

const (
	mostDoubted = 100_000
	mostLost    = 100_000
)

func newRun(t Target, o Options) *run {
	r := &run{
		Target: t, o: o, writer: t.Graph.Writer(), report: &Report{DryRun: o.DryRun, Partial: o.Partial},
		world: newWorld(t, o.DryRun), editions: map[string]*edition{}, met: graph.NewSet(0), taken: graph.NewSet(0), refused: graph.NewSet(0),
		would: map[uint64]struct{}{}, places: places{at: map[uint64]spot{}},
		waiting: newWaiting(), doubted: map[[2]string]bool{}, lost: map[string]string{},
	}
	r.checker = check.NewChecker(t.Ontology, func(id string) (*schema.Class, bool) { return r.now.classOf(id) })
	r.checker.Foreign = true
	if o.Details != nil {
		r.details = json.NewEncoder(o.Details)
	}
	return r
}

func (r *run) run(ctx context.Context, files Parts) error {
	if err := r.world.open(ctx); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	r.began = r.world.latest.At()
	r.told.add(r.report)
	for part := range files {
		if err := r.part(ctx, part); err != nil {
			return fmt.Errorf("import: %s: %w", part.Name, err)
		}
	}
	if err := r.finish(ctx); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	return nil
}

// part takes one file in.
func (r *run) part(ctx context.Context, p Part) error {
	r.report.Files = append(r.report.Files, File{Name: p.Name, Dataset: p.Dataset})
	r.file = &r.report.Files[len(r.report.Files)-1]
	if p.Dataset != "" {
		r.edition(p.Dataset)
	}
	failure, err := r.read(ctx, p)
	if err != nil {
		return err
	}
	if p.Partial {
		r.incomplete(p)
	}
	if p.Counts != nil {
		r.file.Counts = p.Counts()
	}
	if failure != nil {
		r.file.Error = failure.Error()
		r.incomplete(p)
	}
	return nil
}

// read takes all batches of a file. failure is the reader's own error.
func (r *run) read(ctx context.Context, p Part) (failure, err error) {
	reading, stop := context.WithCancel(ctx)
	defer stop()
	in := newBatches(r.o)
	go in.fill(reading, p)
	for batch := range in.filled {
		if err := r.take(ctx, batch); err != nil {
			stop()
			in.drain()
			return nil, err
		}
		if r.o.Progress != nil {
			r.o.Progress(Progress{File: p.Name, Read: r.report.Claims.Read, Rejected: r.report.Claims.Rejected})
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return in.err, nil
}

// finish ends the import: what still waits is judged, and what is gone retracted.
func (r *run) finish(ctx context.Context) error {
	if err := r.takeLast(ctx); err != nil {
		return err
	}
	if err := r.writer.Wait(); err != nil {
		return err
	}
	if err := r.keepAll(ctx); err != nil || r.o.Partial {
		return err
	}
	return r.retract(ctx)
}

// reject notes what was not taken.
func (r *run) reject(j Rejection) error {
	r.report.Claims.Rejected++
	if len(r.report.Rejections) < r.o.Kept {
		r.report.Rejections = append(r.report.Rejections, j)
	}
	return r.detail("rejection", j)
}

// leaveOut notes the values that a claim stands without.
func (r *run) leaveOut(values []LeftOut) error {
	for _, l := range values {
		r.report.ValuesLeftOut++
		if len(r.report.LeftOut) < r.o.Kept {
			r.report.LeftOut = append(r.report.LeftOut, l)
		}
		if err := r.detail("leftOut", l); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) merged(m Merge) error {
	r.report.Entities.Merged++
	if len(r.report.Merges) < r.o.Kept {
		r.report.Merges = append(r.report.Merges, m)
	}
	return r.detail("merge", m)
}

func (r *run) doubtful(d Doubt) error {
	pair := [2]string{d.Entity, d.Other}
	if r.doubted[pair] {
		return nil
	}
	if len(r.doubted) < mostDoubted {
		r.doubted[pair] = true
	}
	r.report.Entities.Doubtful++
	if len(r.report.Doubts) < r.o.Kept {
		r.report.Doubts = append(r.report.Doubts, d)
	}
	return r.detail("doubt", d)
}

func (r *run) detail(kind string, v any) error {
	if r.details == nil {
		return nil
	}
	return r.details.Encode(map[string]any{kind: v})
}
