package query

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"chancery/graph"
)

// nameKinds are the kinds of names by rank, best first, and where they are stored.
var nameKinds = [...]struct{ kind, predicate string }{
	{"PREFERRED", graph.PreferredName},
	{"NATIVE", graph.NativeName},
	{"ALIAS", graph.AliasName},
	{"ABBREVIATION", graph.Abbreviation},
	{"FORMER", graph.FormerName},
}

// kindNative is the rank of native names.
const kindNative = 1

// name is one name of an entity.
type name struct {
	text, language string
	kind           int // index into nameKinds
	claims         []graph.Link
}

// compareNames orders by kind and language; those that are equal in both by the
// claims that give them, the preferred one first, then by text.
func (r *run) compareNames(a, b name) int {
	if c := cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.language, b.language)); c != 0 {
		return c
	}
	return cmp.Or(r.view.PreferAmong(r.ctx, a.claims, b.claims), cmp.Compare(a.text, b.text))
}

// names reads all names of each entity, in no order.
func (r *run) names(of []graph.ID) ([][]name, error) { return r.namesUntil(of, nil) }

// namesFor reads names of each entity among which nameIn picks the one that it picks
// among all.
func (r *run) namesFor(of []graph.ID, language string) ([][]name, error) {
	if r.straight() {
		return r.names(of)
	}
	best := 0
	if language == "" {
		best = rankIn(&name{language: "en"}, language)
	}
	// The first kind with a name that suits best has the one: kinds go before the rest.
	return r.namesUntil(of, func(n *name) bool { return rankIn(n, language) == best })
}

// namesUntil reads the names of each entity, a kind after the other, in no order within
// it, up to the kind that has one which is enough; nil: none is.
func (r *run) namesUntil(of []graph.ID, enough func(*name) bool) ([][]name, error) {
	out := make([][]name, len(of))
	room := make([]name, len(of)) // mostly, each has one
	for i := range out {
		out[i] = room[i : i : i+1]
	}
	left := upTo(len(of))
	for kind, k := range nameKinds {
		if none, err := r.hasNone(k.predicate, of); err != nil {
			return nil, err
		} else if none {
			continue
		}
		if enough != nil {
			left = slices.DeleteFunc(left, func(i int) bool {
				return slices.ContainsFunc(out[i], func(n name) bool { return enough(&n) })
			})
		}
		if len(left) == 0 {
			break
		}
		links, err := r.said(at(of, left), k.predicate, r.view.Known())
		if err != nil {
			return nil, err
		}
		for k, i := range left {
			for same, rest := graph.NextObject(links[k]); len(same) > 0; same, rest = graph.NextObject(rest) {
				if t, ok := r.view.Term(same[0].To); ok && t.Kind == graph.Literal {
					out[i] = append(out[i], name{text: t.Text, language: t.Language, kind: kind, claims: same})
				}
			}
		}
	}
	return out, nil
}

// hasNone reports whether a column tells that no node has the predicate, and nodes are
// asked about.
func (r *run) hasNone(predicate string, of []graph.ID) (bool, error) {
	if len(of) == 0 || of[0].Space() != graph.Nodes {
		return false, nil
	}
	column, ok, err := r.columnFor(predicate, 0)
	return ok && column.Empty(), err
}

// nameIn picks the name to show to a reader of the language; -1 for none.
func (r *run) nameIn(names []name, language string) int {
	best, rank := -1, 0
	for i := range names {
		of := rankIn(&names[i], language)
		if best < 0 || of < rank || of == rank && r.compareNames(names[i], names[best]) < 0 {
			best, rank = i, of
		}
	}
	return best
}

// rankIn tells how well a name suits a reader of the language, 0 being best: the
// same tag, the same base language, likewise for English, a native name, any.
func rankIn(n *name, language string) int {
	for i, tag := range [...]string{language, "en"} {
		switch {
		case tag == "":
		case strings.EqualFold(n.language, tag):
			return 2 * i
		case strings.EqualFold(baseLanguage(n.language), baseLanguage(tag)):
			return 2*i + 1
		}
	}
	if n.kind == kindNative {
		return 4
	}
	return 5
}

func baseLanguage(tag string) string {
	base, _, _ := strings.Cut(tag, "-")
	return base
}

// lastPart is what an entity is called that has no name: the last part of its id.
func lastPart(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }

// script returns the ISO 15924 code of the one script that all letters are of;
// empty where they are of several, or there are none.
func (n name) script() string {
	code := ""
	for _, c := range n.text {
		if !unicode.IsLetter(c) || unicode.In(c, unicode.Common, unicode.Inherited) {
			continue
		}
		of := scriptOf(c)
		if code != "" && of != code {
			return ""
		}
		code = of
	}
	return code
}

// scriptOf returns the code of a letter's script; empty for a rare one.
func scriptOf(c rune) string {
	for _, s := range scripts {
		if unicode.Is(s.table, c) {
			return s.code
		}
	}
	return ""
}

// scripts are those that names are told apart by, the commonest first.
var scripts = [...]struct {
	code  string
	table *unicode.RangeTable
}{
	{"Latn", unicode.Latin},
	{"Cyrl", unicode.Cyrillic},
	{"Arab", unicode.Arabic},
	{"Hani", unicode.Han},
	{"Hira", unicode.Hiragana},
	{"Kana", unicode.Katakana},
	{"Hang", unicode.Hangul},
	{"Deva", unicode.Devanagari},
	{"Geor", unicode.Georgian},
	{"Armn", unicode.Armenian},
	{"Hebr", unicode.Hebrew},
	{"Grek", unicode.Greek},
	{"Thai", unicode.Thai},
	{"Mong", unicode.Mongolian},
	{"Tibt", unicode.Tibetan},
	{"Beng", unicode.Bengali},
	{"Taml", unicode.Tamil},
	{"Ethi", unicode.Ethiopic},
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// fold makes texts comparable regardless of case and accents: compatibility
// decomposition, without marks, case folded, composed again.
func fold(s string) string { return (&folder{}).fold(s) }

// folder folds one text after another. It is for one goroutine.
type folder struct{ chain transform.Transformer }

func (f *folder) fold(s string) string {
	if isASCII(s) {
		return strings.ToLower(s) // the same, at once
	}
	if f.chain == nil {
		f.chain = transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn)), cases.Fold(), norm.NFC)
	}
	folded, _, err := transform.String(f.chain, s)
	if err != nil {
		return s // unreachable: these transformers take any input
	}
	return folded
}
