package query

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"chancery/graph"
	"chancery/graph/edtf"
)

// perspectiveArguments returns the arguments of the perspective that the operation
// asks for, and where they stand: in its directive, else in the request's extension.
func (op *Operation) perspectiveArguments() (args map[string]any, from string, bad *Error) {
	s := op.engine.ontology.Schema
	def := s.Directives["perspective"]
	if d := op.request.Operation.Directives.ForName("perspective"); d != nil {
		args, bad = coerceArguments(s, op.request.Variables, def.Arguments, d.Arguments)
		return args, "perspective", bad.at("perspective")
	}
	from = "extensions.perspective"
	if len(op.request.Perspective) == 0 {
		return nil, from, nil
	}
	c := coercion{schema: s}
	args = make(map[string]any, len(op.request.Perspective))
	for name, value := range op.request.Perspective {
		arg := def.Arguments.ForName(name)
		if arg == nil {
			return nil, from, errorf(BadUserInput, "a perspective has no %q: see the arguments of @perspective", name).at(from)
		}
		if args[name], bad = c.raw(value, arg.Type); bad != nil {
			return nil, from, bad.at(name).at(from)
		}
	}
	return args, from, nil
}

// placeOf finds an id among the lists of a perspective: sources[0].
func placeOf(args map[string]any, id string) string {
	for _, name := range []string{"sources", "exceptSources"} {
		if list, ok := args[name].([]any); ok {
			if i := slices.Index(list, any(id)); i >= 0 {
				return fmt.Sprintf("%s[%d]", name, i)
			}
		}
	}
	return "sources" // unreachable: views are refused for no other id
}

func readPerspective(args map[string]any) (p graph.Perspective, bad *Error) {
	if text, ok := args["knownAt"].(string); ok {
		at, err := parseMoment(text)
		if err != nil {
			return p, err.at("knownAt")
		}
		p.KnownAt = at
	}
	if text, ok := args["validAt"].(string); ok {
		day, err := edtf.ParseDay(text)
		if err != nil {
			return p, errorf(BadTime, "%q is no calendar day: write it as 2025-11-06", text).at("validAt")
		}
		p.ValidAt = &day
	}
	p.Sources = texts(args["sources"])
	p.ExceptSources = texts(args["exceptSources"])
	if list, ok := args["statuses"].([]any); ok {
		p.Statuses = make([]graph.Status, len(list))
		for i, s := range list {
			p.Statuses[i] = graph.ParseStatus(s.(string))
		}
		slices.Sort(p.Statuses)
		p.Statuses = slices.Compact(p.Statuses)
	}
	p.MinConfidence, _ = args["minConfidence"].(float64)
	return p, nil
}

func parseMoment(text string) (time.Time, *Error) {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return at, errorf(BadTime, "%q is no time of RFC 3339: write it as 2025-11-06T12:00:00Z", text)
	}
	return at.UTC(), nil
}

// texts returns a list of strings in order, without repeats; nil for no list.
func texts(v any) []string {
	list, ok := v.([]any)
	if !ok {
		return nil
	}
	out := make([]string, 0, len(list))
	for _, s := range list {
		out = append(out, s.(string))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// statedPerspective is how answers and cursors state a perspective. A list that is
// empty is not one that is missing: it admits nothing.
type statedPerspective struct {
	KnownAt       string   `json:"knownAt,omitzero"`
	ValidAt       string   `json:"validAt,omitzero"`
	Sources       []string `json:"sources,omitzero"`
	ExceptSources []string `json:"exceptSources,omitzero"`
	Statuses      []string `json:"statuses,omitzero"`
	MinConfidence float64  `json:"minConfidence,omitzero"`
}

// usual is the default perspective in words, as used at a commit's time.
type usual struct {
	at   time.Time
	text []byte
}

// stated is state of a perspective as used. Most are the default one, whose words are
// kept: they change with each commit only.
func (e *Engine) stated(v *graph.View) []byte {
	if !v.Perspective.IsZero() {
		return state(v, true)
	}
	kept := e.usual.Load()
	if kept == nil || !kept.at.Equal(v.KnownAt) {
		kept = &usual{at: v.KnownAt, text: state(v, true)}
		e.usual.Store(kept)
	}
	return slices.Clip(kept.text)
}

// state gives the perspective in words: as asked, without a knownAt that was not
// asked for; or as used, with the commit's time and the default statuses.
func state(v *graph.View, used bool) []byte {
	p := v.Perspective
	s := statedPerspective{Sources: p.Sources, ExceptSources: p.ExceptSources, MinConfidence: p.MinConfidence}
	if !p.KnownAt.IsZero() {
		s.KnownAt = p.KnownAt.Format(time.RFC3339Nano)
	}
	if p.ValidAt != nil {
		s.ValidAt = p.ValidAt.String()
	}
	statuses := p.Statuses
	if used {
		s.KnownAt = v.KnownAt.Format(time.RFC3339Nano)
		if statuses == nil {
			statuses = []graph.Status{graph.Confirmed, graph.Reported, graph.Assessed}
		}
	}
	if statuses != nil {
		s.Statuses = make([]string, len(statuses))
	}
	for i, status := range statuses {
		s.Statuses[i] = status.String()
	}
	text, err := json.Marshal(s)
	if err != nil {
		panic("query: a perspective that is no JSON: " + err.Error())
	}
	return text
}
