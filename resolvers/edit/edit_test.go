package edit_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"chancery/graph"
)

// whole is all that can be asked of an agent; the ids of those related tell them apart.
const whole = `{ __typename id iri name names { text language kind } description identifiers { scheme value } mergedFrom
	claims(first: 200) { totalCount nodes { id facts { subject { id } field object { id } value } attributedTo { id } } }
	events(first: 200) { totalCount nodes { id participants { id } } }
	interactionsAsActor(first: 200) { nodes { id } } interactionsAsTarget(first: 200) { nodes { id } }
	... on Person { nationality { id } tenures { nodes { id person { id } } } visits { nodes { id visitors { id } } } }
	... on Nation { isoAlpha2 capital { id } borders { id } }
	... on Organization { kind parent { id } } }`

func (d *desk) entities(t *testing.T, ids ...string) string {
	t.Helper()
	var q strings.Builder
	q.WriteString("{")
	for i, id := range ids {
		fmt.Fprintf(&q, " e%d: agent(id: %q) %s", i, id, whole)
	}
	q.WriteString(` people(first: 200) { totalCount nodes { id } } nations(first: 200) { totalCount nodes { id } } parties { totalCount nodes { id } } }`)
	r := d.ask(t, q.String(), nil)
	if len(r.Errors) > 0 {
		t.Fatalf("%+v", r.Errors)
	}
	return string(r.Data)
}

// TestSplitGivesBackWhatWas holds each whole answer after a merge and its split to
// the one before, with merges through one another too.
func TestSplitGivesBackWhatWas(t *testing.T) {
	for _, test := range []struct {
		name   string
		merges [][2]string // from, into
		splits []string
	}{
		{"one", [][2]string{{"person/christopher-landau", "person/sergio-gor"}}, []string{"person/christopher-landau"}},
		{"from what stays", [][2]string{{"nation/uz", "nation/kz"}, {"nation/kg", "nation/kz"}}, []string{"nation/kz"}},
		{"one by one", [][2]string{{"nation/uz", "nation/kz"}, {"nation/kg", "nation/kz"}}, []string{"nation/uz", "nation/kg"}},
		{"a chain", [][2]string{{"nation/uz", "nation/kz"}, {"nation/kz", "nation/kg"}}, []string{"nation/kg"}},
		{"a chain from its middle", [][2]string{{"nation/uz", "nation/kz"}, {"nation/kz", "nation/kg"}}, []string{"nation/kz", "nation/uz"}},
		{"another class", [][2]string{{"person/donald-trump", "party/analysts"}}, []string{"person/donald-trump"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t, true)
			ids := []string{"person/donald-trump", "party/analysts", "nation/us", "nation/ru"}
			for _, m := range test.merges {
				ids = append(ids, m[0], m[1])
			}
			before := d.entities(t, ids...)
			for _, m := range test.merges {
				d.edit(t, "merge", object{"keep": m[1], "merge": []any{m[0]}, "reason": "the same"})
			}
			if merged := d.entities(t, ids...); merged == before {
				t.Fatal("the merge changed nothing")
			}
			for _, id := range test.splits {
				d.edit(t, "split", object{"id": id, "reason": "not the same"})
			}
			if after := d.entities(t, ids...); after != before {
				t.Errorf("after the split:\n%s\nbefore the merge:\n%s", after, before)
			}
		})
	}
}

// trials are one of each mutation that can be made of the seed.
var trials = []struct {
	mutation string
	input    object
}{
	{"record", object{"source": object{"name": "Notes", "published": "2025"}, "claims": []any{
		object{"status": "REPORTED", "facts": []any{
			object{"subject": "topic/yurts", "field": "class", "value": "TOPIC"},
			object{"subject": "topic/yurts", "field": "name", "value": "Yurts"},
			object{"subject": "nation/kz", "field": "borders", "object": "nation/us"},
		}},
	}}},
	{"record", said("source/background", object{"subject": "nation/kz", "field": "description", "value": "A nation."})},
	{"retract", object{"claims": []any{"claim/background/iso-codes", "claim/background/borders"}, "reason": "x"}},
	{"supersede", object{"claim": "claim/background/iso", "reason": "x", "by": object{"status": "CONFIRMED", "facts": []any{
		object{"subject": "organization/iso", "field": "class", "value": "PARTY"},
		object{"subject": "organization/iso", "field": "name", "value": "ISO"},
	}}}},
	{"merge", object{"keep": "nation/kz", "merge": []any{"nation/uz", "nation/kg"}, "reason": "x"}},
	{"split", object{"id": "nation/kg", "reason": "x"}},
}

var moments = regexp.MustCompile(`2025-11-01T00:\d\d:\d\d(\.\d+)?Z`)

// TestDryRunPromises compares everything that the trial of a change answers with
// what the change answers then. Record times differ: the clock goes on.
func TestDryRunPromises(t *testing.T) {
	d := newDesk(t, true)
	for _, test := range trials {
		t.Run(test.mutation, func(t *testing.T) {
			ask := func(dry bool) string {
				input := object{"dryRun": dry, "idempotencyKey": t.Name()}
				for key, value := range test.input {
					input[key] = value
				}
				r := d.ask(t, "mutation($input: "+strings.ToUpper(test.mutation[:1])+test.mutation[1:]+`Input!) { done: `+test.mutation+`(input: $input) {
					knownAt dryRun claims { id status recordedAt retractedAt retractionReason source { id name } facts { subject { id } field object { id } value } }
					entities { __typename id name names { text } description mergedFrom claims(first: 200) { nodes { id } } ... on Nation { borders { id } isoAlpha2 } } } }`,
					object{"input": input})
				var data struct{ Done change }
				if len(r.Errors) > 0 || json.Unmarshal(r.Data, &data) != nil {
					t.Fatalf("%+v", r)
				}
				if data.Done.DryRun != dry {
					t.Errorf("dryRun %t, want %t", data.Done.DryRun, dry)
				}
				return moments.ReplaceAllString(strings.Replace(string(r.Data), fmt.Sprintf(`"dryRun":%t`, dry), "", 1), "then")
			}
			ids := []string{"nation/kz", "nation/uz", "nation/kg", "organization/iso"}
			before, commits := d.entities(t, ids...), d.commits(t)
			promised := ask(true)
			if d.commits(t) != commits || d.entities(t, ids...) != before {
				t.Error("a trial changed the graph")
			}
			if done := ask(false); done != promised {
				t.Errorf("promised\n%s\ndone\n%s", promised, done)
			}
			if d.commits(t) != commits+1 {
				t.Errorf("%d commits, want 1", d.commits(t)-commits)
			}
		})
	}
}

// TestOneKeyAtOnce sends each change eight times at once with one key: one commit
// is made, and all are told of it.
func TestOneKeyAtOnce(t *testing.T) {
	d := newDesk(t, true)
	for i, test := range trials {
		before := d.commits(t)
		test.input["idempotencyKey"] = fmt.Sprint("key ", i)
		replies := make([]reply, 8)
		d.atOnce(t, len(replies), func(n int) error {
			var err error
			replies[n], err = d.try(t.Context(), document(test.mutation), object{"input": test.input})
			return err
		})
		delete(test.input, "idempotencyKey")
		for _, r := range replies {
			if len(r.Errors) > 0 {
				t.Fatalf("%s: %+v", test.mutation, r.Errors)
			}
			if string(r.Data) != string(replies[0].Data) || string(r.Extensions["perspective"]) != string(replies[0].Extensions["perspective"]) {
				t.Errorf("%s: told %s\nand %s", test.mutation, r.Data, replies[0].Data)
			}
		}
		if made := d.commits(t) - before; made != 1 {
			t.Errorf("%s: %d commits, want 1", test.mutation, made)
		}
	}
}

// atOnce runs n goroutines and waits for them.
func (d *desk) atOnce(t *testing.T, n int, do func(n int) error) {
	t.Helper()
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			if err := do(i); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func (d *desk) view(t testing.TB) *graph.View {
	t.Helper()
	v, err := d.graph.View(t.Context(), graph.Perspective{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestEditorsAtOnce has eight editors make claims, take some back, and fight over
// one merge: every change that was answered is there, at a time of its own, and
// of those that exclude each other exactly one was made.
func TestEditorsAtOnce(t *testing.T) {
	const editors, rounds = 8, 12
	d := newDesk(t, true)
	begin := d.commits(t)
	var mu sync.Mutex
	made := map[string][]string{} // record time: claims
	retracted := map[string]bool{}
	merged := 0
	note := func(r reply) (done change, err error) {
		var data struct{ Done change }
		if err := json.Unmarshal(r.Data, &data); err != nil {
			return done, err
		}
		done = data.Done
		mu.Lock()
		defer mu.Unlock()
		if made[done.KnownAt] != nil {
			return done, fmt.Errorf("two commits at %s", done.KnownAt)
		}
		for _, c := range done.Claims {
			made[done.KnownAt] = append(made[done.KnownAt], c.ID)
		}
		return done, nil
	}
	d.atOnce(t, editors, func(n int) error {
		for round := range rounds {
			id := fmt.Sprintf("person/e%d-%d", n, round)
			r, err := d.try(t.Context(), document("record"), object{"input": object{
				"source": object{"name": "A note"}, // all want the same id for it
				"claims": []any{object{"status": "REPORTED", "facts": []any{
					object{"subject": id, "field": "class", "value": "PERSON"}, object{"subject": id, "field": "name", "value": id},
				}}},
			}})
			if err != nil {
				return err
			}
			if len(r.Errors) > 0 {
				return fmt.Errorf("record: %+v", r.Errors)
			}
			done, err := note(r)
			if err != nil {
				return err
			}
			if round%3 == 0 {
				r, err := d.try(t.Context(), document("retract"), object{"input": object{"claims": []any{done.Claims[0].ID}, "reason": "x"}})
				if err != nil {
					return err
				}
				if len(r.Errors) > 0 {
					return fmt.Errorf("retract: %+v", r.Errors)
				}
				if _, err := note(r); err != nil {
					return err
				}
				mu.Lock()
				retracted[done.Claims[0].ID] = true
				mu.Unlock()
			}
			// One of the editors wins; the others are told that there is nothing to merge.
			pair := object{"keep": "nation/kz", "merge": []any{"nation/uz"}, "reason": "x"}
			if n%2 == 1 {
				pair = object{"keep": "nation/uz", "merge": []any{"nation/kz"}, "reason": "x"}
			}
			r, err = d.try(t.Context(), document("merge"), object{"input": pair})
			switch {
			case err != nil:
				return err
			case r.code() == "":
				if _, err := note(r); err != nil {
					return err
				}
				mu.Lock()
				merged++
				mu.Unlock()
			case r.code() != "BAD_USER_INPUT":
				return fmt.Errorf("merge: %+v", r.Errors)
			}
		}
		return nil
	})
	if merged != 1 {
		t.Errorf("merged %d times, want once", merged)
	}
	if got := d.commits(t) - begin; got != uint64(len(made)) {
		t.Errorf("%d commits, and %d answers", got, len(made))
	}
	v := d.view(t)
	sources := map[graph.ID]bool{}
	for at, claims := range made {
		for _, name := range claims {
			id, _ := v.Node(name)
			record := v.Record(id)
			if !record.Exists || (record.RetractedAt != 0) != retracted[name] {
				t.Errorf("%s, answered at %s, is %+v", name, at, record)
			}
			sources[record.Source] = true
		}
	}
	if want := editors*rounds + 1; len(sources) != want { // and that of edits
		t.Errorf("%d sources, want %d", len(sources), want)
	}
}

// TestAnotherWriterBetween has the graph change between an edit's checks and its
// commit: the clock is read there.
func TestAnotherWriterBetween(t *testing.T) {
	for _, test := range []struct {
		mutation string
		input    object
	}{
		{"retract", object{"claims": []any{"claim/background/iso"}, "reason": "x"}},
		{"supersede", object{"claim": "claim/background/iso", "reason": "x", "by": object{"status": "REPORTED", "facts": []any{
			object{"subject": "nation/kz", "field": "description", "value": "x"},
		}}}},
	} {
		d := newDesk(t, true)
		d.meanwhile = func() {
			_, err := d.graph.Apply(t.Context(), graph.Changes{Retract: []graph.Retraction{{Claim: "claim/background/iso"}}})
			if err != nil {
				t.Error(err)
			}
		}
		before := d.commits(t)
		r := d.ask(t, document(test.mutation), object{"input": test.input})
		if r.code() != "CONFLICT" || !strings.Contains(r.Errors[0].Message, "claim/background/iso") {
			t.Errorf("%s: %+v, want CONFLICT", test.mutation, r.Errors)
		}
		if d.commits(t) != before+1 {
			t.Errorf("%s: %d commits, want the other writer's", test.mutation, d.commits(t)-before)
		}
	}
}

// TestRepeatedAnswerIsTheFirst asks again when other changes have followed.
func TestRepeatedAnswerIsTheFirst(t *testing.T) {
	d := newDesk(t, true)
	input := object{"keep": "nation/kz", "merge": []any{"nation/uz"}, "reason": "x", "idempotencyKey": "k"}
	first := d.edit(t, "merge", input)
	d.edit(t, "split", object{"id": "nation/kz", "reason": "x"})
	d.edit(t, "retract", object{"claims": []any{"claim/background/iso"}, "reason": "x"})
	if again := d.edit(t, "merge", input); !reflect.DeepEqual(again, first) {
		t.Errorf("again %+v, want %+v", again, first)
	}
	if !slices.ContainsFunc(first.Claims, func(c struct{ ID string }) bool { return strings.HasPrefix(c.ID, "claim/edits/") }) {
		t.Errorf("no claim of edits among %v", first.Claims)
	}
}
