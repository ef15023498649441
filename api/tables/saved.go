package tables

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

//go:embed documents/*.graphql
var builtIn embed.FS

// Saved are documents whose tables have addresses of their own. It does not change.
type Saved struct {
	schema    *ast.Schema
	documents []*Document // by id
}

// Document is one saved operation: a query, with or without variables.
type Document struct {
	ID        string // the name of its file, without .graphql
	Title     string // the first line of its first comment
	About     string // the rest of it; may be empty
	Text      string
	Variables []Variable
	Fixed     bool // it has a @perspective of its own
}

// Variable is one variable of a document.
type Variable struct {
	Name    string
	Type    string // as the document has it
	Help    string // what a value is written like
	Default string // as the document has it; "" for none
	Choices []string
	typ     *ast.Type
}

// Required reports whether there is no table without it.
func (v Variable) Required() bool { return v.typ.NonNull && v.Default == "" }

// reserved are the parameters of a table's address that are no variables.
var reserved = []string{"format", "rows"}

// ReadSaved reads the documents that come with the program, and then those of a
// folder, *.graphql, which may replace some; nil: none. Each is held to the
// schema. The error names the file and the place.
func ReadSaved(schema *ast.Schema, folder fs.FS) (*Saved, error) {
	own, err := fs.Sub(builtIn, "documents")
	if err != nil {
		return nil, err
	}
	s := &Saved{schema: schema}
	byID := map[string]*Document{}
	for _, from := range []fs.FS{own, folder} {
		if from == nil {
			continue
		}
		names, err := fs.Glob(from, "*.graphql")
		if err != nil {
			return nil, err
		}
		if len(names) == 0 {
			return nil, errors.New("the folder has no file *.graphql")
		}
		for _, name := range names {
			text, err := fs.ReadFile(from, name)
			if err != nil {
				return nil, err
			}
			d, err := s.read(name, string(text))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			byID[d.ID] = d
		}
	}
	for _, d := range byID {
		s.documents = append(s.documents, d)
	}
	slices.SortFunc(s.documents, func(a, b *Document) int { return strings.Compare(a.ID, b.ID) })
	return s, nil
}

var idPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

func (s *Saved) read(name, text string) (*Document, error) {
	d := &Document{ID: strings.TrimSuffix(path.Base(name), ".graphql"), Text: text}
	if !idPattern.MatchString(d.ID) {
		return nil, errors.New("the name becomes a part of an address: use letters, digits, -, _ and . only")
	}
	doc, errs := gqlparser.LoadQueryWithRules(s.schema, text, rules.NewDefaultRules())
	if len(errs) > 0 {
		at := ""
		if len(errs[0].Locations) > 0 {
			at = fmt.Sprintf("line %d: ", errs[0].Locations[0].Line)
		}
		return nil, errors.New(at + errs[0].Message)
	}
	if len(doc.Operations) != 1 || doc.Operations[0].Operation != ast.Query {
		return nil, errors.New("a saved document has one operation, a query")
	}
	operation := doc.Operations[0]
	if operation.Directives.ForName("explain") != nil {
		return nil, errors.New("a table has no room for the plan of @explain: leave it out")
	}
	d.Title, d.About = comment(text)
	if d.Title == "" {
		d.Title = d.ID
	}
	d.Fixed = operation.Directives.ForName("perspective") != nil
	for _, v := range operation.VariableDefinitions {
		if slices.Contains(reserved, v.Variable) {
			return nil, fmt.Errorf("the variable $%s needs another name: %s= means something else in the address of a table", v.Variable, v.Variable)
		}
		one := Variable{Name: v.Variable, Type: v.Type.String(), Help: s.help(v.Type), typ: v.Type}
		if def := s.schema.Types[v.Type.Name()]; def.Kind == ast.Enum {
			for _, value := range def.EnumValues {
				one.Choices = append(one.Choices, value.Name)
			}
		}
		if v.DefaultValue != nil {
			one.Default = v.DefaultValue.String()
		}
		d.Variables = append(d.Variables, one)
	}
	return d, nil
}

// comment reads the comment that a document begins with.
func comment(text string) (title, about string) {
	var rest []string
	for line := range strings.Lines(text) {
		line, is := strings.CutPrefix(strings.TrimSpace(line), "#")
		if !is {
			break
		}
		if line = strings.TrimSpace(line); title == "" {
			title = line
		} else {
			rest = append(rest, line)
		}
	}
	return title, strings.TrimSpace(strings.Join(rest, "\n"))
}

// All are the documents, by id.
func (s *Saved) All() []*Document { return s.documents }

// Find finds a document by its id; nil: there is none.
func (s *Saved) Find(id string) *Document {
	i, found := slices.BinarySearchFunc(s.documents, id, func(d *Document, id string) int { return strings.Compare(d.ID, id) })
	if !found {
		return nil
	}
	return s.documents[i]
}
