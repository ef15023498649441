package local

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"chancery/graph"
)

// Check reads a store that nobody has open, whole: every checksum; the order of
// every index; that the orders of a segment hold the same quads, each once;
// that every id in a quad has a term, and every term one id; that counts are
// what the manifest says; and what is kept. It changes nothing.
//
// The error is nil, ErrLocked, ErrNotStore, ErrNewerFormat, the system's, or
// the *CorruptErrors found, joined: the first of each file. Each says what is
// wrong where, and what helps.
func Check(dir string) error {
	return check(directory(dir), true)
}

func check(fsys fileSystem, kept bool) (err error) {
	names, err := fsys.List()
	if err != nil {
		return err
	}
	if !slices.Contains(names, manifestName) {
		return ErrNotStore
	}
	lock, err := fsys.Lock()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	m, err := readManifest(fsys)
	if err != nil {
		return err
	}
	if m == nil {
		return ErrNotStore // unreachable unless the manifest went since it was listed
	}
	err = checkQuads(fsys, m)
	if !kept {
		return err
	}
	for _, e := range m.Kept {
		err = errors.Join(err, e.checkFile(fsys))
	}
	return err
}

func checkQuads(fsys fileSystem, m *manifest) error {
	now, err := load(fsys, m, newHealth())
	if err != nil {
		return err
	}
	defer runtime.KeepAlive(now)
	var all []error
	purged := &termSet{}
	for _, f := range now.words.files {
		all = append(all, f.check(now.words, purged))
	}
	for _, seg := range now.segments {
		for _, t := range seg.tables {
			all = append(all, t.check(&m.Terms, purged))
		}
	}
	if err := errors.Join(all...); err != nil {
		return err
	}
	for o := range orderCount {
		if n, err := count(o, now.sources()); err != nil || n != m.Size {
			return errors.Join(err, &CorruptError{manifestName, 0, fmt.Sprintf("it counts %d quads, and the segments hold %d by %v", m.Size, n, o)})
		}
	}
	names, err := fsys.List()
	if err != nil {
		return err
	}
	now, _, err = replay(fsys, now, m.Log, logsFrom(names, m.Log), 1<<16)
	if err != nil {
		return err
	}
	for _, d := range now.deltas {
		for i := range d.rows[spol] {
			if r := &d.rows[spol][i]; !now.terms.hasAll(r) || purged.hasAny(r) {
				return &CorruptError{logName(m.Log), 0, fmt.Sprintf("it or a later log has the quad %x, which has an id without a term", *r)}
			}
		}
	}
	for o := range orderCount {
		if n, err := count(o, now.sources()); err != nil || n != now.size {
			return errors.Join(err, &CorruptError{logName(m.Log), 0, fmt.Sprintf("with the logs there are %d quads by %v, and should be %d", n, o, now.size)})
		}
	}
	return nil
}

// count counts what an odd number of the sources hold.
func count(o order, sources []source) (n uint64, err error) {
	m, err := newMerge(o, sources, everything)
	if err != nil {
		return 0, err
	}
	defer m.release()
	for {
		rows, err := m.next()
		if err != nil || rows.len() == 0 {
			return n, err
		}
		n += uint64(rows.len())
	}
}

// check reads every block.
func (t *table) check(terms *counts, purged *termSet) error {
	var b block
	var last row
	var buffer [4][blockRows]uint64
	var rows columns
	var n, fingerprint uint64
	end := tableHeader
	for i := range t.blocks {
		if t.offset(i) != end {
			return t.corrupt(end, "there is a gap before block %d", i)
		}
		end = t.offset(i + 1)
		if err := t.read(i, &b); err != nil {
			return err
		}
		if i < t.blocks-1 && b.n != blockRows {
			return t.corrupt(t.offset(i), "the block has %d rows, and is not the last", b.n)
		}
		for j := range rows {
			rows[j] = buffer[j][:b.n]
		}
		b.decodeAll(0, &rows)
		fingerprint += hashRows(t.order, &rows)
		for k := range b.n {
			r := rows.row(k)
			if n > 0 && !last.less(&r) {
				return t.corrupt(t.offset(i), "row %d of the block is not above the one before", k)
			}
			if k == 0 && (t.after(i, &r) || r != (row{t.part(i, 0), t.part(i, 1), t.part(i, 2), t.part(i, 3)})) {
				return t.corrupt(t.indexAt+i*indexEntry, "the index has another first row than block %d", i)
			}
			if k == b.n-1 && t.lastOf(i) != (lead{r[0], r[1]}) {
				return t.corrupt(t.indexAt+i*indexEntry, "the index has another last row than block %d", i)
			}
			q := t.order.quad(&r)
			if !terms.hasAll(&r) || purged.hasAny(&r) || q.Subject == 0 || q.Predicate == 0 || q.Object == 0 {
				return t.corrupt(t.offset(i), "row %d of the block has an id without a term", k)
			}
			last = r
			n++
		}
	}
	if last != t.last {
		return t.corrupt(len(t.data)-tableFooter, "the footer has another last row than the last block")
	}
	if end != t.indexAt && t.blocks > 0 || n != t.rows {
		return t.corrupt(t.indexAt, "it has %d rows, and says %d", n, t.rows)
	}
	if fingerprint != t.fingerprint {
		return t.corrupt(len(t.data)-tableFooter, "its rows are not those of its fingerprint")
	}
	return nil
}

// check reads every term, and looks it up in the whole dictionary. Those without
// a text it adds to purged.
func (f *termFile) check(words *dictionary, purged *termSet) error {
	gone := uint64(0)
	for space := range spaces {
		number := uint64(0)
		err := f.all(space, func(key []byte) error {
			at := f.blocksAt[space]
			if len(key) == 0 {
				purged.put(space, f.First[space]+number)
				gone++
				number++
				return nil
			}
			t, err := keyTerm(key)
			if err != nil {
				return f.corrupt(at, "term %d of space %d: %v", number, spaces[space], err)
			}
			if !bytes.Equal(appendKey(nil, t), key) || graph.SpaceOf(t) != spaces[space] || keySpace(key) != spaces[space] {
				return f.corrupt(at, "term %d of space %d is %v and does not belong there", number, spaces[space], t)
			}
			want := graph.InSpace(spaces[space], f.First[space]+number)
			if id, ok, err := words.find(key); err != nil || !ok || id != want {
				return errors.Join(err, f.corrupt(f.tableAt, "%v is found as %x, not %x", t, id, want))
			}
			number++
			return nil
		})
		if err != nil {
			return err
		}
	}
	taken := uint64(0)
	for i := range f.slots {
		slot, err := f.slot(i)
		if err != nil {
			return err
		}
		if slot != 0 {
			taken++
		}
	}
	if want := f.Count.sum() - gone; taken != want {
		return f.corrupt(f.tableAt, "the hash table has %d terms, not %d", taken, want)
	}
	return nil
}
