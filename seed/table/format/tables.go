package format

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
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
	in      *csv.Reader
	columns []string
	record  Record
}

func openCSV(t *text, o Options) (Reader, error) {
	r := &csvFile{}
	var named bool
	r.columns, named = o.columns(t, splitCSV(cmp.Or(o.Delimiter, ',')))
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
	cells, err := r.in.Read()
	var bad *csv.ParseError
	switch {
	case errors.As(err, &bad):
		rec.Row++
		return nil, &RecordError{Row: rec.Row, Line: bad.StartLine, Reason: fmt.Sprintf(
			"%v; a quote within a cell is written twice, and the cell stands in quotes", bad.Err)}
	case err != nil:
		return nil, err
	}
	rec.Row++
	rec.Line, _ = r.in.FieldPos(0)
	if len(cells) != len(r.columns) {
		return nil, ragged(rec.Row, rec.Line, len(cells), len(r.columns))
	}
	rec.Cells = cells
	return rec, nil
}
