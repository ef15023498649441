package resolvers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"chancery/graph"
	"chancery/query"
)

func TestErrorTable(t *testing.T) {
	path := ast.Path{ast.PathName("visits"), ast.PathName("nodes"), ast.PathIndex(3)}
	coded := &gqlerror.Error{Message: "as it is", Extensions: map[string]any{"code": LimitExceeded}}
	secret := errors.New("disk /var/secret failed")
	for _, test := range []struct {
		name string
		err  error
		want gqlerror.Error // Err left out
		logs bool
	}{
		{
			"the engine's", &query.Error{Code: query.BadTime, Message: `"2025-13" is no date`, Argument: "where.start", Path: path, Position: &ast.Position{Line: 2, Column: 5}},
			gqlerror.Error{
				Message: `where.start: "2025-13" is no date`, Path: path, Locations: []gqlerror.Location{{Line: 2, Column: 5}},
				Extensions: map[string]any{"code": "BAD_TIME", "argument": "where.start"},
			},
			false,
		},
		{
			"the engine's, placed by gqlgen", gqlerror.WrapPath(path, &query.Error{Code: query.NotYet, Message: "later"}),
			gqlerror.Error{Message: "later", Path: path, Extensions: map[string]any{"code": "NOT_YET"}},
			false,
		},
		{
			"a conflict", &query.Error{Code: query.Conflict, Message: "retracted already", Argument: "input.claim"},
			gqlerror.Error{Message: "input.claim: retracted already", Extensions: map[string]any{"code": Conflict, "argument": "input.claim"}},
			false,
		},
		{
			"an unknown id", fmt.Errorf("view: %w", &graph.UnknownIDError{ID: "x"}),
			gqlerror.Error{Message: (&graph.UnknownIDError{ID: "x"}).Error(), Extensions: map[string]any{"code": "UNKNOWN_ID"}},
			false,
		},
		{
			"time", fmt.Errorf("reading: %w", context.DeadlineExceeded),
			gqlerror.Error{Message: "the answer took longer than the server allows; ask for less at a time", Extensions: map[string]any{"code": "TIMEOUT"}},
			false,
		},
		{
			"a client that left", context.Canceled,
			gqlerror.Error{Message: "the request ended before its answer was ready", Extensions: map[string]any{"code": "TIMEOUT"}},
			false,
		},
		{"one with a code", coded, *coded, false},
		{
			"anything else", gqlerror.WrapPath(path, secret),
			gqlerror.Error{Message: "internal error", Path: path, Extensions: map[string]any{"code": "INTERNAL"}},
			true,
		},
		{
			"a panic", recovered(t.Context(), secret),
			gqlerror.Error{Message: "internal error", Extensions: map[string]any{"code": "INTERNAL"}},
			true,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			var log bytes.Buffer
			table := errorTable{slog.New(slog.NewTextHandler(&log, nil))}
			got := *table.present(t.Context(), test.err)
			got.Err = nil
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got  %+v\nwant %+v", got, test.want)
			}
			if logged := strings.Contains(log.String(), "/var/secret"); logged != test.logs {
				t.Errorf("logged in full: %v, want %v: %s", logged, test.logs, &log)
			}
			if test.name == "a panic" && !strings.Contains(log.String(), "stack=") {
				t.Errorf("no stack in %s", &log)
			}
		})
	}
}
