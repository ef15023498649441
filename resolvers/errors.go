package resolvers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"chancery/graph"
	"chancery/query"
)

// Codes of errors that do not come from package query. What clients see of an
// error is extensions.code; the HTTP status follows from it too.
const (
	ParseFailed      = "GRAPHQL_PARSE_FAILED"
	ValidationFailed = "GRAPHQL_VALIDATION_FAILED"
	BadUserInput     = string(query.BadUserInput)
	Conflict         = string(query.Conflict)
	LimitExceeded    = string(query.LimitExceeded)
	Timeout          = "TIMEOUT"
	Internal         = "INTERNAL"
)

// Code returns the error's extensions.code, or "".
func Code(err *gqlerror.Error) string {
	code, _ := err.Extensions["code"].(string)
	return code
}

// errorTable turns any error into what a client is shown of it. What the table
// does not know is INTERNAL: logged in full, shown as nothing.
type errorTable struct{ log *slog.Logger }

// present is gqlgen's error presenter. An error that has a code already is
// shown as it is.
func (t errorTable) present(ctx context.Context, err error) *gqlerror.Error {
	placed, isPlaced := errors.AsType[*gqlerror.Error](err)
	if isPlaced && Code(placed) != "" {
		return placed
	}
	shown := &gqlerror.Error{Err: err, Extensions: map[string]any{}}
	if isPlaced {
		shown.Path, shown.Locations = placed.Path, placed.Locations
	}
	if field := graphql.GetFieldContext(ctx); field != nil && field.Field.Field != nil {
		if shown.Path == nil {
			shown.Path = field.Path()
		}
		if shown.Locations == nil && field.Field.Position != nil {
			shown.Locations = location(field.Field.Position)
		}
	}
	code := Internal
	if asked, ok := errors.AsType[*query.Error](err); ok {
		code = string(asked.Code)
		shown.Message = asked.Error()
		place(shown, asked)
	} else if unknown, ok := errors.AsType[*graph.UnknownIDError](err); ok {
		code = string(query.UnknownID)
		shown.Message = unknown.Error()
	} else if errors.Is(err, context.DeadlineExceeded) {
		code = Timeout
		shown.Message = "the answer took longer than the server allows; ask for less at a time"
	} else if errors.Is(err, context.Canceled) {
		code = Timeout
		shown.Message = "the request ended before its answer was ready"
	} else {
		shown.Message = "internal error"
		t.logInternal(ctx, err, shown)
	}
	shown.Extensions["code"] = code
	return shown
}

// place takes over where in the answer, the document and the arguments an error
// of the engine lies.
func place(shown *gqlerror.Error, asked *query.Error) {
	if len(asked.Path) > 0 {
		shown.Path = asked.Path
	}
	if p := asked.Position; p != nil && p.Line > 0 {
		shown.Locations = location(p)
	}
	if asked.Limit != "" {
		shown.Extensions["limit"], shown.Extensions["given"], shown.Extensions["allowed"] = asked.Limit, asked.Given, asked.Allowed
	}
	if asked.Argument != "" {
		shown.Extensions["argument"] = asked.Argument
	}
}

func location(p *ast.Position) []gqlerror.Location {
	return []gqlerror.Location{{Line: p.Line, Column: p.Column}}
}

func (t errorTable) logInternal(ctx context.Context, err error, shown *gqlerror.Error) {
	attrs := []slog.Attr{slog.String("path", shown.Path.String()), slog.Any("error", err)}
	if p, ok := errors.AsType[*PanicError](err); ok {
		attrs = append(attrs, slog.String("stack", string(p.Stack)))
	}
	t.log.LogAttrs(ctx, slog.LevelError, "internal error", attrs...)
}

// PanicError is a bug that ended a request.
type PanicError struct {
	Value any // what was panicked with
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// recovered is gqlgen's recover function; the error table logs what it returns.
func recovered(_ context.Context, value any) error {
	return &PanicError{Value: value, Stack: debug.Stack()}
}
