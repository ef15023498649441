package graph

import (
	"math/rand/v2"
	"testing"
	"time"
)

// TestPage packs random pages, writes to copies of them and packs these: each has what
// was put into it, and what was packed before stays as it is.
func TestPage(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	check := func(what string, p *page, want *[columnPage]entry) {
		t.Helper()
		for i, e := range want {
			if p.at(i) != e {
				t.Fatalf("%s: place %d has %v, want %v", what, i, p.at(i), e)
			}
		}
	}
	inLine, shared := 0, 0
	for range 300 {
		var want [columnPage]entry
		first, objects, gaps, others := uint32(random.IntN(2000))-1000, 1+random.IntN(2), random.IntN(2), random.IntN(3)
		own := (&page{numbers: &noNumbers}).unpacked()
		set := func(i int, e entry) {
			want[i] = e
			own.set(i, e)
		}
		for i := range columnPage {
			if gaps == 0 || random.IntN(4) > 0 {
				set(i, entry{uint32(1 + random.IntN(objects)), (first + uint32(i)) &^ severalBit})
			}
		}
		for range others * random.IntN(2) {
			i := random.IntN(columnPage)
			set(i, [...]entry{{}, unsure, {various, severalBit | 7}, {3, severalBit | 8}, {3, 99}}[random.IntN(5)])
		}
		alike := map[uint32]*[columnPage]uint32{}
		packed := own.packed(alike)
		check("packed", &packed, &want)
		if packed.claims == nil {
			inLine++
		}
		before := want
		own = packed.unpacked()
		check("unpacked", &own, &want)
		for range 3 * random.IntN(2) {
			set(random.IntN(columnPage), entry{uint32(random.IntN(5)) + 1, uint32(random.IntN(5))})
		}
		again := own.packed(alike)
		check("packed again", &again, &want)
		check("packed before", &packed, &before)
		if again.numbers == packed.numbers {
			shared++
		}
	}
	if inLine < 50 || shared < 3 {
		t.Errorf("%d pages keep no claims, %d share their numbers", inLine, shared)
	}
}
