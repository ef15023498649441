package graph

// Count returns how many quads lead from a node along a predicate, given by its
// compact IRI, whatever claim says them, at most; of node 0, how many quads the
// predicate has. ok is false where the store cannot tell. Cost: O(log n).
func (v *View) Count(node ID, predicate string, inverse bool) (n int, ok bool, err error) {
	counter, ok := v.Snapshot.(Counter)
	if !ok {
		return 0, false, nil
	}
	p, known := v.predicate(predicate)
	if !known {
		return 0, true, nil
	}
	nodes := []ID{node}
	if v.merges != nil {
		nodes = v.merges.group(node)
	}
	for _, id := range nodes {
		pattern := Pattern{Subject: id, Predicate: p}
		if inverse {
			pattern = Pattern{Predicate: p, Object: id}
		}
		one, _, err := counter.Count(pattern)
		if err != nil {
			return 0, false, err
		}
		n += one
	}
	return n, true, nil
}

// Least returns how many quads Quads would read of a pattern for certain; 0 where
// the store cannot tell. The error is the store's own. Cost: O(log n).
func (v *View) Least(p Pattern) (int, error) {
	if p == (Pattern{}) {
		return v.Size(), nil
	}
	counter, ok := v.Snapshot.(Counter)
	if !ok {
		return 0, nil
	}
	sum := 0
	for _, p.Subject = range v.merges.group(p.Subject) {
		for _, object := range v.merges.group(p.Object) {
			q := p
			q.Object = object
			n, exact, err := counter.Count(q)
			if err != nil {
				return 0, err
			}
			if exact {
				sum += n
			}
		}
	}
	return sum, nil
}

// CountOnce returns how many there are of something in the view, by its name: as
// count says, which is asked once for all readers of the view. Its errors are not
// kept.
func (v *View) CountOnce(name string, count func() (int, error)) (int, error) {
	if n, ok := v.settled.counts.Load(name); ok {
		return n.(int), nil
	}
	n, err := count()
	if err == nil {
		v.settled.counts.Store(name, n)
	}
	return n, err
}
