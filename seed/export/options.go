package export

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
	"chancery/seed/history"
	"chancery/seed/rdf"
)

// Format is a form of export.
type Format string

// The formats.
const (
	NQuads  Format = "nquads"
	TriG    Format = "trig"
	JSONLD  Format = "jsonld"
	CSV     Format = "csv" // a table for each class: a folder, or a zip of one
	GraphML Format = "graphml"
)

// formats are all, with the endings of files and the media type of each.
var formats = []struct {
	format  Format
	rdf     rdf.Format // 0: none
	endings []string
	media   string
}{
	{NQuads, rdf.NQuads, []string{".nq", ".nquads"}, rdf.NQuads.MediaType()},
	{TriG, rdf.TriG, []string{".trig"}, rdf.TriG.MediaType()},
	{JSONLD, rdf.JSONLD, []string{".jsonld", ".json"}, rdf.JSONLD.MediaType()},
	{CSV, 0, []string{".zip", ".csv"}, "application/zip"},
	{GraphML, 0, []string{".graphml", ".xml"}, "application/graphml+xml"},
}

// Names are those of all formats.
func Names() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = string(f.format)
	}
	return names
}

// FormatNamed finds a format by its name or the ending of files: nquads, N-Quads, nq.
func FormatNamed(name string) (Format, error) {
	plain := strings.ToLower(strings.NewReplacer("-", "", ".", "").Replace(name))
	for _, f := range formats {
		if plain == string(f.format) || slices.Contains(f.endings, "."+plain) {
			return f.format, nil
		}
	}
	return "", fmt.Errorf("format %q is none of %s", name, strings.Join(Names(), ", "))
}

// FormatOfFile finds a format by the ending of a file's name; "" where it does not tell.
func FormatOfFile(name string) Format {
	for _, f := range formats {
		for _, ending := range f.endings {
			if strings.HasSuffix(strings.ToLower(name), ending) {
				return f.format
			}
		}
	}
	return ""
}

// MediaType is that of what Write writes.
func (f Format) MediaType() string {
	for _, known := range formats {
		if known.format == f {
			return known.media
		}
	}
	return "application/octet-stream"
}

func (f Format) rdf() rdf.Format {
	for _, known := range formats {
		if known.format == f {
			return known.rdf
		}
	}
	return 0
}

// Options say what to write. Format is required.
type Options struct {
	Format  Format
	History bool // every claim there ever was, of RDF only; nothing below goes with it but Base
	// Perspective decides what is there.
	Perspective graph.Perspective
	Class       string   // only entities of this class, as Visit or VISIT; Agent is all kinds of agents
	Around      []string // only these entities and those within Hops of them
	Hops        int      // relations away; default 1
	Base        string   // IRI that ids are relative to; default https://chancery.example/

	atOnce int // how many rows are sorted at once; 0: sortedAtOnce
}

// Parameters of a request, in the order of the documentation.
const (
	paramFormat        = "format"
	paramHistory       = "history"
	paramKnownAt       = "knownAt"
	paramValidOn       = "validOn"
	paramSources       = "sources"
	paramExceptSources = "exceptSources"
	paramStatuses      = "statuses"
	paramMinConfidence = "minConfidence"
	paramClass         = "class"
	paramAround        = "around"
	paramHops          = "hops"
	paramBase          = "baseIRI"
)

// DefaultBase is the base IRI where none is given.
const DefaultBase = "https://chancery.example/"

// OptionError is an option that makes no sense.
type OptionError struct {
	Option string // as a parameter of requests: knownAt
	Reason string
}

func (e *OptionError) Error() string { return e.Option + ": " + e.Reason }

// Parse reads options from texts, as requests have them: format, history (true),
// knownAt, validOn, sources, exceptSources, statuses, minConfidence, class, around,
// hops and baseIRI. Lists repeat or have commas. The error is an *OptionError.
func Parse(values url.Values) (Options, error) {
	p := parser{values: values}
	o := p.options()
	for name := range values {
		if !slices.Contains(p.known, name) {
			p.fail(name, "there is no such option; there are %s", strings.Join(p.known, ", "))
		}
	}
	if p.bad == nil {
		p.together(&o)
	}
	if p.bad != nil {
		return Options{}, p.bad
	}
	return o, nil
}

type parser struct {
	values url.Values
	known  []string
	bad    error // the first
}

func (p *parser) fail(option, format string, args ...any) {
	if p.bad == nil {
		p.bad = &OptionError{Option: option, Reason: fmt.Sprintf(format, args...)}
	}
}

func (p *parser) text(name string) string {
	p.known = append(p.known, name)
	all := p.values[name]
	if len(all) > 1 {
		p.fail(name, "it is given %d times; give it once", len(all))
	}
	return p.values.Get(name)
}

// list reads a list; nil where it is not given.
func (p *parser) list(name string) []string {
	p.known = append(p.known, name)
	var all []string
	for _, text := range p.values[name] {
		for part := range strings.SplitSeq(text, ",") {
			if part = strings.TrimSpace(part); part != "" {
				all = append(all, part)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (p *parser) options() Options {
	o := Options{Hops: 1}
	text := p.text(paramFormat)
	if text == "" {
		text = string(NQuads)
	}
	var err error
	if o.Format, err = FormatNamed(text); err != nil {
		p.fail(paramFormat, "%v", err)
	}
	switch text := p.text(paramHistory); text {
	case "", "false":
	case "true":
		o.History = true
	default:
		p.fail(paramHistory, "%q is neither true nor false", text)
	}
	if text := p.text(paramKnownAt); text != "" {
		if o.Perspective.KnownAt, err = time.Parse(time.RFC3339Nano, text); err != nil {
			p.fail(paramKnownAt, "%q is no time of RFC 3339: write it as 2025-11-06T12:00:00Z", text)
		}
		o.Perspective.KnownAt = o.Perspective.KnownAt.UTC()
	}
	if text := p.text(paramValidOn); text != "" {
		day, err := edtf.ParseDay(text)
		if err != nil {
			p.fail(paramValidOn, "%q is no calendar day: write it as 2025-11-06", text)
		}
		o.Perspective.ValidAt = &day
	}
	o.Perspective.Sources, o.Perspective.ExceptSources = p.list(paramSources), p.list(paramExceptSources)
	for _, text := range p.list(paramStatuses) {
		status := graph.ParseStatus(strings.ToUpper(text))
		if status == graph.NoStatus {
			p.fail(paramStatuses, "%q is none of CONFIRMED, REPORTED, ASSESSED, DENIED", text)
		}
		o.Perspective.Statuses = append(o.Perspective.Statuses, status)
	}
	if text := p.text(paramMinConfidence); text != "" {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || !(n >= 0 && n <= 1) {
			p.fail(paramMinConfidence, "%q is no number from 0 to 1", text)
		}
		o.Perspective.MinConfidence = n
	}
	o.Class, o.Around = p.text(paramClass), p.list(paramAround)
	if text := p.text(paramHops); text != "" {
		if o.Hops, err = strconv.Atoi(text); err != nil || o.Hops < 0 {
			p.fail(paramHops, "%q is no number of hops: give 0 or more", text)
		}
	}
	if text := p.text(paramBase); text != "" {
		if _, err := history.NewTerms(text); err != nil {
			p.fail(paramBase, "%v", err)
		}
		o.Base = text
	}
	return o
}

// together looks at what does not go together.
func (p *parser) together(o *Options) {
	if p.values.Get(paramHops) != "" && o.Around == nil {
		p.fail(paramHops, "hops are counted from entities: name them with around")
	}
	if o.Class != "" && o.Around != nil {
		p.fail(paramClass, "a class and entities around others are two exports: ask for one of them")
	}
	if !o.History {
		return
	}
	if o.Format.rdf() == 0 {
		p.fail(paramHistory, "%s has no room for a history: take nquads, trig or jsonld", o.Format)
	}
	for _, name := range p.known[2:] {
		if name != paramBase && p.values.Has(name) && p.values.Get(name) != "" {
			p.fail(name, "a history has all that the graph ever knew: leave out either history or %s", name)
		}
	}
}

// class finds the class that is asked for; nil for none.
func (o *Options) class(ontology *schema.Ontology) (*schema.Class, error) {
	if o.Class == "" {
		return nil, nil
	}
	for _, c := range ontology.Classes {
		if (strings.EqualFold(c.Name, o.Class) || c.Enum != "" && strings.EqualFold(c.Enum, o.Class)) && c.Name != "Claim" {
			return c, nil
		}
	}
	var names []string
	for _, c := range ontology.Classes {
		if c.Enum != "" {
			names = append(names, c.Name)
		}
	}
	return nil, &OptionError{Option: paramClass, Reason: fmt.Sprintf("%q is no class of the ontology; there are %s", o.Class, strings.Join(names, ", "))}
}
