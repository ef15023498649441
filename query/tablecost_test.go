package query_test

import (
	"errors"
	"strings"
	"testing"

	"chancery/query"
)

// rows reads the whole table of an operation, in so many batches.
func (w *bench) rows(t *testing.T, document string) (rows []string, batches int, op *query.Operation, err error) {
	t.Helper()
	op, _ = w.begin(t, document)
	table, err := op.Table(t.Context())
	if err != nil {
		return nil, 0, op, err
	}
	for {
		batch, err := table.Next(t.Context())
		if err != nil || batch.JSON == nil {
			return rows, batches, op, err
		}
		text := strings.TrimSuffix(strings.TrimPrefix(string(batch.JSON), "["), "]")
		rows, batches = append(rows, text), batches+1
	}
}

// TestTableCost has a table read more than the limit, which is for each of its
// batches: they become smaller, and the rows stay the same.
func TestTableCost(t *testing.T) {
	w := newSeedBench(t)
	const document = `{ nations(orderBy: [{name: ASC}]) { nodes { id name names { text language } identifiers { scheme value } } } }`
	for range 50 { // until columns are made
		if _, _, _, err := w.rows(t, document); err != nil {
			t.Fatal(err)
		}
	}
	before := w.engine.Stats().Quads
	whole, batches, op, err := w.rows(t, document)
	all := op.QuadsRead()
	if err != nil || batches != 1 || w.engine.Stats().Quads != before+all {
		t.Fatalf("%d batches, %d quads read, the engine has counted %d: %v", batches, all, w.engine.Stats().Quads-before, err)
	}
	op, _ = w.begin(t, document)
	if _, err := op.Table(t.Context()); err != nil {
		t.Fatal(err)
	}
	found := op.QuadsRead()
	limit := max(found, (all-found)/4)
	if found == 0 || limit >= all-found {
		t.Fatalf("%d quads to find the rows, %d in all: the test tests nothing", found, all)
	}
	few := w.limited(int(limit))
	parts, batches, op, err := few.rows(t, document)
	if err != nil || batches < 2 || op.QuadsRead() <= limit || few.engine.Stats().Stopped != 0 {
		t.Errorf("%d batches, %d quads read, the limit is %d: %v", batches, op.QuadsRead(), limit, err)
	}
	if strings.Join(parts, ",") != strings.Join(whole, ",") {
		t.Error("smaller batches have other rows")
	}
	none := w.limited(1)
	var over *query.Error
	if _, _, _, err := none.rows(t, document); !errors.As(err, &over) || over.Code != query.CostExceeded || over.Limit != "quads" {
		t.Errorf("the rows are found beyond the limit: %v", err)
	}
}

// TestRowBeyondTheLimit has one row alone read more than may be read.
func TestRowBeyondTheLimit(t *testing.T) {
	w := newSeedBench(t)
	const document = `{ nations(where: {id: {in: ["nation/kz", "nation/uz"]}}) { nodes { id visitsReceived { nodes { visitors { name } claims { nodes { facts { value } } } } } } } }`
	for range 50 {
		if _, _, _, err := w.rows(t, document); err != nil {
			t.Fatal(err)
		}
	}
	op, _ := w.begin(t, document)
	if _, err := op.Table(t.Context()); err != nil {
		t.Fatal(err)
	}
	few := w.limited(int(op.QuadsRead()))
	_, _, _, err := few.rows(t, document)
	var over *query.Error
	if !errors.As(err, &over) || over.Code != query.CostExceeded || over.Path.String() != "nations.nodes" || !strings.Contains(over.Message, "the dearest field is nations.nodes.") {
		t.Fatalf("%+v", err)
	}
	if s := few.engine.Stats(); s.Stopped != 1 {
		t.Errorf("%+v", s)
	}
}
