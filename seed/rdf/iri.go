package rdf

import "strings"

// reference is an IRI in its parts, as RFC 3986, section 5.2, takes it apart.
type reference struct {
	scheme    string // without the colon; empty in a relative reference
	authority string // without "//"
	path      string
	query     string // without "?"
	fragment  string // without "#"

	hasAuthority, hasQuery, hasFragment bool
}

// schemeLength is the length of an IRI's scheme without the colon, or 0 if the
// IRI is relative.
func schemeLength[S string | []byte](iri S) int {
	for i := range len(iri) {
		switch c := iri[i]; {
		case c|0x20 >= 'a' && c|0x20 <= 'z':
		case i > 0 && (c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.'):
		case c == ':':
			return i
		default:
			return 0
		}
	}
	return 0
}

func parseReference(iri string) reference {
	var r reference
	if n := schemeLength(iri); n > 0 {
		r.scheme, iri = iri[:n], iri[n+1:]
	}
	iri, r.fragment, r.hasFragment = strings.Cut(iri, "#")
	iri, r.query, r.hasQuery = strings.Cut(iri, "?")
	if rest, ok := strings.CutPrefix(iri, "//"); ok {
		r.hasAuthority = true
		end := strings.IndexByte(rest, '/')
		if end < 0 {
			end = len(rest)
		}
		r.authority, iri = rest[:end], rest[end:]
	}
	r.path = iri
	return r
}

// resolve gives the IRI that a relative reference means below a base. An
// absolute IRI is returned as it is, dot segments included: RDF compares IRIs
// by their characters.
func (r reference) resolve(relative string) string {
	t := parseReference(relative)
	if t.scheme != "" {
		return relative
	}
	t.scheme = r.scheme
	switch {
	case t.hasAuthority:
		t.path = removeDotSegments(t.path)
	case t.path == "":
		t.authority, t.hasAuthority = r.authority, r.hasAuthority
		t.path = r.path
		if !t.hasQuery {
			t.query, t.hasQuery = r.query, r.hasQuery
		}
	default:
		t.authority, t.hasAuthority = r.authority, r.hasAuthority
		if !strings.HasPrefix(t.path, "/") {
			t.path = r.merge(t.path)
		}
		t.path = removeDotSegments(t.path)
	}
	return t.String()
}

// merge puts a relative path in place of what follows the base's last slash.
func (r reference) merge(path string) string {
	if r.hasAuthority && r.path == "" {
		return "/" + path
	}
	return r.path[:strings.LastIndexByte(r.path, '/')+1] + path
}

func removeDotSegments(path string) string {
	if !strings.Contains(path, ".") {
		return path
	}
	var out []byte
	for path != "" {
		switch {
		case strings.HasPrefix(path, "../"):
			path = path[3:]
		case strings.HasPrefix(path, "./"):
			path = path[2:]
		case strings.HasPrefix(path, "/./"):
			path = path[2:]
		case path == "/.":
			path = "/"
		case strings.HasPrefix(path, "/../") || path == "/..":
			path = "/" + strings.TrimPrefix(path[3:], "/")
			out = out[:max(0, strings.LastIndexByte(string(out), '/'))]
		case path == "." || path == "..":
			path = ""
		default:
			end := strings.IndexByte(path[1:], '/') + 1
			if end == 0 {
				end = len(path)
			}
			out = append(out, path[:end]...)
			path = path[end:]
		}
	}
	return string(out)
}

// String puts the parts together again.
func (r reference) String() string {
	var b strings.Builder
	if r.scheme != "" {
		b.WriteString(r.scheme + ":")
	}
	if r.hasAuthority {
		b.WriteString("//" + r.authority)
	}
	b.WriteString(r.path)
	if r.hasQuery {
		b.WriteString("?" + r.query)
	}
	if r.hasFragment {
		b.WriteString("#" + r.fragment)
	}
	return b.String()
}
