package mappings_test

import (
	"bytes"
	"fmt"
	"testing"

	"chancery/seed/intake"
	"chancery/seed/mappings"
)

// rowsLike returns rows as ICEWS14 has them: 7,000 actors, 200 actions, a year of days.
func rowsLike(n int) []byte {
	var b bytes.Buffer
	b.WriteString("subject\trelation\tobject\tdate\tsplit\n")
	for i := range n {
		fmt.Fprintf(&b, "Citizen (Country %d)\tExpress intent to meet or negotiate %d\tPresident of Country %d\t2014-%02d-%02d\ttrain\n",
			i*7919%7001, i%199, i*104729%6997, i%12+1, i%28+1)
	}
	return b.Bytes()
}

// BenchmarkRead reads 100,000 rows like those of ICEWS14 to entries.
func BenchmarkRead(b *testing.B) {
	_, all := load(b)
	m := mappings.For(all, "icews14.tsv")
	const rows = 100_000
	data := rowsLike(rows)
	b.ReportAllocs()
	for b.Loop() {
		r := m.Open("icews14.tsv", bytes.NewReader(data))
		if err := r.Read(b.Context(), func(intake.Entry) error { return nil }, func(e intake.Rejection) error {
			return fmt.Errorf("%v: %s", e.Place, e.Reason)
		}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*rows/b.Elapsed().Seconds(), "rows/s")
}
