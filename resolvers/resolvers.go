package resolvers

import (
	"log/slog"
	"maps"
	"time"

	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"

	"chancery/graph"
	"chancery/query"
	"chancery/resolvers/edit"
	"chancery/resolvers/generated"
	"chancery/schema"
)

// NewExecutor returns an executor that validates against the ontology's schema,
// answers introspection from it, has the engine answer every root field of Query,
// and commits what mutations ask for to the engine's graph, at the times that now
// gives. A subscription is answered event by event,
// as its ResponseHandler is asked for the next; it ends with the context. Internal errors go to log, in full and only
// there.
//
// It sets no limits and keeps no cache of documents.
func NewExecutor(o *schema.Ontology, g *graph.Graph, e *query.Engine, now func() time.Time, log *slog.Logger) *Executor {
	answers := &answers{engine: e, editor: edit.New(o, g, now), errors: errorTable{log}}
	exec := executor.New(executable{
		ExecutableSchema: generated.NewExecutableSchema(generated.Config{
			Schema: served(o.Schema),
			Resolvers: generated.Roots{
				Answer: answers.field,
				Commit: answers.mutation,
				Follow: answers.follow,
			},
		}),
		schema: &schemaAnswers{},
	})
	exec.SetErrorPresenter(answers.errors.present)
	exec.SetRecoverFunc(recovered)
	exec.AroundOperations(answers.aroundOperation)
	exec.AroundResponses(answers.aroundResponse)
	return &Executor{exec, answers}
}

// served is the schema without @defer: gqlparser adds it to every schema, and
// with it an answer would come in several parts.
func served(s *ast.Schema) *ast.Schema {
	without := *s
	without.Directives = maps.Clone(s.Directives)
	delete(without.Directives, "defer")
	return &without
}
