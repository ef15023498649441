// Command generate writes package generated: gqlgen's executable schema, for
// which every root field is one leaf, and the resolver of every root field.
// It is run by go generate in package resolvers.
package main

import (
	"fmt"
	"os"

	"github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen/config"
)

func main() {
	if err := generate(); err != nil {
		fmt.Fprintln(os.Stderr, "resolvers:", err)
		os.Exit(1)
	}
}

// generate reads the gqlgen.yml of this folder or the nearest one above it.
func generate() error {
	cfg, err := config.LoadConfigFromDefaultLocations()
	if err != nil {
		return err
	}
	cfg.Model = config.PackageConfig{} // there are no models: the default would delete models_gen.go
	return api.Generate(cfg, api.NoPlugins(), api.AddPlugin(leaves{}))
}
