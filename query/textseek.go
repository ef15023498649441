package query

import (
	"slices"

	"chancery/graph"
)

// textSeek finds what has a text that meets a condition, by the indexes of the
// predicates that the texts are read from. It belongs to one run.
type textSeek struct {
	test       *textTest
	predicates []string
	claims     *graph.Set            // that count
	counts     func(graph.Term) bool // which literals do; nil: all
	// exact says that what is found meets the condition; else it is what can meet it.
	exact bool

	indexes []*textIndex // of the predicates; nil: not yet there
	found   []graph.ID   // ascending, when sought
	sought  bool
}

const (
	// mostSought is up to how many a condition on texts is answered outwards from.
	mostSought = 1024
	// bytesARow is how many bytes of texts are looked through in the time that it
	// takes to read the texts of one row.
	bytesARow = 256
)

// filter is the condition as a test; begin reads the texts of rows instead, where
// that is less or they may meet it.
func (s *textSeek) filter(name string, given any, begin func(r *run, rows []row) (func(int) bool, error)) filter {
	if !s.test.seekable() {
		return test{name: name, given: given, begin: begin}
	}
	s.exact = s.exact && s.test.not == nil && s.test.exists == nil
	t := test{name: name, given: given}
	t.begin = func(r *run, rows []row) (func(int) bool, error) {
		ok, err := s.open(r, len(rows))
		if err != nil {
			return nil, err
		}
		if !ok || !s.sought && len(rows)*bytesARow < s.bytes() {
			return begin(r, rows)
		}
		return s.among(r, rows, begin)
	}
	t.seek = func(r *run) (*candidates, error) {
		ok, err := s.open(r, 0)
		if err != nil || !ok {
			return nil, err
		}
		again := s.sought
		if s.seek(r); len(s.found) > mostSought {
			return nil, nil
		}
		if !again {
			if err := r.view.Spend(len(s.found)); err != nil {
				return nil, err
			}
		}
		if s.exact {
			return &candidates{ids: s.found}, nil
		}
		return &candidates{ids: s.found, rest: t}, nil
	}
	return t
}

// open looks for the indexes; false while one of them is not worth making.
func (s *textSeek) open(r *run, rows int) (bool, error) {
	if r.straight() {
		return false, nil
	}
	if s.indexes != nil {
		return true, nil
	}
	indexes := make([]*textIndex, len(s.predicates))
	for i, p := range s.predicates {
		var err error
		if indexes[i], err = r.op.engine.texts.of(r.ctx, r.view, p, rows); err != nil || indexes[i] == nil {
			return false, err
		}
	}
	s.indexes = indexes
	return true, nil
}

// bytes is how much text seek looks through.
func (s *textSeek) bytes() int {
	if s.test.contains == nil {
		return 0
	}
	n := 0
	for _, x := range s.indexes {
		for i := range x.parts {
			n += len(x.parts[i].folded)
		}
	}
	return n
}

// seek fills in what is found: all that each part of the condition finds.
func (s *textSeek) seek(r *run) {
	if s.sought {
		return
	}
	var each [][]graph.ID
	if s.test.eq != nil {
		each = append(each, s.named(r, map[string]bool{*s.test.eq: true}))
	}
	if s.test.in != nil {
		each = append(each, s.named(r, s.test.in))
	}
	if prefix := s.test.startsWith; prefix != nil {
		each = append(each, s.look(r, nil, s.counts, func(p *textPart, yield func(int)) { p.beginning(*prefix, yield) }))
	}
	if part := s.test.contains; part != nil {
		each = append(each, s.look(r, nil, s.counts, func(p *textPart, yield func(int)) { p.containing(*part, yield) }))
	}
	s.found, s.sought = each[0], true
	for _, more := range each[1:] {
		s.found = intersect(s.found, more)
	}
}

// named finds what has one of the texts, to the letter.
func (s *textSeek) named(r *run, texts map[string]bool) []graph.ID {
	folded := make(map[string]bool, len(texts))
	for text := range texts {
		folded[fold(text)] = true
	}
	counts := func(t graph.Term) bool { return texts[t.Text] && (s.counts == nil || s.counts(t)) }
	var found []graph.ID
	for text := range folded {
		found = s.look(r, found, counts, func(p *textPart, yield func(int)) { p.equal(text, yield) })
	}
	return found
}

// look adds to what was found the subjects of the texts that walk yields, where the
// literal and the claim count. It comes out ascending.
func (s *textSeek) look(r *run, found []graph.ID, counts func(graph.Term) bool, walk func(p *textPart, yield func(i int))) []graph.ID {
	for _, x := range s.indexes {
		for i := range x.parts {
			p := &x.parts[i]
			all := x.rows.All[p.from:]
			walk(p, func(text int) {
				rows := p.rowsOf(text)
				if counts != nil {
					if t, _ := r.view.Term(all[rows[0]].Object); !counts(t) {
						return
					}
				}
				for _, row := range rows {
					if s.claims.Has(all[row].Label) {
						found = append(found, r.view.Stays(all[row].Subject))
					}
				}
			})
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// among is the condition on rows by what is found; begin reads the texts of what is
// found if that only can meet it.
func (s *textSeek) among(r *run, rows []row, begin func(r *run, rows []row) (func(int) bool, error)) (func(int) bool, error) {
	s.seek(r)
	has := func(i int) bool {
		_, found := slices.BinarySearch(s.found, rows[i].id)
		return found
	}
	if s.exact {
		return has, nil
	}
	var possible []row
	place := make([]int, len(rows)) // of each row among the possible, plus one
	for i := range rows {
		if has(i) {
			possible = append(possible, rows[i])
			place[i] = len(possible)
		}
	}
	if len(possible) == 0 {
		return func(int) bool { return false }, nil
	}
	holds, err := begin(r, possible)
	return func(i int) bool { return place[i] > 0 && holds(place[i]-1) }, err
}
