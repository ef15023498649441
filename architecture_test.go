package main

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// mayImport is who may import whom, by folder, module path left out; a folder's
// own subfolders are its own business. Data flows one way: server, api,
// resolvers, query, graph, edtf.
var mayImport = map[string][]string{
	".":          {"api", "api/access", "api/admin", "api/tables", "commands", "graph", "graph/cayley", "graph/local", "graph/memory", "query", "resolvers", "schema", "seed", "seed/export", "seed/history", "seed/intake", "telemetry/metrics", "telemetry/traces", "web"},
	"commands":   {"api/access", "api/admin", "graph", "graph/local", "graph/memory", "schema", "seed", "seed/export", "seed/history", "seed/intake", "seed/mappings", "seed/rdf", "seed/statements", "seed/table", "seed/table/format"},
	"api":        {"api/access", "resolvers"},
	"api/access": {},
	"api/admin":  {"api/access", "graph", "seed/export", "seed/history", "seed/intake", "seed/rdf"},
	"resolvers":  {"query", "graph", "graph/edtf", "schema", "seed/check"},
	"query":      {"graph", "graph/edtf", "schema"},
	"seed":       {"graph", "graph/edtf", "schema"},
	"schema":     {},
	"web":        {},

	"docs/bench/growth": {},

	"telemetry/metrics": {"api"},
	"telemetry/traces":  {},

	"graph":           {"graph/edtf"},
	"graph/edtf":      {},
	"graph/cayley":    {"graph"},
	"graph/local":     {"graph"},
	"graph/memory":    {"graph"},
	"graph/storetest": {"graph"},
}

// mayNotReach are packages that a folder may not even reach through others.
var mayNotReach = map[string][]string{
	"graph":  {"github.com/vektah/gqlparser/", "github.com/99designs/gqlgen/"},
	"schema": {"github.com/99designs/gqlgen/", "net/http"},
	"query":  {"github.com/99designs/gqlgen/", "net/http"},
	"seed":   {"github.com/99designs/gqlgen/"}, // net/http comes with json-gold, which seed/rdf gives no network
}

// mayImportInTests is what tests may import beyond their folder's row: a store to
// run on, the seed to ask, an export to ask somebody else, a listener without a network.
var mayImportInTests = []string{"api/inmemory", "graph", "graph/edtf", "graph/local", "graph/memory", "graph/storetest", "schema", "schema/schematest", "seed", "seed/check", "seed/export", "query"}

type listedPackage struct {
	ImportPath   string
	Standard     bool
	DepOnly      bool
	Imports      []string
	Deps         []string
	TestImports  []string
	XTestImports []string
}

func TestWhoMayImportWhom(t *testing.T) {
	for _, p := range packagesOf(t) {
		if p.DepOnly {
			continue
		}
		folder := folderOf(p.ImportPath)
		allowed, known := mayImport[ownerOf(folder)]
		if !known {
			t.Errorf("%s is in no row of the table: say what it may import", folder)
			continue
		}
		inTests := slices.Concat(allowed, mayImportInTests)
		checkImports(t, folder, p.Imports, allowed)
		checkImports(t, folder+" (its tests)", p.TestImports, inTests)
		checkImports(t, folder+" (its tests)", p.XTestImports, inTests)
		if !isTool(folder) {
			checkReach(t, folder, p.Deps)
		}
	}
}

// checkImports names each import of ours that is neither allowed nor the folder's
// own.
func checkImports(t *testing.T, importer string, imports, allowed []string) {
	t.Helper()
	folder, _, _ := strings.Cut(importer, " ")
	for _, path := range imports {
		if imported := folderOf(path); ours(path) && !sameOwner(folder, imported) && !slices.Contains(allowed, imported) {
			t.Errorf("%s imports %s; it may import %v", importer, imported, allowed)
		}
	}
}

// checkReach names the first package that a folder reaches and may not.
func checkReach(t *testing.T, folder string, deps []string) {
	t.Helper()
	top, _, _ := strings.Cut(folder, "/")
	for _, forbidden := range mayNotReach[top] {
		for _, path := range deps {
			if strings.HasPrefix(path+"/", strings.TrimSuffix(forbidden, "/")+"/") {
				t.Errorf("%s reaches %s: see go list -deps and who imports it", folder, path)
				break
			}
		}
	}
}

// isTool reports whether a folder is a command that go generate runs, or a part
// of one: no program is built from it.
func isTool(folder string) bool {
	return strings.Contains(folder+"/", "/cmd/") || strings.Contains(folder+"/", "/internal/generate/")
}

// ownerOf is the folder in the table that a folder belongs to: itself or the
// nearest one above.
func ownerOf(folder string) string {
	for {
		if _, listed := mayImport[folder]; listed {
			return folder
		}
		i := strings.LastIndexByte(folder, '/')
		if i < 0 {
			return folder
		}
		folder = folder[:i]
	}
}

func sameOwner(a, b string) bool { return ownerOf(a) == ownerOf(b) }

const module = "chancery"

func ours(path string) bool { return path == module || strings.HasPrefix(path, module+"/") }

func folderOf(path string) string {
	if path == module {
		return "."
	}
	return strings.TrimPrefix(path, module+"/")
}

func packagesOf(t *testing.T) []listedPackage {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps",
		"-json=ImportPath,Standard,DepOnly,Imports,Deps,TestImports,XTestImports", "./...").Output()
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		t.Fatalf("go list: %v\n%s", err, failed.Stderr)
	}
	if err != nil {
		t.Fatal(err)
	}
	var all []listedPackage
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listedPackage
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if !slices.ContainsFunc(all, func(p listedPackage) bool { return p.ImportPath == module && !p.DepOnly }) {
		t.Fatal("go list did not list the module's own packages")
	}
	return all
}

// TestTableHasNoStrangers keeps the table in step with the folders.
func TestTableHasNoStrangers(t *testing.T) {
	listed := map[string]bool{}
	for _, p := range packagesOf(t) {
		if ours(p.ImportPath) {
			listed[folderOf(p.ImportPath)] = true
		}
	}
	for _, folder := range slices.Sorted(maps.Keys(mayImport)) {
		if !listed[folder] {
			t.Errorf("the table has a row for %s, which is no package", folder)
		}
	}
}
