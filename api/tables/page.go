package tables

import (
	_ "embed"
	"encoding/json"
	"html/template"
	"io"
)

//go:embed page.html
var pageHTML string

var page = template.Must(template.New("page.html").Parse(pageHTML))

// WritePage writes a page for readers that lists the documents with their
// variables, each a form that asks for the table.
func (s *Saved) WritePage(w io.Writer) error {
	return page.Execute(w, map[string]any{"Documents": s.documents, "Formats": Formats})
}

// PagePolicy is the content security policy of the page: it has a style of its own
// and nothing else.
const PagePolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// WriteJSON writes the same list for programs.
func (s *Saved) WriteJSON(w io.Writer) error {
	type variable struct {
		Name     string   `json:"name"`
		Type     string   `json:"type"`
		Required bool     `json:"required"`
		Help     string   `json:"help"`
		Default  string   `json:"default,omitzero"`
		Choices  []string `json:"choices,omitzero"`
	}
	type document struct {
		ID        string     `json:"id"`
		Title     string     `json:"title"`
		About     string     `json:"about,omitzero"`
		Variables []variable `json:"variables"`
		Document  string     `json:"document"`
	}
	out := []document{}
	for _, d := range s.documents {
		one := document{ID: d.ID, Title: d.Title, About: d.About, Variables: []variable{}, Document: d.Text}
		for _, v := range d.Variables {
			one.Variables = append(one.Variables, variable{v.Name, v.Type, v.Required(), v.Help, v.Default, v.Choices})
		}
		out = append(out, one)
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(map[string]any{"tables": out})
}
