package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/alecthomas/kong"
)

// settings gives kong the flags that the command line leaves out: from the
// environment, else from the configuration file. kong's own reading of both would
// let the file win.
type settings struct {
	env  func(string) (string, bool)
	file map[string]any // nil until read
}

// Validate is there because kong asks it of every resolver.
func (*settings) Validate(*kong.Application) error { return nil }

// Resolve returns nil for a flag that is in neither.
func (s *settings) Resolve(ctx *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if value, ok := s.lookup(flag); ok || flag.Name == "config" {
		return value, nil
	}
	if s.file == nil {
		if err := s.read(ctx); err != nil {
			return nil, err
		}
	}
	return s.file[flag.Name], nil
}

func (s *settings) lookup(flag *kong.Flag) (any, bool) {
	for _, name := range flag.Envs {
		if value, set := s.env(name); set {
			return value, true
		}
	}
	return nil, false
}

// read reads the file that --config or the environment names. A key that is no
// flag's is an error.
func (s *settings) read(ctx *kong.Context) error {
	s.file = map[string]any{}
	path := ""
	names := map[string]bool{}
	for _, flag := range ctx.Flags() {
		names[flag.Name] = true
		if flag.Name != "config" {
			continue
		}
		path, _ = ctx.FlagValue(flag).(string)
		if value, set := s.lookup(flag); path == "" && set {
			path = value.(string)
		}
	}
	if path == "" {
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, &s.file); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for key := range s.file {
		if !names[key] || key == "config" || key == "help" {
			return fmt.Errorf("%s: %q is no setting; see chancery serve --help", path, strings.TrimPrefix(key, "--"))
		}
	}
	return nil
}
