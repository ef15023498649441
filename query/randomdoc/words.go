package randomdoc

import "time"

// What graphs and documents are made of. It is little, so that questions meet
// what there is.

var firstCommit = time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC)

var words = []string{"ana", "beq", "cor", "dun", "éva", "fox"}

// unheardOf is a relation that the ontology does not know.
const unheardOf = "kg:unheardOf"

// lost are ids that facts lead to and that never get a class.
var lost = []string{"lost/one", "lost/two"}

var names = []struct{ text, language string }{
	{"Almaty", "en"},
	{"Almaty", ""},
	{"ALMATY", "en-GB"},
	{"Алматы", "kk"},
	{"Алма-Ата", "ru"},
	{"Toʻqayev", "uz-Latn"},
	{"Тўқаев", "uz-Cyrl"},
	{"Tokayev", "uz"},
	{"Éva Čapek", "cs"},
	{"eva capek", "en"},
	{"阿拉木图", "zh"},
	{"ألماتي", "ar"},
	{"Straße", "de"},
	{"STRASSE", "de-CH"},
	{"ﬁnance", "en"},
	{"C5+1", ""},
	{"Иванов Ivanov", "ru"},
	{"№ 5", "ru"},
	{"თბილისი", "ka"},
	{"Алматы", "ru"},
}

var languages = []string{"en", "ru", "uz", "uz-Cyrl", "uz-Latn", "zh", "fr", "de", "EN-gb", "kk"}

// pieces are looked for in texts.
var pieces = []string{"al", "ALM", "алм", "á", "eva c", "strass", "fi", "拉", "", "zz", "ʻq"}

var identifiers = []struct{ scheme, value string }{
	{"iso3166-1-alpha-2", "KZ"},
	{"iso3166-1-alpha-2", "UZ"},
	{"iso3166-1-alpha-3", "KAZ"},
	{"iso3166-1-alpha-3", "UZB"},
	{"wikidata", "Q232"},
	{"wikidata", "Q1"},
}

// exact and rough are dates of facts; they lie close together, so that they meet.
var exact = []string{
	"2024-04-30", "2024-05-01", "2024-05-02", "2024-05-03", "2024-05-04", "2024-05-09", "2024-05-10", "2024-05-11",
	"2024-05-31", "2024-06-01", "2024-02-29",
}

var rough = []string{
	"2024-05", "2024-06", "2024", "2024-05~", "2024-05-02?", "2024%", "[2024-05-01..2024-05-10]", "[..2024-05-03]",
	"[2024-05-02,2024-05-04]", "[2024-05-10..]", "202X", "2024-22", "2024-05-XX", "-0100", "[2024-05-01..2024-05-03]",
	"[2024-05-02..2024-05-05]", "[2024-05-03..2024-05-09]",
}

// early are often starts, and late ends, so that most of what has both can have been.
var (
	early = []string{"2024-04-30", "2024-05-01", "2024-05-02", "2024-05-03", "2024-05", "[2024-05-01..2024-05-03]"}
	late  = []string{"2024-05-03", "2024-05-04", "2024-05-09", "2024-05-10", "2024-05", "[2024-05-03..2024-05-09]", "2024-06"}
)

// references are dates in filters: stretches too.
var references = append([]string{
	"2024-05-01/2024-05-10", "2024-05/2024-06", "2024-05-10/..", "../2024-05-10", "2024-05-01/", "/2024-06", "..",
	"2024-05~/2024-06-02", "2024-05-02/2024-05-03", "2024-05-01/2024-05-03", "2024-05-03/2024-05-04",
}, append(exact, rough...)...)

var validTimes = []string{"2024-05", "2024", "2024-05-01/2024-05-31", "../2024-05-10", "2024-05-10/..", "2024-05~", "2023"}

var durations = []string{"P1D", "P2D", "P3D", "P7D", "P30D", "P2W", "P1M", "P1Y", "P1M1D"}

var someDays = []string{"2024-05-01", "2024-05-10", "2024-05-31", "2024-07-01", "2023-06-01", "2024-04-01"}
