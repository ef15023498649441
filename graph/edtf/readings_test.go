package edtf

import (
	"math/rand/v2"
	"testing"
)

// line is how many days the tests of every reading have.
const line = 12

// TestAllenRelationsPartition: of any two stretches just one of the thirteen
// holds, and Intersects where none of before, after, meets, metBy does.
func TestAllenRelationsPartition(t *testing.T) {
	var r Readings
	stretches := exactStretches(line)
	for _, x := range stretches {
		for _, y := range stretches {
			held, apart := 0, false
			for rel := Before; rel <= Intersects; rel++ {
				q := question{stretches: []Stretch{x, y}, conditions: []condition{{y: 1, relation: rel}}}
				got := q.ask(&r, Definite)
				want := relates(exact{x.Start.Min, x.End.Min}, rel, exact{y.Start.Min, y.End.Min})
				if got != want || q.ask(&r, Possible) != want {
					t.Fatalf("%t, want %t:%v", got, want, q)
				}
				switch {
				case rel == Intersects:
					if got == apart {
						t.Fatalf("intersects is %t:%v", got, q)
					}
				case got:
					held++
					apart = rel <= MetBy
				}
			}
			if held != 1 {
				t.Fatalf("%d of Allen's relations hold of %+v and %+v", held, x, y)
			}
		}
	}
}

// TestEveryRoughPair asks every relation, without and with a length, of every two
// rough stretches of a short line, those without a reading included.
func TestEveryRoughPair(t *testing.T) {
	var r Readings
	ranges := ranges(4)
	for _, a := range ranges {
		for _, b := range ranges {
			for _, c := range ranges {
				for _, d := range ranges {
					q := question{stretches: []Stretch{{a, b}, {c, d}}}
					check(t, &r, q)
					for _, c := range everyCondition {
						q.conditions = []condition{c}
						check(t, &r, q)
					}
				}
			}
		}
	}
}

// everyCondition has each condition on two variables, with each length that
// matters on a short line.
var everyCondition = func() (all []condition) {
	for rel := Before; rel <= Intersects; rel++ {
		all = append(all, condition{y: 1, relation: rel})
	}
	for p := StartPoint; p <= EndPoint; p++ {
		for rel := DayBefore; rel <= DayIn; rel++ {
			all = append(all, condition{y: 1, ofDay: true, point: p, day: rel})
		}
		for days := 1; days <= 2; days++ {
			all = append(all,
				condition{y: 1, ofDay: true, point: p, day: DayBefore, within: Duration{Days: days}},
				condition{y: 1, ofDay: true, point: p, day: DayAfter, within: Duration{Days: days}})
		}
	}
	for days := 1; days <= 3; days++ {
		all = append(all, condition{y: 1, relation: Before, within: Duration{Days: days}},
			condition{y: 1, relation: After, within: Duration{Days: days}})
	}
	return all
}()

// TestRandomQuestions asks several conditions at once, which share readings, on
// stretches and their points, and compares with the trial of every reading.
func TestRandomQuestions(t *testing.T) {
	rng := newRand(t)
	var r Readings
	answers := map[[2]bool]int{}
	for range 20_000 {
		q := question{}
		for range 1 + rng.IntN(3) {
			q.stretches = append(q.stretches, roughStretch(rng, line, 7))
		}
		for range rng.IntN(3) {
			q.points = append(q.points, pointOf{rng.IntN(len(q.stretches)), Point(rng.IntN(2))})
		}
		for range max(1, rng.IntN(4)) {
			q.conditions = append(q.conditions, randomCondition(rng, len(q.stretches)+len(q.points), func() Duration {
				return Duration{Days: 1 + rng.IntN(line/2)}
			}))
		}
		answers[check(t, &r, q)]++
	}
	t.Logf("answers (definite, possible): %v", answers)
	// Definite without Possible there cannot be; the others are all well tried.
	for _, a := range [][2]bool{{true, true}, {false, true}, {false, false}} {
		if answers[a] < 300 {
			t.Errorf("answer %v came up only %d times in %v", a, answers[a], answers)
		}
	}
}

// TestRandomCalendarLengths does the same with lengths in months and years, on
// days around the end of a February.
func TestRandomCalendarLengths(t *testing.T) {
	rng := newRand(t)
	lengths := []Duration{{Months: 1}, {Months: 1, Days: 1}, {Months: 2}, {Years: 1}, {Years: 1, Months: 11, Days: 20}, {Days: 45}}
	februaries := []Day{day(t, "2024-02-10"), day(t, "2025-02-10"), day(t, "2025-01-10")}
	var r Readings
	answers := map[[2]bool]int{}
	for range 1000 {
		q := question{}
		length := lengths[rng.IntN(len(lengths))]
		origin := februaries[rng.IntN(len(februaries))]
		for range 2 + rng.IntN(2) {
			at := origin
			if rng.IntN(2) == 0 {
				at = origin.Add(length) - 10
			}
			s := roughStretch(rng, 40, 10)
			for _, d := range []*Day{&s.Start.Min, &s.Start.Max, &s.End.Min, &s.End.Max} {
				*d += at
			}
			q.stretches = append(q.stretches, s)
		}
		for range 1 + rng.IntN(2) {
			q.conditions = append(q.conditions, randomCondition(rng, len(q.stretches), func() Duration { return length }))
		}
		answers[check(t, &r, q)]++
	}
	t.Logf("answers (definite, possible): %v", answers)
	if answers[[2]bool{false, true}] < 25 {
		t.Errorf("too few of the questions are open: %v", answers)
	}
}

// TestLongChain: days one after the other, the last within a length of the first,
// where the length is that long at some dates only. 31 days need a first day in a
// month of 31, so the search goes on from February until there; 366 need a leap
// day, for which it goes on from 2096 to 2103.
func TestLongChain(t *testing.T) {
	for _, c := range []struct {
		from, to string
		days     int
		length   Duration
		want     bool
	}{
		{"2025-02-01", "2025-12-31", 28, Duration{Months: 1}, true},
		{"2025-02-01", "2025-12-31", 31, Duration{Months: 1}, true},
		{"2025-02-01", "2025-03-31", 31, Duration{Months: 1}, false},
		{"2025-02-01", "2025-12-31", 32, Duration{Months: 1}, false},
		{"2096-03-01", "2105-12-31", 366, Duration{Years: 1}, true},
		{"2096-03-01", "2103-12-31", 366, Duration{Years: 1}, false},
	} {
		days := Range{day(t, c.from), day(t, c.to)}
		var r Readings
		first := r.Stretch(Stretch{days, days})
		last := first
		for range c.days {
			next := r.Stretch(Stretch{days, days})
			r.RelateDay(next, StartPoint, DayAfter, r.Point(last, StartPoint), Duration{})
			last = next
		}
		r.RelateDay(last, StartPoint, DayAfter, r.Point(first, StartPoint), c.length)
		if got := r.Holds(Possible); got != c.want {
			t.Errorf("a chain of %d days within %+v, %s to %s: %t", c.days, c.length, c.from, c.to, got)
		}
		if r.Holds(Definite) {
			t.Errorf("a chain of %d days is definite", c.days)
		}
	}
}

// TestOpenEnds holds what Past and Future mean.
func TestOpenEnds(t *testing.T) {
	stretch := func(s string) Stretch {
		d, err := Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		return d.Stretch()
	}
	days, month := Duration{Days: 30}, Duration{Months: 1}
	const no, maybe, yes = "no", "maybe", "yes"
	for _, c := range []struct {
		x, y string
		c    condition
		want string
	}{
		{"2025/..", "2020/..", condition{relation: Finishes}, yes},
		{"2025/..", "2025/..", condition{relation: Equals}, yes},
		{"2025/", "2025/..", condition{relation: Equals}, maybe},
		{"2025/", "2025/..", condition{relation: Starts}, maybe},
		{"../2025", "..", condition{relation: Starts}, yes},
		{"2025/..", "2025/", condition{relation: After}, no},
		{"2030", "2025/..", condition{relation: After}, no},
		{"2030", "2025/", condition{relation: After}, maybe},
		{"2030", "2025/..", condition{relation: During}, yes},
		{"2020", "../2025", condition{relation: During}, yes},
		{"..", "2025", condition{relation: Contains}, yes},
		{"/", "2025", condition{relation: Before}, maybe},
		// Nothing is near what never comes, nor near what always was.
		{"2030/", "2025/..", condition{ofDay: true, point: EndPoint, day: DayIn}, yes},
		{"2030", "..", condition{ofDay: true, point: StartPoint, day: DayBefore, within: days}, no},
		{"../2025", "2030", condition{relation: Before, within: days}, no},
		{"../2025", "2030", condition{relation: Before, within: month}, no},
		{"/2029-12-15", "2030", condition{relation: Before, within: month}, maybe},
		{"2030-01-02/", "2029", condition{relation: After, within: days}, maybe},
		{"2030-01-02/", "2029", condition{relation: After, within: month}, maybe},
		{"2030-01-02/..", "2029", condition{relation: After, within: month}, no},
		{"2025-11-02", "2025-11-02/..", condition{ofDay: true, point: EndPoint, day: DayIn}, yes},
	} {
		q := question{stretches: []Stretch{stretch(c.x), stretch(c.y)}}
		c.c.y = 1
		q.conditions = []condition{c.c}
		var r Readings
		got := no
		switch {
		case q.ask(&r, Definite):
			got = yes
		case q.ask(&r, Possible):
			got = maybe
		}
		if got != c.want {
			t.Errorf("%s, %s: %v: %s, want %s", c.x, c.y, c.c, got, c.want)
		}
	}
}

// TestContradictionsEnd: conditions that contradict each other on unbounded
// stretches are found out by their cycle, not by walking to the end of time.
func TestContradictionsEnd(t *testing.T) {
	unknown := Stretch{Range{Past, Future}, Range{Past, Future}}
	for _, within := range []Duration{{}, {Days: 1}, {Days: 400}, {Months: 1}} {
		var r Readings
		x, y, z := r.Stretch(unknown), r.Stretch(unknown), r.Stretch(unknown)
		r.Relate(x, Before, y, within)
		r.Relate(y, Before, z, within)
		if !r.Holds(Possible) && within != (Duration{Days: 1}) { // a day leaves no gap between
			t.Errorf("no chain within %+v", within)
		}
		r.Relate(z, Before, x, within)
		if r.Holds(Possible) || r.Holds(Definite) {
			t.Errorf("a circle in time within %+v", within)
		}
	}
}

func TestNoConditions(t *testing.T) {
	var r Readings
	if !r.Holds(Definite) || !r.Holds(Possible) {
		t.Error("nothing asked has no reading")
	}
	r.Stretch(Stretch{Range{5, 6}, Range{1, 4}})
	if r.Holds(Definite) || r.Holds(Possible) {
		t.Error("a stretch that ends before it starts has a reading")
	}
	r.Reset()
	r.Stretch(Stretch{Range{5, 6}, Range{1, 5}})
	if !r.Holds(Definite) || !r.Holds(Possible) {
		t.Error("a stretch of one day has no reading")
	}
}

// TestBugsPanic: a length where none can stand, and relations that are none.
func TestBugsPanic(t *testing.T) {
	panics := func(name string, f func(r *Readings, v Var)) {
		defer func() {
			if recover() == nil {
				t.Errorf("%s does not panic", name)
			}
		}()
		var r Readings
		f(&r, r.Stretch(Stretch{}))
	}
	for rel := Meets; rel <= Intersects; rel++ {
		panics(rel.String()+" with a length", func(r *Readings, v Var) { r.Relate(v, rel, v, Duration{Days: 1}) })
	}
	panics("relation 99", func(r *Readings, v Var) { r.Relate(v, 99, v, Duration{}) })
	panics("relation 99 of a day", func(r *Readings, v Var) { r.RelateDay(v, StartPoint, 99, v, Duration{}) })
	panics("in with a length", func(r *Readings, v Var) { r.RelateDay(v, StartPoint, DayIn, v, Duration{Days: 1}) })
}

func TestHoldsAllocatesNothing(t *testing.T) {
	var r Readings
	rough := Stretch{Range{0, 9}, Range{5, 20}}
	got := testing.AllocsPerRun(100, func() {
		r.Reset()
		for range 8 {
			r.Stretch(rough)
		}
		for v := range Var(7) {
			r.Relate(v, Before, v+1, Duration{Months: 1})
			r.RelateDay(v, EndPoint, DayBefore, v+1, Duration{})
		}
		r.Holds(Possible)
		r.Holds(Definite)
	})
	if got != 0 {
		t.Errorf("%v allocations", got)
	}
}

func TestNames(t *testing.T) {
	for got, want := range map[string]string{
		Before.String(): "before", MetBy.String(): "metBy", OverlappedBy.String(): "overlappedBy", Intersects.String(): "intersects",
		FinishedBy.String(): "finishedBy", Equals.String(): "equals", DayIn.String(): "in", EndPoint.String(): "END",
		Definite.String(): "DEFINITE", UnknownPrecision.String(): "UNKNOWN", Relation(99).String(): "edtf.Relation(99)",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// check compares both answers with the model's and gives them.
func check(t *testing.T, r *Readings, q question) [2]bool {
	t.Helper()
	definite, possible := q.answer()
	if got := q.ask(r, Definite); got != definite {
		t.Fatalf("definite %t, want %t:%v", got, definite, q)
	}
	if got := q.ask(r, Possible); got != possible {
		t.Fatalf("possible %t, want %t:%v", got, possible, q)
	}
	return [2]bool{definite, possible}
}

func newRand(t *testing.T) *rand.Rand {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

func day(t *testing.T, s string) Day {
	t.Helper()
	d, err := ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// ranges gives all ranges of a line of n days.
func ranges(n Day) (all []Range) {
	for from := range n {
		for to := from; to < n; to++ {
			all = append(all, Range{from, to})
		}
	}
	return all
}

// exactStretches gives all exact stretches of a line of n days.
func exactStretches(n Day) (all []Stretch) {
	for _, r := range ranges(n) {
		all = append(all, exactly(r.Min, r.Max))
	}
	return all
}

// roughStretch gives a stretch on a line of n days, each end some day of at most
// wide. Some have no reading.
func roughStretch(rng *rand.Rand, n, wide int) Stretch {
	some := func() Range {
		from := rng.IntN(n)
		return Range{Day(from), Day(min(n-1, from+rng.IntN(wide)))}
	}
	a, b := some(), some()
	if a.Min > b.Max && rng.IntN(16) > 0 {
		a, b = b, a
	}
	return Stretch{a, b}
}

func randomCondition(rng *rand.Rand, vars int, length func() Duration) condition {
	x, y := rng.IntN(vars), rng.IntN(vars)
	if x == y { // less of these
		y = rng.IntN(vars)
	}
	c := condition{
		x: x, y: y,
		relation: Relation(rng.IntN(int(Intersects) + 1)),
		ofDay:    rng.IntN(3) == 0, point: Point(rng.IntN(2)), day: DayRelation(rng.IntN(int(DayIn) + 1)),
	}
	if rng.IntN(3) == 0 { // more of those that take a length
		c.relation, c.day = Relation(rng.IntN(2)), DayRelation(rng.IntN(2))
	}
	if c.ofDay && c.day != DayIn || !c.ofDay && c.relation <= After {
		if rng.IntN(2) == 0 {
			c.within = length()
		}
	}
	return c
}
