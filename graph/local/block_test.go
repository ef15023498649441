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
