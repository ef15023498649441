package query

import (
	"encoding/json"
	"strings"
)

// What many objects of a level relate to comes again in the next, as the parties of many
// events do. Each is asked about and written once, and its text is copied where it comes
// again.

// occurrences is how many objects of the answer the rows stand for.
func occurrences(rows []row) int {
	n := len(rows)
	for _, row := range rows {
		n += int(row.more)
	}
	return n
}

// once returns each of the rows once, with how many times more it comes, and where each
// is among these; at is nil where the rows are all different, or what is around them is.
func once(rows []row) (different []row, at []uint32) {
	if len(rows) < 2 {
		return rows, nil
	}
	var seen numbering
	at = make([]uint32, len(rows))
	for i, row := range rows {
		n := seen.number(row.id+1) - 1 // 0, which is nothing, is one of them
		if at[i] = n; int(n) == len(different) {
			different = append(different, row)
			continue
		}
		first := &different[n]
		if first.around != row.around || first.former != row.former {
			return rows, nil
		}
		first.more += 1 + row.more
	}
	if len(different) == len(rows) {
		return rows, nil
	}
	return different, at
}

// repeated writes objects that come several times.
type repeated struct {
	objects *objects
	at      []uint32 // of each row: which of the objects it is
	written []extent
}

// extent is where an object was written; to is 0 where it was not.
type extent struct{ from, to, cuts int }

func (o *repeated) write(w *writer, i int) bool {
	i = int(o.at[i])
	if as := o.written[i]; as.to > 0 && as.cuts == w.cuts {
		w.buf = append(w.buf, w.buf[as.from:as.to]...)
		return w.within()
	}
	from, cites, failed := len(w.buf), len(w.cites), len(w.errors)+w.more
	if !o.objects.write(w, i) {
		return false
	}
	if len(w.cites) == cites && len(w.errors)+w.more == failed { // those have paths of their own
		o.written[i] = extent{from, len(w.buf), w.cuts}
	}
	return true
}

// surrounds reports whether something in the request may look at what is around a row:
// it has the word for it.
func (r Request) surrounds() bool {
	at := r.Operation.Position
	return at == nil || at.Src == nil || strings.Contains(at.Src.Input, enclosing) || saysEnclosing(r.Variables)
}

// enclosing is the key of a reference to what is around a row.
const enclosing = "enclosing"

// saysEnclosing reports whether an object within a variable's value may have the key.
func saysEnclosing(value any) bool {
	switch value := value.(type) {
	case nil, bool, string, int, int64, float64, json.Number:
		return false
	case map[string]any:
		for key, each := range value {
			if key == enclosing || saysEnclosing(each) {
				return true
			}
		}
		return false
	case []any:
		for _, each := range value {
			if saysEnclosing(each) {
				return true
			}
		}
		return false
	}
	return true // who knows
}
