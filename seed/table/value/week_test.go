package value_test

import (
	"strings"
	"testing"

	"chancery/seed/table/value"
)

func TestWeeks(t *testing.T) {
	for s, want := range map[string]string{
		"2019-W50":   "[2019-12-09..2019-12-15]",
		"2019-W50-4": "2019-12-12",
		"2019W504":   "2019-12-12",
		"2020-W53-7": "2021-01-03",
		"2018-W01-1": "2018-01-01",
		"2021-W01":   "[2021-01-04..2021-01-10]",
		"2019-W53":   "!2019 has no week 53",
		"9999-W52":   "!after the year 9999",
		"2019-W00":   "!2019 has no week 0",
		"2019-W50-8": "!unknown",
		"43811":      "!a spreadsheet's number for 2019-12-12",
		"19999":      "!more than one way",
	} {
		got, err := value.Date(s, "")
		if reason, refused := strings.CutPrefix(want, "!"); refused {
			if err == nil || !strings.Contains(err.Error(), reason) {
				t.Errorf("%s: %q, %v, want an error with %q", s, got, err, reason)
			}
		} else if err != nil || got != want {
			t.Errorf("%s: %q, %v, want %s", s, got, err, want)
		}
	}
}
