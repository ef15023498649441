package format

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// tsv reads lines whose cells are divided by tabs. There are no quotes.
type tsv struct {
	text    *text
	columns []string
	record  Record
}

func openTSV(t *text, o Options) (Reader, error) {
	r := &tsv{text: t}
	var named bool
	r.columns, named = o.columns(t, func(line string) []string { return strings.Split(line, "\t") })
	if r.columns == nil || named {
		line, err := t.next()
		if errors.Is(err, io.EOF) {
			return nil, errNoHeading
		}
		if err != nil {
			return nil, err
		}
		if !named {
			r.columns = strings.Split(string(line), "\t")
		}
	}
	var err error
	r.columns, err = heading(r.columns)
	return r, err
}

func (r *tsv) Columns() []string { return r.columns }

// Next skips empty lines.
func (r *tsv) Next() (*Record, error) {
	for {
		line, err := r.text.next()
		if err != nil {
			return nil, err
		}
		if len(line) == 0 && len(r.columns) > 1 {
			continue
		}
		rec := &r.record
		rec.Row++
		rec.Line = r.text.line
		rest, n := string(line), 0
		rec.Cells = rec.Cells[:0]
		for {
			n++
			i := strings.IndexByte(rest, '\t')
			if i < 0 {
				break
			}
			if n <= len(r.columns) {
				rec.Cells = append(rec.Cells, rest[:i])
			}
			rest = rest[i+1:]
		}
		if n != len(r.columns) {
			return nil, ragged(rec.Row, rec.Line, n, len(r.columns))
		}
		rec.Cells = append(rec.Cells, rest)
		return rec, nil
	}
}

// csvFile reads RFC 4180.
type csvFile struct {
	text    *text
	in      *csv.Reader
	columns []string
	record  Record
	// hiding is the first of the rows that cannot be read and have line breaks: rows after
	// it may have gone into it.
	hiding *RecordError
}

func openCSV(t *text, o Options) (Reader, error) {
	r := &csvFile{text: t}
	var named bool
	r.columns, named = o.columns(t, splitCSV(cmp.Or(o.Delimiter, ',')))
	t.bounded = true
	r.in = csv.NewReader(t)
	r.in.FieldsPerRecord = -1
	r.in.ReuseRecord = true
	if o.Delimiter != 0 {
		r.in.Comma = o.Delimiter
	}
	if r.columns == nil || named {
		first, err := r.in.Read()
		if errors.Is(err, io.EOF) {
			return nil, errNoHeading
		}
		if err != nil {
			return nil, err
		}
		if !named {
			r.columns = append([]string(nil), first...)
		}
	}
	var err error
	r.columns, err = heading(r.columns)
	return r, err
}

func (r *csvFile) Columns() []string { return r.columns }

func (r *csvFile) Next() (*Record, error) {
	rec := &r.record
	r.text.since = 0
	cells, err := r.in.Read()
	var bad *csv.ParseError
	switch {
	case errors.As(err, &bad):
		rec.Row++
		return nil, r.bad(&RecordError{Row: rec.Row, Line: bad.StartLine, Reason: fmt.Sprintf(
			"%v; a quote within a cell is written twice, and the cell stands in quotes", bad.Err)}, bad.Line > bad.StartLine)
	case errors.Is(err, io.EOF) && r.hiding != nil:
		return nil, fmt.Errorf("row %d, which begins at line %d, has a quote that ends lines later, so that rows may have gone into it; put the quote right",
			r.hiding.Row, r.hiding.Line)
	case err != nil:
		return nil, err
	}
	rec.Row++
	rec.Line, _ = r.in.FieldPos(0)
	if len(cells) != len(r.columns) {
		breaks := slices.ContainsFunc(cells, func(cell string) bool { return strings.Contains(cell, "\n") })
		return nil, r.bad(ragged(rec.Row, rec.Line, len(cells), len(r.columns)), breaks)
	}
	rec.Cells = cells
	return rec, nil
}

// bad notes a row that cannot be read; breaks: it has several lines.
func (r *csvFile) bad(e *RecordError, breaks bool) error {
	if breaks && r.hiding == nil {
		r.hiding = e
	}
	return e
}
