package format

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
)

// columns returns the columns of a file that may lack a heading, and whether its first
// line is one all the same.
func (o *Options) columns(t *text, split func(line string) []string) (columns []string, heading bool) {
	if o.Columns == nil {
		return nil, false
	}
	cells := split(t.peek())
	if named := o.named(cells); named != nil {
		return named, true
	}
	for _, edition := range append([][]string{o.Columns}, o.Editions...) {
		if len(edition) == len(cells) {
			return edition, false
		}
	}
	return o.Columns, false
}

// named returns the columns that the cells are the names of, or nil.
func (o *Options) named(cells []string) []string {
	for _, edition := range append([][]string{o.Columns}, o.Editions...) {
		var named []string
		for _, cell := range cells {
			i := slices.IndexFunc(edition, func(name string) bool { return strings.EqualFold(name, strings.TrimSpace(cell)) })
			if i < 0 {
				break
			}
			named = append(named, edition[i])
		}
		if len(named) == len(edition) && len(cells) == len(edition) {
			return named
		}
	}
	return nil
}

// peek returns the first line, or its beginning, and leaves it to be read.
func (t *text) peek() string {
	for n := 1 << 10; ; n *= 2 {
		start, err := t.in.Peek(min(n, t.in.Size()))
		if i := bytes.IndexByte(start, '\n'); i >= 0 {
			return strings.TrimSuffix(string(start[:i]), "\r")
		}
		if err != nil || n >= t.in.Size() {
			return string(start)
		}
	}
}

// splitCSV takes a line apart; what is no CSV has no cells.
func splitCSV(delimiter rune) func(line string) []string {
	return func(line string) []string {
		in := csv.NewReader(strings.NewReader(line))
		in.Comma = delimiter
		cells, err := in.Read()
		if err != nil {
			return nil // its fault is told when it is read
		}
		return cells
	}
}
