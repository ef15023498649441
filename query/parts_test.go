package query

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
)

func TestInParts(t *testing.T) {
	for helping := range 4 {
		for _, n := range []int{0, 1, 99, 100, 199, 200, 1000} {
			h := newHelpers(helping, 100)
			var mu sync.Mutex
			var parts [][2]int
			err := h.inParts(n, func(from, to int) error {
				mu.Lock()
				defer mu.Unlock()
				parts = append(parts, [2]int{from, to})
				return nil
			})
			if err != nil || len(h.tokens) > 0 {
				t.Fatal(err, len(h.tokens))
			}
			slices.SortFunc(parts, func(a, b [2]int) int { return a[0] - b[0] })
			if want := max(min(n/100, helping+1), 1); len(parts) != want {
				t.Errorf("%d helpers, %d elements: %v, want %d parts", helping, n, parts, want)
			}
			at := 0
			for _, p := range parts {
				if p[0] != at || len(parts) > 1 && p[1]-p[0] < 100 {
					t.Errorf("%d helpers, %d elements: %v", helping, n, parts)
				}
				at = p[1]
			}
			if at != n {
				t.Errorf("%d helpers, %d elements: %v", helping, n, parts)
			}
		}
	}
}

// TestInPartsShared has many at once ask for few helpers: no more are ever at work, and
// none is left behind, whether a part fails or panics.
func TestInPartsShared(t *testing.T) {
	const callers, helping = 16, 3
	h := newHelpers(helping, 100)
	var working, most atomic.Int64
	var all sync.WaitGroup
	for caller := range callers {
		all.Go(func() {
			for round := range 200 {
				var done atomic.Int64
				fails, panics := round%7 == 3, round%7 == 5
				func() {
					defer func() {
						if p := recover(); (p != nil) != panics {
							t.Errorf("caller %d: panic %v", caller, p)
						}
					}()
					err := h.inParts(1000, func(from, to int) error {
						now := working.Add(1)
						defer working.Add(-1)
						for m := most.Load(); now > m && !most.CompareAndSwap(m, now); m = most.Load() {
						}
						done.Add(int64(to - from))
						switch {
						case fails && to == 1000:
							return fmt.Errorf("part %d: %w", from, errLast)
						case panics && to == 1000:
							panic("the last part")
						}
						return nil
					})
					if errors.Is(err, errLast) != fails {
						t.Errorf("caller %d: %v", caller, err)
					}
				}()
				if done.Load() != 1000 {
					t.Errorf("caller %d: %d of 1000 were done when it returned", caller, done.Load())
				}
			}
		})
	}
	all.Wait()
	if len(h.tokens) > 0 || working.Load() > 0 || most.Load() > callers+helping {
		t.Errorf("%d tokens are taken, %d parts at work, %d at most", len(h.tokens), working.Load(), most.Load())
	}
}

var errLast = errors.New("the last part fails")
