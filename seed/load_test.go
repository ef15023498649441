package seed

import (
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
	return texts(r.follow(r.o.Class(class).IRI, graph.Type, true))
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
	all := map[string]int{}
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
		got := r.of(class)
		r.want(class, got, strings.Fields(want)...)
		all[class] = len(got)
	}
	for _, c := range r.o.Classes {
		if c.Enum != "" && all[c.Name] == 0 && len(r.v.Name(0+must(r, c))) > 0 {
			r.want(c.Name, r.of(c.Name))
		}
	}
}
