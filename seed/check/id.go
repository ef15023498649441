package check

import (
	"fmt"
	"strings"
)

// ID returns what is wrong with the id of an entity, or "". An id is a kind in
// small letters, a slash and a slug: person/sergio-gor. A slug has letters and
// digits of ASCII and - . _ ~, and may have parts between further slashes:
// event/icews14/4113.
func ID(id string) string {
	const form = "an id is a kind and a slug, as in person/sergio-gor"
	kind, slug, ok := strings.Cut(id, "/")
	switch {
	case id == "":
		return "the id is empty; " + form
	case !ok || kind == "" || slug == "":
		return fmt.Sprintf("%q is no id; %s", id, form)
	case kind == "claim":
		return fmt.Sprintf("%q is the id of a claim; give an entity's", id)
	}
	for _, r := range kind {
		if (r < 'a' || r > 'z') && r != '-' {
			return fmt.Sprintf("%q is no id: its kind %q is not of small letters; %s", id, kind, form)
		}
	}
	if bad := badSlug(slug); bad != "" {
		return fmt.Sprintf("%q is no id: %s", id, bad)
	}
	return ""
}

// claimID is ID for claims: claim/ and a slug.
func claimID(id string) string {
	slug, ok := strings.CutPrefix(id, "claim/")
	if !ok || slug == "" {
		return "its id must begin with claim/ and name it, as in claim/some-report/visit-to-kazakhstan"
	}
	if bad := badSlug(slug); bad != "" {
		return "its id is no claim's: " + bad
	}
	return ""
}

func badSlug(slug string) string {
	if plainSlug(slug) {
		return ""
	}
	for part := range strings.SplitSeq(slug, "/") {
		if part == "" || part == "." || part == ".." {
			return "each part between slashes must have a letter or digit"
		}
		for _, r := range part {
			switch {
			case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune("-._~", r):
			default:
				return fmt.Sprintf("it has the character %q; a slug has letters a to z, digits and - . _ ~", r)
			}
		}
	}
	return ""
}

// plainSlug reports whether a text is a slug, for most that are: one with a part that
// begins with a full stop is left to be looked at part by part.
func plainSlug(slug string) bool {
	begins := true
	for i := range len(slug) {
		c := slug[i]
		switch {
		case c|0x20 >= 'a' && c|0x20 <= 'z', c >= '0' && c <= '9', c == '-', c == '_', c == '~':
			begins = false
		case (c == '/' || c == '.') && !begins:
			begins = c == '/'
		default:
			return false
		}
	}
	return !begins
}
