package history_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"chancery/graph"
	"chancery/graph/local"
	"chancery/graph/memory"
	"chancery/schema"
	"chancery/seed"
	"chancery/seed/history"
	"chancery/seed/intake"
	"chancery/seed/rdf"
)

var seedFlag = flag.Uint64("seed", 0, "seed of the random histories; 0: a new one")

const base = "https://chancery.example/"

var formats = []rdf.Format{rdf.NQuads, rdf.TriG, rdf.JSONLD}

func at(n int) time.Time { return time.Date(2026, 1, 2, 3, 4, 5, n*1000, time.UTC) }

var loaded = sync.OnceValues(schema.Load)

func load(t testing.TB) *schema.Ontology {
	t.Helper()
	o, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func open(t testing.TB, store graph.Store) *graph.Graph {
	t.Helper()
	g, err := graph.Open(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.Close(); err != nil && !errors.Is(err, graph.ErrClosed) {
			t.Error(err)
		}
	})
	return g
}

// stores are new stores of each kind.
func stores(t testing.TB) map[string]graph.Store {
	t.Helper()
	s, err := local.Open(filepath.Join(t.TempDir(), "data"), local.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]graph.Store{"memory": memory.New(), "local": s}
}

// quads are all quads of a graph, as text, in order: its claims with their record
// times and retractions, so what it shows at every time.
func quads(t testing.TB, g *graph.Graph) []string {
	t.Helper()
	latest := g.Latest()
	var all []string
	err := latest.Quads(t.Context(), graph.Pattern{}, func(q graph.Quad) bool {
		var line strings.Builder
		for _, id := range []graph.ID{q.Subject, q.Predicate, q.Object, q.Label} {
			term, _ := latest.Term(id)
			fmt.Fprintf(&line, "%d %s ", term.Kind, term)
		}
		all = append(all, line.String())
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

func write(t testing.TB, g *graph.Graph, format rdf.Format) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := history.Write(t.Context(), g.Latest(), &b, format, base); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// take takes a file in; the record time of what is learned now is a year on.
func take(t testing.TB, g *graph.Graph, text []byte, format rdf.Format, o history.Options) (*intake.Report, error) {
	t.Helper()
	target := intake.Target{Graph: g, Ontology: load(t), Now: func() time.Time { return at(0).AddDate(1, 0, 0) }}
	return history.Take(t.Context(), target, bytes.NewReader(text), history.ReadOptions{File: "export" + format.Ending(), Format: format}, o)
}

// same fails where two graphs are not equal.
func same(t testing.TB, got, want *graph.Graph) {
	t.Helper()
	g, w := quads(t, got), quads(t, want)
	if slices.Equal(g, w) {
		return
	}
	for _, line := range w {
		if !slices.Contains(g, line) {
			t.Errorf("missing: %s", line)
		}
	}
	for _, line := range g {
		if !slices.Contains(w, line) {
			t.Errorf("too much: %s", line)
		}
	}
}

// order are the terms of facts in the order in which the graph first saw them: in
// which it lists what has no other order.
func order(t testing.TB, g *graph.Graph) []graph.Term {
	t.Helper()
	latest := g.Latest()
	var ids []graph.ID
	err := latest.Quads(t.Context(), graph.Pattern{}, func(q graph.Quad) bool {
		if q.Subject != q.Label {
			ids = append(ids, q.Subject, q.Predicate, q.Object)
		}
		ids = append(ids, q.Label)
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	terms := make([]graph.Term, len(ids))
	for i, id := range ids {
		terms[i], _ = latest.Term(id)
	}
	return terms
}

// roundTrip takes exports of a graph in every format into every store: equal graphs,
// equal bytes. It does so again over what is there then: nothing changes.
func roundTrip(t *testing.T, g *graph.Graph, erased bool) {
	t.Helper()
	for _, format := range formats {
		text := write(t, g, format)
		for name, store := range stores(t) {
			again := open(t, store)
			report, err := take(t, again, text, format, history.Options{})
			if err != nil || report.Failed() || report.Claims.Rejected != 0 {
				t.Fatalf("%v into %s: %+v, %v", format, name, report, err)
			}
			same(t, again, g)
			if got, want := order(t, again), order(t, g); !erased && !slices.Equal(got, want) {
				for i := range got {
					if got[i] != want[i] {
						t.Fatalf("%v into %s: term %d is %s, was %s", format, name, i, got[i], want[i])
					}
				}
			}
			if other := write(t, again, format); !bytes.Equal(other, text) {
				t.Errorf("%v, %s: the export of what was imported differs: %s", format, name, firstDifference(other, text))
			}
			before := again.Latest().Commit()
			if report, err = take(t, again, text, format, history.Options{}); err != nil || report.Failed() || report.Claims.Unchanged != report.Claims.Read || again.Latest().Commit() != before {
				t.Errorf("%v into %s again: %+v, %v", format, name, report, err)
			}
			if t.Failed() {
				t.FailNow()
			}
		}
	}
}

func firstDifference(got, want []byte) string {
	g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d:\n%s\nwas\n%s", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("%d lines, were %d", len(g), len(w))
}

func TestSeed(t *testing.T) {
	g := open(t, memory.New())
	if err := seed.Load(t.Context(), g, load(t), at(0)); err != nil {
		t.Fatal(err)
	}
	roundTrip(t, g, false)
}

func TestEmpty(t *testing.T) { roundTrip(t, open(t, memory.New()), false) }

// texts are odd in every way that occurred to us.
var texts = []string{
	"", " ", "Kazakhstan", "Қазақстан Республикасы", "日本国", "ال\u0639ربية", "\u0000", "\u001f\u007f\u0080\u0085\u2028", "a\nb\r\nc\td", `"quoted" \ back`, "'''", `"""`,
	"<https://example.org/>", "_:x", "\\u0041", "😀", "\ufeff", "\ufffd", "\ufffe\uffff", "\xff\xfe", "e\u0301", "&amp;<b>", "{}[]", "@id", "null", "1", "1.50E0", "true", " lead and trail ",
	strings.Repeat("long ", 2000),
}

var edtfs = []string{
	"2025", "2025-11", "2025-11-06", "2025-11-06T12:30:00Z", "2025-11-06T12:30:00+06:00", "2025~", "2025-11?", "2025-11-06%", "~2025-11", "2025-?11-06",
	"201X", "20XX", "2025-XX", "2025-11-XX", "XXXX-12-XX", "1XXX-12", "Y170000002", "Y-17E7", "-0333", "0000", "2025-21", "2025-25",
	"2025/2026", "2025-11-06/..", "../2025", "2025-11/", "/2025", "2025~/2026?", "[2025..2026]", "[..2025-10-31]", "{2024,2025,2026}", "{2024,2026..}", "some day", "",
}

var languages = []string{"en", "kk-Cyrl", "en-GB", "EN-gb", "zh-Hant-TW", "x-private", "de-1996", "no language", "en_US"}

var iris = []string{
	"nation/kz", "person/x.y~z_-", "thing/~http/example.org/a", "https://example.org/a?b=c#d", "http://example.org/", "urn:uuid:1", "mailto:a@example.org", "schema:Person", "kg:Thing",
	"https://schema.org/birthDate", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "https://chancery.example/nation/kz", "https://chancery.example/ontology/scheme/x", "ontology/visitor",
	"odd id/with space", "odd/<angle>", "odd/%41", "odd/\"", "odd/\u00fc", "odd/\xff", "http://example.org/a b", "@id", "@type", "_:b", "#frag", "?query", "../up", "a/../b", "//double/slash", ".", "",
	"scheme:iso", "edtf:EDTF", "unknown:prefix", "kg:", "kg:a/b", "kg:raw/x", "x:y z", "claim", "claimed/x", "http://id.loc.gov/datatypes/edtf/EDTF",
	"http://www.w3.org/1999/02/22-rdf-syntax-ns#nil", "http://www.w3.org/1999/02/22-rdf-syntax-ns#first", "HTTP://EXAMPLE.ORG/Ä", "tag:a", "a:b:c",
}

var datatypes = []string{
	graph.Integer, graph.Decimal, graph.Boolean, graph.DateTime, graph.EDTF, "scheme:iso3166-1-alpha-2", "scheme:odd one", "xsd:string", "rdf:langString", "rdf:JSON", "http://www.w3.org/2001/XMLSchema#string",
	"http://www.w3.org/2001/XMLSchema#double", "https://example.org/type", "no scheme", "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON", "rdf:HTML",
}

var blanks = []string{"b0", "genid0", "genid1", "raw-61", "raw-", "x.y", "x.", "has space", "ü", "\xff", "c14n0", "0", "-", "_"}

type random struct {
	*rand.Rand
	erases bool
}

func pick[T any](r random, of []T) T { return of[r.IntN(len(of))] }

func (r random) object() graph.Term {
	switch r.IntN(8) {
	case 0:
		return graph.Text(pick(r, texts))
	case 1:
		return graph.TextIn(pick(r, texts), pick(r, languages))
	case 2:
		return graph.Date(pick(r, edtfs))
	case 3:
		return graph.Term{Kind: graph.Blank, Text: pick(r, blanks)}
	case 4:
		return graph.Typed(pick(r, []string{"1", "-7", "007", "1e3", "true", "1.50E0", "2026-01-01T00:00:00Z", "x"}), pick(r, datatypes))
	case 5:
		return graph.Typed(pick(r, texts), pick(r, datatypes))
	case 6:
		return graph.Term{Kind: graph.Literal, Text: pick(r, texts), Datatype: pick(r, datatypes), Language: pick(r, languages)}
	}
	return graph.Ref(pick(r, iris))
}

func (r random) nonEmpty() string {
	for {
		if iri := pick(r, iris); iri != "" {
			return iri
		}
	}
}

func (r random) claim(id string) graph.Claim {
	c := graph.Claim{ID: id, Source: "source/" + fmt.Sprint(r.IntN(3)), Status: graph.Status(1 + r.IntN(4))}
	if r.IntN(9) == 0 {
		c.Source = r.nonEmpty()
	}
	if r.IntN(2) == 0 {
		c.Locator = pick(r, texts)
	}
	for range r.IntN(3) {
		c.AttributedTo = append(c.AttributedTo, r.nonEmpty())
	}
	if r.IntN(3) == 0 {
		f := pick(r, []float64{0, 1, 0.5, 1e-7, 0.1 + 0.2, r.Float64()})
		c.Confidence = &f
	}
	if r.IntN(3) == 0 {
		c.ValidTime = pick(r, edtfs[:30])
	}
	if r.IntN(3) == 0 {
		c.RecordedBy = pick(r, texts)
	}
	for range 1 + r.IntN(5) {
		f := graph.Fact{Subject: r.nonEmpty(), Predicate: r.nonEmpty(), Object: r.object()}
		switch r.IntN(6) {
		case 0:
			f = graph.Fact{Subject: f.Subject, Predicate: graph.MergedInto, Object: graph.Ref(r.nonEmpty())}
		case 1:
			f.Predicate = graph.Type
		}
		c.Facts = append(c.Facts, f)
	}
	return c
}

// grow makes some commits of random claims, retractions and revisions, and erases now
// and then.
func (r random) grow(t testing.TB, g *graph.Graph, commits int, now *int) {
	t.Helper()
	var standing []string
	for n := range commits {
		*now += 1 + r.IntN(3)*r.IntN(1000)
		c := graph.Changes{At: at(*now)}
		for i := range r.IntN(6) {
			claim := r.claim(pick(r, []string{"claim/", "claim/set/", "claim/ü /"}) + fmt.Sprintf("%d-%d", *now, i))
			if len(standing) > 0 && r.IntN(3) == 0 {
				claim.Supersedes = standing[0]
				standing = standing[1:]
			}
			c.Record = append(c.Record, claim)
		}
		for len(standing) > 0 && r.IntN(3) == 0 {
			c.Retract = append(c.Retract, graph.Retraction{Claim: standing[0], Reason: pick(r, texts)})
			standing = standing[1:]
		}
		if r.IntN(3) == 0 {
			c.Key, c.Digest = fmt.Sprintf("key %d", n), "digest"
		}
		receipt, err := g.Apply(t.Context(), c)
		switch {
		case err == nil:
			standing = append(standing, receipt.Recorded...)
		case len(c.Record)+len(c.Retract) > 0:
			// A valid time that is none, say: then it is another commit.
			if bad, ok := errors.AsType[*graph.ClaimError](err); !ok || !errors.Is(bad, graph.ErrClaimInvalid) {
				t.Fatal(err)
			}
		}
		if r.erases && len(standing) > 3 && r.IntN(10) == 0 {
			if _, err := g.Erase(t.Context(), graph.Erasure{Claims: standing[:1], Reason: "test", At: at(*now + 1)}); err != nil {
				t.Fatal(err)
			}
			standing = standing[1:]
		}
	}
}

func newRandom(t *testing.T, n uint64) random {
	s := *seedFlag
	if s == 0 {
		s = rand.Uint64()
	}
	t.Logf("-seed %d", s)
	return random{Rand: rand.New(rand.NewPCG(s, n))}
}

func TestRandomHistories(t *testing.T) {
	for n := range uint64(12) {
		r := newRandom(t, n)
		g := open(t, memory.New())
		now := 0
		r.erases = n%2 == 0
		r.grow(t, g, 25, &now)
		roundTrip(t, g, r.erases)
	}
}
