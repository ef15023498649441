package statements

import (
	"fmt"
	"regexp"
	"strings"

	"chancery/graph"
	"chancery/seed/check"
)

// things is what ids of foreign IRIs begin with.
const things = "thing/"

// id is the id of what a term names: that below the base, or one made of a foreign
// IRI or of a blank node's label. Different terms have different ids.
func (r *Reader) id(t graph.Term) string {
	if t.Kind == graph.Blank {
		return things + "blank/" + r.options.Dataset + "/" + escape(t.Text)
	}
	slot := r.ids.Of(t.Text)
	if slot.iri != t.Text || slot.id == "" {
		*slot = named{t.Text, r.idOf(t)}
	}
	return slot.id
}

// idOf is id of an IRI.
func (r *Reader) idOf(t graph.Term) string {
	if id, ok := strings.CutPrefix(t.Text, r.options.Base); ok && check.ID(id) == "" {
		return id
	}
	if iri, ok := strings.CutPrefix(t.Text, "https://"); ok {
		return things + escapeAll(iri)
	}
	// A part that begins with ~ and a small letter is no escaped one.
	scheme, rest, _ := strings.Cut(t.Text, ":")
	if iri, ok := strings.CutPrefix(rest, "//"); ok {
		return things + "~" + escape(strings.ToLower(scheme)) + "/" + escapeAll(iri)
	}
	return things + "~" + escape(strings.ToLower(scheme)) + "~/" + escapeAll(rest)
}

func escapeAll(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		parts[i] = escape(part)
	}
	return strings.Join(parts, "/")
}

// escape writes a text with the characters that a part of an id may have: others as
// ~ and their two hexadecimal digits.
func escape(part string) string {
	if part == "" || part == "." || part == ".." {
		return "~" + strings.ReplaceAll(part, ".", "~2E") + "~"
	}
	var b strings.Builder
	for i := range len(part) {
		switch c := part[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '.', c == '_':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "~%02X", c)
		}
	}
	return b.String()
}

// catalogues are namespaces of IRIs that are entries of a scheme of identifiers.
var catalogues = []struct{ iri, scheme string }{
	{"http://www.wikidata.org/entity/", "wikidata"},
	{"https://www.wikidata.org/entity/", "wikidata"},
	{"https://www.wikidata.org/wiki/", "wikidata"},
	{"https://sws.geonames.org/", "geonames"},
	{"http://sws.geonames.org/", "geonames"},
	{"https://orcid.org/", "orcid"},
}

// entry is what Wikidata calls its entries.
var entry = regexp.MustCompile(`^[QPL]\d+$`)

// identifiers are those that an IRI is itself: SCHEME:VALUE.
func identifiers(iri string) []string {
	all := []string{"iri:" + iri}
	for _, c := range catalogues {
		if value, ok := strings.CutPrefix(iri, c.iri); ok {
			if value = strings.TrimSuffix(value, "/"); value != "" && !strings.ContainsRune(value, '/') && (c.scheme != "wikidata" || entry.MatchString(value)) {
				all = append(all, c.scheme+":"+value)
			}
		}
	}
	return all
}
