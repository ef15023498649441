package resolvers

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"go.opentelemetry.io/otel/trace"

	"chancery/query"
	"chancery/resolvers/edit"
	"chancery/resolvers/leaf"
)

// answers runs operations on the engine.
type answers struct {
	engine *query.Engine
	editor *edit.Editor
	errors errorTable
}

// operationKey is where a context keeps the *query.Operation of its request.
type operationKey struct{}

// answersKey is where a context keeps the *answers of its request.
type answersKey struct{}

// committedKey is where a context keeps the *committed of its mutation.
type committedKey struct{}

// committed is what the last commit of one request left. Mutations run one after
// another, so it needs no lock.
type committed struct{ last *query.Payload }

// aroundOperation begins the query.Operation that all root fields of a query
// share. A query that cannot begin has no data. The schema is no secret:
// introspection is answered.
func (a *answers) aroundOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	request := graphql.GetOperationContext(ctx)
	request.DisableIntrospection = false
	switch request.Operation.Operation {
	case ast.Mutation:
		return next(context.WithValue(ctx, committedKey{}, &committed{}))
	case ast.Subscription:
		return a.subscription(ctx, request)
	}
	op, err := a.begin(ctx, request)
	if err != nil {
		return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{a.errors.present(ctx, err)}})
	}
	return next(a.with(ctx, op))
}

// with keeps an operation in its context.
func (a *answers) with(ctx context.Context, op *query.Operation) context.Context {
	return context.WithValue(context.WithValue(ctx, operationKey{}, op), answersKey{}, a)
}

// RecordedBy has the claims that a mutation records say who recorded them; empty: not
// known.
func RecordedBy(ctx context.Context, who string) context.Context { return edit.By(ctx, who) }

// Basis names all that the answer to a query depends on besides the request, by
// the context that the executor's DispatchOperation returned; see
// [query.Operation.Basis]. It is false for operations that are no query, and for
// those that could not begin or have @explain.
func Basis(ctx context.Context) (string, bool) {
	op, begun := ctx.Value(operationKey{}).(*query.Operation)
	if !begun || op.Explained() {
		return "", false
	}
	return op.Basis(), true
}

// QuadsRead returns how many quads were read for a query so far, by the context that
// the executor's DispatchOperation returned. It is false for what is no query, and
// for a query that could not begin.
func QuadsRead(ctx context.Context) (quads int64, counted bool) {
	op, begun := ctx.Value(operationKey{}).(*query.Operation)
	if !begun {
		return 0, false
	}
	return op.QuadsRead(), true
}

func (a *answers) begin(ctx context.Context, request *graphql.OperationContext) (*query.Operation, error) {
	asked, err := read(request)
	if err != nil {
		return nil, err
	}
	return a.engine.Begin(ctx, asked)
}

// read makes the engine's request of gqlgen's.
func read(request *graphql.OperationContext) (query.Request, error) {
	var perspective map[string]any
	if given := request.Extensions["perspective"]; given != nil {
		var ok bool
		if perspective, ok = given.(map[string]any); !ok {
			return query.Request{}, &query.Error{
				Code:     query.BadUserInput,
				Message:  "must be an object with the arguments of @perspective",
				Argument: "extensions.perspective",
			}
		}
	}
	cite, isBoolean := request.Extensions["cite"].(bool)
	if given := request.Extensions["cite"]; given != nil && !isBoolean {
		return query.Request{}, &query.Error{
			Code:     query.BadUserInput,
			Message:  "must be true or false: true cites a query as @cite does",
			Argument: "extensions.cite",
		}
	}
	return query.Request{
		Operation:   request.Operation,
		Variables:   request.Variables,
		Perspective: perspective,
		Cite:        cite,
	}, nil
}

// aroundResponse puts errors in the order of their root fields, which run
// concurrently, and adds what the operation has to say of itself. It is the only
// place that adds to a response's extensions: gqlgen panics when two do.
func (a *answers) aroundResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	if c, ok := ctx.Value(committedKey{}).(*committed); ok && response != nil && c.last != nil {
		stated := c.last.Extension()
		response.Extensions[stated.Key] = json.RawMessage(stated.JSON)
	}
	op, begun := ctx.Value(operationKey{}).(*query.Operation)
	if response == nil || !begun {
		return response
	}
	a.extend(ctx, op, response)
	return response
}

// extend puts a query's errors in order, and adds what it has to say of itself.
func (a *answers) extend(ctx context.Context, op *query.Operation, response *graphql.Response) {
	sortByRoot(response.Errors, graphql.GetOperationContext(ctx))
	extensions, err := op.Extensions(ctx)
	if err != nil {
		response.Errors = append(response.Errors, a.errors.present(ctx, err))
	}
	if response.Extensions == nil {
		response.Extensions = make(map[string]any, len(extensions))
	}
	for _, e := range extensions {
		response.Extensions[e.Key] = json.RawMessage(e.JSON)
	}
}

// sortByRoot leaves the errors of one root field in their order.
func sortByRoot(errs gqlerror.List, request *graphql.OperationContext) {
	if len(errs) < 2 {
		return
	}
	order := map[ast.PathElement]int{}
	for i, root := range graphql.CollectFields(request, request.Operation.SelectionSet, []string{"Query"}) {
		order[ast.PathName(root.Alias)] = i
	}
	slices.SortStableFunc(errs, func(a, b *gqlerror.Error) int {
		return rootOf(a, order) - rootOf(b, order)
	})
}

// rootOf is the place of the error's root field; errors of none come first.
func rootOf(err *gqlerror.Error, order map[ast.PathElement]int) int {
	if len(err.Path) == 0 {
		return -1
	}
	return order[err.Path[0]]
}

// field answers a root field of Query. A field that is null for a reason returns
// the reason: gqlgen would otherwise add one of its own where null is not
// allowed.
func (a *answers) field(ctx context.Context) (*leaf.Result, error) {
	op := ctx.Value(operationKey{}).(*query.Operation)
	root := graphql.GetFieldContext(ctx).Field
	answer, err := op.Answer(ctx, root.Field, root.Selections) // .SelectionSet is the first field's only
	if err != nil {
		return nil, err
	}
	return a.result(ctx, answer)
}

func (a *answers) result(ctx context.Context, answer query.Answer) (*leaf.Result, error) {
	if answer.JSON == nil {
		return nil, a.list(ctx, answer.Errors)
	}
	for _, e := range answer.Errors {
		graphql.AddError(ctx, a.errors.present(ctx, e))
	}
	return &leaf.Result{JSON: answer.JSON}, nil
}

// list returns nil for no errors: the field is null, as it may be.
func (a *answers) list(ctx context.Context, errs []*query.Error) error {
	if len(errs) == 0 {
		return nil
	}
	shown := make(gqlerror.List, len(errs))
	for i, e := range errs {
		shown[i] = a.errors.present(ctx, e)
	}
	return shown
}

// mutation makes the commit that a root field of Mutation asks for, and answers
// with what it left.
func (a *answers) mutation(ctx context.Context) (*leaf.Result, error) {
	root, request := graphql.GetFieldContext(ctx).Field, graphql.GetOperationContext(ctx)
	editing, span := trace.SpanFromContext(ctx).TracerProvider().Tracer("chancery/resolvers").Start(ctx, "commit")
	payload, err := a.editor.Edit(editing, root.Field, request.Variables)
	span.End()
	if wrong, ok := errors.AsType[edit.Errors](err); ok {
		return nil, a.list(ctx, wrong)
	}
	if err != nil {
		return nil, err
	}
	ctx.Value(committedKey{}).(*committed).last = &payload
	answer, err := a.engine.Payload(ctx, query.Request{Operation: request.Operation, Variables: request.Variables}, payload, root.Field, root.Selections)
	if err != nil {
		return nil, err
	}
	return a.result(ctx, answer)
}
