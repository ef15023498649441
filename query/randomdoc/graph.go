package randomdoc

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"chancery/graph"
	"chancery/schema"
)

// Sample is a random graph: what to commit, and what can be asked about.
type Sample struct {
	Commits []graph.Changes // in order; each fits the ontology

	Entities map[string][]string // ids of the entities made for each concrete class
	Claims   []string            // ids
	Agents   []string            // ids of entities of any class of agents

	ontology  *schema.Ontology
	differing map[string]bool // fields that are of one type here and of another there
	rng       *rand.Rand
	standing  []string          // claims not retracted yet
	merges    map[string]string // entities that are merged: by which claim
	made      int               // claims
	disputed  []dispute
	facts     []graph.Fact      // that some claim says and does not deny
	links     map[string][]link // facts between two entities, from both
	relations map[string]int    // how many of them have a predicate
	named     map[named]int     // how many facts lead to an entity by a predicate
	hubs      []string          // of a crowd, see Crowd
	crowd     int               // events of it
}

// dispute is what two claims may contradict each other about.
type dispute struct{ subject, field string }

// Graph returns a random graph of 30 to 60 entities of all classes. Its claims
// contradict, deny, correct and retract each other, merge entities and split
// them again; they give several classes, names in several scripts, rough dates,
// and relations to what has no class and that the ontology does not know.
func Graph(rng *rand.Rand, o *schema.Ontology) *Sample {
	s := &Sample{Entities: map[string][]string{}, merges: map[string]string{}, ontology: o, differing: differing(o), rng: rng}
	var subjects []subject
	for _, class := range o.Classes {
		if class.Abstract || class.Name == "Claim" {
			continue
		}
		for n := range s.howMany(class) {
			id := fmt.Sprintf("%s/%s-%d", class.Key, words[rng.IntN(len(words))], n)
			s.Entities[class.Name] = append(s.Entities[class.Name], id)
			if class.Is(o.Class("Agent")) {
				s.Agents = append(s.Agents, id)
			}
			subjects = append(subjects, subject{id, class})
		}
	}
	rng.Shuffle(len(subjects), func(i, j int) { subjects[i], subjects[j] = subjects[j], subjects[i] })

	var claims []graph.Claim
	for _, x := range subjects {
		if !x.class.Yields && s.chance(12) { // first known as something vaguer, or taken for something else
			claims = append(claims, s.introduction(subject{x.id, s.otherClass()}))
		}
		claims = append(claims, s.introduction(x))
		for range rng.IntN(3) {
			claims = append(claims, s.claim(x, 1+rng.IntN(3)))
		}
	}
	for range len(claims) / 5 {
		i := rng.IntN(len(claims))
		claims = append(claims, s.rival(claims[i]))
	}
	rest := claims[len(subjects):]
	rng.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
	commits := 3 + rng.IntN(4)
	for i := range commits {
		s.commit(i, claims[len(claims)*i/commits:len(claims)*(i+1)/commits])
	}
	s.said()
	return s
}

// differing are the names of the fields that one selection cannot ask of objects
// of different classes, but under another key.
func differing(o *schema.Ontology) map[string]bool {
	names, types := map[string]bool{}, map[string]string{}
	for _, class := range o.Classes {
		for _, f := range class.Fields {
			t := f.Def.Type.String()
			if before, seen := types[f.Name]; seen && before != t {
				names[f.Name] = true
			}
			types[f.Name] = t
		}
	}
	return names
}

// subject is an entity with the class that it is described as.
type subject struct {
	id    string
	class *schema.Class
}

func (s *Sample) howMany(class *schema.Class) int {
	switch class.Name {
	case "Source", "Person", "Nation", "Organization", "Topic", "Visit", "Tenure", "Membership", "Summit", "Meeting":
		return 2 + s.rng.IntN(3)
	}
	return 1 + s.rng.IntN(2)
}

// otherClass is one that gives way, or any.
func (s *Sample) otherClass() *schema.Class {
	if s.chance(60) {
		return s.ontology.Class(pick(s.rng, []string{"Party", "Thing"}))
	}
	return s.ontology.Class(pick(s.rng, []string{"Person", "Organization", "Office", "Meeting", "Gathering"}))
}

// introduction is a claim that gives the entity its class, its names and what is
// required of it.
func (s *Sample) introduction(x subject) graph.Claim {
	c := s.claim(x, s.rng.IntN(3))
	said := saidBy(c)
	facts := []graph.Fact{{Subject: x.id, Predicate: graph.Type, Object: graph.Ref(x.class.IRI)}}
	for range s.rng.IntN(4) {
		facts = append(facts, s.nameFact(x.id))
	}
	for _, f := range x.class.Fields {
		wanted := f.Required || f.Name == "start" && s.chance(90) || f.Name == "end" && s.chance(55) || f.Name == "broader" ||
			x.class.Name == "Source" && s.chance(50) || f.Name == "kind" ||
			f.Kind == schema.Property && (f.Value == schema.Enum || f.Value == schema.Boolean || f.Value == schema.Float || f.Value == schema.Int) && s.chance(60) ||
			f.Name == "partOf" && s.chance(60) || f.Name == "participants" && s.chance(70)
		if wanted && stored(f) && !said[f.Predicates[0].IRI] && !(f.Required && s.chance(4)) {
			said[f.Predicates[0].IRI] = true
			facts = append(facts, s.fieldFact(x, f))
		}
	}
	c.Facts = append(facts, c.Facts...)
	if s.chance(85) { // most entities keep their class
		c.Status, c.ValidTime = graph.Reported, ""
	}
	return c
}

// claim is a claim with some facts about the entity: any of its fields, a name,
// a description or an identifier. It says no two values of a single-valued predicate.
func (s *Sample) claim(x subject, facts int) graph.Claim {
	s.made++
	c := graph.Claim{
		ID:     fmt.Sprintf("claim/%c%d", 'a'+rune(s.rng.IntN(26)), s.made),
		Source: pick(s.rng, s.Entities["Source"]),
		Status: graph.Status(1 + s.rng.IntN(4)),
	}
	if c.Status == graph.Denied && s.chance(50) {
		c.Status = graph.Confirmed
	}
	if s.chance(30) {
		n := pick(s.rng, []float64{0.25, 0.5, 0.9, 1})
		c.Confidence = &n
	}
	if s.chance(30) {
		c.ValidTime = pick(s.rng, validTimes)
	}
	if s.chance(40) {
		c.Locator = fmt.Sprintf("paragraph %d", s.rng.IntN(9))
	}
	if s.chance(30) {
		c.RecordedBy = "an editor"
	}
	for range s.rng.IntN(5) - 2 {
		c.AttributedTo = append(c.AttributedTo, pick(s.rng, append(s.Agents, s.Entities["Organization"]...)))
	}
	said := map[string]bool{}
	for i := 0; i < facts || len(c.Facts) == 0; i++ {
		fact := s.fact(x)
		if p := s.ontology.Predicate(fact.Predicate); p != nil && p.Single && said[fact.Predicate] {
			continue
		}
		said[fact.Predicate] = true
		c.Facts = append(c.Facts, fact)
	}
	return c
}

// rival is a claim that contradicts one of the other's facts, and is as good a
// claim but for one thing, or for nothing but its id and its time.
func (s *Sample) rival(of graph.Claim) graph.Claim {
	s.made++
	c := of
	c.ID = fmt.Sprintf("claim/%c%d", 'a'+rune(s.rng.IntN(26)), s.made)
	fact := of.Facts[s.rng.IntN(len(of.Facts))]
	class := s.classOf(fact.Subject)
	if s.chance(20) {
		c.Status, c.Facts = graph.Denied, []graph.Fact{fact}
		return c
	}
	if f := class.FieldOf(fact.Predicate); f != nil {
		fact = s.fieldFact(subject{fact.Subject, class}, f)
		s.disputed = append(s.disputed, dispute{fact.Subject, f.Name})
	}
	c.Facts = []graph.Fact{fact}
	switch s.rng.IntN(6) {
	case 0:
		c.Status = graph.Status(1 + s.rng.IntN(3))
	case 1:
		n := 0.75
		c.Confidence = &n
	case 2:
		c.ValidTime = pick(s.rng, validTimes)
	case 3:
		c.Source = pick(s.rng, s.Entities["Source"])
	}
	return c
}

func saidBy(c graph.Claim) map[string]bool {
	said := map[string]bool{}
	for _, f := range c.Facts {
		said[f.Predicate] = true
	}
	return said
}

// stored reports whether the field reads a predicate forwards.
func stored(f *schema.Field) bool {
	return (f.Kind == schema.Relation || f.Kind == schema.Property) && !f.Inverse
}

func (s *Sample) fact(x subject) graph.Fact {
	var fields []*schema.Field
	for _, f := range x.class.Fields {
		if stored(f) {
			fields = append(fields, f)
		}
	}
	n := s.rng.IntN(len(fields) + 3)
	switch {
	case s.chance(5):
		return graph.Fact{Subject: x.id, Predicate: unheardOf, Object: graph.Ref(s.anyEntity(s.rng))}
	case n < len(fields):
		return s.fieldFact(x, fields[n])
	case n == len(fields):
		return graph.Fact{Subject: x.id, Predicate: graph.Description, Object: s.textInLanguage()}
	case n == len(fields)+1:
		i := pick(s.rng, identifiers)
		return graph.Fact{Subject: x.id, Predicate: graph.Notation, Object: graph.Typed(i.value, graph.Scheme+i.scheme)}
	}
	return s.nameFact(x.id)
}

func (s *Sample) nameFact(id string) graph.Fact {
	kind := pick(s.rng, s.ontology.Schema.Types["NameKind"].EnumValues)
	return graph.Fact{Subject: id, Predicate: s.ontology.NamePredicate(kind.Name).IRI, Object: s.textInLanguage()}
}

func (s *Sample) textInLanguage() graph.Term {
	n := pick(s.rng, names)
	return graph.TextIn(n.text, n.language)
}

func (s *Sample) fieldFact(x subject, f *schema.Field) graph.Fact {
	fact := graph.Fact{Subject: x.id, Predicate: f.Predicates[0].IRI}
	switch {
	case f.Kind == schema.Relation:
		fact.Object = graph.Ref(s.related(x.id, f))
	case f.Name == "kind" && s.chance(40):
		fact.Object = graph.Text("MEDIA_OUTLET")
	case f.Value == schema.Enum:
		fact.Object = graph.Text(pick(s.rng, s.ontology.Schema.Types[f.Def.Type.Name()].EnumValues).Name)
	case f.Value == schema.Time && f.Name == "start" && s.chance(55):
		fact.Object = graph.Date(pick(s.rng, early))
	case f.Value == schema.Time && f.Name == "end" && s.chance(55):
		fact.Object = graph.Date(pick(s.rng, late))
	case f.Value == schema.Time && f.Name == "end":
		fact.Object = graph.Date(s.date("..", ".."))
	case f.Value == schema.Time:
		fact.Object = graph.Date(s.date())
	case f.Value == schema.Float:
		fact.Object = graph.Number(float64(s.rng.IntN(9)*10) - 40.5)
	case f.Value == schema.Int:
		fact.Object = graph.Typed(strconv.Itoa(s.rng.IntN(4)), graph.Integer)
	case f.Value == schema.Boolean:
		fact.Object = graph.Typed(strconv.FormatBool(s.chance(50)), graph.Boolean)
	default:
		fact.Object = graph.Text(pick(s.rng, names).text)
	}
	return fact
}

// date is an exact one or a rough one or one of the others.
func (s *Sample) date(others ...string) string {
	if s.chance(50) {
		return pick(s.rng, exact)
	}
	return pick(s.rng, append(others, rough...))
}

// related is an entity of the field's range; seldom one without any class.
// Sources pass on and belong to those made before them, so that no chain of
// theirs is a circle.
func (s *Sample) related(from string, f *schema.Field) string {
	if s.chance(2) {
		return pick(s.rng, lost)
	}
	var range_ []string
	for _, class := range f.Range.Members {
		for _, id := range s.Entities[class.Name] {
			if id == from && class.Name == "Source" {
				break
			}
			range_ = append(range_, id)
		}
	}
	if len(range_) == 0 {
		return lost[0]
	}
	return pick(s.rng, range_)
}

// commit adds a commit of the claims, which takes back or corrects a few of
// those before.
func (s *Sample) commit(n int, claims []graph.Claim) {
	c := graph.Changes{At: firstCommit.AddDate(0, n, 0).Add(time.Duration(n) * time.Minute)}
	before := s.standing
	for n > 0 && s.chance(50) {
		if merge, ok := s.merge(); ok {
			claims = append(claims[:len(claims):len(claims)], merge)
		}
	}
	for len(before) > 0 && s.chance(70) {
		i := s.rng.IntN(len(before))
		id := before[i]
		before = append(before[:i:i], before[i+1:]...)
		maps.DeleteFunc(s.merges, func(_, by string) bool { return by == id })
		if s.chance(50) && len(claims) > 0 && claims[0].Supersedes == "" {
			claims[0].Supersedes = id
		} else {
			c.Retract = append(c.Retract, graph.Retraction{Claim: id, Reason: pick(s.rng, []string{"", "a slip", "withdrawn"})})
		}
	}
	c.Record = claims
	for _, claim := range claims {
		before = append(before, claim.ID)
		s.Claims = append(s.Claims, claim.ID)
	}
	s.standing = before
	s.Commits = append(s.Commits, c)
}

// merge is a claim that two entities are one, mostly of one class. Neither is
// merged already.
func (s *Sample) merge() (graph.Claim, bool) {
	one := s.anyEntity(s.rng)
	from := s.Entities[s.classOf(one).Name]
	if s.chance(15) {
		from = slices.Concat(s.Entities["Party"], s.Entities["Thing"])
	}
	two := pick(s.rng, from)
	if one == two || s.merges[one] != "" || s.merges[two] != "" {
		return graph.Claim{}, false
	}
	s.made++
	c := graph.Claim{
		ID: fmt.Sprintf("claim/m%d", s.made), Source: pick(s.rng, s.Entities["Source"]), Status: graph.Confirmed,
		Facts: []graph.Fact{{Subject: two, Predicate: graph.MergedInto, Object: graph.Ref(one)}},
	}
	s.merges[two] = c.ID
	return c, true
}

func (s *Sample) anyEntity(rng *rand.Rand) string {
	var all []string
	for _, class := range s.ontology.Classes {
		all = append(all, s.Entities[class.Name]...)
	}
	return pick(rng, all)
}

func (s *Sample) chance(percent int) bool { return s.rng.IntN(100) < percent }

func pick[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }

// classOf returns the class that an id was made for.
func (s *Sample) classOf(id string) *schema.Class {
	key, _, _ := strings.Cut(id, "/")
	for _, class := range s.ontology.Classes {
		if class.Key == key {
			return class
		}
	}
	return nil
}
