package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"chancery/resolvers"
)

// endpoint is /graphql: it hands a request to the first transport that supports
// it.
type endpoint struct {
	exec   *executor.Executor
	limits Limits
	epoch  string // tells this start of the server from others
}

func (e endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() {
		value := recover()
		if value == nil {
			return
		}
		if err, ok := value.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(value)
		}
		bug := gqlerror.Wrap(e.exec.PresentRecoveredError(r.Context(), value))
		writeResponse(w, http.StatusInternalServerError, negotiate(r), &graphql.Response{Errors: gqlerror.List{bug}})
	}()
	r = r.WithContext(graphql.StartOperationTrace(r.Context()))
	for _, t := range []graphql.Transport{post{e.limits}, get{e.limits, e.epoch}} {
		if t.Supports(r) {
			t.Do(w, r, e.exec)
			return
		}
	}
	unsupported(r).write(w, r)
}

// unsupported says what a request needs that no transport takes.
func unsupported(r *http.Request) *refusal {
	if r.Method != http.MethodPost {
		return refuse(http.StatusMethodNotAllowed, "the method is %s: send GraphQL as POST with Content-Type application/json, or a query as GET", r.Method)
	}
	return refuse(http.StatusUnsupportedMediaType, "the Content-Type is %q: send application/json, in UTF-8 and not compressed", r.Header.Get("Content-Type"))
}

// exchange runs one operation and writes its answer.
type exchange struct {
	limits   Limits
	readOnly bool // mutations are refused, and answers tagged: the method is GET
	epoch    string
}

func (x exchange) do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor, request *graphql.RawParams) {
	ctx, cancel := context.WithTimeout(r.Context(), x.limits.Time)
	defer cancel()
	request.Headers = r.Header
	media := negotiate(r)

	operation, errs := exec.CreateOperationContext(ctx, request)
	if errs != nil {
		if operation.Operation != nil {
			inVariables(errs)
		}
		failed := exec.DispatchError(graphql.WithOperationContext(ctx, operation), x.listed(errs))
		writeResponse(w, statusOf(failed, media), media, failed)
		return
	}
	logOperation(ctx, operation.Operation.Name)
	if x.readOnly && operation.Operation.Operation != ast.Query {
		refused := refuse(http.StatusMethodNotAllowed, "a %s cannot be sent with GET: send it with POST", operation.Operation.Operation)
		refused.allow = http.MethodPost
		refused.write(w, r)
		return
	}
	next, ctx := exec.DispatchOperation(ctx, operation)
	tagged := ""
	if basis, ok := resolvers.Basis(ctx); ok && x.readOnly {
		tagged = tag(x.epoch, basis, media, request)
		if matches(r, tagged) {
			notModified(w, tagged)
			return
		}
	}
	response := next(ctx)
	if response == nil { // the time was up before execution began
		response = exec.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(context.Cause(ctx))})
	}
	if tagged != "" && len(response.Errors) == 0 {
		w.Header().Set("ETag", tagged)
		w.Header().Set("Cache-Control", keepAndAsk)
	}
	writeResponse(w, statusOf(response, media), media, response)
}

// listed cuts a list of errors to what the limits let be listed.
func (x exchange) listed(errs gqlerror.List) gqlerror.List {
	more := len(errs) - x.limits.Errors
	if more <= 0 {
		return errs
	}
	rest := gqlerror.Errorf("... and %d more errors", more)
	rest.Extensions = errs[0].Extensions
	return append(errs[:x.limits.Errors:x.limits.Errors], rest)
}

// inVariables makes errors in the values of variables the user's, and says where
// in them they lie; gqlgen calls them a failed validation, at a path that is none
// of the answer's.
func inVariables(errs gqlerror.List) {
	for _, err := range errs {
		if len(err.Path) == 0 || err.Path[0] != ast.PathName("variable") {
			continue
		}
		err.Extensions = map[string]any{
			"code":     resolvers.BadUserInput,
			"argument": "$" + err.Path[1:].String(),
		}
		err.Path = nil
	}
}
