// Package format reads the records of tables: CSV, TSV, JSON Lines, JSON arrays
// and YAML lists. A record of the first two has cells under a heading; a record
// of the others is a tree, whose parts are found by paths.
//
// All text is UTF-8, with or without a byte order mark; anything else ends the
// reading. What is wrong with one record is a [*RecordError], and reading goes on.
package format

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// Record is one row of a table or one element of a list. It is the reader's own
// until the next call of Next.
type Record struct {
	Row  int // from 1, the heading not counted
	Line int // from 1, where it begins
	// Cells are the values under the heading; nil for a tree.
	Cells []string
	// Tree is a map[string]any, []any, string or nil; nil for a table's row.
	// Numbers and booleans are texts, as they are written.
	Tree any
}

// Reader gives records one after the other.
type Reader interface {
	// Columns is the heading; nil for trees.
	Columns() []string
	// Next returns io.EOF after the last record, a *RecordError for a record that
	// cannot be taken, after which it can be called again, and else the error that
	// ends the reading.
	Next() (*Record, error)
}

// RecordError is what is wrong with one record.
type RecordError struct {
	Row, Line int
	Reason    string // with the remedy
}

func (e *RecordError) Error() string {
	return fmt.Sprintf("line %d, row %d: %s", e.Line, e.Row, e.Reason)
}

// Options says how a file is to be read. Each has a default.
type Options struct {
	// Name is csv, tsv, jsonl, json or yaml.
	Name string
	// Delimiter stands between the cells of csv; 0: a comma.
	Delimiter rune
	// Columns is the heading of a file that has none; nil: the first row is it. A first
	// row of these names, in any order, in large or small letters, is a heading still.
	Columns []string
	// Editions are the columns of other editions of such a file. The number of cells in
	// the first row chooses.
	Editions [][]string
	// Records is the key below which the list stands in a JSON or YAML file whose
	// top is an object; empty: the top is the list, or its entries are.
	Records string
}

// Names are the formats.
func Names() []string { return []string{"csv", "tsv", "jsonl", "json", "yaml"} }

// ByEnding returns the format of a file by the ending of its name, or "".
func ByEnding(file string) string {
	dot := strings.LastIndexByte(file, '.')
	switch strings.ToLower(file[dot+1:]) {
	case "csv":
		return "csv"
	case "tsv", "tab":
		return "tsv"
	case "jsonl", "ndjson":
		return "jsonl"
	case "json":
		return "json"
	case "yaml", "yml":
		return "yaml"
	}
	return ""
}

// Open begins to read. The heading is read at once. The error is that of an
// unknown format, of a heading that is missing or has a column twice, or r's.
//
// TSV has no quotes: a tab ends a cell and a line ends a row. CSV is that of RFC
// 4180, with quotes and line breaks within them. JSON is streamed and YAML is
// held in memory; both may be a list, or an object of which each entry is a
// record with name and value.
func Open(r io.Reader, o Options) (Reader, error) {
	switch o.Name {
	case "csv":
		return openCSV(newText(r), o)
	case "tsv":
		return openTSV(newText(r), o)
	case "jsonl":
		return &jsonl{text: newText(r)}, nil
	case "json":
		return openJSON(newText(r), o)
	case "yaml":
		return openYAML(newText(r), o)
	}
	return nil, fmt.Errorf("%q is no format; there are %s", o.Name, strings.Join(Names(), ", "))
}

// heading checks a heading.
func heading(columns []string) ([]string, error) {
	seen := map[string]int{}
	out := make([]string, len(columns))
	for i, name := range columns {
		if strings.Contains(strings.TrimSpace(name), "\r") {
			return nil, errors.New("its lines end with CR alone; save it with LF or CR LF")
		}
		out[i] = strings.TrimSpace(name)
		if before, again := seen[out[i]]; again && out[i] != "" {
			return nil, fmt.Errorf("the heading has the column %q twice, as number %d and %d; give each a name of its own, or if the file has no heading, write one above it or into a mapping, as in format: {name: tsv, columns: [a, b]}", out[i], before+1, i+1)
		}
		seen[out[i]] = i
	}
	return out, nil
}

var errNoHeading = errors.New("the file is empty; its first line must be the heading")

// ragged tells that a row has too many or too few cells.
func ragged(row, line, cells, columns int) *RecordError {
	return &RecordError{Row: row, Line: line, Reason: fmt.Sprintf(
		"it has %d cells and the heading has %d; look for a delimiter, a quote or a line break within a cell", cells, columns)}
}
