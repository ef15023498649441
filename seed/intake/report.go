package intake

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Report tells what an import did; of a dry run, what it would have done.
type Report struct {
	DryRun   bool       `json:"dryRun"`
	Partial  bool       `json:"partial"` // claims that the files do not have were left as they are
	Files    []File     `json:"files"`
	Claims   ClaimCount `json:"claims"`
	Entities ThingCount `json:"entities"`
	Commits  int        `json:"commits"`

	// ValuesLeftOut counts the values that were not taken of claims that the graph has, or
	// has got, without them.
	ValuesLeftOut int `json:"valuesLeftOut"`

	// The first of each, as many as Options.Kept says.
	Rejections []Rejection `json:"rejections,omitempty"`
	LeftOut    []LeftOut   `json:"leftOut,omitempty"`
	Merges     []Merge     `json:"merges,omitempty"`
	Doubts     []Doubt     `json:"doubts,omitempty"`
}

// told are the reports as the newest commits left them, oldest first.
type told []Report

// mostTold is more than the commits that can be on their way to the disk at once.
const mostTold = 4

func (t *told) add(r *Report) {
	if len(*t) == mostTold {
		*t = append((*t)[:0], (*t)[1:]...)
	}
	now := *r
	now.Files = slices.Clone(r.Files)
	*t = append(*t, now)
}

// without returns the report as it was before the last commits, so many, were added.
func (t told) without(commits int) *Report { return &t[max(0, len(t)-1-commits)] }

// File is what one file brought.
type File struct {
	Name     string `json:"name"`
	Dataset  string `json:"dataset,omitempty"`
	Entries  int    `json:"entries"`
	Rejected int    `json:"rejected"` // by its reader; the claims that the graph did not take are in ClaimCount
	Counts
	Error string `json:"error,omitempty"` // why it could not be read to its end
}

// ClaimCount counts claims.
type ClaimCount struct {
	Read       int `json:"read"`       // entries of all files
	Recorded   int `json:"recorded"`   // new claims and new versions
	Superseded int `json:"superseded"` // of those, new versions of claims that stood
	Restored   int `json:"restored"`   // of those, new versions of claims that had been retracted
	Unchanged  int `json:"unchanged"`  // the graph has them just so
	Withheld   int `json:"withheld"`   // the graph had them just so, until somebody retracted them by hand
	Retracted  int `json:"retracted"`  // the files have them no longer
	Rejected   int `json:"rejected"`   // with the rejections of the readers
	Kept       int `json:"kept"`       // of the graph, that stand: of rows that were rejected, or of entities that these or other data sets name
}

// ThingCount counts entities that the graph could know by another id, each once, by
// how it was found first. Of the doubtful pairs, those after the first hundred thousand
// are counted each time.
type ThingCount struct {
	ByIdentifier int `json:"byIdentifier"` // found by one
	ByName       int `json:"byName"`
	Known        int `json:"known"`  // under the id that the file gives
	New          int `json:"new"`    // come in under that id
	Merged       int `json:"merged"` // claims that two are one
	Doubtful     int `json:"doubtful"`
}

// Merge is a claim that two entities are one.
type Merge struct {
	Place  Place  `json:"place"`
	From   string `json:"from"`
	Into   string `json:"into"` // the one that stays
	Reason string `json:"reason"`
}

// Doubt is a pair of entities that may be one and were not merged.
type Doubt struct {
	Place  Place  `json:"place"`
	Entity string `json:"entity"` // as the claim has it
	Other  string `json:"other"`
	Reason string `json:"reason"`
}

// Failed reports whether a file could not be read to its end.
func (r *Report) Failed() bool {
	return slices.ContainsFunc(r.Files, func(f File) bool { return f.Error != "" })
}

// WriteText writes the report for people, a few lines and what was rejected,
// merged and doubtful.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	for _, f := range r.Files {
		f.write(&b)
	}
	verb := ""
	if r.DryRun {
		verb = " (dry run: nothing was written)"
	}
	c := &r.Claims
	fmt.Fprintf(&b, "claims%s: %d read, %d recorded", verb, c.Read, c.Recorded)
	if c.Superseded+c.Restored > 0 {
		fmt.Fprintf(&b, " (%d changed, %d back again)", c.Superseded, c.Restored)
	}
	fmt.Fprintf(&b, ", %d unchanged, %d retracted, %d rejected\n", c.Unchanged, c.Retracted, c.Rejected)
	if c.Withheld > 0 {
		fmt.Fprintf(&b, "retracted by hand, left so: %d claims\n", c.Withheld)
	}
	if c.Kept > 0 {
		fmt.Fprintf(&b, "left as they were, because rows were rejected or others name what they give a class: %d claims\n", c.Kept)
	}
	if r.ValuesLeftOut > 0 {
		fmt.Fprintf(&b, "values: %d left out of claims that stand without them\n", r.ValuesLeftOut)
	}
	e := &r.Entities
	fmt.Fprintf(&b, "entities: %d found by identifier, %d by name, %d known by id, %d new, %d merged, %d doubtful\n",
		e.ByIdentifier, e.ByName, e.Known, e.New, e.Merged, e.Doubtful)
	for _, m := range r.Merges {
		fmt.Fprintf(&b, "merged: %s into %s: %s (%s)\n", m.From, m.Into, m.Reason, m.Place)
	}
	more(&b, e.Merged-len(r.Merges), "merges")
	for _, d := range r.Doubts {
		fmt.Fprintf(&b, "doubtful: %s and %s: %s (%s)\n", d.Entity, d.Other, d.Reason, d.Place)
	}
	more(&b, e.Doubtful-len(r.Doubts), "doubtful pairs")
	for _, j := range r.Rejections {
		fmt.Fprintf(&b, "rejected: %s\n", j)
	}
	more(&b, c.Rejected-len(r.Rejections), "rejections")
	for _, l := range r.LeftOut {
		fmt.Fprintf(&b, "left out: %s\n", l)
	}
	more(&b, r.ValuesLeftOut-len(r.LeftOut), "values left out")
	_, err := io.WriteString(w, b.String())
	return err
}

func (f *File) write(b *strings.Builder) {
	fmt.Fprintf(b, "%s: ", f.Name)
	if f.Rows > 0 {
		fmt.Fprintf(b, "%d rows, ", f.Rows)
	}
	fmt.Fprintf(b, "%d claims", f.Entries)
	if f.Rejected > 0 {
		fmt.Fprintf(b, ", %d rejected", f.Rejected)
	}
	b.WriteByte('\n')
	for _, reason := range slices.Sorted(maps.Keys(f.Left)) {
		fmt.Fprintf(b, "  %d rows left out: %s\n", f.Left[reason], reason)
	}
	if f.Error != "" {
		fmt.Fprintf(b, "  could not be read to its end, so nothing was retracted: %s\n", f.Error)
	}
}

func more(b *strings.Builder, n int, what string) {
	if n > 0 {
		fmt.Fprintf(b, "… and %d more %s; --report FILE has them all\n", n, what)
	}
}

// String gives place, claim, field and reason.
func (l LeftOut) String() string {
	return fmt.Sprintf("%s: %s: %s: %s; the claim stands without it", l.Place, l.Claim, l.Field, l.Reason)
}

// String gives place, claim and reason.
func (r Rejection) String() string {
	reason := r.Reason
	if r.Stands {
		reason += "; what the graph has of it stays"
	}
	if r.Claim == "" {
		return fmt.Sprintf("%s: %s", r.Place, reason)
	}
	return fmt.Sprintf("%s: %s: %s", r.Place, r.Claim, reason)
}
