package query

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestGroupingOfManyKeys groups by more keys than fit into one id, of nodes that
// have one value of each and of nodes that have several, and holds the counts to
// those of a map.
func TestGroupingOfManyKeys(t *testing.T) {
	const keys, values, nodes = 8, 1000, 300
	for _, most := range []int{1, 2} {
		rng := rand.New(rand.NewPCG(5, uint64(most)))
		by := make([]*keyValues, keys)
		for k := range by {
			by[k] = &keyValues{texts: make([]string, values)}
			for range nodes {
				begin := len(by[k].all)
				for range 1 + rng.IntN(most) {
					// Two of many values, so that groups have several nodes.
					by[k].all = append(by[k].all, uint32(values-1-rng.IntN(2)))
				}
				by[k].end(begin)
			}
			if most == 1 {
				by[k].ends = nil
			}
		}
		want := map[string]int{}
		var combine func(node, k int, so string)
		combine = func(node, k int, so string) {
			if k == keys {
				want[so]++
				return
			}
			for _, n := range by[k].of(node) {
				combine(node, k+1, so+fmt.Sprint(n, " "))
			}
		}
		g := newGrouping(by)
		if len(g.parts) < 2 {
			t.Fatalf("%d keys of %d values are numbered in one part", keys, values)
		}
		for round := range 2 { // the second must not see the first
			g.begin()
			for node := range nodes {
				g.add(node)
				if round == 0 {
					combine(node, 0, "")
				}
			}
			got := map[string]int{}
			for i := range g.groups.all {
				so := ""
				for _, n := range g.keysOf(i) {
					so += fmt.Sprint(n, " ")
				}
				got[so] += g.groups.all[i].count
			}
			if len(got) != len(g.groups.all) || len(got) != len(want) {
				t.Fatalf("%d groups, %d of them different, want %d", len(g.groups.all), len(got), len(want))
			}
			for so, n := range want {
				if got[so] != n {
					t.Fatalf("group %s counts %d, want %d", so, got[so], n)
				}
			}
		}
	}
}

func TestFirstOf(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	for range 2000 {
		list := make([]int, rng.IntN(40))
		for i := range list {
			list[i] = i*8 + rng.IntN(3) // the last three bits are a key
		}
		rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		n := rng.IntN(12)
		sorted := slices.Sorted(slices.Values(list))
		got := slices.Sorted(slices.Values(firstOf(slices.Clone(list), n, cmp.Compare[int])))
		if want := sorted[:min(n, len(sorted))]; !slices.Equal(got, want) {
			t.Fatalf("the first %d of %v are %v, want %v", n, list, got, want)
		}
		key := func(i int) uint32 { return uint32(i % 8) }
		per := map[uint32]int{}
		want := slices.DeleteFunc(sorted, func(i int) bool { per[key(i)]++; return per[key(i)] > n })
		if got := slices.Sorted(slices.Values(firstOfEach(list, n, key, cmp.Compare[int]))); !slices.Equal(got, want) {
			t.Fatalf("the first %d of each are %v, want %v", n, got, want)
		}
	}
}
