package api

import (
	"context"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"
	"github.com/vektah/gqlparser/v2/parser"

	"chancery/resolvers"
)

// guard is the gqlgen extension that refuses a document above the limits before
// it is validated. What is refused says which limit, how much was given and how
// much is allowed.
type guard struct {
	limits Limits

	noIntrospection bool
	cache           graphql.Cache[*ast.QueryDocument] // of documents found valid, which passed before
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
} = guard{}

// ExtensionName is how gqlgen calls the extension.
func (guard) ExtensionName() string { return "Limits" }

// Validate is there because gqlgen asks it of every extension.
func (guard) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters changes nothing: it is where gqlgen lets an
// extension look at a document before it is parsed.
func (g guard) MutateOperationParameters(ctx context.Context, request *graphql.RawParams) *gqlerror.Error {
	for _, values := range []map[string]any{request.Variables, request.Extensions} {
		if levels := nesting(values, g.limits.Nesting+1); levels > g.limits.Nesting {
			return exceeds("nesting", levels, g.limits.Nesting, nil, "the variables or the extensions nest lists and objects %d levels deep or more", levels)
		}
	}
	if _, known := g.cache.Get(ctx, request.Query); known {
		return nil
	}
	source := &ast.Source{Input: request.Query}
	if err := g.checkTokens(source); err != nil {
		return err
	}
	doc, err := parser.ParseQueryWithTokenLimit(source, g.limits.Tokens)
	if err != nil {
		return nil // gqlgen parses next, and says what is wrong
	}
	named := fragmentsOf(doc)
	if spread := named.cycle(); spread != nil {
		return &gqlerror.Error{
			Message:    fmt.Sprintf("Cannot spread fragment %q within itself.", spread.Name),
			Locations:  locations(spread.Position),
			Extensions: map[string]any{"code": resolvers.ValidationFailed},
		}
	}
	return g.check(measure(doc, named))
}

// checkTokens reads all tokens, so that it can tell how many too many there are.
// Cost: O(bytes), which the body's limit bounds.
func (g guard) checkTokens(source *ast.Source) *gqlerror.Error {
	tokens := 0
	for lex := lexer.New(source); ; tokens++ {
		token, err := lex.ReadToken()
		if err != nil || token.Kind == lexer.EOF {
			break
		}
		if token.Kind == lexer.Name && len(token.Value) > g.limits.Name {
			return exceeds("name", len(token.Value), g.limits.Name, &token.Pos,
				"the name %.20s... has %d bytes", token.Value, len(token.Value))
		}
	}
	if tokens > g.limits.Tokens {
		return exceeds("tokens", tokens, g.limits.Tokens, nil, "the document has %d tokens", tokens)
	}
	return nil
}

// nesting is how many levels of lists and objects a JSON value has, up to most.
func nesting(value any, most int) (levels int) {
	if most == 0 {
		return 0
	}
	switch value := value.(type) {
	case map[string]any:
		for _, inner := range value {
			levels = max(levels, nesting(inner, most-1))
		}
	case []any:
		for _, inner := range value {
			levels = max(levels, nesting(inner, most-1))
		}
	default:
		return 0
	}
	return levels + 1
}

func (g guard) check(s size) *gqlerror.Error {
	l := g.limits
	switch {
	case g.noIntrospection && s.schema != nil:
		return &gqlerror.Error{
			Message:    "this server does not tell its schema",
			Locations:  locations(s.schema),
			Extensions: map[string]any{"code": forbidden},
		}
	case s.aliases.n > l.Aliases:
		return exceeds("aliases", s.aliases.n, l.Aliases, s.aliases.at, "the document has %d aliases", s.aliases.n)
	case s.directives.n > l.Directives:
		return exceeds("directives", s.directives.n, l.Directives, s.directives.at, "the document has %d directives", s.directives.n)
	case s.cut:
		return exceeds("fields", mostSteps, l.Fields, nil, "with its fragments expanded, the document selects more than %d fields", mostSteps)
	case s.depth > l.Depth:
		return exceeds("depth", s.depth, l.Depth, nil, "the operation nests fields %d levels deep", s.depth)
	case s.roots > l.Roots:
		return exceeds("roots", s.roots, l.Roots, nil, "the operation has %d root fields", s.roots)
	case s.repeats.n > l.Repeats:
		return exceeds("repeats", s.repeats.n, l.Repeats, s.repeats.at, "%q is selected %d times in one place", s.repeats.name, s.repeats.n)
	case s.fields > l.Fields:
		return exceeds("fields", s.fields, l.Fields, nil, "with its fragments expanded, the operation selects %d fields", s.fields)
	case s.introspection.n > l.Introspection:
		return exceeds("introspection", s.introspection.n, l.Introspection, s.introspection.at, "the operation asks for %d lists of the schema", s.introspection.n)
	case s.nestedTypes != nil:
		return exceeds("introspection", mostNestedLists+1, mostNestedLists, s.nestedTypes, "lists of the schema's types nest %d levels deep", mostNestedLists+1)
	}
	return nil
}

// exceeds is the error of a limit that a request goes beyond.
func exceeds(limit string, given, allowed int, at *ast.Position, format string, args ...any) *gqlerror.Error {
	return &gqlerror.Error{
		Message:   fmt.Sprintf(format, args...) + fmt.Sprintf("; the limit is %d", allowed),
		Locations: locations(at),
		Extensions: map[string]any{
			"code": resolvers.LimitExceeded, "limit": limit, "given": given, "allowed": allowed,
		},
	}
}

func locations(p *ast.Position) []gqlerror.Location {
	if p == nil {
		return nil
	}
	return []gqlerror.Location{{Line: p.Line, Column: p.Column}}
}
