package recent_test

import (
	"strings"
	"testing"

	"chancery/seed/recent"
)

// TestSlots: a text has one slot, the empty one too, and many texts have many.
func TestSlots(t *testing.T) {
	slots := make(recent.Slots[int], 64)
	if empty := slots.Of(""); empty != slots.Of(strings.Repeat("x", 0)) {
		t.Error("the empty text has two slots")
	}
	text := strings.Repeat("some text, ", 1000)
	used := map[*int]bool{}
	for from := range len(text) {
		slot := slots.Of(text[from:])
		if slot != slots.Of(text[from:]) {
			t.Fatalf("the text from %d has two slots", from)
		}
		used[slot] = true
	}
	if len(used) < len(slots)/2 {
		t.Errorf("%d texts have %d of %d slots", len(text), len(used), len(slots))
	}
}
