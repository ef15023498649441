package resolvers

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Executor is gqlgen's, but most queries are answered around it, which would copy what
// the engine has written: those that have nothing but root fields of the engine's. They
// pass no middleware but that of parameters.
type Executor struct {
	*executor.Executor
	answers *answers
}

// DispatchOperation begins an operation, and returns what answers it, with its context.
func (e *Executor) DispatchOperation(ctx context.Context, request *graphql.OperationContext) (graphql.ResponseHandler, context.Context) {
	if request.Operation.Operation == ast.Query {
		if roots := plainRoots(request.Operation.SelectionSet); roots != nil {
			return e.answers.query(graphql.WithOperationContext(ctx, request), request, roots)
		}
	}
	return e.Executor.DispatchOperation(ctx, request)
}

// query begins a query of plain roots.
func (a *answers) query(ctx context.Context, request *graphql.OperationContext, roots []*ast.Field) (graphql.ResponseHandler, context.Context) {
	op, err := a.begin(ctx, request)
	if err != nil {
		return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{a.errors.present(ctx, err)}}), ctx
	}
	return once(func(ctx context.Context) *graphql.Response {
		if ctx.Err() != nil {
			return nil
		}
		ctx = graphql.WithResponseContext(ctx, a.errors.present, recovered)
		response := &graphql.Response{Data: a.data(ctx, roots), Errors: graphql.GetErrors(ctx)}
		a.extend(ctx, op, response)
		return response
	}), a.with(ctx, op)
}
