package seed

import (
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"chancery/graph"
)

// namesFile is the document of the source whose claims cldrNames makes.
const namesFile = "unicode-cldr.yaml"

// isoAlpha2 is the datatype of the identifier that nations are found by in CLDR.
const isoAlpha2 = graph.Scheme + "iso3166-1-alpha-2"

// cldrNames returns a claim for each nation of the claims given that has an ISO
// code, with its usual name in every language that golang.org/x/text brings from
// CLDR. Regional varieties of a language are left out, its scripts are not.
func cldrNames(source string, before [][]graph.Claim) []graph.Claim {
	var claims []graph.Claim
	for _, batch := range before {
		for _, c := range batch {
			for _, f := range c.Facts {
				if f.Predicate != graph.Notation || f.Object.Datatype != isoAlpha2 {
					continue
				}
				region, err := language.ParseRegion(f.Object.Text)
				if err != nil {
					continue // a code of ISO's that CLDR does not have
				}
				claims = append(claims, graph.Claim{
					ID:         "claim/" + slugOf(source) + "/" + slugOf(f.Subject),
					Source:     source,
					Locator:    "territory " + region.String(),
					Status:     graph.Reported,
					RecordedBy: recordedBy,
					Facts:      namesOf(f.Subject, region),
				})
			}
		}
	}
	return claims
}

// namesOf lists a nation's names in the order of CLDR's languages.
func namesOf(nation string, region language.Region) []graph.Fact {
	var facts []graph.Fact
	for _, tag := range display.Supported.Tags() {
		if _, _, r := tag.Raw(); r.String() != "ZZ" {
			continue
		}
		namer := display.Regions(tag)
		if namer == nil {
			continue // a language that CLDR names regions in by inheritance only
		}
		if name := namer.Name(region); name != "" {
			facts = append(facts, graph.Fact{
				Subject: nation, Predicate: graph.PreferredName, Object: graph.TextIn(name, tag.String()),
			})
		}
	}
	return facts
}
