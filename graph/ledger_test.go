package graph

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"chancery/graph/edtf"
)

// TestLedger writes records of random claims, edit after edit, and holds each ledger that
// this makes, and what a store keeps of it, to a plain list of the same records.
func TestLedger(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	const claims = 3*chunkSize + 57
	var of [claims]Record
	l, count := (&ledger{}).edit().seal(), 0
	check := func(l *ledger, of [claims]Record, count int) {
		t.Helper()
		sameRecords(t, l, of[:], count)
		sameRecords(t, kept(t, l), of[:], count)
	}
	check(l, of, 0)
	for round := range 40 {
		before, was, wasCount := l, of, count
		edit := l.edit()
		for range random.IntN(chunkSize) {
			// Some chunks stay whole, of one kind each, until others come into them.
			seq := random.IntN(min(claims, max(count, 1)+2*chunkSize))
			r := Record{Exists: true, Source: InSpace(Nodes, uint64(random.IntN(1+round/4))), RecordedAt: int64(round), Confidence: 1, Status: Reported}
			switch random.IntN(20) {
			case 0:
				r = Record{} // erased
			case 1:
				r.RetractedAt = int64(round)
			case 2:
				r.HasValidTime = true
				r.Valid.First = edtf.Day(seq)
			}
			for range 1 + random.IntN(2)*chunkSize {
				if seq == claims {
					break
				}
				*edit.slot(InSpace(Claims, uint64(seq))) = r
				of[seq] = r
				seq++
				count = max(count, seq)
			}
		}
		l = edit.seal()
		check(l, of, count)
		check(before, was, wasCount)
	}
	edit := l.edit()
	for seq := range claims {
		*edit.slot(InSpace(Claims, uint64(seq))) = Record{Exists: true, RecordedAt: int64(seq)}
		of[seq] = Record{Exists: true, RecordedAt: int64(seq)}
	}
	check(edit.seal(), of, claims)
}

func sameRecords(t *testing.T, l *ledger, of []Record, count int) {
	t.Helper()
	if l.count != count {
		t.Fatalf("%d claims, want %d", l.count, count)
	}
	met := func(r *Record) bool { return r.RetractedAt == 0 && r.RecordedAt%2 == 0 }
	var all, want, those []ID
	for seq := range of {
		id := InSpace(Claims, uint64(seq))
		if *l.at(id) != of[seq] {
			t.Fatalf("claim %d: %+v, want %+v", seq, *l.at(id), of[seq])
		}
		if of[seq].Exists {
			if want = append(want, id); met(&of[seq]) {
				those = append(those, id)
			}
		}
	}
	l.all(func(claim ID, r *Record) bool {
		if *r != of[claim.Sequence()] {
			t.Fatalf("claim %d: all yields %+v", claim.Sequence(), *r)
		}
		all = append(all, claim)
		return true
	})
	if !slices.Equal(all, want) {
		t.Fatalf("all yields %v, want %v", all, want)
	}
	if got := slices.Collect(l.those(met).All); !slices.Equal(got, those) {
		t.Fatalf("those are %v, want %v", got, those)
	}
}

// kept returns the ledger that is read from what a store keeps of it.
func kept(t *testing.T, l *ledger) *ledger {
	t.Helper()
	var k keeper
	if err := k.Keep(t.Context(), keptLedger, 0, (&state{ledger: l, times: []int64{7, 9}}).writeKept); err != nil {
		t.Fatal(err)
	}
	for cut := range 20 {
		if _, _, _, ok := readKept(&keeper{data: k.data[:len(k.data)-1-cut]}, noQuads{}); ok {
			t.Fatalf("a kept ledger is read that lacks its last %d bytes", cut+1)
		}
	}
	read, times, _, ok := readKept(&k, noQuads{})
	if !ok || !slices.Equal(times, []int64{7, 9}) {
		t.Fatalf("read %v, times %v", ok, times)
	}
	return read
}

// keeper is a store that keeps one thing and has no quads.
type keeper struct {
	Store
	data []byte
}

func (k *keeper) Keep(_ context.Context, _ string, _ uint64, write func(io.Writer) error) error {
	var b bytes.Buffer
	err := write(&b)
	k.data = b.Bytes()
	return err
}

func (k *keeper) Kept(string) (data []byte, commit uint64, ok bool) { return k.data, 0, true }

type noQuads struct{ Snapshot }

func (noQuads) Commit() uint64 { return 0 }
