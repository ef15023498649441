package value_test

import (
	"slices"
	"strings"
	"testing"

	"chancery/graph/edtf"
	"chancery/seed/table/value"
)

func TestDate(t *testing.T) {
	for _, test := range []struct{ in, order, want string }{
		{"2010-12-02", "", "2010-12-02"},
		{"2010-12", "", "2010-12"},
		{"2010", "", "2010"},
		{"20100218", "", "2010-02-18"},
		{"20150218230000", "", "2015-02-18"},
		{"2015-02-18 23:00:00", "", "2015-02-18"},
		{"2015/2/8", "", "2015-02-08"},
		{"12 December 2019", "", "2019-12-12"},
		{"Spring 2022", "", "2022-21"},
		{"autumn 2021", "", "2021-23"},
		{"circa fall 1850", "", "1850-23~"},
		{"Summer 2022", "dmy", "2022-22"},
		{"Winter 2022", "dmy", "!two years"},
		{"3 spring 2022", "", "!no days"},
		{"spring", "", "!no year"},
		{"December 12, 2019", "", "2019-12-12"},
		{"12-Dec-2019", "", "2019-12-12"},
		{"Dec. 3rd, 2019", "", "2019-12-03"},
		{"Sept 2001", "", "2001-09"},
		{"April 2018", "", "2018-04"},
		{"since 30 June 2023", "", "2023-06-30"},
		{"circa 1850", "", "1850~"},
		{"ca. May 1850", "", "1850-05~"},
		{"1976?", "", "1976?"},
		{"1976-05-03~", "", "1976-05-03~"},
		{"1976-XX", "", "1976-XX"},
		{"1976-05..1976-08", "", "[1976-05..1976-08]"},
		{"[..2025-10-31]", "", "[..2025-10-31]"},
		{"03/04/2019", "dmy", "2019-04-03"},
		{"03/04/2019", "mdy", "2019-03-04"},
		{"2 November 2007", "dmy", "2007-11-02"},
		{"2007-11-02", "dmy", "2007-11-02"},
		{"c. 2016", "mdy", "2016~"},
		{"2016", "dmy", "2016"},
		{"31 February 2016", "dmy", "!day 31"},
		{"3.4.2019", "dmy", "2019-04-03"},
		{"03042019", "dmy", "2019-04-03"},
		{"201402", "ym", "2014-02"},
		{"2/2014", "my", "2014-02"},

		{"31/12/2019 23:00", "dmy", "2019-12-31"},
		{"20. Juni 2023", "", "2023-06-20"},
		{"20. Juni 2023", "dmy", "2023-06-20"},
		{"März 2014", "", "2014-03"},
		{"3. Dez. 2014", "", "2014-12-03"},
		{"seit 1. Jänner 2014", "", "2014-01-01"},
		{"1er août 2014", "", "2014-08-01"},
		{"le 3 février 2014", "", "2014-02-03"},
		{"5 de mayo de 2019", "", "2019-05-05"},
		{"5 maggio 2019", "", "2019-05-05"},
		{"5 de março de 2019", "", "2019-03-05"},
		{"5 mei 2019", "", "2019-05-05"},
		{"5 мая 2019 г.", "", "2019-05-05"},
		{"около 2019", "", "2019~"},

		{"03/04/2019 05/04/2019", "dmy", "!order dmy"},
		{"3.4.2019-5.4.2019", "dmy", "!order dmy"},
		{"31. April 2018", "", "!31"},
		{"3 de 2019", "", "!no month"},
		{"03/04/2019", "", "!more than one way"},
		{"201402", "", "!more than one way"},
		{"1976-06-31", "", "!31"},
		{"31 June 1976", "", "!31"},
		{"30 February 2001", "", "!30"},
		{"12 Decembr 2019", "", `!"Decembr" is unknown`},
		{"2010-13", "", "!13"},
		{"9999-999999", "", "!"},
		{"2010-XX-XX-", "", "!"},
		{"12 December", "", "!no year"},
		{"12 2019", "", "!"},
		{"0014-022005", "", "!"},
		{"31/04/2019", "mdy", "!no month 31"},
		{"", "", "!empty"},
		{"soon", "", "!"},
		{"03/04/19", "dmy", "!four figures"},
	} {
		got, err := value.Date(test.in, test.order)
		if err != nil {
			got = "!" + err.Error()
		}
		if want, bad := strings.CutPrefix(test.want, "!"); bad && (err == nil || !strings.Contains(got, want)) || !bad && got != test.want {
			t.Errorf("%q %s: got %s, want %s", test.in, test.order, got, test.want)
		}
	}
}

// TestRoughEnds has ends of a stretch that are dates, but no day, month or year.
func TestRoughEnds(t *testing.T) {
	for _, in := range []string{"12 May 2019 – ..", "1850~ – 1860", "1850–1860~", "12 May 2019 – 2022-21", "3 to 2019-W50", "[2019..2020] – 2021"} {
		if got, err := value.Dates(in, ""); err == nil || !strings.Contains(err.Error(), "no stretch of days") {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
}

func TestDates(t *testing.T) {
	for _, test := range []struct{ in, order, want string }{
		{"2018-05-03", "", "2018-05-03"},
		{"Mai 2018", "", "2018-05"},
		{"3.–5. Mai 2018", "", "2018-05-03 2018-05-05"},
		{"20.-21. Juni 2023", "", "2023-06-20 2023-06-21"},
		{"3–5 May 2018", "", "2018-05-03 2018-05-05"},
		{"May 3-5, 2018", "", "2018-05-03 2018-05-05"},
		{"May 30 – June 2, 2018", "", "2018-05-30 2018-06-02"},
		{"30. Juni – 2. Juli 2014", "", "2014-06-30 2014-07-02"},
		{"20. bis 22. Januar 2019", "dmy", "2019-01-20 2019-01-22"},
		{"28. Dezember 2019 – 2. Januar 2020", "", "2019-12-28 2020-01-02"},
		{"28 December to 2 January 2020", "", "2019-12-28 2020-01-02"},
		{"du 3 au 5 mai 2018", "", "2018-05-03 2018-05-05"},
		{"del 3 al 5 de mayo de 2018", "", "2018-05-03 2018-05-05"},
		{"с 3 по 5 мая 2018 года", "", "2018-05-03 2018-05-05"},
		{"May-June 2018", "", "2018-05 2018-06"},
		{"2018–2019", "", "2018 2019"},
		{"circa 2018 – 2019", "", "2018~ 2019"},
		{"2018-05-03/2018-05-05", "", "2018-05-03 2018-05-05"},
		{"2018-05-03 - 2018-05-05", "", "2018-05-03 2018-05-05"},
		{"3.5.–5.5.2018", "dmy", "2018-05-03 2018-05-05"},
		{"3.–5.5.2018", "dmy", "2018-05-03 2018-05-05"},
		{"3.5.2018-5.5.2018", "dmy", "2018-05-03 2018-05-05"},
		{"5/3/2018 - 5/5/2018", "mdy", "2018-05-03 2018-05-05"},
		{"[2018-05-03..2018-05-05]", "", "[2018-05-03..2018-05-05]"},

		{"2018-05-03/..", "", "2018-05-03 .."},
		{"../2018-05-03", "dmy", ".. 2018-05-03"},
		{"2018?/2019~", "dmy", "2018? 2019~"},
		{"2018-05-03/2018-06", "", "2018-05-03 2018-06"},
		{"2018-05-03/", "", "2018-05-03 "},
		{"Spring – Autumn 2022", "", "2022-21 2022-23"},
		{"Autumn – Spring 2022", "", "2021-23 2022-21"},
		{"December – January 2022", "", "2021-12 2022-01"},

		{"May/2018", "", "!one end has a year and no month"},
		{"May – 2018", "", "!one end has a year and no month"},
		{"May–2018", "", "!one end has a year and no month"},
		{"2018/May", "", "!one end has a year and no month"},
		{"12/May-2018", "", "!one end has a day and the other has none"},
		{"2018-05 - 06", "", "!one end has a day and the other has none"},
		{"May 2018 – 3 June 2018", "", "!one end has a day and the other has none"},
		{"Autumn – December 2022", "", "!one end is a season"},
		{"September – Spring 2022", "", "!one end is a season"},
		{"Autumn 2022 – December 2022", "", "!one end is a season"},
		{"Autumn 2022 – 2023", "", "!one end is a season"},
		{"Spring – 2022", "", "!one end has a year and no month"},
		{"5–3 May 2018", "", "!ends before it begins"},
		{"3–5 May", "", "!no year"},
		{"May – June", "", "!no year"},
		{"3–5 2018", "", "!"},
		{"29–31 April 2018", "", "!31"},
		{"3–5 Mui 2018", "", `!"Mui" is unknown`},
		{"3.5.–5.5.2018", "", "!"},
		{"3–5 and 7–9 May 2018", "", "!"},
		{"2018 – ", "", "!"},
		{"–", "", "!"},
		{"", "", "!empty"},
	} {
		ends, err := value.Dates(test.in, test.order)
		got := strings.Join(ends, " ")
		if err != nil {
			got = "!" + err.Error()
		}
		if want, bad := strings.CutPrefix(test.want, "!"); bad && (err == nil || !strings.Contains(got, want)) || !bad && got != test.want {
			t.Errorf("%q %s: got %s, want %s", test.in, test.order, got, test.want)
		}
	}
}

func TestTexts(t *testing.T) {
	for in, want := range map[string]string{
		"Côte d'Ivoire": "cote-divoire", "Citizen (India)": "citizen-india", "Łódź": "lodz", "A.K. Singh": "ak-singh",
		"München-Land": "munchen-land", "  a  b ": "a-b", "Oʻzbekiston": "ozbekiston",
	} {
		if got := value.Slug(in); got != want {
			t.Errorf("slug of %q is %q, want %q", in, got, want)
		}
	}
	if a, b := value.Slug("Казахстан"), value.Slug("Қазақстан"); a == b || !strings.HasPrefix(a, "~") {
		t.Errorf("slugs of other scripts: %q and %q", a, b)
	}
	for in, want := range map[string]string{
		"Kassym-Jomart TOKAYEV": "Kassym-Jomart Tokayev", "VAN-DÚNEM": "Van-Dúnem", "de la CRUZ": "de la Cruz", "A": "A",
	} {
		if got := value.Title(in); got != want {
			t.Errorf("title of %q is %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"KAZ": "KZ", "398": "KZ", "XKX": "XK", "UNK": "XK", "KZ": "KZ", "ZZZ": "ZZZ", "": ""} {
		if got := value.Alpha2(in); got != want {
			t.Errorf("alpha2 of %q is %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"867": "0867", "1991": "1991", "-500": "-0500", "19911": "", "x": "", "+1": "", "": ""} {
		if got, err := value.Year(in); got != want || (err == nil) != (want != "") {
			t.Errorf("year of %q is %q, %v", in, got, err)
		}
	}
	for in, want := range map[string]string{"1.50": "1.5", "-77.04": "-77.04", "1e3": "1000", "0x10": "", "1,5": "", "NaN": "", "": ""} {
		if got, err := value.Number(in, ""); got != want || (err == nil) != (want != "") {
			t.Errorf("number of %q is %q, %v", in, got, err)
		}
	}
	for in, want := range map[string]string{"80": "0.8", "12.5 %": "0.125", "100%": "1", "0": "0", "%": "", "80%%": "", "": ""} {
		if got, err := value.Percent(in); got != want || (err == nil) != (want != "") {
			t.Errorf("percent of %q is %q, %v", in, got, err)
		}
	}
}

// FuzzDate: whatever is read is EDTF, and is read again as itself.
func FuzzDate(f *testing.F) {
	for _, s := range []string{"2010-12-02", "12 December 2019", "since April 2018", "20100218", "1976-05..1976-08", "03/04/2019", "circa 1850", "[..2025]"} {
		for _, order := range append(value.Orders(), "") {
			f.Add(s, order)
		}
	}
	f.Fuzz(func(t *testing.T, s, order string) {
		if order != "" && !slices.Contains(value.Orders(), order) {
			return
		}
		got, err := value.Date(s, order)
		if err != nil {
			return
		}
		if _, err := edtf.Parse(got); err != nil {
			t.Errorf("%q %s gives %q: %v", s, order, got, err)
		}
		if again, err := value.Date(got, ""); again != got || err != nil {
			t.Errorf("%q gives %q, and that %q, %v", s, got, again, err)
		}
	})
}
