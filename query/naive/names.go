package naive

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"chancery/graph"
)

// nameKinds are the kinds of names in the order of their rank within a language.
var nameKinds = []struct{ kind, predicate string }{
	{"PREFERRED", graph.PreferredName},
	{"NATIVE", graph.NativeName},
	{"ALIAS", graph.AliasName},
	{"ABBREVIATION", graph.Abbreviation},
	{"FORMER", graph.FormerName},
}

// naming is one name; or a description, which has no rank.
type naming struct {
	rank           int // index in nameKinds
	language, text string
}

// said is a name or an identifier and the claims that give it.
type said[T comparable] struct {
	what   T
	claims []*claim
}

func addSaid[T comparable](all []said[T], what T, c *claim) []said[T] {
	for i := range all {
		if all[i].what == what {
			all[i].claims = append(all[i].claims, c)
			return all
		}
	}
	return append(all, said[T]{what, []*claim{c}})
}

// inOrder sorts by what compare sees, then by preference, then by text.
func inOrder[T comparable](r *run, all []said[T], compare func(a, b T) int, text func(T) string) []T {
	slices.SortFunc(all, func(a, b said[T]) int {
		return cmp.Or(
			compare(a.what, b.what),
			r.prefer(slices.MinFunc(a.claims, r.prefer), slices.MinFunc(b.claims, r.prefer)),
			cmp.Compare(text(a.what), text(b.what)))
	})
	var sorted []T
	for _, s := range all {
		sorted = append(sorted, s.what)
	}
	return sorted
}

// namesOf are all names of the entity by kind and language, the preferred first.
func (r *run) namesOf(id graph.ID) []naming {
	var names []said[naming]
	for _, f := range r.of[id] {
		if !f.claim.isKnown || f.term.Kind != graph.Literal {
			continue
		}
		for rank, k := range nameKinds {
			if f.predicate == k.predicate {
				names = addSaid(names, naming{rank, f.term.Language, f.term.Text}, f.claim)
			}
		}
	}
	return r.orderNames(names)
}

func (r *run) orderNames(names []said[naming]) []naming {
	return inOrder(r, names, func(a, b naming) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.language, b.language))
	}, func(n naming) string { return n.text })
}

// nameIn is the name in the language, or what stands in for it; of none the last
// part of the id.
func (r *run) nameIn(id graph.ID, language string) string {
	if n, ok := r.namingIn(id, language); ok {
		return n.text
	}
	name := r.names[id]
	return name[strings.LastIndexByte(name, '/')+1:]
}

func (r *run) namingIn(id graph.ID, language string) (naming, bool) {
	names := r.namesOf(id)
	if n, ok := inLanguage(names, language); ok {
		return n, true
	}
	for _, n := range names {
		if nameKinds[n.rank].kind == "NATIVE" {
			return n, true
		}
	}
	if len(names) > 0 {
		return names[0], true
	}
	return naming{}, false
}

// descriptionIn is the description in the language, or what stands in for it.
// Descriptions are facts like others: admitted claims give them.
func (r *run) descriptionIn(id graph.ID, language string) (naming, bool) {
	var given []said[naming]
	for _, f := range r.of[id] {
		if f.predicate == graph.Description && f.claim.isAdmitted {
			given = addSaid(given, naming{0, f.term.Language, f.term.Text}, f.claim)
		}
	}
	all := r.orderNames(given)
	if n, ok := inLanguage(all, language); ok {
		return n, true
	}
	if len(all) > 0 {
		return all[0], true
	}
	return naming{}, false
}

// inLanguage is the first of the names, sorted, with the same tag; else with the
// same base language; else likewise in English.
func inLanguage(names []naming, language string) (naming, bool) {
	for _, tag := range []string{language, "en"} {
		for _, same := range []func(naming) bool{
			func(n naming) bool { return strings.EqualFold(n.language, tag) },
			func(n naming) bool { return n.language != "" && strings.EqualFold(base(n.language), base(tag)) },
		} {
			if i := slices.IndexFunc(names, same); i >= 0 && tag != "" {
				return names[i], true
			}
		}
	}
	return naming{}, false
}

// base is the language of a tag without script and region.
func base(tag string) string {
	language, _, _ := strings.Cut(tag, "-")
	return language
}

// codes are the ISO 15924 codes of the scripts that names here are written in.
var codes = map[string]string{
	"Latin": "Latn", "Cyrillic": "Cyrl", "Arabic": "Arab", "Han": "Hani", "Hiragana": "Hira", "Katakana": "Kana",
	"Hangul": "Hang", "Georgian": "Geor", "Armenian": "Armn", "Greek": "Grek", "Hebrew": "Hebr",
	"Devanagari": "Deva", "Mongolian": "Mong", "Thai": "Thai",
}

// script is the code of the one script that the text's letters are of, or "".
func script(text string) string {
	found := ""
	for _, c := range text {
		if !unicode.IsLetter(c) || unicode.Is(unicode.Common, c) || unicode.Is(unicode.Inherited, c) {
			continue
		}
		for name, table := range unicode.Scripts {
			if !unicode.Is(table, c) {
				continue
			}
			if found != "" && found != name {
				return ""
			}
			found = name
		}
	}
	return codes[found]
}

// identifierOf is one entry of the entity in a catalogue.
type identifierOf struct{ scheme, value string }

// identifiersOf are all identifiers by scheme, the preferred first.
func (r *run) identifiersOf(id graph.ID) []identifierOf {
	var all []said[identifierOf]
	for _, f := range r.of[id] {
		if f.predicate != graph.Notation || !f.claim.isKnown {
			continue
		}
		scheme, ok := strings.CutPrefix(f.term.Datatype, graph.Scheme)
		if ok {
			all = addSaid(all, identifierOf{scheme, f.term.Text}, f.claim)
		}
	}
	return inOrder(r, all,
		func(a, b identifierOf) int { return cmp.Compare(a.scheme, b.scheme) },
		func(i identifierOf) string { return i.value })
}

// fold makes texts comparable regardless of case, accents and compatibility forms.
func fold(s string) string {
	var b strings.Builder
	for _, c := range norm.NFKD.String(s) {
		if !unicode.IsMark(c) {
			b.WriteRune(c)
		}
	}
	return norm.NFC.String(cases.Fold().String(b.String()))
}
