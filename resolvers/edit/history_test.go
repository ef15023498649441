package edit_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// The model of a history: every claim as it was recorded, and nothing worked out.

type modelFact struct{ subject, field, object string }

type modelClaim struct {
	id, source, supersedes string
	denied                 bool
	facts                  []modelFact
	recorded, retracted    int // commits; retracted 0: it stands
}

type model struct {
	ids    []string // of entities, in the order in which the graph saw them
	claims []*modelClaim
	times  []string // record time of each commit; commit n is times[n-1]
}

// at is the model as it was known at a commit, without one claim.
type at struct {
	*model
	commit  int
	without *modelClaim
}

func (m at) standing(c *modelClaim) bool {
	return c != m.without && c.recorded <= m.commit && (c.retracted == 0 || c.retracted > m.commit)
}

// known are the facts that are not denied or retracted, subjects and objects as
// what they were merged into.
func (m at) known(field string) []modelFact {
	var out []modelFact
	for _, c := range m.claims {
		if !m.standing(c) || c.denied {
			continue
		}
		for _, f := range c.facts {
			if f.field == field {
				out = append(out, modelFact{m.stays(f.subject), field, m.stays(f.object)})
			}
		}
	}
	return out
}

func (m at) stays(id string) string {
	for _, c := range m.claims {
		if m.standing(c) && c.facts[0].field == "merged" && c.facts[0].subject == id {
			return m.stays(c.facts[0].object)
		}
	}
	return id
}

func (m at) mergedFrom(id string) []string {
	out := []string{}
	for _, other := range m.ids {
		if other != id && m.stays(other) == id {
			out = append(out, other)
		}
	}
	return out
}

// class is PARTY only where nothing else is said.
func (m at) class(id string) string {
	class := ""
	for _, f := range m.known("class") {
		if f.subject == m.stays(id) && (class == "" || class == "PARTY") {
			class = f.object
		}
	}
	return class
}

// inOrder keeps the ids in the graph's own order, each once.
func (m at) inOrder(keep func(id string) bool) []string {
	out := []string{}
	for _, id := range m.ids {
		if keep(id) {
			out = append(out, id)
		}
	}
	return out
}

func (m at) nations(person string) []string {
	return m.inOrder(func(id string) bool {
		return m.class(id) == "NATION" && slices.Contains(m.known("nationality"), modelFact{person, "nationality", id})
	})
}

func (m at) spokenOf(id string) bool {
	for _, c := range m.claims {
		if m.standing(c) && !c.denied && slices.ContainsFunc(c.facts, func(f modelFact) bool { return m.stays(f.subject) == id }) {
			return true
		}
	}
	return false
}

func (m at) people(keep func(id string) bool) []string {
	return m.inOrder(func(id string) bool {
		return m.stays(id) == id && m.class(id) == "PERSON" && m.spokenOf(id) && keep(id)
	})
}

// listed are the claims about an entity that stand, denials too.
func (m at) listed(id string) []string {
	out := []string{}
	for _, c := range m.claims {
		if m.standing(c) && slices.ContainsFunc(c.facts, func(f modelFact) bool { return m.stays(f.subject) == id }) {
			out = append(out, c.id)
		}
	}
	return out
}

// history makes random changes to a graph and to its model.
type history struct {
	*desk
	*model
	t      *testing.T
	random *rand.Rand
}

func (h *history) now() at { return at{model: h.model, commit: len(h.times)} }

func pick[T any](h *history, list []T) T { return list[h.random.IntN(len(list))] }

// attempt makes a change after its trial, and holds both to whether the model
// wants it made. It returns the claims' ids; none when it was refused.
func (h *history) attempt(mutation string, input object, want string) []string {
	h.t.Helper()
	ask := func(dry bool) (reply, change) {
		input["dryRun"] = dry
		r := h.ask(h.t, document(mutation), object{"input": input})
		var data struct{ Done change }
		if r.code() == "" {
			if err := json.Unmarshal(r.Data, &data); err != nil {
				h.t.Fatal(err)
			}
		}
		return r, data.Done
	}
	before := h.commits(h.t)
	trial, promised := ask(true)
	r, done := ask(false)
	if r.code() != want || trial.code() != want {
		h.t.Fatalf("%s %v: %q and %q, want %q: %+v", mutation, input, trial.code(), r.code(), want, r.Errors)
	}
	made := uint64(1)
	if want != "" {
		made = 0
	}
	if h.commits(h.t) != before+made {
		h.t.Fatalf("%s %v: %d commits", mutation, input, h.commits(h.t)-before)
	}
	if want != "" {
		return nil
	}
	if fmt.Sprint(promised.Claims, promised.Entities) != fmt.Sprint(done.Claims, done.Entities) {
		h.t.Fatalf("%s %v: promised %+v, done %+v", mutation, input, promised, done)
	}
	h.times = append(h.times, done.KnownAt)
	ids := make([]string, len(done.Claims))
	for i, c := range done.Claims {
		ids[i] = c.ID
	}
	return ids
}

// said is a random fact, as an input and as the model keeps it, and whether it
// fits what is known at m.
func (h *history) said(m at, denied bool) (object, modelFact, bool) {
	subject := pick(h, h.ids)
	if h.random.IntN(4) > 0 {
		object_ := pick(h, h.ids)
		fits := m.class(subject) == "PERSON" && m.class(object_) == "NATION"
		return object{"subject": subject, "field": "nationality", "object": object_},
			modelFact{m.stays(subject), "nationality", m.stays(object_)}, fits
	}
	class := pick(h, []string{"PERSON", "NATION", "PARTY"})
	had := m.class(subject)
	fits := denied || had == class || class == "PARTY" || had == "PARTY" || had == ""
	return object{"subject": subject, "field": "class", "value": class}, modelFact{m.stays(subject), "class", class}, fits
}

func (h *history) record() {
	m := h.now()
	source := pick(h, []string{"source/s0", "source/s1"})
	denied := h.random.IntN(5) == 0
	input, fact, fits := h.said(m, denied)
	want := ""
	if !fits || m.class(source) != "SOURCE" {
		want = "BAD_USER_INPUT"
	}
	status := "REPORTED"
	if denied {
		status = "DENIED"
	}
	ids := h.attempt("record", object{"source": object{"id": source}, "claims": []any{object{"status": status, "facts": []any{input}}}}, want)
	for _, id := range ids {
		h.claims = append(h.claims, &modelClaim{id: id, source: source, denied: denied, facts: []modelFact{fact}, recorded: len(h.times)})
	}
}

func (h *history) retract() {
	c := pick(h, h.claims)
	want := ""
	if c.retracted > 0 {
		want = "CONFLICT"
	}
	if h.attempt("retract", object{"claims": []any{c.id}, "reason": "random"}, want) != nil {
		c.retracted = len(h.times)
	}
}

func (h *history) supersede() {
	c := pick(h, h.claims)
	m := h.now()
	m.without = c
	input, fact, fits := h.said(m, false)
	want := ""
	switch {
	case c.retracted > 0:
		want = "CONFLICT"
	case !fits || m.class(c.source) != "SOURCE":
		want = "BAD_USER_INPUT"
	}
	by := object{"status": "CONFIRMED", "facts": []any{input}}
	for _, id := range h.attempt("supersede", object{"claim": c.id, "by": by, "reason": "random"}, want) {
		c.retracted = len(h.times)
		h.claims = append(h.claims, &modelClaim{id: id, source: c.source, supersedes: c.id, facts: []modelFact{fact}, recorded: len(h.times)})
	}
}

func (h *history) merge() {
	m := h.now()
	given, into := pick(h, h.ids), pick(h, h.ids)
	from, keep := m.stays(given), m.stays(into)
	a, b := m.class(from), m.class(keep)
	want := ""
	switch {
	case a == "" || b == "":
		want = "CONFLICT"
	case from == keep:
		want = "BAD_USER_INPUT"
	case a != b && a != "PARTY" && b != "PARTY":
		want = "CONFLICT"
	}
	for i, id := range h.attempt("merge", object{"keep": into, "merge": []any{given}, "reason": "random"}, want) {
		fact := modelFact{from, "merged", keep}
		if i == 1 {
			fact = modelFact{"source/edits", "class", "SOURCE"}
		}
		h.claims = append(h.claims, &modelClaim{id: id, source: "source/edits", facts: []modelFact{fact}, recorded: len(h.times)})
	}
}

func (h *history) split() {
	id := pick(h, h.ids)
	m := h.now()
	var undone []*modelClaim
	for _, c := range h.claims {
		if m.standing(c) && c.facts[0].field == "merged" && (c.facts[0].subject == id || m.stays(id) == id && m.stays(c.facts[0].subject) == id) {
			undone = append(undone, c)
		}
	}
	want := ""
	if len(undone) == 0 {
		want = "CONFLICT"
	}
	ids := h.attempt("split", object{"id": id, "reason": "random"}, want)
	if len(ids) != len(undone) {
		h.t.Fatalf("split %s retracted %v; want %d", id, ids, len(undone))
	}
	for i, c := range undone {
		if ids[i] != c.id {
			h.t.Fatalf("split %s retracted %v; want %s there", id, ids, c.id)
		}
		c.retracted = len(h.times)
	}
}

// begin records two sources, people, nations and parties.
func (h *history) begin() {
	for _, source := range []string{"source/s0", "source/s1"} {
		facts := []any{object{"subject": "person/own", "field": "class", "value": "PERSON"}}
		model := modelFact{"person/own", "class", "PERSON"}
		ids := h.attempt("record", object{"source": object{"id": source, "name": source}, "claims": []any{object{"status": "REPORTED", "facts": facts}}}, "")
		h.claims = append(h.claims,
			&modelClaim{id: ids[0], source: source, facts: []modelFact{model}, recorded: len(h.times)},
			&modelClaim{id: ids[1], source: source, facts: []modelFact{{source, "class", "SOURCE"}}, recorded: len(h.times)})
	}
	h.ids = append(h.ids, "person/own")
	for i := range 9 {
		class := []string{"PERSON", "NATION", "PARTY"}[i%3]
		id := fmt.Sprintf("%s/%d", strings.ToLower(class), i)
		ids := h.attempt("record", said("source/s0", object{"subject": id, "field": "class", "value": class}), "")
		h.ids = append(h.ids, id)
		h.claims = append(h.claims, &modelClaim{id: ids[0], source: "source/s0", facts: []modelFact{{id, "class", class}}, recorded: len(h.times)})
	}
}

// compare asks for everything as it was known at a commit.
func (h *history) compare(commit int) {
	m := at{model: h.model, commit: commit}
	var q strings.Builder
	fmt.Fprintf(&q, "query @perspective(knownAt: %q) {\n", h.times[commit-1])
	want := map[string]any{}
	for i, id := range h.ids {
		if slices.IndexFunc(h.claims, func(c *modelClaim) bool { return c.recorded <= commit && c.facts[0].subject == id }) < 0 {
			continue // not yet seen then, and later an id without a class
		}
		fmt.Fprintf(&q, "e%d: entity(id: %q) { __typename id mergedFrom claims(first: 200) { nodes { id } } ... on Person { nationality { id } } }\n", i, id)
		fmt.Fprintf(&q, "f%d: people(where: {nationality: {some: {id: {eq: %q}}}}) { nodes { id } }\n", i, id)
		want[fmt.Sprint("e", i)] = m.entity(m.stays(id))
		nation := m.stays(id)
		want[fmt.Sprint("f", i)] = nodes(m.people(func(person string) bool { return slices.Contains(m.nations(person), nation) }))
	}
	q.WriteString("people { nodes { id } }\n")
	want["people"] = nodes(m.people(func(string) bool { return true }))
	for i, c := range h.claims {
		if c.recorded > commit {
			continue
		}
		fmt.Fprintf(&q, "c%d: claim(id: %q) { retractedAt supersededBy { id } }\n", i, c.id)
		shown := object{"retractedAt": nil, "supersededBy": nil}
		if c.retracted > 0 && c.retracted <= commit {
			shown["retractedAt"] = h.times[c.retracted-1]
		}
		for _, by := range h.claims {
			if by.supersedes == c.id && by.recorded <= commit {
				shown["supersededBy"] = object{"id": by.id}
			}
		}
		want[fmt.Sprint("c", i)] = shown
	}
	q.WriteString("}")
	var got map[string]any
	h.read(h.t, q.String(), nil, &got)
	for key := range want {
		a, b := asJSON(h.t, got[key]), asJSON(h.t, want[key])
		if a != b {
			h.t.Errorf("at commit %d, %s\ngot  %s\nwant %s", commit, lineOf(q.String(), key), a, b)
		}
	}
}

func (m at) entity(id string) any {
	class := m.class(id)
	if class == "" {
		return nil
	}
	shown := object{
		"__typename": class[:1] + strings.ToLower(class[1:]), "id": id, "mergedFrom": m.mergedFrom(id), "claims": nodes(m.listed(id)),
	}
	if class == "PERSON" {
		shown["nationality"] = objects(m.nations(id))
	}
	return shown
}

func objects(ids []string) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = object{"id": id}
	}
	return out
}

func nodes(ids []string) object { return object{"nodes": objects(ids)} }

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func lineOf(q, key string) string {
	for line := range strings.Lines(q) {
		if strings.HasPrefix(line, key+":") || strings.HasPrefix(line, key+" ") {
			return line
		}
	}
	return key
}

// TestHistories replays random merges, splits, retractions, corrections and records
// on plain lists, and compares all that is asked at every knownAt.
func TestHistories(t *testing.T) {
	histories, changes := 12, 60
	if testing.Short() {
		histories = 4
	}
	for range histories {
		seed := rand.Uint64()
		t.Run(fmt.Sprint(seed), func(t *testing.T) { runHistory(t, seed, changes) })
	}
}

func runHistory(t *testing.T, seed uint64, changes int) {
	h := &history{desk: newDesk(t, false), model: &model{}, t: t, random: rand.New(rand.NewPCG(seed, 0))}
	h.begin()
	made := len(h.times)
	for range changes {
		pick(h, []func(){h.record, h.record, h.retract, h.supersede, h.merge, h.merge, h.split})()
	}
	if len(h.times) == made {
		t.Fatal("nothing happened")
	}
	for commit := range h.times {
		if h.compare(commit + 1); t.Failed() {
			return
		}
	}
}
