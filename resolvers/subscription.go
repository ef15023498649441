package resolvers

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"chancery/query"
	"chancery/resolvers/leaf"
)

// subscription answers a subscription event by event. gqlgen's own way is a
// channel, which a goroutine would have to fill ahead, and it has no room for an
// event's errors and extensions; so its resolver is never asked.
func (a *answers) subscription(ctx context.Context, request *graphql.OperationContext) graphql.ResponseHandler {
	refuse := func(err error) graphql.ResponseHandler {
		return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{a.errors.present(ctx, err)}})
	}
	roots := graphql.CollectFields(request, request.Operation.SelectionSet, []string{"Subscription"})
	if len(roots) != 1 || roots[0].Name != "changes" {
		return refuse(&query.Error{Code: query.BadUserInput, Message: "a subscription selects one field, which is no introspection: changes"})
	}
	asked, err := read(request)
	if err != nil {
		return refuse(err)
	}
	root := roots[0]
	following, err := a.engine.Follow(ctx, asked, root.Field, root.Selections)
	if err != nil {
		return refuse(err)
	}
	ended := false
	return func(ctx context.Context) (response *graphql.Response) {
		if ended {
			return nil
		}
		defer func() {
			if value := recover(); value != nil {
				ended = true
				response = &graphql.Response{Errors: gqlerror.List{a.errors.present(ctx, recovered(ctx, value))}}
			}
		}()
		event, err := following.Next(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			ended = true
			return &graphql.Response{Errors: gqlerror.List{a.errors.present(ctx, err)}}
		}
		return a.event(ctx, root.Alias, event)
	}
}

// event is the response that one event of a subscription makes.
func (a *answers) event(ctx context.Context, alias string, event query.Event) *graphql.Response {
	response := &graphql.Response{Extensions: map[string]any{}}
	for _, e := range event.Errors {
		response.Errors = append(response.Errors, a.errors.present(ctx, e))
	}
	value := event.JSON
	if value == nil {
		value = []byte("null")
	}
	response.Data = append(append([]byte(`{`+strconv.Quote(alias)+`:`), value...), '}') // an alias has no letter that JSON quotes otherwise
	for _, e := range event.Extensions {
		response.Extensions[e.Key] = json.RawMessage(e.JSON)
	}
	return response
}

// follow is there because gqlgen wants a resolver for each root.
func (*answers) follow(context.Context) (<-chan *leaf.Result, error) {
	panic("resolvers: subscriptions are answered around their operation") // unreachable: see aroundOperation
}
