package resolvers

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"chancery/query"
)

// executable is gqlgen's schema, but it has answers about the schema made once.
type executable struct {
	graphql.ExecutableSchema
	schema *schemaAnswers
}

// Exec answers an operation as gqlgen would.
func (e executable) Exec(ctx context.Context) graphql.ResponseHandler {
	request := graphql.GetOperationContext(ctx)
	next := e.ExecutableSchema.Exec(ctx)
	if request.Operation.Operation != ast.Query || !asksSchemaOnly(request.Operation.SelectionSet) {
		return next
	}
	return once(func(ctx context.Context) *graphql.Response { return e.schema.answer(ctx, request, next) })
}

// once is a handler of an operation that has one response.
func once(of graphql.ResponseHandler) graphql.ResponseHandler {
	told := false
	return func(ctx context.Context) *graphql.Response {
		if told {
			return nil
		}
		told = true
		return of(ctx)
	}
}

// mostPlainRoots bounds what it takes to compare the names of root fields.
const mostPlainRoots = 32

// plainRoots are the root fields of a query that has nothing but fields of the
// engine's, each of a response key of its own and asked for in any case; else nil.
func plainRoots(set ast.SelectionSet) []*ast.Field {
	if len(set) > mostPlainRoots {
		return nil
	}
	roots := make([]*ast.Field, len(set))
	for i, s := range set {
		f, is := s.(*ast.Field)
		same := func(other *ast.Field) bool { return other.Alias == f.Alias }
		if !is || len(f.Directives) > 0 || strings.HasPrefix(f.Name, "__") || slices.ContainsFunc(roots[:i], same) {
			return nil
		}
		roots[i] = f
	}
	return roots
}

// data answers root fields, all at once, and returns the data of the response. Errors
// are added to the response that the context is of.
func (a *answers) data(ctx context.Context, roots []*ast.Field) []byte {
	op := ctx.Value(operationKey{}).(*query.Operation)
	if len(roots) == 1 {
		whole := a.root(ctx, roots[0], op.AnswerAlone)
		switch {
		case whole != nil:
			return whole
		case roots[0].Definition.Type.NonNull:
			return []byte("null")
		}
		return []byte(`{"` + roots[0].Alias + `":null}`)
	}
	each := make([][]byte, len(roots))
	var others sync.WaitGroup
	answer := func(i int) {
		each[i] = a.root(ctx, roots[i], func(ctx context.Context, f *ast.Field) (query.Answer, error) {
			return op.Answer(ctx, f, f.SelectionSet)
		})
	}
	for i := 1; i < len(roots); i++ {
		others.Go(func() { answer(i) })
	}
	answer(0)
	others.Wait()
	size := len("{}")
	for i, text := range each {
		size += len(`"":null,`) + len(roots[i].Alias) + len(text)
	}
	out := append(make([]byte, 0, size), '{')
	for i, text := range each {
		if text == nil {
			if roots[i].Definition.Type.NonNull {
				return []byte("null")
			}
			text = []byte("null")
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(append(append(out, '"'), roots[i].Alias...), `":`...), text...)
	}
	return append(out, '}')
}

// root answers one root field; nil: it is null.
func (a *answers) root(ctx context.Context, f *ast.Field, answer func(context.Context, *ast.Field) (query.Answer, error)) (text []byte) {
	fail := func(errs ...error) {
		ctx := graphql.WithFieldContext(ctx, &graphql.FieldContext{Object: "Query", Field: graphql.CollectedField{Field: f, Selections: f.SelectionSet}})
		for _, err := range errs {
			graphql.AddError(ctx, a.errors.present(ctx, err))
		}
	}
	defer func() {
		if value := recover(); value != nil {
			fail(recovered(ctx, value))
			text = nil
		}
	}()
	found, err := answer(ctx, f)
	if err != nil {
		fail(err)
		return nil
	}
	for _, e := range found.Errors {
		fail(e)
	}
	if found.JSON == nil && len(found.Errors) == 0 && f.Definition.Type.NonNull {
		fail(errors.New("the engine gave no reason for a null that is not allowed")) // unreachable
	}
	return found.JSON
}
