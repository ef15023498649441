// Package code knows the syntax of the code systems that data about nations and
// people use. Each is a scheme of its own: GEC's AG is Algeria, ISO's AG is
// Antigua and Barbuda.
package code

import (
	"fmt"
	"regexp"
)

// Scheme is one code system.
type Scheme struct {
	Name    string // as identifiers have it: iso3166-1-alpha-2
	Title   string
	Example string
	form    *regexp.Regexp
}

var schemes = func() map[string]Scheme {
	all := map[string]Scheme{}
	for _, s := range []struct{ name, title, example, form string }{
		{"iso3166-1-alpha-2", "ISO 3166-1, two letters", "KZ", `[A-Z]{2}`},
		{"iso3166-1-alpha-3", "ISO 3166-1, three letters", "KAZ", `[A-Z]{3}`},
		{"iso3166-1-numeric", "ISO 3166-1, three digits", "398", `[0-9]{3}`},
		{"iso3166-2", "ISO 3166-2, subdivisions", "US-WA", `[A-Z]{2}-[A-Z0-9]{1,3}`},
		{"gec", "GEC, once FIPS 10-4", "KZ", `[A-Z0-9]{2}`},
		{"ioc", "International Olympic Committee", "KAZ", `[A-Z]{3}`},
		{"cow", "Correlates of War, number", "705", `[0-9]{1,3}`},
		{"cow-abbreviation", "Correlates of War, letters", "KZK", `[A-Z]{3}`},
		{"cameo-country", "CAMEO, countries and regions", "KAZ", `[A-Z]{3}`},
		{"cameo-group", "CAMEO, known groups", "UNO", `[A-Z]{3}`},
		{"cameo-actor", "CAMEO, whole codes of actors", "USAGOV", `([A-Z]{3}|[a-z]{3}){1,6}`},
		{"cameo", "CAMEO, actions", "042", `[0-9]{2,4}`},
		{"bioguide", "Biographical Directory of the US Congress", "M001243", `[A-Z][0-9]{6}`},
		{"congress-committee", "committees of the US Congress", "SSFR07", `[HSJ][A-Z]{3}[0-9]{0,2}`},
		{"lis", "US Senate's Legislative Information System", "S275", `S[0-9]{3}`},
		{"govtrack", "GovTrack", "300018", `[0-9]{6}`},
		{"wikidata", "Wikidata", "Q232", `[QPL][1-9][0-9]*`},
		{"geonames", "GeoNames", "1522867", `[1-9][0-9]*`},
		{"un-document", "United Nations documents", "A/RES/63/242", `[A-Z]+(/[A-Za-z0-9.\-]+)+`},
		{"hsg", "history.state.gov, nations", "kazakhstan", `[A-Za-z0-9\-]+`},
		{"hsg-territory", "history.state.gov, territories", "ussr", `[A-Za-z0-9\-]+`},
		{"orcid", "ORCID", "0000-0002-1825-0097", `[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]`},
		{"lei", "Legal Entity Identifier", "5493001KJTIIGC8Y1R12", `[A-Z0-9]{18}[0-9]{2}`},
	} {
		all[s.name] = Scheme{s.name, s.title, s.example, regexp.MustCompile("^(?:" + s.form + ")$")}
	}
	return all
}()

// Find returns the scheme of a name. Schemes that it does not know are allowed in
// claims: their entries may be any text.
func Find(name string) (Scheme, bool) {
	s, ok := schemes[name]
	return s, ok
}

// Names lists the schemes known here, in no order.
func Names() []string {
	var all []string
	for name := range schemes {
		all = append(all, name)
	}
	return all
}

// Matches reports whether a text has the form of the scheme's codes.
func (s Scheme) Matches(text string) bool { return s.form.MatchString(text) }

// Check refuses what does not have the form of the scheme's codes.
func (s Scheme) Check(text string) error {
	if s.Matches(text) {
		return nil
	}
	return fmt.Errorf("%q is no code of %s (%s), which are written as in %s", text, s.Name, s.Title, s.Example)
}
