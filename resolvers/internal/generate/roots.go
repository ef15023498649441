package main

import (
	"path/filepath"

	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/templates"
)

// GenerateCode writes the resolver of every root field, and takes the SDL out of
// what gqlgen writes next: package schema has it, and hands it over parsed.
func (leaves) GenerateCode(data *codegen.Data) error {
	data.AugmentedSources = nil
	return templates.Render(templates.Options{
		PackageName:     data.Config.Exec.Package,
		Filename:        filepath.Join(data.Config.Exec.Dir(), "roots.go"),
		PackageDoc:      packageDoc,
		Template:        rootsTemplate,
		Data:            data,
		GeneratedHeader: true,
		Packages:        data.Config.Packages,
	})
}

const packageDoc = `// Package generated is gqlgen's executable schema, for which every root field is
// one leaf, and the resolvers of all root fields. Nothing in it is written by hand.
`

const rootsTemplate = `
{{ reserveImport "context" }}
{{ reserveImport "chancery/resolvers/leaf" }}

// Roots resolves every root field with one function for each kind of operation.
// A function finds its field with graphql.GetFieldContext.
type Roots struct {
	Answer func(context.Context) (*leaf.Result, error) // a field of Query
	{{- if .MutationRoot }}
	Commit func(context.Context) (*leaf.Result, error) // a field of Mutation
	{{- end }}
	{{- if .SubscriptionRoot }}
	Follow func(context.Context) (<-chan *leaf.Result, error) // a field of Subscription
	{{- end }}
}

{{ template "root" dict "Object" .QueryRoot "Calls" "Answer" }}
{{- with .MutationRoot }}{{ template "root" dict "Object" . "Calls" "Commit" }}{{ end }}
{{- with .SubscriptionRoot }}{{ template "root" dict "Object" . "Calls" "Follow" }}{{ end }}

{{- define "root" }}
{{- $object := .Object }}{{ $calls := .Calls }}
type {{ lcFirst $object.Name }}Roots struct{ roots Roots }

// {{ $object.Name }} returns the resolvers of {{ $object.Name }}'s fields.
func (r Roots) {{ $object.Name }}() {{ $object.Name }}Resolver { return {{ lcFirst $object.Name }}Roots{r} }
{{ range $field := $object.Fields }}{{ if $field.IsResolver }}
func (r {{ lcFirst $object.Name }}Roots) {{ $field.GoFieldName }}{{ $field.ShortResolverDeclaration }} {
	return r.roots.{{ $calls }}(ctx)
}
{{ end }}{{ end }}
{{- end }}
`
