package graph

import (
	"context"
	"fmt"
	"sync/atomic"
)

// Meter counts the quads that are read through the views it was given to, see
// [View.Metered], and stops the reading beyond a limit. Any number of goroutines
// may use it; a nil Meter counts nothing.
//
// What a column stands for counts as if the store had read it: one quad for each
// node that is looked for. What is worked out once for all readers counts for
// none of them: columns, indexes of texts and names, perspectives.
type Meter struct {
	// Limit is how many quads may be read; 0 is any number.
	Limit int64
	// Whole, if there is one, counts what this one counts, and stops it too.
	Whole *Meter

	read atomic.Int64
}

// MeterError is the error of reading beyond a meter's limit.
type MeterError struct{ Read, Limit int64 } // quads

func (e *MeterError) Error() string {
	return fmt.Sprintf("%d quads of the graph were read, %d more than the limit of %d", e.Read, e.Read-e.Limit, e.Limit)
}

// Read returns how many quads were read so far.
func (m *Meter) Read() int64 {
	if m == nil {
		return 0
	}
	return m.read.Load()
}

// Left returns how many quads may still be read; negative where there is no limit.
func (m *Meter) Left() int64 {
	least := int64(-1)
	for ; m != nil; m = m.Whole {
		if left := max(m.Limit-m.read.Load(), 0); m.Limit > 0 && (least < 0 || left < least) {
			least = left
		}
	}
	return least
}

// Add counts n quads that were read together. The error is a *MeterError once
// they are more than the limit.
func (m *Meter) Add(n int) error {
	var over error
	for ; m != nil; m = m.Whole {
		if read := m.read.Add(int64(n)); m.Limit > 0 && read > m.Limit {
			over = &MeterError{Read: read, Limit: m.Limit}
		}
	}
	return over
}

// Metered returns the view with a meter that counts what is read through it: by
// Expand, Follow and Quads, and by columns and what is made of them. Reading fails with a *MeterError
// beyond the meter's limit, at the end of the batch that goes beyond it.
// Cost: O(1).
func (v *View) Metered(m *Meter) *View {
	metered := *v
	metered.meter = m
	return &metered
}

// Spend counts quads that a caller knows it has read, from a column that it keeps.
// The error is a *MeterError.
func (v *View) Spend(quads int) error { return v.meter.Add(quads) }

// meterEvery is after how many quads that are yielded one by one the meter is told.
const meterEvery = 1024

// quads reads the snapshot's quads, and counts them.
func (v *View) quads(ctx context.Context, p Pattern, yield func(Quad) bool) error {
	if v.meter == nil {
		return v.Snapshot.Quads(ctx, p, yield)
	}
	n := 0
	var over error
	err := v.Snapshot.Quads(ctx, p, func(q Quad) bool {
		if n++; n == meterEvery {
			n = 0
			if over = v.meter.Add(meterEvery); over != nil {
				return false
			}
		}
		return yield(q)
	})
	if over == nil {
		over = v.meter.Add(max(n, 1)) // a look that finds nothing is one, too
	}
	if err != nil {
		return err
	}
	return over
}
