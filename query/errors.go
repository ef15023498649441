package query

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Code is the kind of an error that clients branch on.
type Code string

const (
	BadUserInput      Code = "BAD_USER_INPUT"
	UnknownID         Code = "UNKNOWN_ID"
	BadTime           Code = "BAD_TIME"
	CursorInvalid     Code = "CURSOR_INVALID"
	CursorPerspective Code = "CURSOR_PERSPECTIVE"
	ListTooLong       Code = "LIST_TOO_LONG"
	LimitExceeded     Code = "LIMIT_EXCEEDED"
	CostExceeded      Code = "COST_EXCEEDED"
	Internal          Code = "INTERNAL"
	Conflict          Code = "CONFLICT"
	NotYet            Code = "NOT_YET"
)

// Error is what is wrong with one field of a request, and what to do.
type Error struct {
	Code    Code
	Message string // what was wrong, what was given, what to do
	// Argument is where in the field's arguments: where.start.before.event; or empty.
	Argument string
	Path     ast.Path      // from the root field's response key on; empty for the operation
	Position *ast.Position // of the field in the document; may be nil
	// Limit names the limit that was exceeded, how much was Given and how much is
	// Allowed; empty where the message alone tells.
	Limit          string
	Given, Allowed int64
}

func (e *Error) Error() string {
	if e.Argument != "" {
		return e.Argument + ": " + e.Message
	}
	return e.Message
}

// at puts a key before the error's place in the arguments.
func (e *Error) at(key string) *Error {
	if e == nil {
		return nil
	}
	switch {
	case e.Argument == "":
		e.Argument = key
	case strings.HasPrefix(e.Argument, "["):
		e.Argument = key + e.Argument
	default:
		e.Argument = key + "." + e.Argument
	}
	return e
}

func errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}
