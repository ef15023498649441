package names

import "unicode/utf8"

// edits walks a table for keys near a word: letters put in, left out, replaced,
// or two neighbours swapped, no letter touched twice (optimal string alignment).
type edits struct {
	word   []rune
	most   int
	longer bool // keys of which a beginning is near count too
	visit  func(key uint32, edits int, whole bool)

	// rows[d*width+j] is the distance between a key's first d letters and the
	// word's first j; cells further than most from the diagonal hold most+1.
	rows  []uint8
	width int
	path  []rune  // a key's letters so far, from 1
	best  []uint8 // best[d] is the least distance of the whole word from any of the first d beginnings
}

func newEdits(word string, most int, longer bool, visit func(key uint32, edits int, whole bool)) *edits {
	e := &edits{word: []rune(word), most: most, longer: longer, visit: visit}
	e.width = len(e.word) + 1
	deepest := len(e.word) + most + 2
	e.rows = make([]uint8, (deepest+1)*e.width)
	e.path = make([]rune, deepest+1)
	e.best = make([]uint8, deepest+1)
	for j := range e.width {
		e.rows[j] = uint8(min(j, most+1))
	}
	e.best[0] = e.rows[e.width-1]
	return e
}

func (e *edits) step(depth int, r rune) bool {
	m, far := len(e.word), uint8(e.most+1)
	e.path[depth] = r
	before, row := e.rows[(depth-1)*e.width:depth*e.width], e.rows[depth*e.width:(depth+1)*e.width]
	lo, hi := max(1, depth-e.most), min(m, depth+e.most)
	if lo > hi+1 {
		e.best[depth] = e.best[depth-1]
		return false
	}
	// Beyond the band a cell is far; a row's first cell beyond it is read by the
	// next row, so it is written.
	least := far
	if lo == 1 {
		row[0] = uint8(min(depth, e.most+1))
		least = row[0]
	} else {
		row[lo-1] = far
	}
	last, swapped := rune(-1), before // nothing can be swapped yet
	if depth > 1 {
		last, swapped = e.path[depth-1], e.rows[(depth-2)*e.width:]
	}
	left, diagonal := row[lo-1], before[lo-1]
	for j := lo; j <= hi; j++ {
		d, up := diagonal, before[j]
		diagonal = up
		if c := e.word[j-1]; c != r {
			d++
			if c == last && j > 1 && e.word[j-2] == r {
				d = min(d, swapped[j-2]+1)
			}
		}
		left = min(d, up+1, left+1, far)
		row[j] = left
		least = min(least, left)
	}
	if hi < m {
		row[hi+1] = far
	}
	e.best[depth] = e.best[depth-1]
	if hi == m && lo <= m {
		e.best[depth] = min(e.best[depth], row[m])
	}
	return least < far
}

func (e *edits) end(key uint32, depth int) {
	m := len(e.word)
	if m >= depth-e.most && m <= depth+e.most {
		if d := int(e.rows[depth*e.width+m]); d <= e.most {
			e.visit(key, d, true)
			return
		}
	}
	e.cut(key, key+1, depth)
}

func (e *edits) cut(lo, hi uint32, depth int) {
	if d := int(e.best[depth]); e.longer && d <= e.most {
		for key := lo; key < hi; key++ {
			e.visit(key, d, false)
		}
	}
}

// distance is the number of edits between two words, or most+1 if there are more.
func distance(a, b string, most int) int {
	if a == b {
		return 0
	}
	out := most + 1
	e := newEdits(a, most, false, func(_ uint32, d int, _ bool) { out = d })
	depth := 0
	for _, r := range b {
		if depth++; depth >= len(e.path) || !e.step(depth, r) {
			return out
		}
	}
	e.end(0, depth)
	return out
}

func runeCount(s string) int { return utf8.RuneCountInString(s) }

// consonants walks a table of loose keys for those that an abjad's word may be
// the spelling of: vowels cost nothing.
type consonants struct {
	word  []consonant
	most  int
	visit func(key uint32, edits int)
	rows  [][]uint8 // as in edits, and kept whole
}

func newConsonants(word []consonant, most int, visit func(key uint32, edits int)) *consonants {
	c := &consonants{word: word, most: most, visit: visit, rows: [][]uint8{make([]uint8, len(word)+1)}}
	for j, symbol := range word {
		c.rows[0][j+1] = c.rows[0][j]
		if !symbol.free {
			c.rows[0][j+1]++
		}
	}
	return c
}

func (c *consonants) step(depth int, r rune) bool {
	if r < 'a' || r > 'z' {
		return false
	}
	for len(c.rows) <= depth {
		c.rows = append(c.rows, make([]uint8, len(c.word)+1))
	}
	letter := uint32(1) << (r - 'a')
	extra := uint8(1)
	if vowels&letter != 0 {
		extra = 0
	}
	before, row := c.rows[depth-1], c.rows[depth]
	row[0] = min(before[0]+extra, 200)
	least := row[0]
	for j, symbol := range c.word {
		d := before[j]
		if symbol.among&letter == 0 {
			d++
		}
		d = min(d, before[j+1]+extra)
		if symbol.free {
			d = min(d, row[j])
		} else {
			d = min(d, row[j]+1)
		}
		row[j+1] = min(d, 200)
		least = min(least, d)
	}
	return int(least) <= c.most
}

func (c *consonants) end(key uint32, depth int) {
	if d := int(c.rows[depth][len(c.word)]); d <= c.most {
		c.visit(key, d)
	}
}

func (c *consonants) cut(uint32, uint32, int) {}
