package naive

import (
	"context"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/graph"
	"chancery/schema"
)

// Request is one operation of a document that was validated against the
// ontology's schema.
type Request struct {
	Document  *ast.QueryDocument
	Operation string         // its name; may be empty where the document has just one
	Variables map[string]any // as the client sent them, coerced or not
	// Perspective is the request's extensions.perspective, or nil.
	Perspective map[string]any
	BaseIRI     string // that ids are relative to
	// Rank finds a text among names, the best first and each entity once. What a name
	// is worth is not this package's to say.
	Rank func(text string, among []Name) []Hit
}

// Result is the whole answer.
type Result struct {
	Data   *Object // nil: null
	Errors []Error // every one that any order of execution can meet
	// With @cite: extensions.citations, in no order, and extensions.claims.
	Citations []Citation
	Claims    map[string]CitedClaim
}

// Error is one error of the answer, as far as answers are compared by it.
type Error struct {
	Path []any  // response keys and list indexes; empty for the whole operation
	Code string // extensions.code
}

// The codes of errors that are met here.
const (
	badUserInput = "BAD_USER_INPUT"
	unknownID    = "UNKNOWN_ID"
	badTime      = "BAD_TIME"
	listTooLong  = "LIST_TOO_LONG"
	tooLarge     = "LIMIT_EXCEEDED"
	internal     = "INTERNAL" // a null where none is allowed
)

// fault is an error whose place is not known yet. nil is none.
type fault string

// Run answers one operation over the graph's newest commit. The error is
// ctx.Err() or the store's.
// Cost: every quad is read once, then every fact of its entity for every value.
func Run(ctx context.Context, o *schema.Ontology, g *graph.Graph, req Request) (Result, error) {
	w, err := Read(ctx, g)
	if err != nil {
		return Result{}, err
	}
	return w.Run(o, req), nil
}

// Run answers one operation over what was read.
func (w *World) Run(o *schema.Ontology, req Request) Result {
	op := req.Document.Operations.ForName(req.Operation)
	r := &run{World: w, o: o, fragments: req.Document.Fragments, variables: req.Variables, baseIRI: req.BaseIRI, rank: req.Rank}
	r.setDefaults(op)
	p, bad := r.perspective(op, req.Perspective)
	if bad == "" {
		bad = r.admit(p)
	}
	if bad != "" {
		return Result{Errors: []Error{{Code: string(bad)}}}
	}
	r.classify()
	r.show()
	data := r.selectionSet(op.SelectionSet, "Query", queryRoot{}, nil)
	result := Result{Data: data, Errors: r.errors}
	if op.Directives.ForName("cite") != nil {
		result.Citations, result.Claims = r.citationsOf(data)
	}
	return result
}

// run is one operation being answered.
type run struct {
	*World
	o         *schema.Ontology
	fragments ast.FragmentDefinitionList
	variables map[string]any
	baseIRI   string
	rank      func(text string, among []Name) []Hit

	facts []fact                // the World's, as merges make them
	of    map[graph.ID][]fact   // the facts by their subject, in the same order
	into  map[graph.ID]graph.ID // where known claims merge an entity

	validDay   dayOfChoice
	classes    map[graph.ID]*schema.Class // of the entities
	classClaim map[graph.ID]*claim        // the preferred one that gives the class
	former     map[graph.ID]*schema.Class // by claims since retracted or denied too
	shown      []shownFact
	shownOf    map[graph.ID][]shownFact // by their subject, in the same order
	shownAt    map[graph.ID][]shownFact // by their object
	spokenOf   map[graph.ID]bool        // subjects of facts of admitted claims

	errors    []Error
	citations []Citation
}
