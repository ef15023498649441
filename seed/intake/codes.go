package intake

import "strings"

// renamed are codes of ISO 3166-1 that were withdrawn because a nation took another
// name: ISO 3166-3, where it says so. The nation is the same. Codes of states that
// broke up or joined are not here: the USSR is not Russia.
var renamed = map[string]string{
	alpha2 + ":BU": "MM", alpha3 + ":BUR": "MMR", // Burma
	alpha3 + ":BYS": "BLR",                        // Byelorussian SSR
	alpha2 + ":DY":  "BJ", alpha3 + ":DHY": "BEN", // Dahomey
	alpha2 + ":HV": "BF", alpha3 + ":HVO": "BFA", // Upper Volta
	alpha2 + ":NH": "VU", alpha3 + ":NHB": "VUT", // New Hebrides
	alpha2 + ":RH": "ZW", alpha3 + ":RHO": "ZWE", // Southern Rhodesia
	alpha3 + ":ROM": "ROU",                        // Romania, until 2002
	alpha2 + ":TP":  "TL", alpha3 + ":TMP": "TLS", // East Timor
	alpha2 + ":ZR": "CD", alpha3 + ":ZAR": "COD", // Zaire
}

const (
	alpha2  = "iso3166-1-alpha-2"
	alpha3  = "iso3166-1-alpha-3"
	numeric = "iso3166-1-numeric"
)

// today returns the identifier that stands for the same today.
func today(identifier string) string {
	scheme, _, _ := strings.Cut(identifier, ":")
	if code, ok := renamed[identifier]; ok {
		return scheme + ":" + code
	}
	return identifier
}

// makeshift reports whether a code was made up by whoever uses it: ISO 3166-1 keeps
// these free, and everybody has another for Kosovo. They find an entity, and they
// contradict no other code.
func makeshift(scheme, code string) bool {
	if len(code) < 2 {
		return false
	}
	two := code[:2]
	switch scheme {
	case alpha2, alpha3:
		return two == "AA" || two == "ZZ" || code[0] == 'X' || code[0] == 'Q' && code[1] >= 'M' || code == "UNK"
	case numeric:
		return code[0] == '9'
	}
	return false
}
