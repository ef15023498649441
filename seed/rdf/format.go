package rdf

import (
	"fmt"
	"mime"
	"path"
	"strings"
)

// Format is a syntax of RDF.
type Format uint8

// The formats. Turtle and N-Triples hold triples, the others quads.
const (
	NTriples Format = iota + 1
	NQuads
	Turtle
	TriG
	JSONLD
)

// formats describes each format; the first ending and the first media type are
// its own, the others are met in the wild.
var formats = [...]struct {
	name    string
	endings []string
	media   []string
}{
	NTriples: {"N-Triples", []string{".nt"}, []string{"application/n-triples", "text/plain"}},
	NQuads:   {"N-Quads", []string{".nq"}, []string{"application/n-quads", "text/x-nquads", "application/nquads"}},
	Turtle:   {"Turtle", []string{".ttl", ".turtle"}, []string{"text/turtle", "application/x-turtle", "application/turtle"}},
	TriG:     {"TriG", []string{".trig"}, []string{"application/trig", "application/x-trig"}},
	JSONLD:   {"JSON-LD", []string{".jsonld", ".json"}, []string{"application/ld+json", "application/json"}},
}

// Formats lists all formats.
func Formats() []Format { return []Format{NTriples, NQuads, Turtle, TriG, JSONLD} }

// String is the name of the standard: "N-Quads".
func (f Format) String() string {
	if !f.known() {
		return fmt.Sprintf("Format(%d)", uint8(f))
	}
	return formats[f].name
}

// Ending is the usual ending of a file's name: ".nq".
func (f Format) Ending() string { return formats[f].endings[0] }

// MediaType is the registered one: "application/n-quads".
func (f Format) MediaType() string { return formats[f].media[0] }

// HasGraphs reports whether the format can name graphs.
func (f Format) HasGraphs() bool { return f == NQuads || f == TriG || f == JSONLD }

func (f Format) known() bool { return f >= NTriples && f <= JSONLD }

// FormatNamed finds a format by name or ending, in any case, with or without
// hyphen and dot: "N-Quads", "nquads", "nq".
func FormatNamed(name string) (Format, error) {
	plain := func(s string) string {
		return strings.ToLower(strings.NewReplacer("-", "", ".", "", " ", "").Replace(s))
	}
	for _, f := range Formats() {
		if plain(name) == plain(f.String()) {
			return f, nil
		}
		for _, ending := range formats[f].endings {
			if plain(name) == plain(ending) {
				return f, nil
			}
		}
	}
	return 0, fmt.Errorf("%w %q: give one of %s", ErrUnknownFormat, name, list(Format.String))
}

// FormatOfFile finds a format by the ending of a file's name. An ending of
// compression must be taken off before.
func FormatOfFile(name string) (Format, error) {
	ending := strings.ToLower(path.Ext(name))
	for _, f := range Formats() {
		for _, e := range formats[f].endings {
			if ending == e {
				return f, nil
			}
		}
	}
	return 0, fmt.Errorf("%w: the name %q does not tell; its ending should be one of %s, or name the format",
		ErrUnknownFormat, name, list(Format.Ending))
}

// FormatOfMediaType finds a format by a media type; parameters do not matter.
func FormatOfMediaType(header string) (Format, error) {
	media, _, err := mime.ParseMediaType(header)
	if err == nil {
		for _, f := range Formats() {
			for _, m := range formats[f].media {
				if media == m {
					return f, nil
				}
			}
		}
	}
	return 0, fmt.Errorf("%w: media type %q should be one of %s", ErrUnknownFormat, header, list(Format.MediaType))
}

func list(of func(Format) string) string {
	var all []string
	for _, f := range Formats() {
		all = append(all, of(f))
	}
	return strings.Join(all, ", ")
}
