package api

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"chancery/api/access"
	"chancery/api/socket"
	"chancery/resolvers"
)

// endpoint is /graphql: it hands a request to the first transport that supports
// it.
type endpoint struct {
	exchange exchange
	socket   http.Handler
}

func (e endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	exec := e.exchange.exec
	asked := r
	defer func() {
		value := recover()
		if value == nil {
			return
		}
		if err, ok := value.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(value)
		}
		bug := gqlerror.Wrap(exec.PresentRecoveredError(asked.Context(), value))
		writeResponse(w, http.StatusInternalServerError, negotiate(asked), &graphql.Response{Errors: gqlerror.List{bug}})
	}()
	r, refused := e.exchange.enter(r, socket.Asked(r))
	if refused != nil {
		refused.write(w, asked)
		return
	}
	if socket.Asked(r) {
		caller := access.From(r.Context()).Name()
		if refused := e.exchange.streams.enter(caller); refused != nil {
			refused.write(w, r)
			return
		}
		defer e.exchange.streams.leave(caller)
		e.socket.ServeHTTP(w, r)
		return
	}
	r = r.WithContext(graphql.StartOperationTrace(r.Context()))
	for _, t := range []graphql.Transport{post{e.exchange}, get{e.exchange}} {
		if t.Supports(r) {
			t.Do(w, r, exec)
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

// exchange runs operations and writes their answers.
type exchange struct {
	exec          *executor.Executor
	gate          *access.Gate
	log           *slog.Logger
	limits        Limits
	named         named
	epoch         string // tells this start of the server from others
	noSuggestions bool
	streams       *streams        // open now
	load          *admission      // of operations
	stopping      context.Context // nil: never
	now           func() time.Time
	readOnly      bool // mutations are refused, and answers tagged: the method is GET
}

// asked is what a request asks for; DocumentID may stand for the query.
type asked struct {
	graphql.RawParams
	DocumentID string `json:"documentId"`
}

// nothing reports whether there is neither a document nor a name of one.
func (a *asked) nothing() bool {
	return strings.TrimSpace(a.Query) == "" && a.DocumentID == "" && a.Extensions["persistedQuery"] == nil
}

// begin reads an operation, whose document may be named by id; failed is the answer to one that cannot be run.
func (x exchange) begin(ctx context.Context, request *graphql.RawParams, id string) (operation *graphql.OperationContext, failed *graphql.Response) {
	if err := x.named.resolve(ctx, request, id); err != nil {
		return nil, &graphql.Response{Errors: gqlerror.List{err}}
	}
	operation, errs := x.exec.CreateOperationContext(ctx, request)
	if errs == nil {
		if err := x.may(ctx, operation); err != nil {
			return nil, &graphql.Response{Errors: gqlerror.List{err}}
		}
		return operation, nil
	}
	if operation.Operation != nil {
		inVariables(errs)
	}
	if x.noSuggestions {
		withoutSuggestions(errs)
	}
	return nil, x.exec.DispatchError(graphql.WithOperationContext(ctx, operation), x.listed(errs))
}

// answer runs a query or a mutation to its end. Where the answer need not be made,
// because skip says so of its basis, it is nil.
func (x exchange) answer(ctx context.Context, operation *graphql.OperationContext, skip func(basis string) bool) *graphql.Response {
	ctx, cancel := context.WithTimeout(ctx, x.limits.Time)
	defer cancel()
	next, ctx := x.exec.DispatchOperation(ctx, operation)
	if basis, ok := resolvers.Basis(ctx); ok && skip != nil && skip(basis) {
		return nil
	}
	response := next(ctx)
	if response == nil { // the time was up before execution began
		response = x.exec.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(context.Cause(ctx))})
	}
	return response
}

// each runs any operation: a subscription has a response for each event. It leaves
// the slot that it was admitted to when it waits for others.
func (x exchange) each(ctx context.Context, operation *graphql.OperationContext, leave func(), emit func(*graphql.Response) bool) {
	if operation.Operation.Operation != ast.Subscription {
		response := x.answer(ctx, operation, nil)
		leave()
		emit(response)
		return
	}
	leave()
	next, ctx := x.exec.DispatchOperation(ctx, operation)
	for {
		response := next(ctx)
		if response != nil && !x.gate.Still(access.From(ctx)) {
			emit(&graphql.Response{Errors: gqlerror.List{revoked()}})
			return
		}
		if response == nil || !emit(response) {
			return
		}
	}
}

// do runs an operation that came over HTTP.
func (x exchange) do(w http.ResponseWriter, r *http.Request, asked *asked) {
	request := &asked.RawParams
	request.Headers = r.Header
	media := negotiate(r)
	leave, refused := x.load.enter(r.Context(), access.From(r.Context()).Name())
	if refused != nil {
		refused.write(w, r)
		return
	}
	defer leave()
	operation, failed := x.begin(r.Context(), request, asked.DocumentID)
	if failed != nil {
		leave()
		if media == eventsType {
			x.stream(w, r, func(_ context.Context, emit func(*graphql.Response) bool) { emit(failed) })
			return
		}
		writeResponse(w, statusOf(failed, media), media, failed)
		return
	}
	logOperation(r.Context(), operation.Operation.Name)
	kind := operation.Operation.Operation
	switch {
	case x.readOnly && kind == ast.Mutation:
		refused := refuse(http.StatusMethodNotAllowed, "a mutation cannot be sent with GET: send it with POST")
		refused.allow = http.MethodPost
		refused.write(w, r)
		return
	case media == eventsType || kind == ast.Subscription && accepts(r, eventsType):
		x.stream(w, r, func(ctx context.Context, emit func(*graphql.Response) bool) { x.each(ctx, operation, leave, emit) })
		return
	case kind == ast.Subscription:
		refuse(http.StatusNotAcceptable, "a subscription is answered as text/event-stream, or over a WebSocket with the protocol %s: ask for one of the two", socket.Protocol).write(w, r)
		return
	}
	tagged := ""
	response := x.answer(r.Context(), operation, func(basis string) bool {
		if x.readOnly {
			tagged = tag(x.epoch, basis, media, request)
		}
		return tagged != "" && matches(r, tagged)
	})
	leave() // writing waits for the client
	if response == nil {
		notModified(w, tagged)
		return
	}
	if tagged != "" && len(response.Errors) == 0 {
		w.Header().Set("ETag", tagged)
		w.Header().Set("Cache-Control", keepAndAsk)
	}
	writeResponse(w, statusOf(response, media), media, response)
}

// overSocket runs an operation that came over a WebSocket.
func (x exchange) overSocket(ctx context.Context, r socket.Request, emit func(socket.Response) bool) {
	ctx = graphql.StartOperationTrace(ctx)
	told := func(response *graphql.Response) bool {
		if len(response.Data) > 0 {
			return emit(socket.Response{JSON: bytes.Join(partsOf(response), nil)})
		}
		var errs bytes.Buffer
		encode(&errs, response.Errors)
		return emit(socket.Response{Errors: errs.Bytes()})
	}
	if err := x.again(ctx); err != nil {
		told(&graphql.Response{Errors: gqlerror.List{err}})
		return
	}
	leave, refused := x.load.enter(ctx, access.From(ctx).Name())
	if refused != nil {
		told(&graphql.Response{Errors: gqlerror.List{refused.err}})
		return
	}
	defer leave()
	operation, failed := x.begin(ctx, &graphql.RawParams{
		Query: r.Query, OperationName: r.OperationName, Variables: r.Variables, Extensions: r.Extensions,
	}, r.DocumentID)
	if failed != nil {
		leave()
		told(failed)
		return
	}
	x.each(ctx, operation, leave, told)
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

// withoutSuggestions takes the names that were perhaps meant out of messages. gqlgen
// can leave out those of fields alone.
func withoutSuggestions(errs gqlerror.List) {
	for _, err := range errs {
		err.Message, _, _ = strings.Cut(err.Message, " Did you mean ")
	}
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
