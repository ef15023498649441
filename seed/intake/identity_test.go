package intake_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"chancery/graph"
	"chancery/graph/memory"
	"chancery/schema"
	"chancery/seed/intake"
)

// office is a graph that files of things are imported into. A line of a file is
//
//	CLASS ID | names | identifiers | nation
//
// with names and identifiers separated by semicolons. Each line is one claim that
// gives the entity all that stands there.
type office struct {
	t *testing.T
	intake.Target
	batch int
}

func newOffice(t *testing.T, batch int) *office {
	t.Helper()
	g, err := graph.Open(t.Context(), memory.New())
	if err != nil {
		t.Fatal(err)
	}
	at := time.Unix(1e9, 0)
	return &office{t, intake.Target{Graph: g, Ontology: ontology(t), Now: func() time.Time { at = at.Add(time.Minute); return at }}, batch}
}

type lines struct {
	o       *schema.Ontology
	dataset string
	text    string
}

func (l lines) Read(_ context.Context, take func(intake.Entry) error, _ func(intake.Rejection) error) error {
	source := "source/" + l.dataset
	err := take(intake.Entry{Claim: graph.Claim{ID: "claim/" + l.dataset + "/source", Source: source, Status: graph.Confirmed, Facts: []graph.Fact{
		{Subject: source, Predicate: graph.Type, Object: graph.Ref("schema:CreativeWork")},
	}}})
	for i, line := range strings.Split(strings.TrimSpace(l.text), "\n") {
		if err == nil {
			err = take(l.entry(i+1, line))
		}
	}
	return err
}

func (l lines) entry(n int, line string) intake.Entry {
	cells := append(strings.Split(line, "|"), "", "", "")
	class, id, _ := strings.Cut(strings.TrimSpace(cells[0]), " ")
	list := func(cell string) (all []string) {
		for s := range strings.SplitSeq(cell, ";") {
			if s = strings.TrimSpace(s); s != "" {
				all = append(all, s)
			}
		}
		return all
	}
	thing := intake.Thing{ID: id, Class: class, Names: list(cells[1]), Identifiers: list(cells[2]), Nation: strings.TrimSpace(cells[3])}
	say := func(predicate string, object graph.Term) graph.Fact {
		return graph.Fact{Subject: id, Predicate: predicate, Object: object}
	}
	c := graph.Claim{ID: fmt.Sprintf("claim/%s/%d", l.dataset, n), Source: "source/" + l.dataset, Status: graph.Reported}
	c.Facts = append(c.Facts, say(graph.Type, graph.Ref(l.o.ClassByEnum(class).IRI)))
	for i, name := range thing.Names {
		predicate := graph.AliasName
		if i == 0 {
			predicate = graph.PreferredName
		}
		c.Facts = append(c.Facts, say(predicate, graph.TextIn(name, "en")))
	}
	for _, identifier := range thing.Identifiers {
		scheme, value, _ := strings.Cut(identifier, ":")
		c.Facts = append(c.Facts, say(graph.Notation, graph.Typed(value, graph.Scheme+scheme)))
	}
	if thing.Nation != "" {
		predicate := "kg:nation"
		if class == "PERSON" {
			predicate = "schema:nationality"
		}
		c.Facts = append(c.Facts, say(predicate, graph.Ref(thing.Nation)))
	}
	return intake.Entry{Place: intake.Place{File: l.dataset, Line: n}, Claim: c, Things: []intake.Thing{thing}}
}

func (o *office) imports(dataset, text string) *intake.Report {
	o.t.Helper()
	parts := slices.Values([]intake.Part{{Name: dataset, Dataset: dataset, Reader: lines{o.Ontology, dataset, text}}})
	report, err := intake.Run(o.t.Context(), o.Target, parts, intake.Options{BatchClaims: o.batch})
	if err != nil {
		o.t.Fatal(err)
	}
	if len(report.Rejections) > 0 {
		o.t.Errorf("%s: rejected: %v", dataset, report.Rejections)
	}
	return report
}

// entities lists what has a class, merged ones as one: ID (merged ids) = claims.
func (o *office) entities() string {
	o.t.Helper()
	v, err := o.Graph.View(o.t.Context(), graph.Perspective{})
	if err != nil {
		o.t.Fatal(err)
	}
	p, _ := v.Lookup(graph.Ref(graph.Type))
	claims := map[string][]string{}
	err = v.Quads(o.t.Context(), graph.Pattern{Predicate: p}, func(q graph.Quad) bool {
		if v.Known().Has(q.Label) && q.Subject != q.Label && !strings.HasPrefix(v.Name(q.Subject), "source/") {
			id := v.Name(q.Subject)
			for _, from := range v.MergedFrom(q.Subject) {
				id += "+" + v.Name(from)
			}
			claims[id] = append(claims[id], strings.TrimPrefix(v.Name(q.Label), "claim/"))
		}
		return true
	})
	if err != nil {
		o.t.Fatal(err)
	}
	var out []string
	for id, of := range claims {
		slices.Sort(of)
		out = append(out, id+" = "+strings.Join(slices.Compact(of), " "))
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

const countries = `
NATION nation/kz | Kazakhstan | iso3166-1-alpha-2:KZ; iso3166-1-alpha-3:KAZ
NATION nation/tr | Türkiye; Turkey | iso3166-1-alpha-2:TR; iso3166-1-alpha-3:TUR
NATION nation/mm | Myanmar; Burma | iso3166-1-alpha-2:MM; iso3166-1-alpha-3:MMR
NATION nation/ru | Russia | iso3166-1-alpha-2:RU; iso3166-1-alpha-3:RUS
NATION nation/xk | Kosovo | iso3166-1-alpha-2:XK; iso3166-1-alpha-3:UNK`

func TestIdentities(t *testing.T) {
	for _, test := range []struct {
		name     string
		files    []string
		entities string   // all but the countries that nothing else is said of
		told     []string // merges and doubts, the beginning of each
	}{
		{
			name:     "by an identifier, whatever the id and the name",
			files:    []string{"NATION nation/kaz | Qazaqstan | iso3166-1-alpha-3:KAZ"},
			entities: "nation/kz = 0/1 1/1",
		},
		{
			name:     "by an identifier within the file, in any order",
			files:    []string{"NATION nation/uzb | | cow:704; gec:UZ\nNATION nation/uz | Uzbekistan | gec:UZ\nNATION nation/uzbekistan | | cow:704"},
			entities: "nation/uzb = 1/1 1/2 1/3",
		},
		{
			name:     "Kosovo has no code of ISO, and everybody another",
			files:    []string{"NATION nation/xkx | Kosovo | iso3166-1-alpha-3:XKX; gec:KV", "NATION nation/xk | Kosovo | iso3166-1-alpha-3:XKK", "NATION nation/kosovo | | iso3166-1-alpha-2:XK"},
			entities: "nation/xk = 0/5 1/1 2/1 3/1",
		},
		{
			name:     "Turkey is Türkiye",
			files:    []string{"NATION nation/turkey | Turkey", "NATION nation/turkiye | Türkiye"},
			entities: "nation/tr = 0/2 1/1 2/1",
		},
		{
			name:     "Burma is Myanmar, by its name and its old codes",
			files:    []string{"NATION nation/burma | Burma | iso3166-1-alpha-3:BUR", "NATION nation/bu | | iso3166-1-alpha-2:BU", "NATION nation/myanmar | Myanmar"},
			entities: "nation/mm = 0/3 1/1 2/1 3/1",
		},
		{
			name:     "the USSR is not Russia",
			files:    []string{"NATION nation/su | Soviet Union; Russia | iso3166-1-alpha-2:SU; iso3166-1-alpha-3:SUN", "NATION nation/ussr | | iso3166-1-alpha-3:SUN", "PARTY party/russia | Russia"},
			entities: "nation/ru = 0/4\nnation/su = 1/1 2/1\nparty/russia = 3/1",
			told: []string{
				`1: doubtful nation/su, nation/ru: both are called "Russia", but the iso3166-1-alpha-2 is SU here and RU there`,
				`3: doubtful party/russia, nation/ru: both are called "Russia", but so are 2 entities`,
				`3: doubtful party/russia, nation/su: both are called "Russia", but so are 2 entities`,
			},
		},
		{
			name:     "a party is whatever has its name",
			files:    []string{"PARTY party/kazakhstan | Kazakhstan", "PERSON person/kazakhstan | Kazakhstan"},
			entities: "nation/kz = 0/1 1/1\nperson/kazakhstan = 2/1",
			told:     []string{`2: doubtful person/kazakhstan, nation/kz: both are called "Kazakhstan", but one is a PERSON and the other a NATION`},
		},
		{
			name:     "what was a party turns out to be a person",
			files:    []string{"PARTY party/x | X | icews:X", "PERSON person/x | X | icews:X"},
			entities: "party/x = 1/1 2/1",
		},
		{
			name: "by name within the nation",
			files: []string{
				"PERSON person/a | A. Smith | | nation/kz\nPERSON person/b | A. Smith | | nation/tr\nPERSON person/c | A. Smith | | nation/tr",
				"PERSON person/d | A. Smith | | nation/kz\nPERSON person/e | A. Smith",
			},
			entities: "person/a = 1/1 2/1\nperson/b = 1/2 1/3\nperson/e = 2/2",
			told: []string{
				`2: doubtful person/e, person/a: both are called "A. Smith", but so are 2 entities`,
				`2: doubtful person/e, person/b: both are called "A. Smith", but so are 2 entities`,
			},
		},
		{
			name:     "of a nation that is not known",
			files:    []string{"PERSON person/a | A. Smith", "PERSON person/b | A. Smith | | nation/kz"},
			entities: "person/a = 1/1\nperson/b = 2/1",
			told:     []string{`2: doubtful person/b, person/a: both are called "A. Smith", but the nation of person/a is not known`},
		},
		{
			name:     "two that turn out to be one are merged",
			files:    []string{"NATION nation/x | X | cow:1", "NATION nation/y | Y | gec:YY", "NATION nation/y | Y | gec:YY; cow:1"},
			entities: "nation/x+nation/y = 1/1 2/1 3/1",
			told:     []string{"3: merged nation/y into nation/x: claim/3/1 has cow:1 and gec:YY"},
		},
		{
			name:     "what yields goes into what does not",
			files:    []string{"PARTY party/x | | icews:1", "ORGANIZATION organization/x | X | lei:2", "ORGANIZATION organization/x | X | lei:2; icews:1"},
			entities: "organization/x+party/x = 1/1 2/1 3/1",
			told:     []string{"3: merged party/x into organization/x: claim/3/1 has lei:2 and icews:1"},
		},
		{
			name:     "codes that contradict each other keep two apart",
			files:    []string{"NATION nation/kzx | | iso3166-1-alpha-2:KZ; iso3166-1-alpha-3:TUR"},
			entities: "nation/kz = 0/1 1/1",
			told:     []string{"1: doubtful nation/tr, nation/kz: claim/1/1 has iso3166-1-alpha-2:KZ and iso3166-1-alpha-3:TUR, but nation/tr has the iso3166-1-alpha-2 TR and nation/kz KZ"},
		},
		{
			name:     "one identifier, two classes",
			files:    []string{"PERSON person/kz | | iso3166-1-alpha-2:KZ"},
			entities: "person/kz = 1/1",
			told:     []string{"1: doubtful person/kz, nation/kz: both have iso3166-1-alpha-2:KZ, and one is a PERSON, the other a NATION"},
		},
	} {
		for _, batch := range []int{1, 2, 100} {
			t.Run(fmt.Sprintf("%s, batches of %d", test.name, batch), func(t *testing.T) {
				o := newOffice(t, batch)
				o.imports("0", countries)
				var told []string
				for i, file := range test.files {
					report := o.imports(fmt.Sprint(i+1), file)
					for _, m := range report.Merges {
						told = append(told, fmt.Sprintf("%d: merged %s into %s: %s", i+1, m.From, m.Into, m.Reason))
					}
					for _, d := range report.Doubts {
						told = append(told, fmt.Sprintf("%d: doubtful %s, %s: %s", i+1, d.Entity, d.Other, d.Reason))
					}
				}
				if !slices.Equal(told, test.told) {
					t.Errorf("told\n%s\nwant\n%s", strings.Join(told, "\n"), strings.Join(test.told, "\n"))
				}
				var entities []string
				for line := range strings.SplitSeq(o.entities(), "\n") {
					id, claims, _ := strings.Cut(line, " = ")
					if strings.HasPrefix(claims, "0/") && !strings.Contains(claims, " ") && !strings.Contains(test.entities, id+" =") {
						continue
					}
					entities = append(entities, line)
				}
				if got := strings.Join(entities, "\n"); got != test.entities {
					t.Errorf("entities\n%s\nwant\n%s", got, test.entities)
				}
				before := o.Graph.Latest().Commit()
				for i, file := range test.files {
					o.imports(fmt.Sprint(i+1), file)
				}
				o.imports("0", countries)
				if after := o.Graph.Latest().Commit(); after != before {
					t.Errorf("importing all again made %d commits", after-before)
				}
			})
		}
	}
}

// TestSplitStays: two that were merged by an import and split by hand are not merged again.
func TestSplitStays(t *testing.T) {
	o := newOffice(t, 10)
	o.imports("1", "NATION nation/x | X | cow:1\nNATION nation/y | Y | gec:YY")
	const both = "NATION nation/y | Y | gec:YY; cow:1"
	if r := o.imports("2", both); r.Entities.Merged != 1 {
		t.Fatalf("%+v", r)
	}
	latest := o.Graph.Latest()
	p, _ := latest.Lookup(graph.Ref(graph.MergedInto))
	var claim string
	if err := latest.Quads(t.Context(), graph.Pattern{Predicate: p}, func(q graph.Quad) bool {
		term, _ := latest.Term(q.Label)
		claim = term.Text
		return true
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Graph.Apply(t.Context(), graph.Changes{At: o.Now(), Retract: []graph.Retraction{{Claim: claim, Reason: "they are two"}}}); err != nil {
		t.Fatal(err)
	}
	r := o.imports("2", both+"\n"+both)
	if r.Entities.Merged != 0 || r.Entities.Doubtful != 1 || !strings.Contains(r.Doubts[0].Reason, "split again") {
		t.Errorf("%+v", r)
	}
}
