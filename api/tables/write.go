package tables

import (
	"fmt"
	"io"
	"time"

	"github.com/tidwall/gjson"

	"chancery/resolvers"
)

// About is what a table says of itself: where a format has room for it, the table
// carries it.
type About struct {
	Shape       []resolvers.Shape
	Cited       bool
	KnownAt     time.Time
	Perspective []byte // JSON
}

// Writer writes a table. It is for one goroutine.
type Writer struct {
	layout *layout
	to     format
	cells  []gjson.Result
}

// format writes rows of cells, which are good for the call only. A cell that is no
// value at all is null.
type format interface {
	row(cells []gjson.Result) error
	flush() error // the rows of a batch are there
	close() error
}

// NewWriter begins a table in a format. Nothing is written to w before the first
// rows or the end. The error is an *UnfitError where the shape makes no table.
func NewWriter(w io.Writer, f Format, about About) (*Writer, error) {
	l, err := newLayout(about.Shape, about.Cited)
	if err != nil {
		return nil, err
	}
	out := &Writer{layout: l, cells: make([]gjson.Result, len(l.columns))}
	switch f {
	case CSV:
		out.to = &csvFormat{to: w, columns: l.columns}
	case NDJSON:
		out.to = newNDJSON(w, l.columns)
	case Arrow, Parquet:
		out.to = newArrow(w, f, l.columns, about)
	default:
		panic("tables: no format: " + f.Name)
	}
	return out, nil
}

// Columns are those of the table, in order.
func (w *Writer) Columns() []Column { return w.layout.columns }

// Write writes rows. The error is an *UnfitError for a value that does not fit its
// column, else that of the writer below or of the format's library.
func (w *Writer) Write(rows resolvers.Rows) error {
	var citations []gjson.Result
	if rows.Citations != nil {
		citations = gjson.ParseBytes(rows.Citations).Array()
	}
	n := 0
	var err error
	gjson.ParseBytes(rows.JSON).ForEach(func(_, row gjson.Result) bool {
		clear(w.cells)
		w.layout.root.fill(row, w.cells)
		if citations != nil {
			w.cells[len(w.cells)-1] = citations[n]
		}
		n++
		err = w.to.row(w.cells)
		return err == nil
	})
	if err != nil {
		return err
	}
	return w.to.flush()
}

// Close ends the table; only then it is whole. It does not close the writer below.
func (w *Writer) Close() error { return w.to.close() }

// UnfitError says why what was asked for makes no table of a format, and what to do
// about it. Its text is for the client.
type UnfitError struct{ text string }

func (e *UnfitError) Error() string { return e.text }

// unfit is the error of a value that its column has no room for.
func unfit(column string, value gjson.Result, kind string) error {
	return &UnfitError{fmt.Sprintf("the column %s has the value %.60s, which is no %s that the format can hold: leave the column out, or ask for csv or ndjson", column, value.Raw, kind)}
}
