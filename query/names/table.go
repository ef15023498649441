package names

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// table is a sorted list of distinct keys, each with values; immutable. Beside
// each key stands how many of its first letters the key before shares: so the
// list is walked like a trie, and what cannot match is passed over by reading one
// byte a key.
type table struct {
	text   string   // all keys, one after another
	at     []uint32 // at[i] is where key i begins in text; one more than keys
	shared []uint8  // letters that key i shares with key i-1
	runes  []uint8  // letters of key i
	values []uint32 // ascending for each key
	from   []uint32 // from[i] is where key i's values begin; one more than keys
}

func (t *table) len() int { return len(t.runes) }

func (t *table) key(i uint32) string { return t.text[t.at[i]:t.at[i+1]] }

func (t *table) valuesOf(i uint32) []uint32 { return t.values[t.from[i]:t.from[i+1]] }

// find is the place of a key, or where it would be.
func (t *table) find(key string) (at uint32, found bool) {
	lo, hi := uint32(0), uint32(t.len())
	for lo < hi {
		mid := (lo + hi) / 2
		if t.key(mid) < key {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, lo < uint32(t.len()) && t.key(lo) == key
}

// prefixed are the keys that begin with prefix: those from lo up to hi.
func (t *table) prefixed(prefix string) (lo, hi uint32) {
	lo, _ = t.find(prefix)
	hi, end := lo, uint32(t.len())
	for step := uint32(1); hi < end; step *= 2 { // galloping: ranges are mostly short
		next := min(hi+step, end)
		if !strings.HasPrefix(t.key(next-1), prefix) {
			end = next - 1
			break
		}
		hi = next
	}
	for hi < end {
		mid := (hi + end) / 2
		if strings.HasPrefix(t.key(mid), prefix) {
			hi = mid + 1
		} else {
			end = mid
		}
	}
	return lo, hi
}

// walker is told of the letters of keys, as a walk goes down and back up: after
// depth d it may be asked for any depth up to d+1.
type walker interface {
	// step takes the letter that makes a beginning of depth letters, and reports
	// whether a key that begins so may still match.
	step(depth int, r rune) bool
	// end is told of a key of depth letters that all steps let through.
	end(key uint32, depth int)
	// cut is told of the keys from lo up to hi, whose first depth letters a step
	// turned down.
	cut(lo, hi uint32, depth int)
}

// walk leads a walker over the keys, in order. Beginnings that keys share are
// walked once. Cost: a byte read a key, a step for each beginning let through.
func (t *table) walk(w walker) {
	begins := make([]uint32, 1, maxRunes+1) // begins[d] is where a key's letter d begins in it
	for i, n := uint32(0), uint32(t.len()); i < n; {
		key, depth := t.key(i), int(t.shared[i])
		begins = begins[:depth+1]
		at, alive := begins[depth], true
		for alive && at < uint32(len(key)) {
			r, size := rune(key[at]), 1
			if r >= utf8.RuneSelf {
				r, size = utf8.DecodeRuneInString(key[at:])
			}
			at += uint32(size)
			depth++
			begins = append(begins, at)
			alive = w.step(depth, r)
		}
		lo := i
		if i++; alive {
			w.end(lo, depth)
			continue
		}
		for i < n && int(t.shared[i]) >= depth {
			i++
		}
		w.cut(lo, i, depth)
	}
}

// tableBuilder gathers keys and values.
type tableBuilder struct {
	ids   map[string]uint32
	keys  []string
	pairs []uint64 // key's number in keys, value
}

func newTableBuilder(size int) *tableBuilder {
	return &tableBuilder{ids: make(map[string]uint32, size)}
}

// add returns the key's number; it changes when the table is built.
func (b *tableBuilder) add(key string, value uint32) uint32 {
	id, known := b.ids[key]
	if !known {
		id = uint32(len(b.keys))
		key = strings.Clone(key)
		b.ids[key] = id
		b.keys = append(b.keys, key)
	}
	b.pairs = append(b.pairs, uint64(id)<<32|uint64(value))
	return id
}

// build returns the table, and each number's place in it.
func (b *tableBuilder) build() (*table, []uint32) {
	order := make([]uint32, len(b.keys))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(x, y uint32) int { return strings.Compare(b.keys[x], b.keys[y]) })
	placed := make([]uint32, len(order))
	t := &table{
		at: make([]uint32, 1, len(order)+1), shared: make([]uint8, len(order)), runes: make([]uint8, len(order)),
		from: make([]uint32, 1, len(order)+1), values: make([]uint32, 0, len(b.pairs)),
	}
	var text strings.Builder
	before := ""
	for i, id := range order {
		key := b.keys[id]
		placed[id] = uint32(i)
		text.WriteString(key)
		t.at = append(t.at, uint32(text.Len()))
		t.runes[i] = uint8(min(utf8.RuneCountInString(key), 255))
		t.shared[i] = uint8(min(sharedRunes(before, key), 255))
		before = key
	}
	t.text = strings.Clone(text.String())
	for i, p := range b.pairs {
		b.pairs[i] = uint64(placed[p>>32])<<32 | p&(1<<32-1)
	}
	slices.Sort(b.pairs)
	pairs := slices.Compact(b.pairs)
	next := 0
	for i := range order {
		for next < len(pairs) && int(pairs[next]>>32) == i {
			t.values = append(t.values, uint32(pairs[next]))
			next++
		}
		t.from = append(t.from, uint32(len(t.values)))
	}
	t.values = slices.Clip(t.values)
	return t, placed
}

// sharedRunes counts the letters that two keys begin with alike.
func sharedRunes(a, b string) int {
	n := 0
	for len(a) > 0 && len(b) > 0 {
		x, size := utf8.DecodeRuneInString(a)
		if y, _ := utf8.DecodeRuneInString(b); x != y {
			break
		}
		a, b = a[size:], b[size:]
		n++
	}
	return n
}
