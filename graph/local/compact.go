package local

import (
	"log/slog"
	"math/bits"
	"slices"
)

// fan is how many segments of one tier are merged; each tier's are that many
// times larger than those of the one before.
const fan = 4

// mergeIfDue merges what is due: segments first.
func (s *Store) mergeIfDue() (bool, error) {
	s.merging.Lock()
	defer s.merging.Unlock()
	now := s.now.Load()
	if due := dueSegments(now.segments, now.size); due != nil {
		return true, s.mergeSegments(due)
	}
	if due := dueTerms(now.words.files); due != nil {
		return true, s.mergeTerms(due)
	}
	return false, nil
}

// dueSegments returns the segments to merge next: all, when they hold more than
// twice the quads that are there, for then removals wait to meet what they
// remove; or those of the smallest tier that has enough of them.
func dueSegments(segments []*segment, size uint64) []*segment {
	held := uint64(0)
	tiers := map[int][]*segment{}
	for _, seg := range segments {
		held += seg.Quads
		tier := bits.Len64(seg.Quads>>12) / 2
		tiers[tier] = append(tiers[tier], seg)
	}
	if len(segments) > 1 && held > 2*size+4096 {
		return segments
	}
	for tier := range 33 {
		if len(tiers[tier]) >= fan {
			return tiers[tier]
		}
	}
	return nil
}

// mergeSegments puts one segment in the place of several.
func (s *Store) mergeSegments(old []*segment) error {
	if len(old) < 2 {
		return nil
	}
	sources := make([]source, len(old))
	for i, seg := range old {
		sources[i] = source{segment: seg}
	}
	entry, err := writeSegment(s.fsys, s.number.Add(1), sources)
	if err != nil {
		return err
	}
	var merged []*segment
	if entry.Quads > 0 {
		seg, err := openSegment(s.fsys, entry)
		if err != nil {
			return err
		}
		merged = append(merged, seg)
	}
	gone := func(number uint64) bool {
		return slices.ContainsFunc(old, func(seg *segment) bool { return seg.Number == number })
	}
	_, err = s.edit(func(m *manifest) {
		// In the place of the first: segments that lie in the order of time mostly
		// hold ids that ascend from one to the next.
		at := slices.IndexFunc(m.Segments, func(e segmentEntry) bool { return gone(e.Number) })
		m.Segments = slices.DeleteFunc(slices.Clone(m.Segments), func(e segmentEntry) bool { return gone(e.Number) })
		if entry.Quads > 0 {
			m.Segments = slices.Insert(m.Segments, at, entry)
		}
	})
	if err != nil {
		return err
	}
	s.install(func(snap *snapshot) {
		at := slices.IndexFunc(snap.segments, func(seg *segment) bool { return gone(seg.Number) })
		snap.segments = slices.DeleteFunc(slices.Clone(snap.segments), func(seg *segment) bool { return gone(seg.Number) })
		snap.segments = slices.Insert(snap.segments, at, merged...)
	}, false)
	s.logger.Info("segments merged", slog.Int("segments", len(old)), slog.Uint64("quads", entry.Quads))
	var names []string
	for _, seg := range old {
		for o := range orderCount {
			names = append(names, seg.file(o))
		}
	}
	if entry.Quads == 0 {
		for o := range orderCount {
			names = append(names, entry.file(o))
		}
	}
	return s.remove(names)
}

// dueTerms returns the newest files of a dictionary from the first on that the
// later ones together outgrow.
func dueTerms(files []*termFile) []*termFile {
	if len(files) < fan {
		return nil
	}
	after, size, from := uint64(0), uint64(0), len(files)
	for i := len(files) - 1; i >= 0; i-- {
		n := files[i].Count.sum()
		if size += files[i].Size; after+n > maxFileTerms || size > maxTermBytes {
			break
		}
		if n <= 2*after {
			from = i
		}
		after += n
	}
	if len(files)-from < fan {
		return nil
	}
	return files[from:]
}

// mergeTerms puts one file in the place of several that follow one another.
func (s *Store) mergeTerms(old []*termFile) error {
	if len(old) < 2 {
		return nil
	}
	var total, size uint64
	entry := termsEntry{First: old[0].First}
	keys := make([]keySource, len(old))
	for i, f := range old {
		keys[i] = f.all
		total, size = total+f.Count.sum(), size+f.Size
	}
	if total > maxFileTerms || size > maxTermBytes {
		return nil
	}
	entry.Number = s.number.Add(1)
	entry, err := writeTermFile(s.fsys, entry, old[0].seed, keys)
	if err != nil {
		return err
	}
	merged, err := openTermFile(s.fsys, entry, old[0].seed)
	if err != nil {
		return err
	}
	gone := func(number uint64) bool {
		return slices.ContainsFunc(old, func(f *termFile) bool { return f.Number == number })
	}
	_, err = s.edit(func(m *manifest) {
		at := slices.IndexFunc(m.Files, func(e termsEntry) bool { return gone(e.Number) })
		m.Files = slices.Replace(slices.Clone(m.Files), at, at+len(old), entry)
	})
	if err != nil {
		return err
	}
	s.install(func(snap *snapshot) {
		words := *snap.words
		at := slices.IndexFunc(words.files, func(f *termFile) bool { return gone(f.Number) })
		words.files = slices.Replace(slices.Clone(words.files), at, at+len(old), merged)
		snap.words = &words
	}, false)
	s.logger.Info("terms merged", slog.Int("files", len(old)), slog.Uint64("terms", entry.Count.sum()))
	names := make([]string, len(old))
	for i, f := range old {
		names[i] = f.file()
	}
	return s.remove(names)
}
