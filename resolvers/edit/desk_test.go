package edit_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"chancery/graph"
	"chancery/graph/memory"
	"chancery/query"
	"chancery/resolvers"
	"chancery/schema/schematest"
	"chancery/seed"
)

// desk is a graph with the seed, and an executor that edits it. Its clock goes on
// by a minute each time it is read.
type desk struct {
	graph *graph.Graph
	exec  *resolvers.Executor
	log   bytes.Buffer

	meanwhile func() // when set, is called once when the clock is read
}

var seededAt = time.Date(2025, 11, 1, 0, 0, 0, 0, time.UTC)

func newDesk(t testing.TB, seeded bool) *desk {
	t.Helper()
	o := schematest.Ontology(t)
	g, err := graph.Open(t.Context(), memory.New())
	if err != nil {
		t.Fatal(err)
	}
	if seeded {
		if err := seed.Load(t.Context(), g, o, seededAt); err != nil {
			t.Fatal(err)
		}
	}
	d := &desk{graph: g}
	var minutes atomic.Int64
	clock := func() time.Time {
		if do := d.meanwhile; do != nil {
			d.meanwhile = nil
			do()
		}
		return seededAt.Add(time.Duration(minutes.Add(1)) * time.Minute)
	}
	d.exec = resolvers.NewExecutor(o, g, query.New(o, g, query.Options{}), clock, slog.New(slog.NewTextHandler(&d.log, nil)))
	t.Cleanup(func() {
		if d.log.Len() > 0 {
			t.Errorf("internal errors:\n%s", &d.log)
		}
	})
	return d
}

// reply is a response as a client reads it.
type reply struct {
	Data   json.RawMessage `json:"data,omitempty"`
	Errors []struct {
		Message    string            `json:"message"`
		Path       []any             `json:"path,omitempty"`
		Extensions map[string]string `json:"extensions,omitempty"`
	} `json:"errors,omitempty"`
	Extensions map[string]json.RawMessage `json:"extensions,omitempty"`
}

// code is that of the first error, or "".
func (r reply) code() string {
	if len(r.Errors) == 0 {
		return ""
	}
	return r.Errors[0].Extensions["code"]
}

// ask sends one request.
func (d *desk) ask(t testing.TB, document string, variables map[string]any) reply {
	t.Helper()
	r, err := d.try(t.Context(), document, variables)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// try is ask for other goroutines than the test's.
func (d *desk) try(ctx context.Context, document string, variables map[string]any) (reply, error) {
	var r reply
	// Over HTTP each request has variables of its own; validating writes into them.
	sent, err := json.Marshal(variables)
	if err != nil {
		return r, err
	}
	variables = nil
	decoder := json.NewDecoder(bytes.NewReader(sent))
	decoder.UseNumber()
	if err := decoder.Decode(&variables); err != nil {
		return r, err
	}
	ctx = graphql.StartOperationTrace(ctx)
	operation, errs := d.exec.CreateOperationContext(ctx, &graphql.RawParams{Query: document, Variables: variables})
	if errs != nil {
		return r, errs
	}
	next, ctx := d.exec.DispatchOperation(ctx, operation)
	text, err := json.Marshal(next(ctx))
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(text, &r)
}

// read decodes the data of an answer that must have no errors.
func (d *desk) read(t testing.TB, document string, variables map[string]any, into any) {
	t.Helper()
	r := d.ask(t, document, variables)
	if len(r.Errors) > 0 {
		t.Fatalf("%+v\n%s", r.Errors, document)
	}
	if err := json.Unmarshal(r.Data, into); err != nil {
		t.Fatal(err)
	}
}

// commits is the number of the newest commit.
func (d *desk) commits(t testing.TB) uint64 {
	t.Helper()
	v, err := d.graph.View(t.Context(), graph.Perspective{})
	if err != nil {
		t.Fatal(err)
	}
	return v.Commit()
}

// change is a mutation's answer.
type change struct {
	KnownAt  string
	DryRun   bool
	Claims   []struct{ ID string }
	Entities []struct{ ID string }
}

// edit makes one change, which must be made.
func (d *desk) edit(t testing.TB, mutation string, input map[string]any) change {
	t.Helper()
	var data struct{ Done change }
	d.read(t, document(mutation), map[string]any{"input": input}, &data)
	return data.Done
}

func document(mutation string) string {
	return "mutation($input: " + strings.ToUpper(mutation[:1]) + mutation[1:] + "Input!) { done: " + mutation +
		"(input: $input) { knownAt dryRun claims { id } entities { id } } }"
}

type object = map[string]any

// said is a record of one claim of one fact each.
func said(source string, facts ...object) object {
	claims := make([]any, len(facts))
	for i, f := range facts {
		claims[i] = object{"status": "REPORTED", "facts": []any{f}}
	}
	return object{"source": object{"id": source}, "claims": claims}
}
