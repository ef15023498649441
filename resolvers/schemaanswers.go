package resolvers

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"strings"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// schemaAnswers keeps the data of answers about the schema, which never change. Any
// number of goroutines may use it; the zero value is empty.
type schemaAnswers struct {
	mu    sync.Mutex
	kept  map[schemaQuestion]json.RawMessage // read-only
	bytes int
}

// schemaQuestion is the hash of all that an answer about the schema depends on.
type schemaQuestion [sha256.Size]byte

// mostSchemaBytes is how much is kept. When there is no more room, all is forgotten:
// tools ask a few questions, and only who wants to fill the memory asks many.
const mostSchemaBytes = 8 << 20

// asksSchemaOnly reports whether a selection at the root asks for the schema, and for
// nothing else.
func asksSchemaOnly(set ast.SelectionSet) bool {
	asked := false
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if !strings.HasPrefix(s.Name, "__") {
				return false
			}
			asked = asked || s.Name != "__typename"
		case *ast.InlineFragment:
			if !asksSchemaOnly(s.SelectionSet) {
				return false
			}
			asked = true
		case *ast.FragmentSpread:
			if !asksSchemaOnly(s.Definition.SelectionSet) {
				return false
			}
			asked = true
		}
	}
	return asked
}

// answer returns the data that was kept for the question, or has it made and keeps it.
func (a *schemaAnswers) answer(ctx context.Context, request *graphql.OperationContext, next graphql.ResponseHandler) *graphql.Response {
	question, ok := questionOf(request)
	if !ok {
		return next(ctx)
	}
	a.mu.Lock()
	data, known := a.kept[question]
	a.mu.Unlock()
	if known {
		return &graphql.Response{Data: data}
	}
	response := next(ctx)
	if response != nil && len(response.Data) > 0 && len(graphql.GetErrors(ctx)) == 0 {
		a.keep(question, response.Data)
	}
	return response
}

func (a *schemaAnswers) keep(question schemaQuestion, data json.RawMessage) {
	if len(data) > mostSchemaBytes {
		return
	}
	data = append(make(json.RawMessage, 0, len(data)), data...) // without a buffer's room to grow
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.kept == nil || a.bytes+len(data) > mostSchemaBytes {
		a.kept, a.bytes = map[schemaQuestion]json.RawMessage{}, 0
	}
	if _, known := a.kept[question]; !known {
		a.kept[question] = data
		a.bytes += len(data)
	}
}

// questionOf hashes the document, the operation that is meant, and its variables.
func questionOf(request *graphql.OperationContext) (schemaQuestion, bool) {
	variables, err := json.Marshal(request.Variables)
	if err != nil {
		return schemaQuestion{}, false // unreachable: they were JSON
	}
	text, err := json.Marshal([]string{request.RawQuery, request.Operation.Name, string(variables)})
	if err != nil {
		return schemaQuestion{}, false // unreachable: texts always are
	}
	return sha256.Sum256(text), true
}
