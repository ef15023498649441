package generate

import "testing"

func TestFirstSentence(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "",
		"When it starts.":              "When it starts.",
		"When it starts. Null if not.": "When it starts.",
		"How it is cited: `Pub. L. 93-618`. Null if not.": "How it is cited: `Pub. L. 93-618`.",
		"A number,\nsuch as 1.5, of things.\nMore.":       "A number, such as 1.5, of things.",
		"No full stop": "No full stop",
	} {
		if got := firstSentence(text); got != want {
			t.Errorf("firstSentence(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	for name, want := range map[string][3]string{
		"visit":      {"visits", "visit", "VISIT"},
		"party":      {"parties", "party", "PARTY"},
		"survey":     {"surveys", "survey", "SURVEY"},
		"tradeRoute": {"tradeRoutes", "trade route", "TRADE_ROUTE"},
		"isoAlpha2":  {"isoAlpha2s", "iso alpha2", "ISO_ALPHA2"},
	} {
		if got := [3]string{pluralOf(name), words(name), upperSnake(name)}; got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if got := article("event") + ", " + article("visit"); got != "an event, a visit" {
		t.Error(got)
	}
}
