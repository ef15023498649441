package local

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"runtime"
	"sync"
)

// segmentEntry is what the manifest says of a segment.
type segmentEntry struct {
	Number uint64             `json:"number"`
	Quads  uint64             `json:"quads"`
	Sizes  [orderCount]uint64 `json:"bytes"` // of the files of each order
}

func (e segmentEntry) file(o order) string { return fmt.Sprintf("%06d.%s", e.Number, o) }

// segment is a set of quads on disk, in every order. It never changes.
type segment struct {
	segmentEntry
	tables [orderCount]*table
}

func openSegment(fsys fileSystem, e segmentEntry) (*segment, error) {
	s := &segment{segmentEntry: e}
	for o := range orderCount {
		t, err := openTable(fsys, e.file(o), o, e.Number, e.Sizes[o])
		if err != nil {
			return nil, err
		}
		if t.rows != e.Quads {
			return nil, t.corrupt(len(t.data)-tableFooter, "it has %d rows, and the manifest says %d", t.rows, e.Quads)
		}
		if t.fingerprint != s.fingerprintOr(t.fingerprint) {
			return nil, t.corrupt(len(t.data)-tableFooter, "its fingerprint is not that of %s", e.file(spol))
		}
		s.tables[o] = t
	}
	return s, nil
}

func (s *segment) fingerprintOr(own uint64) uint64 {
	if s.tables[spol] == nil {
		return own
	}
	return s.tables[spol].fingerprint
}

// writeSegment writes what an odd number of the sources hold as a segment,
// orders side by side on the processors there are, and syncs the files; the
// directory is not synced. Without quads there is no segment: its entry has none.
func writeSegment(fsys fileSystem, number uint64, sources []source) (segmentEntry, error) {
	e := segmentEntry{Number: number}
	var errs [orderCount]error
	var sizes, rows [orderCount]uint64
	var wait sync.WaitGroup
	turns := make(chan struct{}, max(1, min(runtime.GOMAXPROCS(0), int(orderCount))))
	for o := range orderCount {
		turns <- struct{}{}
		name := e.file(o)
		wait.Go(func() {
			defer func() { <-turns }()
			sizes[o], rows[o], errs[o] = writeTable(fsys, name, o, number, sources)
		})
	}
	wait.Wait()
	for o, err := range errs {
		if err != nil {
			return e, err
		}
		if rows[o] != rows[0] {
			return e, &CorruptError{e.file(order(o)), 0, fmt.Sprintf("merging gave %d rows, and %d by another order", rows[o], rows[0])}
		}
	}
	e.Quads, e.Sizes = rows[0], sizes
	return e, nil
}

// tableWriter writes a table.
type tableWriter struct {
	out         *bufio.Writer
	encoder     encoder
	pending     [4][blockRows]uint64
	length      int // of pending
	index, buf  []byte
	at          uint64
	rows        uint64
	last        row
	fingerprint uint64
}

func writeTable(fsys fileSystem, name string, o order, number uint64, sources []source) (size, rows uint64, err error) {
	f, err := fsys.Create(name)
	if err != nil {
		return 0, 0, err
	}
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}()
	w := &tableWriter{out: bufio.NewWriterSize(f, 1<<18), encoder: encoder{order: o}}
	if err := w.write(newHeader(tableMagic, uint32(o), number)); err != nil {
		return 0, 0, err
	}
	m, err := newMerge(o, sources, everything)
	if err != nil {
		return 0, 0, err
	}
	defer m.release()
	for {
		rows, err := m.next()
		if err != nil {
			return 0, 0, err
		}
		if rows.len() == 0 {
			break
		}
		if err := w.add(rows); err != nil {
			return 0, 0, err
		}
	}
	if err := w.end(); err != nil {
		return 0, 0, err
	}
	return w.at, w.rows, f.Sync()
}

func (w *tableWriter) write(b []byte) error {
	w.at += uint64(len(b))
	_, err := w.out.Write(b)
	return err
}

func (w *tableWriter) add(rows columns) error {
	w.fingerprint += hashRows(w.encoder.order, &rows)
	w.rows += uint64(rows.len())
	w.last = rows.row(rows.len() - 1)
	for rows.len() > 0 {
		n := min(rows.len(), blockRows-w.length)
		for j := range w.pending {
			copy(w.pending[j][w.length:], rows[j][:n])
		}
		w.length += n
		rows = rows.slice(n, rows.len())
		if w.length == blockRows {
			if err := w.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *tableWriter) flush() error {
	var rows columns
	for j := range rows {
		rows[j] = w.pending[j][:w.length]
		w.index = binary.LittleEndian.AppendUint64(w.index, rows[j][0])
	}
	w.index = binary.LittleEndian.AppendUint64(w.index, w.at)
	for j := range 2 {
		w.index = binary.LittleEndian.AppendUint64(w.index, rows[j][w.length-1])
	}
	w.buf = w.encoder.encode(w.buf[:0], &rows)
	w.length = 0
	return w.write(w.buf)
}

// end writes what is pending, the index and the footer.
func (w *tableWriter) end() error {
	if w.length > 0 {
		if err := w.flush(); err != nil {
			return err
		}
	}
	footer := binary.LittleEndian.AppendUint64(nil, w.at)
	footer = binary.LittleEndian.AppendUint64(footer, w.rows)
	footer = binary.LittleEndian.AppendUint64(footer, uint64(len(w.index)/indexEntry))
	footer = binary.LittleEndian.AppendUint64(footer, w.fingerprint)
	for _, part := range w.last {
		footer = binary.LittleEndian.AppendUint64(footer, part)
	}
	footer = binary.LittleEndian.AppendUint32(footer, checksum(w.index))
	footer = binary.LittleEndian.AppendUint64(footer, 0)
	footer = binary.LittleEndian.AppendUint32(footer, checksum(footer))
	if err := w.write(w.index); err != nil {
		return err
	}
	if err := w.write(footer); err != nil {
		return err
	}
	return w.out.Flush()
}
