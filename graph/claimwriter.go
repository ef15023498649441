package graph

// claimWriter puts claims into the batch of a commit. It keeps the batch's
// references to what many claims share, so that each is looked up once.
type claimWriter struct {
	b          *Batch
	claim, at  TermRef
	iris       map[string]TermRef // of predicates and sources
	recordedBy struct {
		text string
		ref  TermRef
	}
	statuses [len(statusNames)]TermRef
}

// ownFields is how many quads a claim has beside its facts, about.
const ownFields = 7

func newClaimWriter(b *Batch, p *plan) *claimWriter {
	n, facts := len(p.record), 0
	for i := range p.record {
		facts += len(p.record[i].Facts)
	}
	// Each claim brings itself, most also an entity and a text or two.
	b.grow(facts+n*ownFields+len(p.retract)*2, 3*n+len(p.retract))
	return &claimWriter{b: b, at: b.Term(Moment(p.at)), claim: b.Term(Ref("kg:Claim")), iris: map[string]TermRef{}}
}

// write adds the claim's own fields and its facts, and returns the claim.
func (w *claimWriter) write(c *Claim) (self TermRef) {
	b := w.b
	self = b.Term(Ref(c.ID))
	own := func(predicate string, object TermRef) {
		b.Add = append(b.Add, BatchQuad{self, w.iri(predicate), object, self})
	}
	own(Type, w.claim)
	own(Source, w.iri(c.Source))
	own(StatusOf, w.status(c.Status))
	own(RecordedAt, w.at)
	if c.Locator != "" {
		own(Locator, b.Term(Text(c.Locator)))
	}
	for _, a := range c.AttributedTo {
		own(AttributedTo, b.Term(Ref(a)))
	}
	if c.Confidence != nil {
		own(Confidence, b.Term(Number(*c.Confidence)))
	}
	if c.ValidTime != "" {
		own(ValidTime, b.Term(Date(c.ValidTime)))
	}
	if c.RecordedBy != "" {
		own(RecordedBy, w.by(c.RecordedBy))
	}
	if c.Supersedes != "" {
		own(Supersedes, b.Term(Ref(c.Supersedes)))
	}
	var subject string
	var ref TermRef
	for i := range c.Facts {
		f := &c.Facts[i]
		if ref == 0 || f.Subject != subject {
			subject, ref = f.Subject, b.Term(Ref(f.Subject))
		}
		b.Add = append(b.Add, BatchQuad{ref, w.iri(f.Predicate), b.Term(f.Object), self})
	}
	return self
}

func (w *claimWriter) iri(iri string) TermRef {
	ref, ok := w.iris[iri]
	if !ok {
		ref = w.b.Term(Ref(iri))
		w.iris[iri] = ref
	}
	return ref
}

func (w *claimWriter) status(s Status) TermRef {
	if w.statuses[s] == 0 {
		w.statuses[s] = w.b.Term(Text(s.String()))
	}
	return w.statuses[s]
}

func (w *claimWriter) by(text string) TermRef {
	if w.recordedBy.ref == 0 || w.recordedBy.text != text {
		w.recordedBy.text, w.recordedBy.ref = text, w.b.Term(Text(text))
	}
	return w.recordedBy.ref
}
