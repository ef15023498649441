package graph

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
)

// patience is a context that ends once its error was asked for so many times.
type patience struct {
	context.Context
	left int
}

func (p *patience) Err() error {
	if p.left--; p.left < 0 {
		return context.Canceled
	}
	return nil
}

// long returns two columns, of objects and of dates, and a view of them: long enough for
// work on them to stop in between.
func long(t *testing.T) (of, dates Column) {
	t.Helper()
	const nodes = 5*pairsAtOnce + 100
	v := &View{settled: &settled{}, known: NewSet(nodes), columns: newColumns()}
	v.facts = v.known
	column := func(predicate ID, object func(i int) ID) Column {
		edit := editColumn(&columnRows{})
		for i := range nodes {
			claim := InSpace(Claims, uint64(i))
			v.known.Add(claim)
			if i%7 > 0 {
				edit.add(InSpace(Nodes, uint64(i)), Link{To: object(i), Label: claim})
			}
		}
		edit.seal()
		return Column{predicate, &edit.columnRows, v}
	}
	of = column(InSpace(Nodes, 1), func(i int) ID { return InSpace(Nodes, uint64(i*i%113)) })
	return of, column(InSpace(Nodes, 2), func(i int) ID {
		date, ok := Inline(Date([...]string{"2020-01-01", "2019-12", "2021", "2018-05-06"}[i%4]))
		if !ok {
			t.Fatal("a date has no id of its own")
		}
		return date
	})
}

// TestTimelineGoesOn makes a timeline for askers none of whom waits for the end: each
// stops in time, none gets a part, and what the last one gets is what one alone had got.
func TestTimelineGoesOn(t *testing.T) {
	of, dates := long(t)
	want, err := newColumns().timeline(t.Context(), of, dates, 1<<30)
	if err != nil || want == nil {
		t.Fatalf("no timeline: %v", err)
	}
	for _, steps := range []int{1, 2, 5} {
		c, stopped := newColumns(), 0
		var got *timeline
		for got == nil {
			patient := &patience{t.Context(), steps}
			got, err = c.timeline(patient, of, dates, 1<<30)
			switch {
			case errors.Is(err, context.Canceled) && got == nil && len(c.timelines) == 0:
				stopped++
			case err != nil || got == nil:
				t.Fatalf("asked %d times: %v, error %v", stopped+1, got, err)
			}
			if patient.left < -1 {
				t.Fatalf("%d looks at a context that has ended", -patient.left)
			}
		}
		if stopped < 15/steps {
			t.Errorf("stopped %d times, with %d steps each", stopped, steps)
		}
		if c.half != nil || !slices.Equal(got.nodes, want.nodes) || !slices.Equal(got.spans, want.spans) || !slices.Equal(got.objects, want.objects) {
			t.Errorf("with %d steps each, another timeline was made", steps)
		}
		if again, err := c.timeline(&patience{t.Context(), 0}, of, dates, 1); again != got || err != nil {
			t.Errorf("the timeline is not kept: %v", err)
		}
	}
	// Those who ask for others go on with it too: taking turns, they do not undo each
	// other's work.
	c, made, turns := newColumns(), map[bool]*timeline{}, 0
	for ; len(made) < 2; turns++ {
		first, second := of, dates
		if turns%2 == 1 {
			first, second = dates, of
		}
		one, err := c.timeline(&patience{t.Context(), 3}, first, second, 1<<30)
		if turns == 1000 || err != nil && !errors.Is(err, context.Canceled) {
			t.Fatalf("after %d turns: %v", turns, err)
		}
		if one != nil {
			made[turns%2 == 0] = one
		}
	}
	if !slices.Equal(made[true].nodes, want.nodes) || slices.Equal(made[false].spans, want.spans) {
		t.Error("taking turns, other timelines were made")
	}
}

// TestStopped has what is made of columns stopped at each of its steps: nothing is kept
// of it, and the next one gets the whole.
func TestStopped(t *testing.T) {
	of, types := long(t)
	even := func(number uint32) bool { return number%2 == 0 }
	sole := func(ctx context.Context) (any, error) { return of.Sole(ctx, of.view.known, types, "kg:Event", even) }
	lists := func(ctx context.Context) (any, error) {
		err := of.Followed(ctx, 1<<30)
		return of.lists(), err
	}
	for name, make := range map[string]func(context.Context) (any, error){"Sole": sole, "Followed": lists} {
		stopped := 0
		for {
			got, err := make(&patience{t.Context(), stopped})
			if err == nil {
				whole, err := make(&patience{t.Context(), 0})
				if err != nil || got == nil || got != whole {
					t.Errorf("%s is not kept: %v", name, err)
				}
				break
			}
			if stopped++; !errors.Is(err, context.Canceled) || got != nil && !reflect.ValueOf(got).IsNil() {
				t.Fatalf("%s, stopped: %v, error %v", name, got, err)
			}
		}
		if stopped < 3 {
			t.Errorf("%s was stopped %d times", name, stopped)
		}
	}
}
