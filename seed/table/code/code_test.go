package code_test

import (
	"strings"
	"testing"

	"chancery/seed/table/code"
)

func TestSchemes(t *testing.T) {
	for _, name := range code.Names() {
		s, ok := code.Find(name)
		if !ok || s.Name != name || s.Title == "" {
			t.Errorf("%s: %+v", name, s)
		}
		if err := s.Check(s.Example); err != nil {
			t.Error(err)
		}
		for _, bad := range []string{"", s.Example + " ", "é" + s.Example} {
			if err := s.Check(bad); err == nil || !strings.Contains(err.Error(), s.Example) {
				t.Errorf("%s takes %q: %v", name, bad, err)
			}
		}
	}
	if _, ok := code.Find("none-such"); ok {
		t.Error("a scheme that there is not is found")
	}
	for scheme, bad := range map[string]string{"iso3166-1-alpha-2": "KAZ", "iso3166-1-alpha-3": "kaz", "bioguide": "M01243", "wikidata": "232", "cameo": "4"} {
		if s, _ := code.Find(scheme); s.Matches(bad) {
			t.Errorf("%s takes %s", scheme, bad)
		}
	}
}
