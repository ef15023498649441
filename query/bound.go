package query

// A bound is how many ids a condition's candidates are, at most; -1 where that is
// not known without reading them, or the links of more than some objects would have to
// be counted.

func (f all) bound(r *run, most int) (int, error) {
	least := -1
	for _, part := range f {
		n, err := part.bound(r, most)
		if err != nil {
			return -1, err
		}
		if n >= 0 && (least < 0 || n < least) {
			least = n
		}
	}
	return least, nil
}

func (f anyOf) bound(r *run, most int) (int, error) {
	sum := 0
	for _, part := range f {
		n, err := part.bound(r, most)
		if err != nil || n < 0 {
			return -1, err
		}
		sum += n
	}
	return sum, nil
}

func (f not) bound(*run, int) (int, error) { return -1, nil }

func (f test) bound(*run, int) (int, error) {
	if !f.only {
		return -1, nil
	}
	return len(f.ids), nil
}

func (f narrowed) bound(r *run, most int) (int, error) { return f.filter.bound(r, most) }

// bound of a condition on a related object that is named counts its links.
func (f related) bound(r *run, most int) (int, error) {
	needed := f.needed()
	if f.field == nil || needed == nil {
		return -1, nil
	}
	if found := f.found; found.counted >= most || found.counted > 0 && found.links >= 0 {
		return found.links, nil
	}
	n, err := f.countNeeded(r, needed, most)
	if err == nil {
		f.found.counted, f.found.links = most, n
	}
	return n, err
}

func (f related) countNeeded(r *run, needed filter, most int) (int, error) {
	n, err := needed.bound(r, most)
	if err != nil || n < 0 || n > most {
		return -1, err
	}
	objects, _, err := f.objects(r)
	if err != nil || objects == nil {
		return -1, err
	}
	sum, back := 0, mirrored(f.field)
	for _, id := range objects {
		n, err := r.countRelated(id, back)
		if err != nil || n < 0 {
			return -1, err
		}
		sum += n
	}
	return sum, nil
}

// mostNamed is of how many objects links are counted, whatever else there is to begin
// with; beyond, as many as one for linksPerNamed of what would be read instead.
const (
	mostNamed     = 64
	linksPerNamed = 16
)
