package resolvers

import (
	"reflect"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/resolvers/generated"
	"chancery/schema"
)

// TestEveryRootHasAResolver fails when the schema was edited and go generate was
// not run.
func TestEveryRootHasAResolver(t *testing.T) {
	o, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []struct {
		root      *ast.Definition
		resolvers reflect.Type
	}{
		{o.Schema.Query, reflect.TypeFor[generated.QueryResolver]()},
		{o.Schema.Mutation, reflect.TypeFor[generated.MutationResolver]()},
		{o.Schema.Subscription, reflect.TypeFor[generated.SubscriptionResolver]()},
	} {
		fields := 0
		for _, f := range kind.root.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			fields++
			if _, ok := kind.resolvers.MethodByName(strings.ToUpper(f.Name[:1]) + f.Name[1:]); !ok {
				t.Errorf("%s.%s has no resolver: run go generate ./...", kind.root.Name, f.Name)
			}
		}
		if fields != kind.resolvers.NumMethod() {
			t.Errorf("%s has %d fields and %d resolvers: run go generate ./...", kind.root.Name, fields, kind.resolvers.NumMethod())
		}
	}
}
