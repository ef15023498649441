package local

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// randomRows returns ascending rows of ids like those of claims.
func randomRows(rng *rand.Rand, n int) []row {
	rows := make([]row, 0, n)
	spread := uint64(1) << rng.IntN(40)
	shape := rng.IntN(4)
	for i := range n {
		var r row
		for part := range r {
			r[part] = uint64(1+rng.IntN(6))<<60 | rng.Uint64N(spread+1)
		}
		switch shape {
		case 0:
			r[1] = 1<<60 | uint64(rng.IntN(5))
			r[3] = r[0] + 5
		case 1:
			r[0], r[1], r[2] = 1<<60|uint64(i/7), 1<<60|uint64(rng.IntN(3)), 5<<60|uint64(rng.IntN(100))<<32
			r[3] = 2<<60 | uint64(i/7)
		case 2:
			r[1] = 1<<60 | uint64(i%4)
			r[2] = uint64(i%4+1)<<60 | rng.Uint64N(1<<(4*(i%4))+1)
			r[0], r[3] = r[1]+spread*uint64(i%2), 2<<60|rng.Uint64N(5)
		}
		rows = append(rows, r)
	}
	sortRows(rows)
	return slices.Compact(rows)
}

func TestDeltaIsSortedInEveryOrder(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	for range 50 {
		rows := randomRows(rng, 1+rng.IntN(3*aside))
		d := newDelta(slices.Clone(rows))
		for o := range orderCount {
			want := make([]row, len(rows))
			for i := range rows {
				want[i] = o.row(spol.quad(&rows[i]))
			}
			slices.SortFunc(want, compareRows)
			if !slices.Equal(d.in(o), want) {
				t.Fatalf("%d rows are not in the order %v", len(rows), o)
			}
		}
	}
}

func TestBlocksGiveBackTheirRows(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	kinds := map[uint8]int{}
	for range 6000 {
		o := order(rng.IntN(int(orderCount)))
		rows := randomRows(rng, 1+rng.IntN(1+rng.IntN(blockRows)))
		if !slices.IsSortedFunc(rows, compareRows) {
			t.Fatal("sortRows does not sort")
		}
		e := encoder{order: o}
		var parts columns
		for _, r := range rows {
			for j, v := range r {
				parts[j] = append(parts[j], v)
			}
		}
		data := e.encode(nil, &parts)
		length := len(data)
		data = append(data, make([]byte, slack)...)
		if err := verifyBlock(o, data, length); err != nil {
			t.Fatal(err)
		}
		var b block
		parseBlock(&b, o, data)
		if b.n != len(rows) {
			t.Fatalf("%d rows, want %d", b.n, len(rows))
		}
		lo := rng.IntN(b.n)
		var all columns
		for j := range all {
			all[j] = make([]uint64, b.n-lo)
		}
		b.decodeAll(lo, &all)
		out := make([]uint64, b.n-lo)
		for j := range 4 {
			kinds[b.columns[j].kind]++
			b.decode(j, lo, out)
			for i, v := range out {
				if want := rows[lo+i][j]; v != want || all[j][i] != want || b.get(j, lo+i) != want {
					t.Fatalf("%v row %d part %d: %x decoded, %x got, want %x", o, lo+i, j, v, b.get(j, lo+i), want)
				}
			}
		}
	}
	if len(kinds) != columnKinds {
		t.Errorf("only these kinds of column came up: %v", kinds)
	}
}

// TestSearchInPlace looks for rows, and for what lies between them, in a block
// and in its rows.
func TestSearchInPlace(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	for range 1500 {
		o := order(rng.IntN(int(orderCount)))
		rows := randomRows(rng, 1+rng.IntN(1+rng.IntN(blockRows)))
		var parts columns
		for _, r := range rows {
			for j, v := range r {
				parts[j] = append(parts[j], v)
			}
		}
		e := encoder{order: o}
		var b block
		parseBlock(&b, o, append(e.encode(nil, &parts), make([]byte, slack)...))
		for range 40 {
			key := rows[rng.IntN(len(rows))]
			switch rng.IntN(4) {
			case 0:
				key = rows[rng.IntN(len(rows))]
				key[rng.IntN(4)] += uint64(rng.IntN(3)) - 1
			case 1:
				key[rng.IntN(4)] = rng.Uint64()
			case 2:
				key = row{1<<64 - 1}
			}
			for n := 1; n <= 4; n++ {
				want := 0
				for want < len(rows) && compareRows(leading(rows[want], n), leading(key, n)) < 0 {
					want++
				}
				if got := b.search(&key, n); got != want {
					t.Fatalf("%v: the first %d parts of %x are found at %d, want %d", o, n, key, got, want)
				}
			}
		}
	}
}

// leading is the row's first parts, and zeros.
func leading(r row, n int) row {
	clear(r[n:])
	return r
}
