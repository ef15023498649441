package seed

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/language/display"

	"chancery/graph"
	"chancery/graph/memory"
	"chancery/schema"
)

var recorded = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// loaded returns the seed as the default perspective sees it.
func loaded(t *testing.T) *reading {
	t.Helper()
	g, err := graph.Open(t.Context(), memory.New())
	if err != nil {
		t.Fatal(err)
	}
	o := ontology(t)
	if err := Load(t.Context(), g, o, recorded); err != nil {
		t.Fatal(err)
	}
	v, err := g.View(t.Context(), graph.Perspective{})
	if err != nil {
		t.Fatal(err)
	}
	return &reading{t, v, o}
}

// reading asks a view in terms of ids.
type reading struct {
	t *testing.T
	v *graph.View
	o *schema.Ontology
}

// follow returns what a predicate leads to, each once, in the graph's order.
func (r *reading) follow(id, predicate string, inverse bool) []graph.Term {
	r.t.Helper()
	node, ok := r.v.Node(id)
	if !ok {
		r.t.Errorf("%s is not in the graph", id)
		return nil
	}
	var links graph.Links
	if err := r.v.Follow(r.t.Context(), &links, []graph.ID{node}, predicate, inverse, r.v.Facts()); err != nil {
		r.t.Fatal(err)
	}
	var all []graph.Term
	for _, l := range links.All {
		term, _ := r.v.Term(l.To)
		if !slices.Contains(all, term) {
			all = append(all, term)
		}
	}
	return all
}

// ids is follow for entities and plain texts.
func (r *reading) ids(id, predicate string) []string { return texts(r.follow(id, predicate, false)) }

// of lists the entities of a class.
func (r *reading) of(class string) []string {
	iri := r.o.Class(class).IRI
	if _, ok := r.v.Node(iri); !ok {
		return nil
	}
	return texts(r.follow(iri, graph.Type, true))
}

func texts(terms []graph.Term) []string {
	var all []string
	for _, t := range terms {
		all = append(all, t.Text)
	}
	return all
}

func (r *reading) want(what string, got []string, want ...string) {
	r.t.Helper()
	got, want = slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))
	if !slices.Equal(got, want) {
		r.t.Errorf("%s:\n got  %s\n want %s", what, strings.Join(got, " "), strings.Join(want, " "))
	}
}

// TestEverythingNamed holds the seed to a list of everything that the report names.
func TestEverythingNamed(t *testing.T) {
	r := loaded(t)
	all := map[string]bool{}
	for class, want := range map[string]string{
		"Person": "person/kassym-jomart-tokayev person/donald-trump person/shavkat-mirziyoyev person/sadyr-japarov person/sergio-gor person/christopher-landau",
		"Nation": "nation/us nation/kz nation/kg nation/tj nation/tm nation/uz nation/ru nation/cn",
		"Office": "office/president-of-kazakhstan office/president-of-the-united-states office/president-of-uzbekistan office/president-of-kyrgyzstan " +
			"office/president-of-tajikistan office/president-of-turkmenistan office/us-special-envoy-for-south-and-central-asia office/us-deputy-secretary-of-state",
		"Organization": "organization/c5-plus-1 organization/press-office-of-the-president-of-kazakhstan organization/central-asian-media organization/gazeta-uz " +
			"organization/kyrgyz-media organization/azattyq organization/united-nations organization/us-house-foreign-affairs-committee " +
			"organization/islamic-state organization/islamic-state-regional-branch " +
			// of the background
			"organization/iso organization/us-department-of-state organization/us-house-of-representatives organization/radio-free-europe-radio-liberty " +
			"organization/unicode-consortium",
		"Party": "party/analysts",
		"Place": "place/washington-dc place/new-york " +
			"place/astana place/bishkek place/dushanbe place/ashgabat place/tashkent place/moscow place/beijing",
		"Mineral": "mineral/tungsten mineral/antimony mineral/lithium mineral/rare-earth-elements",
		"Law":     "law/jackson-vanik-amendment",
		"Topic": "topic/energy-security topic/trade topic/counterterrorism topic/sustainable-development topic/central-asia topic/south-asia " +
			"topic/critical-minerals topic/trade-routes topic/foreign-influence topic/traditional-values topic/common-sense topic/peace-and-security " +
			"topic/energy topic/defense topic/raw-materials-security " +
			"topic/emigration",
		"Aim": "aim/traditional-values aim/common-sense aim/peace-and-security aim/regional-cooperation-in-central-asia aim/us-engagement-with-central-asia " +
			"aim/us-diplomatic-focus-on-central-asia aim/counterweight-to-russia-and-china-in-central-asia aim/access-to-minerals-and-trade-routes-of-central-asia " +
			"aim/c5-plus-1-summit-by-the-end-of-2025 aim/critical-mineral-supply-chains-in-central-asia aim/trade-liberalization-with-central-asia " +
			"aim/cooperation-against-the-islamic-state-in-central-asia aim/stronger-us-ties-with-central-asia aim/resilience-of-central-asia " +
			"aim/collaboration-in-energy-defense-and-raw-materials",
		"Summit":     "event/c5-plus-1-summit-2025",
		"Visit":      "event/us-envoys-visit-to-kazakhstan-2025 event/us-envoys-visit-to-uzbekistan-2025",
		"Meeting":    "event/meeting-of-us-and-kazakhstan-in-new-york-2025 event/meeting-of-us-and-uzbekistan-in-new-york-2025",
		"Letter":     "event/letter-of-thanks-from-kazakhstan-2025 event/letter-of-the-us-house-foreign-affairs-committee-2025",
		"Invitation": "event/invitation-of-kazakhstan-to-c5-plus-1-summit-2025 event/invitation-of-uzbekistan-to-c5-plus-1-summit-2025 event/invitation-of-central-asia-to-c5-plus-1-summit-2025",
		"Deal":       "event/business-deals-announced-in-new-york-2025",
		"Gathering":  "event/un-general-assembly-2025",
		"Membership": "membership/us-in-c5-plus-1 membership/kz-in-c5-plus-1 membership/kg-in-c5-plus-1 membership/tj-in-c5-plus-1 membership/tm-in-c5-plus-1 membership/uz-in-c5-plus-1",
		"Tenure": "tenure/kassym-jomart-tokayev-president-of-kazakhstan tenure/donald-trump-president-of-the-united-states tenure/shavkat-mirziyoyev-president-of-uzbekistan " +
			"tenure/sadyr-japarov-president-of-kyrgyzstan tenure/sergio-gor-us-special-envoy-for-south-and-central-asia tenure/christopher-landau-us-deputy-secretary-of-state",
		"Source": "source/c5-plus-1-summit-report source/background source/unicode-cldr",
	} {
		r.want(class, r.of(class), strings.Fields(want)...)
		all[class] = true
	}
	for _, c := range r.o.Classes {
		if c.Enum != "" && !all[c.Name] {
			r.want(c.Name, r.of(c.Name))
		}
	}
}

// TestWhatTheReportSays holds the claims to what clients are promised of the seed.
func TestWhatTheReportSays(t *testing.T) {
	r := loaded(t)
	const summit = "event/c5-plus-1-summit-2025"
	r.want("summit start", r.ids(summit, "schema:startDate"), "2025-11-06")
	r.want("summit phase", r.ids(summit, "kg:phase"), "ANNOUNCED")
	r.want("summit places", r.ids(summit, "schema:location"), "place/washington-dc")
	r.want("summit nations", r.ids(summit, "kg:participatingNation"), "nation/us", "nation/kz", "nation/kg", "nation/tj", "nation/tm", "nation/uz")
	r.want("summit attendees", r.ids(summit, "kg:attendee"), "person/sadyr-japarov")
	r.want("summit aims", r.ids(summit, "kg:aim"),
		"aim/counterweight-to-russia-and-china-in-central-asia", "aim/stronger-us-ties-with-central-asia",
		"aim/resilience-of-central-asia", "aim/collaboration-in-energy-defense-and-raw-materials")
	r.want("platform founded", r.ids("organization/c5-plus-1", "schema:foundingDate"), "2015")
	r.want("platform topics", r.ids("organization/c5-plus-1", "schema:knowsAbout"),
		"topic/energy-security", "topic/trade", "topic/counterterrorism", "topic/sustainable-development")

	for _, visit := range r.of("Visit") {
		r.want(visit, r.ids(visit, "kg:visitor"), "person/sergio-gor", "person/christopher-landau")
		r.want(visit, r.ids(visit, "schema:startDate"), "[..2025-10-31]")
		r.want(visit, r.ids(visit, "kg:phase"), "HELD")
	}
	for _, meeting := range r.of("Meeting") {
		r.want(meeting, r.ids(meeting, "schema:startDate"), "2025-09")
		r.want(meeting, r.ids(meeting, "schema:superEvent"), "event/un-general-assembly-2025")
		r.want(meeting, r.ids(meeting, "schema:location"), "place/new-york")
	}
	for _, letter := range r.of("Letter") {
		r.want(letter, r.ids(letter, "kg:recipient"), "person/donald-trump")
	}
	const letter = "event/letter-of-the-us-house-foreign-affairs-committee-2025"
	r.want("letter sent", r.ids(letter, "schema:startDate"), "2025-10-20")
	r.want("letter senders", r.ids(letter, "kg:sender"), "organization/us-house-foreign-affairs-committee")
	r.want("letter urges", r.ids(letter, "kg:urges"), summit)
	r.want("letter urges repeal", r.ids(letter, "kg:urgesRepealOf"), "law/jackson-vanik-amendment")
	r.want("letter mentions", r.ids(letter, "schema:mentions"),
		"mineral/tungsten", "mineral/antimony", "mineral/lithium", "mineral/rare-earth-elements", "law/jackson-vanik-amendment",
		"organization/islamic-state-regional-branch", "topic/critical-minerals", "topic/trade", "topic/counterterrorism")

	var heads []string
	for _, tenure := range r.of("Tenure") {
		if slices.Contains(r.ids(r.ids(tenure, "kg:office")[0], "kg:officeRole"), "HEAD_OF_STATE") {
			heads = append(heads, r.ids(tenure, "kg:holder")...)
		}
		r.want(tenure+" has no term", slices.Concat(r.ids(tenure, "schema:startDate"), r.ids(tenure, "schema:endDate")))
	}
	r.want("heads of state", heads, "person/donald-trump", "person/kassym-jomart-tokayev", "person/shavkat-mirziyoyev", "person/sadyr-japarov")

	// What Kazakhstan's president takes part in: nothing else may have him among its participants.
	var events []string
	for _, p := range r.o.Class("Event").Field("participants").Predicates {
		events = append(events, texts(r.follow("person/kassym-jomart-tokayev", p.IRI, true))...)
	}
	r.want("events of Tokayev", events, "event/letter-of-thanks-from-kazakhstan-2025",
		"event/invitation-of-kazakhstan-to-c5-plus-1-summit-2025", "event/meeting-of-us-and-kazakhstan-in-new-york-2025")
}

// TestOneClaimPerClass: what an edge of a list rests on is the claim that gives the
// class, and there is one of it.
func TestOneClaimPerClass(t *testing.T) {
	given := map[string]string{}
	for _, c := range everyClaim(t) {
		for _, f := range c.Facts {
			if f.Predicate != graph.Type {
				continue
			}
			if before := given[f.Subject]; before != "" {
				t.Errorf("%s gets its class from %s and from %s", f.Subject, before, c.ID)
			}
			given[f.Subject] = c.ID
		}
	}
}

func TestAttribution(t *testing.T) {
	byID := map[string]graph.Claim{}
	for _, c := range everyClaim(t) {
		byID[strings.TrimPrefix(c.ID, "claim/c5-plus-1-summit-report/")] = c
		if c.Source == "source/c5-plus-1-summit-report" && c.Locator == "" && !strings.HasSuffix(c.ID, "/source") && !strings.HasSuffix(c.ID, "/written-in-october") {
			t.Errorf("%s has no locator", c.ID)
		}
	}
	for id, want := range map[string]struct {
		status       graph.Status
		locator      string
		attributedTo string
	}{
		"summit-announced":                  {graph.Confirmed, "paragraph 1", "office/president-of-kazakhstan"},
		"letter-of-thanks":                  {graph.Confirmed, "paragraph 2", "organization/press-office-of-the-president-of-kazakhstan"},
		"invitation-of-kazakhstan":          {graph.Confirmed, "paragraph 2", "organization/press-office-of-the-president-of-kazakhstan"},
		"invitation-of-uzbekistan":          {graph.Reported, "paragraph 4", "organization/gazeta-uz"},
		"invitation-of-all-five":            {graph.Reported, "paragraph 4", "organization/azattyq"},
		"attendance-of-kyrgyzstan":          {graph.Reported, "paragraph 4", "organization/kyrgyz-media"},
		"counterweight-to-russia-and-china": {graph.Assessed, "paragraph 6", "party/analysts"},
		"letter-urges-repeal":               {graph.Assessed, "paragraph 7", "organization/us-house-foreign-affairs-committee"},
		"expected-ties":                     {graph.Assessed, "paragraph 8", ""},
	} {
		c, ok := byID[id]
		if !ok || c.Status != want.status || c.Locator != want.locator || strings.Join(c.AttributedTo, " ") != want.attributedTo {
			t.Errorf("%s: got %v, %q, %v; want %v", id, c.Status, c.Locator, c.AttributedTo, want)
		}
	}
}

func TestNames(t *testing.T) {
	r := loaded(t)
	for id, want := range map[string]string{
		"nation/us": "United States", "nation/kz": "Kazakhstan", "nation/kg": "Kyrgyzstan", "nation/tj": "Tajikistan",
		"nation/tm": "Turkmenistan", "nation/uz": "Uzbekistan", "nation/ru": "Russia", "nation/cn": "China",
		"place/washington-dc": "Washington, D.C.", "place/new-york": "New York", "organization/c5-plus-1": "C5+1",
		"law/jackson-vanik-amendment": "Jackson-Vanik amendment", "person/kassym-jomart-tokayev": "Kassym-Jomart Tokayev",
	} {
		r.want(id+" in English", r.named(id, "en", graph.PreferredName), want)
	}
	r.want("native names", r.named("nation/uz", "uz-Cyrl", graph.NativeName), "Ўзбекистон")
	r.want("native names", r.named("nation/uz", "uz-Latn", graph.NativeName), "Oʻzbekiston")
	r.want("Russian name of a leader", r.named("person/kassym-jomart-tokayev", "ru", graph.PreferredName), "Касым-Жомарт Токаев")
	r.want("CLDR", r.named("nation/kz", "ja", graph.PreferredName), "カザフスタン")
	r.want("CLDR", r.named("nation/kz", "sr-Latn", graph.PreferredName), "Kazahstan")

	// Everything has a name in English, but for what stands between others.
	for _, c := range everyClaim(t) {
		for _, f := range c.Facts {
			between := strings.HasPrefix(f.Subject, "tenure/") || strings.HasPrefix(f.Subject, "membership/")
			if f.Predicate == graph.Type && !between && len(r.named(f.Subject, "en", graph.PreferredName)) != 1 {
				t.Errorf("%s: %d preferred names in English, want 1", f.Subject, len(r.named(f.Subject, "en", graph.PreferredName)))
			}
		}
	}
}

func (r *reading) named(id, language, predicate string) []string {
	r.t.Helper()
	var all []string
	for _, t := range r.follow(id, predicate, false) {
		if t.Language == language {
			all = append(all, t.Text)
		}
	}
	return all
}

func TestLoadAgain(t *testing.T) {
	g, err := graph.Open(t.Context(), memory.New())
	if err != nil {
		t.Fatal(err)
	}
	o := ontology(t)
	for range 2 {
		if err := Load(t.Context(), g, o, recorded); err != nil {
			t.Fatal(err)
		}
	}
	v, err := g.View(t.Context(), graph.Perspective{})
	if err != nil {
		t.Fatal(err)
	}
	if v.Commit() != uint64(len(documents)) {
		t.Errorf("%d commits, want one for each of %d documents", v.Commit(), len(documents))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	empty, err := graph.Open(t.Context(), memory.New())
	if err != nil {
		t.Fatal(err)
	}
	if err := Load(ctx, empty, o, recorded); !errors.Is(err, context.Canceled) {
		t.Errorf("after the context ends: %v", err)
	}
}

// TestDocuments holds the list of documents to what is embedded.
func TestDocuments(t *testing.T) {
	found, err := fs.Glob(files, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if want := slices.Sorted(slices.Values(documents[:])); !slices.Equal(found, want) {
		t.Errorf("embedded are %v, recorded %v", found, want)
	}
	names, err := fs.ReadFile(files, namesFile)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(names), "release "+display.CLDRVersion+",") {
		t.Errorf("%s names another release of CLDR than %s, which golang.org/x/text has", namesFile, display.CLDRVersion)
	}
}

func everyClaim(t *testing.T) []graph.Claim {
	t.Helper()
	batches, err := claims(ontology(t), func(string) (*schema.Class, bool) { return nil, false })
	if err != nil {
		t.Fatal(err)
	}
	return slices.Concat(batches...)
}
