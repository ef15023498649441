package graph

// NameReader reads the names of many ids, one after another.
type NameReader struct {
	view   *View
	texts  Texter     // nil: the store has none
	reader TextReader // nil until the store is asked
	*readNames
}

// readNames are names that readers of one goroutine have read.
type readNames struct {
	names *keptNames // nil until the second name is asked for, or there are none

	// Other names that were read lie in kept: what many are related to comes again.
	recent *[64]recentName // nil until the second name is asked for
	asked  bool
	kept   []byte
}

type recentName struct {
	id       ID
	from, to int // in kept
}

// mostKept is how many bytes of names a reader keeps.
const mostKept = 16 << 10

// Names returns a reader for one goroutine. Cost: O(1).
func (v *View) Names() *NameReader {
	r := &NameReader{view: v, readNames: &readNames{}}
	r.texts, _ = v.Snapshot.(Texter)
	return r
}

// Beside returns a reader for the same goroutine and ids of another kind: what either has
// read lately the other has, too, and each goes on from the id that it read last. Cost: O(1).
func (r *NameReader) Beside() *NameReader {
	return &NameReader{view: r.view, texts: r.texts, readNames: r.readNames}
}

// Append appends the text of an id that the snapshot gave out: see [View.Name].
// Cost: O(1); ids that ascend and lie close together are read fastest.
func (r *NameReader) Append(dst []byte, id ID) []byte {
	if r.texts == nil {
		return append(dst, r.view.Name(id)...)
	}
	if !r.asked { // mostly, no other follows
		r.asked = true
		return r.read(dst, id)
	}
	if r.recent == nil {
		r.recent = new([64]recentName)
		r.names = r.view.keptNames()
	}
	if r.names != nil && id.Space() == Nodes {
		if dst, ok := r.names.append(dst, id); ok {
			return dst
		}
	}
	recent := &r.recent[uint64(id)*0x9e3779b97f4a7c15>>58]
	if recent.id == id && id != 0 {
		return append(dst, r.kept[recent.from:recent.to]...)
	}
	begin := len(dst)
	dst = r.read(dst, id)
	if len(r.kept)+len(dst)-begin > mostKept {
		*r.recent, r.kept = [64]recentName{}, r.kept[:0]
	}
	*recent = recentName{id, len(r.kept), len(r.kept) + len(dst) - begin}
	r.kept = append(r.kept, dst[begin:]...)
	return dst
}

// read appends the text of an id, as the store has it.
func (r *NameReader) read(dst []byte, id ID) []byte {
	if r.reader == nil {
		r.reader = r.texts.Texts()
	}
	begin := len(dst)
	dst, ok := r.reader.AppendText(dst, id)
	if !ok {
		panic("graph: an id that is of no term of this snapshot")
	}
	if r.names != nil && id.Space() == Nodes {
		r.names.put(id, dst[begin:])
	}
	return dst
}

// All returns the texts of ids, which share their memory.
func (r *NameReader) All(ids []ID) []string {
	var text []byte
	ends := make([]int, len(ids))
	for i, id := range ids {
		text = r.Append(text, id)
		ends[i] = len(text)
	}
	out, whole, begin := make([]string, len(ids)), string(text), 0
	for i, end := range ends {
		out[i], begin = whole[begin:end], end
	}
	return out
}
