package edit

import (
	"cmp"
	"fmt"
	"strings"

	"golang.org/x/text/unicode/norm"

	"chancery/graph"
	"chancery/query"
	"chancery/seed/check"
)

// sourceInput is a SourceInput: an existing source by its id, or a new one by its
// name.
type sourceInput struct {
	ID        *string `json:"id"`
	Name      *string `json:"name"`
	Publisher *string `json:"publisher"`
	Published *string `json:"published"`
	URL       *string `json:"url"`
}

const sourceKind = "source/"

// source returns the id of the source, and the claim that makes it if it is new.
// taken are ids that the same input gives a class.
func (d *draft) source(in sourceInput, taken func(id string) bool) (id string, made *graph.Claim) {
	const place = "input.source"
	if in.ID != nil {
		if _, seen := d.view.Node(*in.ID); seen {
			return d.knownSource(in), nil
		}
	}
	switch {
	case in.Name != nil:
	case in.ID != nil:
		d.unknown(place+".id", *in.ID, "source", "give a name too, to make it a new one")
		return "", nil
	default:
		d.fail(query.BadUserInput, place, "it has neither id nor name: give the id of a source that the graph has, or the name of a new one")
		return "", nil
	}
	if in.ID == nil {
		id = d.freeSource(*in.Name, taken)
	} else if id = *in.ID; check.ID(id) != "" || !strings.HasPrefix(id, sourceKind) {
		d.fail(query.BadUserInput, place+".id", "%q is no id of a source: write it as source/some-report, or leave it out to have one made of the name", id)
		return "", nil
	}
	claim := d.sourceClaim(id, *in.Name)
	for _, part := range []struct {
		value *string
		field string
		term  func(string) graph.Term
	}{
		{in.Publisher, "publisher", func(s string) graph.Term { return graph.Ref(d.publisher(s, taken)) }},
		{in.Published, "published", graph.Date},
		{in.URL, "url", graph.Text},
	} {
		if part.value != nil {
			predicate := d.ontology.Class("Source").Field(part.field).Predicates[0].IRI
			claim.Facts = append(claim.Facts, graph.Fact{Subject: id, Predicate: predicate, Object: part.term(*part.value)})
		}
	}
	return id, &claim
}

// knownSource returns the source that stands for the id, which the graph has seen.
func (d *draft) knownSource(in sourceInput) string {
	for _, other := range []struct {
		key   string
		value *string
	}{{"name", in.Name}, {"publisher", in.Publisher}, {"published", in.Published}, {"url", in.URL}} {
		if other.value != nil {
			d.fail(query.BadUserInput, "input.source."+other.key,
				"%s is known already: name it by its id alone, and say what is new of it in a claim", *in.ID)
		}
	}
	id, ok := d.entity("input.source.id", *in.ID, byName)
	if !ok {
		return ""
	}
	switch class, known := d.classOf(id); {
	case !known:
		d.fail(query.BadUserInput, "input.source.id", "%s has no class any more, since the claims that gave it one were retracted", id)
	case class.Name != "Source":
		d.fail(query.BadUserInput, "input.source.id", "%s is of the class %s: give the id of a Source", id, class.Name)
	}
	return id
}

// publisher returns what stands for the publisher; one that is not known must come
// into being in the same input.
func (d *draft) publisher(id string, given func(id string) bool) string {
	if _, seen := d.view.Node(id); !seen && given(id) {
		return id
	}
	stays, _ := d.entity("input.source.publisher", id, newAdvice)
	return stays
}

// freeSource makes an id of the name that nothing has.
func (d *draft) freeSource(name string, taken func(id string) bool) string {
	base := sourceKind + slug(name)
	id := base
	for n := 2; ; n++ {
		if _, seen := d.view.Node(id); !seen && !taken(id) {
			return id
		}
		id = fmt.Sprintf("%s-%d", base, n)
	}
}

// sourceClaim is the claim of a new source about itself.
func (d *draft) sourceClaim(id, name string) graph.Claim {
	return graph.Claim{Source: id, Status: graph.Confirmed, Facts: []graph.Fact{
		{Subject: id, Predicate: graph.Type, Object: graph.Ref(d.ontology.Class("Source").IRI)},
		{Subject: id, Predicate: graph.PreferredName, Object: graph.TextIn(name, "en")},
	}}
}

const longestSlug = 80 // bytes

// slug writes a name in small letters, digits and hyphens. Letters of other scripts
// are left out: an id can be given where that is not enough.
func slug(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(strings.ToLower(name)) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		case r >= 0x300 && r <= 0x36f, r == '\'', r == '’':
			// An accent or apostrophe parts no word.
		default:
			gap = true
		}
	}
	text := b.String()
	if len(text) > longestSlug {
		text = text[:longestSlug]
		if i := strings.LastIndexByte(text, '-'); i > 0 {
			text = text[:i] // whole words
		}
	}
	return cmp.Or(text, "untitled")
}
