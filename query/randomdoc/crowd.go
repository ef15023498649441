package randomdoc

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"chancery/graph"
	"chancery/schema"
)

// crowd is many events around few parties, in the making.
type crowd struct {
	*Sample
	n       int
	from    []string       // whom events relate to: what there was before them
	classes []string       // of events
	days    []int          // of each event, from the first day on
	first   time.Time      // day 0
	span    int            // days
	rough   int            // of a hundred dates, so many are no day
	edges   int            // of a hundred events with the first or last days, so many are not what they seem
	later   []graph.Claim  // for a commit after that of the event
	said    map[string]int // claims about an event, by its id: the first of them in claims
	claims  []graph.Claim
}

// Crowd returns a random graph as Graph does, and a crowd: n events, or some dozens,
// hundreds or more than a thousand of them where n is 0, that most have to do with the
// same few parties. Their ids follow their days, or do not. Some events turn out to be
// of another class, or of none; dates are given twice, corrected, denied and taken back,
// many of them in commits after that of the event; events are merged. What has the first
// and the last days is often so: there a list by time begins.
func Crowd(rng *rand.Rand, o *schema.Ontology, n int) *Sample {
	s := Graph(rng, o)
	if n == 0 {
		switch of := rng.IntN(10); {
		case of < 4:
			n = 40 + rng.IntN(100)
		case of < 7:
			n = 200 + rng.IntN(400)
		default:
			n = 1050 + rng.IntN(600) // more than two pages of a column
		}
	}
	c := &crowd{
		Sample: s, n: n, said: map[string]int{},
		rough: pick(rng, []int{3, 10, 25, 50}), edges: pick(rng, []int{5, 30, 60}),
		classes: []string{"Visit", "Visit", "Visit", "Meeting", "Interaction", "Interaction", "Letter", "Deal", "Gathering", "Tenure"},
	}
	for _, class := range o.Classes {
		if class.Name != "Source" {
			c.from = append(c.from, s.Entities[class.Name]...)
		}
	}
	s.crowd = n
	for _, name := range []string{"Nation", "Person", "Organization", "Office", "Party", "Place", "Topic", "Summit"} {
		of := s.Entities[name]
		s.hubs = append(s.hubs, of[:min(len(of), 2)]...)
	}
	c.spread()
	commits := 2 + rng.IntN(4)
	for i := range commits {
		c.claims, c.said = nil, map[string]int{}
		waiting := c.later
		c.later = nil
		for k := c.n * i / commits; k < c.n*(i+1)/commits; k++ {
			c.event(k)
		}
		c.claims = append(c.claims, waiting...)
		c.commit()
	}
	c.claims = c.later
	c.commit()
	s.said()
	return s
}

// spread gives each event its day: few days for all or a day for each, in the order of
// the events, against it, in none, or in order but for a few.
func (c *crowd) spread() {
	c.span = pick(c.rng, []int{20, c.n, c.n, 3 * c.n})
	c.first = time.Date(2024, 5, 2, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -c.span/2)
	order := c.rng.IntN(5)
	for i := range c.n {
		at := i
		switch {
		case order == 1:
			at = c.n - 1 - i
		case order == 2 || order > 2 && c.chance(4):
			at = c.rng.IntN(c.n)
		}
		c.days = append(c.days, at*c.span/c.n)
	}
}

// date is a day as it is said: mostly just so.
func (c *crowd) date(day int) string {
	on := func(day int) string { return c.first.AddDate(0, 0, day).Format(time.DateOnly) }
	if !c.chance(c.rough) {
		return on(day)
	}
	switch c.rng.IntN(8) {
	case 0:
		return on(day)[:len("2024-05")]
	case 1:
		return on(day)[:len("2024")]
	case 2:
		return on(day) + pick(c.rng, []string{"?", "~", "%"})
	case 3:
		return "[" + on(day) + ".." + on(day+1+c.rng.IntN(9)) + "]"
	case 4:
		return "[" + on(day) + "," + on(day+2) + "]"
	case 5:
		return on(day)[:len("2024-")] + pick(c.rng, []string{"21", "22", "23", "24"})
	case 6:
		return pick(c.rng, []string{"[.." + on(day) + "]", "[" + on(day) + "..]"})
	}
	return pick(c.rng, rough)
}

// anyDay is one that an event has, or may have.
func (c *crowd) anyDay() int { return c.rng.IntN(c.span + 1) }

// event adds the claims about event i: in c.claims, and in c.later.
func (c *crowd) event(i int) {
	class := c.ontology.Class(pick(c.rng, c.classes))
	x := subject{fmt.Sprintf("%s/crowd-%d", class.Key, i), class}
	c.Entities[class.Name] = append(c.Entities[class.Name], x.id)
	isA := func(class *schema.Class) graph.Fact {
		return graph.Fact{Subject: x.id, Predicate: graph.Type, Object: graph.Ref(class.IRI)}
	}
	starts := func(day int) graph.Fact {
		return graph.Fact{Subject: x.id, Predicate: startDate, Object: graph.Date(c.date(day))}
	}
	day := c.days[i]
	facts := []graph.Fact{isA(class)}
	if c.chance(97) {
		facts = append(facts, starts(day))
	}
	facts = append(facts, c.about(x, day)...)
	if c.chance(35) { // by name, events of all classes are found together
		facts = append(facts, c.nameFact(x.id))
	}
	main := c.statement(facts...)
	c.say(main)

	often := 4 // of a hundred events, so many are told something else of
	if edge := min(c.span/10, 6); day <= edge || day >= c.span-1-edge {
		often = c.edges
	}
	if c.chance(often) { // it is something else, perhaps
		other := c.ontology.Class(pick(c.rng, append(c.classes, "Party", "Thing", "Summit")))
		c.sooner(c.statement(isA(other)))
	}
	if c.chance(often) { // its date is another, perhaps
		c.sooner(c.statement(starts(c.anyDay())))
		if c.chance(30) {
			c.sooner(c.statement(starts(day + c.rng.IntN(9) - 4)))
		}
	}
	if c.chance(10) { // it is told by two
		again := c.statement(slices.DeleteFunc(slices.Clone(facts), func(graph.Fact) bool { return c.chance(30) })...)
		if len(again.Facts) > 0 {
			c.sooner(again)
		}
	}
	if c.chance(3) { // it is corrected as a whole, which takes effect with another day
		anew := c.statement(append([]graph.Fact{isA(class), starts(c.anyDay())}, c.about(x, c.anyDay())...)...)
		anew.Supersedes = main.ID
		c.later = append(c.later, anew)
	}
	if c.chance(3) {
		denial := c.statement(pick(c.rng, facts))
		denial.Status = graph.Denied
		c.sooner(denial)
	}
	if c.chance(4) { // it went elsewhere, perhaps
		if more := c.about(x, day); len(more) > 0 {
			c.sooner(c.statement(pick(c.rng, more)))
		}
	}
}

// say has the claim be in the commit.
func (c *crowd) say(claim graph.Claim) { c.claims = append(c.claims, claim) }

// sooner has the claim be in the commit, or in the next.
func (c *crowd) sooner(claim graph.Claim) {
	if c.chance(50) {
		c.later = append(c.later, claim)
		return
	}
	c.say(claim)
}

// about are facts of an event beside its class and its start, none of them twice.
func (c *crowd) about(x subject, day int) (facts []graph.Fact) {
	add := func(p string, to graph.Term) {
		f := graph.Fact{Subject: x.id, Predicate: p, Object: to}
		if !slices.Contains(facts, f) {
			facts = append(facts, f)
		}
	}
	for _, f := range x.class.Fields {
		if !stored(f) {
			continue
		}
		often := 6
		switch p := f.Predicates[0]; {
		case p.IRI == startDate:
			continue
		case f.Value == schema.Time && f.Name == "end":
			if c.chance(30) {
				add(p.IRI, graph.Date(c.date(day+c.rng.IntN(12)-1)))
			}
			continue
		case f.Required:
			often = 97
		case f.Kind == schema.Relation && p.Single:
			often = 85
		case f.Name == "participants" || f.Name == "visitors" || f.Name == "parties" || f.Name == "senders":
			often = 75
		case f.Kind == schema.Relation:
			often = 20
		}
		for n := 0; n < 3 && c.chance(often); n++ {
			fact := c.fieldFact(x, f)
			if f.Kind == schema.Relation {
				fact.Object = graph.Ref(c.party(f))
			}
			add(fact.Predicate, fact.Object)
			if f.Kind != schema.Relation || f.Predicates[0].Single || f.Shape == schema.Single {
				break
			}
			often /= 3
		}
	}
	return facts
}

// party is whom an event relates to: most of them to the same few.
func (c *crowd) party(f *schema.Field) string {
	in := func(ids []string) (of []string) {
		for _, id := range ids {
			if class := c.classOf(id); class != nil && class.Is(f.Range) {
				of = append(of, id)
			}
		}
		return of
	}
	if hubs := in(c.hubs); len(hubs) > 0 && c.chance(85) {
		return hubs[min(c.rng.IntN(len(hubs)), c.rng.IntN(len(hubs)))]
	}
	if all := in(c.from); len(all) > 0 {
		return pick(c.rng, all)
	}
	return pick(c.rng, lost)
}

// statement is a claim of any source that says the facts.
func (c *crowd) statement(facts ...graph.Fact) graph.Claim {
	c.made++
	claim := graph.Claim{
		ID:     fmt.Sprintf("claim/%c%d", 'a'+rune(c.rng.IntN(26)), c.made),
		Source: pick(c.rng, c.Entities["Source"]),
		Status: pick(c.rng, []graph.Status{graph.Confirmed, graph.Reported, graph.Reported, graph.Assessed}),
		Facts:  facts,
	}
	if c.chance(8) {
		n := pick(c.rng, []float64{0.25, 0.5, 0.9, 1})
		claim.Confidence = &n
	}
	if c.chance(4) {
		claim.ValidTime = pick(c.rng, validTimes)
	}
	return claim
}

// commit adds a commit of the claims: some events are merged, some claims that were
// there before are taken back.
func (c *crowd) commit() {
	i := len(c.Commits)
	changes := graph.Changes{At: firstCommit.AddDate(0, i, 0).Add(time.Duration(i) * time.Minute)}
	gone := map[string]bool{}
	for _, claim := range c.claims {
		if claim.Supersedes != "" {
			gone[claim.Supersedes] = true
		}
	}
	for range c.rng.IntN(2 + c.n/200) {
		if merge, ok := c.merge(); ok {
			c.claims = append(c.claims, merge)
		}
	}
	for range c.rng.IntN(2 + c.n/100) {
		if id := pick(c.rng, c.standing); !gone[id] {
			gone[id] = true
			changes.Retract = append(changes.Retract, graph.Retraction{Claim: id, Reason: "withdrawn"})
		}
	}
	c.standing = slices.DeleteFunc(c.standing, func(id string) bool { return gone[id] })
	for entity, by := range c.merges {
		if gone[by] {
			delete(c.merges, entity)
		}
	}
	changes.Record = c.claims
	for _, claim := range c.claims {
		c.standing, c.Claims = append(c.standing, claim.ID), append(c.Claims, claim.ID)
	}
	c.Commits = append(c.Commits, changes)
}

const startDate = "schema:startDate"
