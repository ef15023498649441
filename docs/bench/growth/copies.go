package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// idStep is how far the ids of one copy are from those of the one before. It is more
// than all ids of the bench, whose events begin at 1,000,000 and visits at 5,000,000.
const idStep = 10_000_000

// copies writes the rows of a table again and again, from copy first to copy last. Copy 1
// is as it was; each later one has ids of its own and is shifted by the span of the whole
// table, from its first day to its last, so that a range of dates has as many rows as
// before, whatever is added.
//
// The table is TSV with a heading, in which id is a number and date is YYYY-MM-DD. It is
// held in memory once.
func copies(w io.Writer, table io.Reader, first, last int) error {
	rows, err := readTable(table)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 1<<20)
	out.WriteString(rows.heading + "\n")
	shifted := map[string]string{}
	for k := first - 1; k < last; k++ {
		clear(shifted)
		for _, r := range rows.rows {
			day, known := shifted[r.date]
			if !known {
				t, err := time.Parse(time.DateOnly, r.date)
				if err != nil {
					return err
				}
				day = t.AddDate(0, 0, k*rows.days).Format(time.DateOnly)
				shifted[r.date] = day
			}
			out.WriteString(strconv.Itoa(r.id + k*idStep))
			out.WriteString(r.between)
			out.WriteString(day)
			out.WriteString(r.after)
			if err := out.WriteByte('\n'); err != nil {
				return err
			}
		}
	}
	return out.Flush()
}

// table is a table of events with its columns id and date apart; id is its first.
type table struct {
	heading string
	rows    []row
	days    int // from the first day to the last, both counted
}

type row struct {
	id                   int
	between, date, after string
}

func readTable(r io.Reader) (*table, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	if !lines.Scan() {
		return nil, errors.Join(errors.New("the table is empty"), lines.Err())
	}
	t := &table{heading: lines.Text()}
	columns := strings.Split(t.heading, "\t")
	date := slices.Index(columns, "date")
	if columns[0] != "id" || date < 1 {
		return nil, fmt.Errorf("the table begins with %q: its first column must be id, and one must be date", t.heading)
	}
	first, last := "9999-12-31", ""
	for lines.Scan() {
		cells := strings.Split(lines.Text(), "\t")
		if len(cells) != len(columns) {
			return nil, fmt.Errorf("row %d has %d cells, the heading has %d", len(t.rows)+1, len(cells), len(columns))
		}
		id, err := strconv.Atoi(cells[0])
		if err != nil || id >= idStep {
			return nil, fmt.Errorf("row %d: id %q is no number below %d", len(t.rows)+1, cells[0], idStep)
		}
		r := row{id: id, date: cells[date]}
		r.between = "\t" + strings.Join(cells[1:date], "\t") + "\t"
		if rest := cells[date+1:]; len(rest) > 0 {
			r.after = "\t" + strings.Join(rest, "\t")
		}
		first, last = min(first, r.date), max(last, r.date)
		t.rows = append(t.rows, r)
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	from, err := time.Parse(time.DateOnly, first)
	if err != nil {
		return nil, err
	}
	to, err := time.Parse(time.DateOnly, last)
	if err != nil {
		return nil, err
	}
	t.days = int(to.Sub(from).Hours()/24) + 1
	return t, nil
}
