package query

import (
	"math"
	"slices"

	"chancery/graph"
)

// foremost appends to dst those of some ids that can be among the first n in the
// order of a time, or ties of the nth, as far as the column of the time tells: of those
// that it cannot tell all are kept, and counted in unsure.
//
// Some of what it keeps may turn out not to be shown. The first n are among those that
// are as long as these are n and unsure, or more: n of them come before all others then.
//
// Cost: a look into the column for each id, and no other memory than dst.
func (r *run) foremost(dst, of []graph.ID, by orderKey, n int) (_ []graph.ID, unsure int, err error) {
	if by.time == "" || len(of) <= 2*n {
		return append(dst, of...), 0, nil
	}
	column, ok, err := r.columnOf(by.time, of)
	if err != nil || !ok {
		return append(dst, of...), 0, err
	}
	room := dayRooms.get()
	defer dayRooms.put(room)
	room.numbers = slices.Grow(room.numbers[:0], len(of))[:len(of)]
	room.keys = slices.Grow(room.keys[:0], len(of))[:len(of)]
	column.Numbers(room.numbers, of, r.view.Facts())
	last := room.nth(column, by.descending, n)
	for i, key := range room.keys {
		if key <= last {
			dst = append(dst, of[i])
		}
		if key == unsureDay {
			unsure++
		}
	}
	return dst, unsure, nil
}

// dayRoom is what foremost works in.
type dayRoom struct {
	numbers    []uint32
	keys, best []uint64
}

var dayRooms = pool[dayRoom]{bytes: func(d *dayRoom) int { return bytesOf(d.numbers) + bytesOf(d.keys) + bytesOf(d.best) }}

const (
	unsureDay  = 0 // sorts before all: it is always kept
	unknownDay = math.MaxUint64
)

// nth sets the keys of all numbers, and returns the nth least of those that are sure.
func (d *dayRoom) nth(column graph.Column, descending bool, n int) uint64 {
	best := d.best[:0]
	number, key := uint32(0), uint64(unknownDay) // many that follow each other are of one day
	for i, is := range d.numbers {
		if is != number {
			number, key = is, dayKey(column, is, descending)
		}
		if d.keys[i] = key; key == unsureDay {
			continue
		}
		if len(best) == n {
			if key >= best[n-1] {
				continue
			}
			best = best[:n-1]
		}
		at, _ := slices.BinarySearch(best, key)
		best = slices.Insert(best, at, key)
	}
	d.best = best
	if len(best) < n {
		return unknownDay
	}
	return best[n-1]
}

// dayKey is a number that orders as a date does: by its first day, then by its last;
// the unknown comes last both ways.
func dayKey(column graph.Column, number uint32, descending bool) uint64 {
	if number == 0 {
		return unknownDay
	}
	if number == graph.Unsure {
		return unsureDay
	}
	id := column.Object(number)
	if id.Space() != graph.Dates {
		return unsureDay // an interval, say
	}
	earliest, latest := id.Days()
	const zero = 1 << 30 // days: dates inline lie within half of that
	key := uint64(earliest+zero)<<32 | uint64(latest-earliest)
	if descending {
		return 1<<63 - key
	}
	return key
}
