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
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"go.opentelemetry.io/otel/trace"

	"chancery/api/access"
	"chancery/api/socket"
	"chancery/resolvers"
)

// endpoint is /graphql: it hands a request to the first transport that supports
// it.
type endpoint struct {
	exchange *exchange
	socket   http.Handler
}

func (e endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	exec := e.exchange.exec
	defer func() {
		value := recover()
		if value == nil {
			return
		}
		if err, ok := value.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(value)
		}
		bug := gqlerror.Wrap(exec.PresentRecoveredError(r.Context(), value))
		writeResponse(w, http.StatusInternalServerError, negotiate(r), &graphql.Response{Errors: gqlerror.List{bug}})
	}()
	transport := overHTTP
	if socket.Asked(r) {
		transport = overSocket
	}
	if refused := e.exchange.enter(r, transport == overSocket); refused != nil {
		e.exchange.turnAway(refused, transport, w, r)
		return
	}
	if transport == overSocket {
		caller := servingOf(r.Context()).name
		if refused := e.exchange.streams.enter(caller); refused != nil {
			e.exchange.turnAway(refused, overSocket, w, r)
			return
		}
		defer e.exchange.streams.leave(caller)
		e.socket.ServeHTTP(w, r)
		return
	}
	if refused := e.exchange.load.crowded(servingOf(r.Context()).name); refused != nil {
		e.exchange.turnAway(refused, overHTTP, w, r)
		return
	}
	switch {
	case post{}.Supports(r):
		post{e.exchange}.Do(w, r, exec)
	case get{}.Supports(r):
		get{e.exchange}.Do(w, r, exec)
	default:
		unsupported(r).write(w, r)
	}
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
	exec          *resolvers.Executor
	gate          *access.Gate
	limits        Limits
	named         named
	epoch         string // tells this start of the server from others
	noSuggestions bool
	noSimpleGet   bool
	streams       *streams        // open now
	load          *admission      // of operations
	stopping      context.Context // nil: never
	now           func() time.Time
	observer      Observer
	tracer        trace.Tracer // nil: nothing is traced
	log           *slog.Logger
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
func (x *exchange) begin(seen *observed, request *graphql.RawParams, id string) (operation *graphql.OperationContext, failed *graphql.Response) {
	ctx := seen.ctx
	defer func() {
		if failed != nil {
			seen.answered(failed)
		}
	}()
	if err := x.named.resolve(ctx, request, id); err != nil {
		return nil, &graphql.Response{Errors: gqlerror.List{err}}
	}
	operation, errs := x.exec.CreateOperationContext(ctx, request)
	seen.read(operation)
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
func (x *exchange) answer(seen *observed, operation *graphql.OperationContext, skip func(basis string) bool) (response *graphql.Response) {
	ctx, cancel := context.WithTimeout(seen.ctx, x.limits.Time)
	defer cancel()
	defer func() { seen.answered(response) }()
	if operation.Operation.Operation == ast.Mutation {
		ctx = resolvers.RecordedBy(ctx, callerOf(ctx).Editor())
	}
	next, ctx := x.exec.DispatchOperation(ctx, operation)
	if skip != nil {
		if basis, ok := resolvers.Basis(ctx); ok && skip(basis) {
			return nil
		}
	}
	response = next(ctx)
	seen.reads(ctx)
	if response == nil { // the time was up before execution began
		response = x.exec.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(context.Cause(ctx))})
	}
	return response
}

// each runs any operation: a subscription has a response for each event. It leaves
// the slot that it was admitted to when it waits for others.
func (x *exchange) each(seen *observed, operation *graphql.OperationContext, leave func(), emit func(*graphql.Response) bool) {
	if operation.Operation.Operation != ast.Subscription {
		response := x.answer(seen, operation, nil)
		leave()
		emit(response)
		return
	}
	leave()
	next, ctx := x.exec.DispatchOperation(seen.ctx, operation)
	ctx = seen.follows(ctx)
	for {
		response := next(ctx)
		if response == nil {
			return
		}
		if !x.gate.Still(callerOf(ctx)) {
			response = &graphql.Response{Errors: gqlerror.List{revoked(callerOf(ctx))}}
			seen.answered(response)
			emit(response)
			return
		}
		seen.answered(response)
		if !seen.delivers(ctx, response, emit) {
			return
		}
		x.observer.Event()
	}
}

// do runs an operation that came over HTTP.
func (x *exchange) do(w http.ResponseWriter, r *http.Request, asked *asked) {
	request := &asked.RawParams
	request.Headers = r.Header
	media := negotiate(r)
	seen := x.observe(r.Context(), overHTTP)
	defer seen.end()
	wanted, isTable, refused := askedTable(r)
	if refused != nil {
		seen.refuse(refused, w, r)
		return
	}
	leave, refused := x.load.enter(r.Context(), servingOf(r.Context()).name)
	if refused != nil {
		seen.refuse(refused, w, r)
		return
	}
	defer leave()
	operation, failed := x.begin(seen, request, asked.DocumentID)
	if failed != nil && isTable {
		leave()
		noTable(seen, w, failed.Errors)
		return
	}
	if failed != nil {
		leave()
		if media == eventsType {
			x.stream(w, r, seen, false, func(emit func(*graphql.Response) bool) { emit(failed) })
			return
		}
		writeResponse(w, statusOf(failed, media), media, failed)
		return
	}
	kind := operation.Operation.Operation
	switch {
	case x.readOnly && kind == ast.Mutation:
		refused := refuse(http.StatusMethodNotAllowed, "a mutation cannot be sent with GET: send it with POST")
		refused.allow = http.MethodPost
		seen.refuse(refused, w, r)
		return
	case isTable:
		x.table(seen, w, r, operation, request, wanted, leave)
		return
	case media == eventsType || kind == ast.Subscription && accepts(r, eventsType):
		if kind == ast.Subscription {
			leave() // before the client is waited for
		}
		x.stream(w, r, seen, kind == ast.Subscription, func(emit func(*graphql.Response) bool) { x.each(seen, operation, leave, emit) })
		return
	case kind == ast.Subscription:
		seen.refuse(refuse(http.StatusNotAcceptable, "a subscription is answered as text/event-stream, or over a WebSocket with the protocol %s: ask for one of the two", socket.Protocol), w, r)
		return
	}
	tagged := ""
	var skip func(basis string) bool
	if x.readOnly {
		skip = func(basis string) bool {
			tagged = tag(x.epoch, basis, media, request)
			return matches(r, tagged)
		}
	}
	response := x.answer(seen, operation, skip)
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
func (x *exchange) overSocket(ctx context.Context, r socket.Request, emit func(socket.Response) bool) {
	seen := x.observe(ctx, overSocket)
	defer seen.end()
	told := func(response *graphql.Response) bool {
		if len(response.Data) > 0 {
			var text bytes.Buffer
			appendBefore(&text, response)
			text.Write(response.Data)
			appendAfter(&text, response)
			return emit(socket.Response{JSON: text.Bytes()})
		}
		var errs bytes.Buffer
		encode(&errs, response.Errors)
		return emit(socket.Response{Errors: errs.Bytes()})
	}
	turnedAway := func(err *gqlerror.Error) {
		response := &graphql.Response{Errors: gqlerror.List{err}}
		seen.answered(response)
		told(response)
	}
	if err := x.again(ctx); err != nil {
		turnedAway(err)
		return
	}
	leave, refused := x.load.enter(ctx, servingOf(ctx).name)
	if refused != nil {
		turnedAway(refused.err)
		return
	}
	defer leave()
	operation, failed := x.begin(seen, &graphql.RawParams{
		Query: r.Query, OperationName: r.OperationName, Variables: r.Variables, Extensions: r.Extensions,
	}, r.DocumentID)
	if failed != nil {
		leave()
		told(failed)
		return
	}
	x.each(seen, operation, leave, told)
}

// listed cuts a list of errors to what the limits let be listed.
func (x *exchange) listed(errs gqlerror.List) gqlerror.List {
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
