package local

import (
	"context"
	"log/slog"
	"slices"

	"chancery/graph"
)

var _ graph.Purger = (*Store)(nil)

// Purge implements graph.Purger.
//
// All segments become one, which holds what is there and nothing else, and the
// log is begun anew. Files of the dictionary with terms that no quad uses are
// written again without their texts. Commits mark the terms that they name from
// the beginning on; if one has named a term that was about to go, the
// dictionary is looked through once more, so none waits but for the manifest.
func (s *Store) Purge(ctx context.Context) error {
	s.keeping.Lock()
	defer s.keeping.Unlock()
	s.merging.Lock()
	defer s.merging.Unlock()
	if err := s.usable(ctx); err != nil {
		return err
	}
	err := s.purge(ctx)
	if err != nil && err == ctx.Err() { //nolint:errorlint // the very error that purge has returned from ctx
		return err
	}
	return s.failed(err)
}

func (s *Store) purge(ctx context.Context) error {
	s.turn <- struct{}{}
	named, from := &termSet{}, s.head.commit
	s.named = named
	s.give()
	defer func() {
		s.turn <- struct{}{}
		s.named = nil
		s.give()
	}()
	// What commits before have named is found in what they have left.
	if err := s.settle(from); err != nil {
		return err
	}
	if err := s.writeOut(true); err != nil {
		return err
	}
	if err := s.mergeSegments(s.now.Load().segments); err != nil {
		return err
	}
	now := s.now.Load()
	held := &termSet{}
	for _, seg := range now.segments {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := held.addAll(seg.tables[spol]); err != nil {
			return err
		}
	}
	for done := false; !done; {
		if err := ctx.Err(); err != nil {
			return err
		}
		s.turn <- struct{}{}
		held.union(named)
		s.give()
		var err error
		if done, err = s.purgeTerms(now.words.files, held, named, from); err != nil {
			return err
		}
	}
	return nil
}

// purgeTerms writes files of the dictionary again without the terms that are not
// held, and drops what is kept. If one that would go was named meanwhile it
// changes nothing and returns false.
func (s *Store) purgeTerms(files []*termFile, held, named *termSet, commit uint64) (done bool, err error) {
	gone := &termSet{}
	count := 0
	renewed := map[uint64]*termFile{}
	for _, f := range files {
		n, err := f.unheld(held, gone)
		if err != nil {
			return false, err
		}
		if count += n; n == 0 {
			continue
		}
		entry := termsEntry{Number: s.number.Add(1), First: f.First}
		if entry, err = writeTermFile(s.fsys, entry, f.seed, []keySource{f.without(gone)}); err != nil {
			return false, err
		}
		if renewed[f.Number], err = openTermFile(s.fsys, entry, f.seed); err != nil {
			return false, err
		}
	}
	var old []string
	err = s.switchTo(func() (*manifest, error) {
		if done = !named.meets(gone); !done {
			return nil, nil //nolint:nilnil // nothing is to be switched to
		}
		return s.edit(func(m *manifest) {
			m.Files = slices.Clone(m.Files)
			for i, e := range m.Files {
				if f := renewed[e.Number]; f != nil {
					m.Files[i] = f.termsEntry
					old = append(old, e.file())
				}
			}
			for _, e := range m.Kept {
				old = append(old, e.file())
			}
			m.Kept, m.Purged = nil, commit
		})
	}, func(snap *snapshot) {
		words := *snap.words
		words.files = slices.Clone(words.files)
		for i, f := range words.files {
			if renewed[f.Number] != nil {
				words.files[i] = renewed[f.Number]
			}
		}
		snap.words = &words
	})
	if err != nil {
		return false, err
	}
	if !done {
		for _, f := range renewed {
			old = append(old, f.file())
		}
	} else {
		s.logger.Info("purged", slog.Int("terms", count))
	}
	return done, s.remove(old)
}

// termSet is a set of terms of the dictionary, one bit a term.
type termSet [len(spaces)][]uint64

func (t *termSet) add(id graph.ID) {
	if space, ok := inDictionary(id); ok {
		t.put(space, id.Sequence())
	}
}

func (t *termSet) put(space int, sequence uint64) {
	word := int(sequence / 64)
	if word >= len(t[space]) {
		t[space] = append(t[space], make([]uint64, word+1-len(t[space]))...)
	}
	t[space][word] |= 1 << (sequence % 64)
}

func (t *termSet) has(space int, sequence uint64) bool {
	word := sequence / 64
	return word < uint64(len(t[space])) && t[space][word]>>(sequence%64)&1 == 1
}

// hasAny reports whether one of the row's terms is in the set.
func (t *termSet) hasAny(r *row) bool {
	for _, id := range r {
		if space, ok := inDictionary(graph.ID(id)); ok && t.has(space, graph.ID(id).Sequence()) {
			return true
		}
	}
	return false
}

// union adds what the other has.
func (t *termSet) union(other *termSet) {
	for space, words := range other {
		if len(words) > len(t[space]) {
			t[space] = append(t[space], make([]uint64, len(words)-len(t[space]))...)
		}
		for i, w := range words {
			t[space][i] |= w
		}
	}
}

// meets reports whether a term is in both.
func (t *termSet) meets(other *termSet) bool {
	for space := range t {
		for i := range min(len(t[space]), len(other[space])) {
			if t[space][i]&other[space][i] != 0 {
				return true
			}
		}
	}
	return false
}

// addAll adds the terms of a table's rows.
func (t *termSet) addAll(rows *table) error {
	var b block
	var part [blockRows]uint64
	for i := range rows.blocks {
		if err := rows.read(i, &b); err != nil {
			return err
		}
		for j := range 4 {
			b.decode(j, 0, part[:b.n])
			for _, id := range part[:b.n] {
				t.add(graph.ID(id))
			}
		}
	}
	return nil
}

// unheld adds to gone the file's terms that are not held and have texts still,
// and counts them.
func (f *termFile) unheld(held, gone *termSet) (n int, err error) {
	for space := range spaces {
		sequence := f.First[space]
		err := f.all(space, func(key []byte) error {
			if len(key) > 0 && !held.has(space, sequence) {
				gone.put(space, sequence)
				n++
			}
			sequence++
			return nil
		})
		if err != nil {
			return 0, err
		}
	}
	return n, nil
}

// without is the keySource of a file in which some terms are purged.
func (f *termFile) without(gone *termSet) keySource {
	return func(space int, yield func([]byte) error) error {
		sequence := f.First[space]
		return f.all(space, func(key []byte) error {
			if gone.has(space, sequence) {
				key = nil
			}
			sequence++
			return yield(key)
		})
	}
}
