package intake

import (
	"context"
	"math/bits"

	"chancery/graph"
)

// keepVersion notes that the newest version of a claim stays as it is, because its
// row was rejected; it reports whether there is one that stands.
func (r *run) keepVersion(claim string) bool {
	e := r.edition(datasetOf(claim, r.file.Dataset))
	if !e.before {
		return false
	}
	v := r.world.version(claim, true)
	if v.claim == 0 || r.world.recordedBy(&v) != e.by {
		return false
	}
	r.meet(&v)
	return r.keep(&v)
}

// keep is keepVersion of a version that was found.
func (r *run) keep(v *version) bool {
	if !v.standing || v.at > r.began || r.taken.Has(v.claim) {
		return false
	}
	r.refused.Add(v.claim)
	return true
}

// keepAll counts what stands although its row was rejected, unless another row had the
// claim, and notes which entities it names.
func (r *run) keepAll(ctx context.Context) error {
	latest := r.ended()
	var quads []graph.Quad
	for claim := range r.refused.All {
		if r.taken.Has(claim) || latest.Record(claim).RetractedAt != 0 {
			continue
		}
		var err error
		if quads, err = latest.Claim(ctx, quads[:0], claim); err != nil {
			return err
		}
		r.report.Claims.Kept++
		for _, q := range quads {
			r.kept.add(q.Subject)
			r.kept.add(q.Object)
		}
	}
	return nil
}

// ended is the graph after the last batch; in a dry run it is as it was.
func (r *run) ended() graph.Latest {
	if r.o.DryRun {
		return r.world.latest
	}
	return r.Graph.Latest()
}

// count counts the entities of the things that were looked up, as far as the graph has
// them now, or would have them after a dry run.
func (p *plan) count() {
	for _, f := range p.looked {
		id := p.world.stays(f.id)
		if !p.first(id) {
			continue
		}
		c := &p.report.Entities
		switch f.how {
		case isNew:
			c.New++
		case isKnown:
			c.Known++
		case byIdentifier:
			c.ByIdentifier++
		case byName:
			c.ByName++
		}
	}
}

// first reports whether an entity has come in and was not counted yet.
func (p *plan) first(id string) bool {
	if p.world.class(id) == nil {
		return false
	}
	node, ok := p.world.latest.Lookup(graph.Ref(id))
	if ok {
		return p.counted.add(node)
	}
	h := hashOf(id)
	if _, counted := p.would[h]; counted {
		return false
	}
	p.would[h] = struct{}{}
	return true
}

// nodes is a set of entities by their ids in the graph, a bit each.
type nodes struct{ words []uint64 }

// add reports whether the node was not there. What is no node is left out.
func (n *nodes) add(id graph.ID) bool {
	if id.Space() != graph.Nodes {
		return false
	}
	word := id.Sequence() / 64
	for uint64(len(n.words)) <= word {
		n.words = append(n.words, 0)
	}
	bit := uint64(1) << (id.Sequence() % 64)
	had := n.words[word]&bit != 0
	n.words[word] |= bit
	return !had
}

// all yields the nodes, ascending.
func (n *nodes) all(yield func(graph.ID) bool) {
	for i, w := range n.words {
		for ; w != 0; w &= w - 1 {
			if !yield(graph.InSpace(graph.Nodes, uint64(i*64+bits.TrailingZeros64(w)))) {
				return
			}
		}
	}
}
