package edtf

import "testing"

// The data: a line each of what sources give, and what filters ask of it.

func BenchmarkParse(b *testing.B) {
	for _, s := range []string{"2025", "2025-11-06", "2025-09~", "2025-11-06T10:00:00-05:00", "2025-10-20/2025-11-06", "[..2025-10-31]"} {
		b.Run(s, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkHolds(b *testing.B) {
	letter, visit, tenure := someWithin(20_300, 20_330), Stretch{Range{20_320, 20_325}, Range{20_326, 20_328}}, Stretch{Range{19_000, 19_365}, Range{19_000, Future}}
	for _, q := range []struct {
		name     string
		question question
	}{
		{"day-in", question{stretches: []Stretch{letter, visit}, conditions: []condition{{y: 1, ofDay: true, day: DayIn}}}},
		{"before-30-days", question{stretches: []Stretch{letter, visit}, conditions: []condition{{y: 1, relation: Before, within: Duration{Days: 30}}}}},
		{"before-1-month", question{stretches: []Stretch{letter, visit}, conditions: []condition{{y: 1, relation: Before, within: Duration{Months: 1}}}}},
		{"three-share", question{stretches: []Stretch{letter, visit, tenure}, conditions: []condition{
			{y: 2, relation: During}, {x: 1, y: 2, relation: During}, {y: 1, relation: Before}, {x: 0, y: 1, relation: Before, within: Duration{Days: 30}},
		}}},
	} {
		for c := Definite; c <= Possible; c++ {
			b.Run(q.name+"/"+c.String(), func(b *testing.B) {
				b.ReportAllocs()
				var r Readings
				for b.Loop() {
					q.question.ask(&r, c)
				}
			})
		}
	}
}
