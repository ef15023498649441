package local

import (
	"runtime"

	"chancery/graph"
)

// dictionary is the terms up to some commit, and maybe some after it. The list
// of parts never changes.
type dictionary struct {
	seed  uint64
	files []*termFile // by First
	fresh []*terms    // after the files'; the writer adds to the last
}

func (d *dictionary) find(key []byte) (graph.ID, bool, error) {
	return d.findHashed(key, hashKey(d.seed, key))
}

func (d *dictionary) findHashed(key []byte, hash uint64) (graph.ID, bool, error) {
	for i := len(d.fresh) - 1; i >= 0; i-- {
		if id, ok := d.fresh[i].find(key, hash); ok {
			return id, true, nil
		}
	}
	for i := len(d.files) - 1; i >= 0; i-- {
		if id, ok, err := d.files[i].find(key, hash); ok || err != nil {
			return id, ok, err
		}
	}
	return 0, false, nil
}

// intern returns the id of a key, a new one if it is not there.
func (d *dictionary) intern(key []byte) (graph.ID, error) {
	hash := hashKey(d.seed, key)
	id, ok, err := d.findHashed(key, hash)
	if ok || err != nil {
		return id, err
	}
	return d.fresh[len(d.fresh)-1].add(key, hash), nil
}

// term returns the term of a sequence that the dictionary has; false if it was
// purged.
func (d *dictionary) term(space int, sequence uint64) (t graph.Term, ok bool, err error) {
	for i := len(d.fresh) - 1; i >= 0; i-- {
		if key := d.fresh[i].key(space, sequence); key != nil {
			t, err = keyTerm(key)
			return t, err == nil, err
		}
	}
	for i := len(d.files) - 1; i >= 0; i-- {
		f := d.files[i]
		if sequence < f.First[space] {
			continue
		}
		var room [256]byte
		key, err := f.key(room[:0], space, sequence-f.First[space])
		runtime.KeepAlive(f)
		if err != nil || len(key) == 0 {
			return graph.Term{}, false, err
		}
		t, err = keyTerm(key)
		return t, err == nil, err
	}
	return graph.Term{}, false, &CorruptError{manifestName, 0, "no file has a term that the manifest counts"}
}
