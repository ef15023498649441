// Command generate writes the served SDL, generated.graphql, from the
// ontology's sources. It runs in the folder schema:
//
//	go generate ./schema
package main

import (
	"fmt"
	"os"
	"strings"

	"chancery/schema/internal/generate"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run() error {
	version, err := os.ReadFile("VERSION")
	if err != nil {
		return err
	}
	sources, err := generate.Sources(os.DirFS("ontology"))
	if err != nil {
		return err
	}
	sdl, err := generate.Generate(strings.TrimSpace(string(version)), sources)
	if err != nil {
		return err
	}
	return os.WriteFile("generated.graphql", []byte(sdl), 0o666)
}
