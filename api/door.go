package api

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"chancery/api/access"
	"chancery/resolvers"
)

// Codes of requests that are turned away at the door.
const (
	unauthenticated = "UNAUTHENTICATED"
	forbidden       = "FORBIDDEN"
	rateLimited     = "RATE_LIMITED"
	overload        = "OVERLOADED"
)

// enter finds out who sent a request, and keeps it in the request's context. Whoever opens a
// socket may still show a key in its connection_init.
func (x *exchange) enter(r *http.Request, socket bool) *refusal {
	caller, err := x.gate.Admit(r)
	if err == nil && !socket {
		err = x.gate.Need(caller, access.Reader, "to ask")
	}
	if err != nil {
		return x.turnedAway(r.Context(), err)
	}
	servingOf(r.Context()).letIn(caller)
	return nil
}

// turnAway answers with a refusal at the door, and tells the observer.
func (x *exchange) turnAway(refused *refusal, transport string, w http.ResponseWriter, r *http.Request) {
	seen := x.observe(r.Context(), transport)
	defer seen.end()
	seen.refuse(refused, w, r)
}

// gated lets only those in who may ask.
type gated struct {
	exchange *exchange
	next     http.Handler
}

func (g gated) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if refused := g.exchange.enter(r, false); refused != nil {
		refused.write(w, r)
		return
	}
	g.next.ServeHTTP(w, r)
}

// onSocket finds out whose a socket is, by its connection_init: an Authorization in
// the payload goes before the one in the header. Browsers can send only the former.
func (x *exchange) onSocket(ctx context.Context, payload json.RawMessage) (context.Context, error) {
	request := *servingOf(ctx)
	request.Context = ctx
	caller := request.caller
	var fields map[string]any
	if len(payload) > 0 && json.Unmarshal(payload, &fields) != nil {
		return ctx, errors.New("the payload of connection_init must be an object")
	}
	for name, value := range fields {
		if text, ok := value.(string); ok && strings.EqualFold(name, "Authorization") {
			var err error
			if caller, err = x.gate.Show(caller, text); err != nil {
				return ctx, errors.New(x.turnedAway(ctx, err).err.Message)
			}
		}
	}
	if err := x.gate.Need(caller, access.Reader, "to ask"); err != nil {
		return ctx, err
	}
	request.letIn(caller)
	return &request, nil
}

// may refuses an operation that the caller's role is too low for.
func (x *exchange) may(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	if operation.Operation.Operation != ast.Mutation {
		return nil
	}
	if err := x.gate.Need(callerOf(ctx), access.Editor, "to edit"); err != nil {
		return x.turnedAway(ctx, err).err
	}
	return nil
}

// again counts an operation on a socket, and refuses it if the socket's key was
// revoked meanwhile.
func (x *exchange) again(ctx context.Context) *gqlerror.Error {
	caller := callerOf(ctx)
	if !x.gate.Still(caller) {
		return revoked(caller)
	}
	if err := x.gate.Spend(caller); err != nil {
		return x.turnedAway(ctx, err).err
	}
	return nil
}

// revoked is what a caller is told who may not go on with what it began.
func revoked(caller access.Caller) *gqlerror.Error {
	if caller.Key.ID == "" {
		return coded(unauthenticated, "the first key was made meanwhile, and one is asked for from then on: send a key")
	}
	return coded(unauthenticated, "the key was revoked")
}

// turnedAway is what a client is told of why it was turned away.
func (x *exchange) turnedAway(ctx context.Context, err error) *refusal {
	why, ok := errors.AsType[*access.RefusalError](err)
	if !ok { // the keys cannot be read
		x.log.ErrorContext(ctx, "keys cannot be read, and open nothing", "error", err)
		return &refusal{status: http.StatusInternalServerError, err: coded(resolvers.Internal, "internal error")}
	}
	refused := &refusal{status: http.StatusForbidden, err: coded(forbidden, why.Error())}
	switch why.Reason {
	case access.NoKey, access.BadKey:
		refused.status, refused.err.Extensions["code"] = http.StatusUnauthorized, unauthenticated
	case access.TooMany:
		refused.status, refused.err.Extensions["code"] = http.StatusTooManyRequests, rateLimited
		refused.after = int(math.Ceil(why.After.Seconds()))
		refused.err.Extensions["retryAfter"] = refused.after
	}
	return refused
}
