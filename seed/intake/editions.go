package intake

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"chancery/graph"
)

// edition is what an import has of one data set.
type edition struct {
	dataset    string
	by         string   // who its claims are recorded by: that finds them again
	files      []string // that it came from
	before     bool     // the graph had claims of it when the import began
	incomplete bool     // a file of it is a part, or could not be read to its end
}

// recordedBy is who the claims of a data set are recorded by.
func recordedBy(dataset string) string { return "import " + dataset }

// datasetOf is the data set that a claim is of: that of the file, if its id begins
// so, else the first part of its id; empty for what is no id of a claim.
func datasetOf(claim, ofFile string) string {
	rest, ok := strings.CutPrefix(claim, "claim/")
	if !ok {
		return ""
	}
	if ofFile != "" && len(rest) > len(ofFile)+1 && rest[:len(ofFile)] == ofFile && rest[len(ofFile)] == '/' {
		return ofFile
	}
	dataset, key, ok := strings.Cut(rest, "/")
	if !ok || key == "" {
		return ""
	}
	return dataset
}

// edition returns the edition of a data set, a new one where there is none yet.
func (r *run) edition(dataset string) *edition {
	e := r.editions[dataset]
	if e == nil {
		e = &edition{dataset: dataset, by: recordedBy(dataset)}
		_, e.before = r.world.latest.Lookup(graph.Text(e.by))
		r.editions[strings.Clone(dataset)] = e
	}
	if file := r.file.Name; !slices.Contains(e.files, file) {
		e.files = append(e.files, file)
	}
	return e
}

// incomplete notes that a file is a part, or was not read to its end: nothing of what it may
// have held is retracted.
func (r *run) incomplete(p Part) {
	r.blind = r.blind || p.Dataset == ""
	for _, e := range r.editions {
		if e.dataset == p.Dataset || slices.Contains(e.files, p.Name) {
			e.incomplete = true
		}
	}
}

// retract takes back the claims of complete editions that were not met.
func (r *run) retract(ctx context.Context) error {
	if r.blind {
		return nil
	}
	datasets := make([]string, 0, len(r.editions))
	for dataset, e := range r.editions {
		if !e.incomplete {
			datasets = append(datasets, dataset)
		}
	}
	slices.Sort(datasets)
	for _, dataset := range datasets {
		if err := r.retractOf(ctx, r.editions[dataset]); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) retractOf(ctx context.Context, e *edition) error {
	own, gone, err := r.gone(ctx, e)
	if err == nil {
		gone, err = r.spare(ctx, own, gone)
	}
	if err != nil {
		return err
	}
	reason := e.reason()
	for batch := range slices.Chunk(gone, r.o.BatchClaims) {
		if r.o.DryRun {
			r.report.Claims.Retracted += len(batch)
			continue
		}
		receipt, err := r.Graph.Update(ctx, func(latest graph.Latest) (graph.Changes, error) {
			c := graph.Changes{At: r.Now()}
			for _, claim := range batch {
				if latest.Record(claim).RetractedAt == 0 { // nobody else did meanwhile
					t, _ := latest.Term(claim)
					c.Retract = append(c.Retract, graph.Retraction{Claim: t.Text, Reason: reason})
				}
			}
			return c, nil
		})
		if err != nil {
			return err
		}
		r.report.Claims.Retracted += len(receipt.Retracted)
		if len(receipt.Retracted) > 0 {
			r.report.Commits++
		}
	}
	return nil
}

// gone lists the claims of an edition's data set that stand and were not met. own are all
// that it ever had.
func (r *run) gone(ctx context.Context, e *edition) (own *graph.Set, gone []graph.ID, err error) {
	own = graph.NewSet(0)
	latest := r.ended()
	by, ok := latest.Lookup(graph.Text(e.by))
	p, known := latest.Lookup(graph.Ref(graph.RecordedBy))
	if !ok || !known {
		return own, nil, nil
	}
	err = latest.Quads(ctx, graph.Pattern{Predicate: p, Object: by}, func(q graph.Quad) bool {
		if q.Subject != q.Label {
			return true
		}
		own.Add(q.Subject)
		record := latest.Record(q.Subject)
		if record.RetractedAt == 0 && record.RecordedAt <= r.began && !r.met.Has(q.Subject) {
			gone = append(gone, q.Subject)
		}
		return true
	})
	return own, gone, err
}

// namedFiles is how many files a reason names.
const namedFiles = 3

// reason is that of a retraction.
func (e *edition) reason() string {
	files := strings.Join(e.files[:min(len(e.files), namedFiles)], ", ")
	if more := len(e.files) - namedFiles; more > 0 {
		files += fmt.Sprintf(" and %d more files", more)
	}
	return goneFrom(e.by) + files
}

// goneFrom begins the reason of each retraction by an edition, and nobody else's: that
// tells them from retractions by hand.
func goneFrom(by string) string { return by + ": no longer in " }
