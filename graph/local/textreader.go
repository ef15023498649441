package local

import (
	"encoding/binary"
	"runtime"

	"chancery/graph"
)

var _ graph.Texter = (*snapshot)(nil)

// textReader reads the texts of terms. It remembers where in which block it read
// last: what comes soon after is decoded on from there.
type textReader struct {
	of     *snapshot
	file   *termFile
	space  int
	number uint64 // in the file, of the term whose key is there
	rest   []byte // of the block, behind that key
	key    []byte // empty: of none
}

// Texts implements graph.Texter.
func (s *snapshot) Texts() graph.TextReader { return &textReader{of: s} }

// AppendText implements graph.TextReader; of a damaged dictionary see Lookup.
func (r *textReader) AppendText(dst []byte, id graph.ID) ([]byte, bool) {
	if t, ok := graph.Outline(id); ok {
		return append(dst, t.Text...), true
	}
	space, ok := inDictionary(id)
	if !ok || id.Sequence() >= r.of.terms[space] {
		return dst, false
	}
	key, err := r.read(space, id.Sequence())
	runtime.KeepAlive(r.of)
	if err == nil && len(key) > 0 {
		dst, err = appendKeyText(dst, key)
	}
	if err != nil {
		r.of.health.fail(err)
		return dst, false
	}
	return dst, len(key) > 0
}

// read returns the key of a sequence that the dictionary has; it is valid until the
// next reading, and empty if it was purged.
func (r *textReader) read(space int, sequence uint64) ([]byte, error) {
	words := r.of.words
	for i := len(words.fresh) - 1; i >= 0; i-- {
		if key := words.fresh[i].key(space, sequence); key != nil {
			return key, nil
		}
	}
	for i := len(words.files) - 1; i >= 0; i-- {
		if f := words.files[i]; sequence >= f.First[space] {
			err := r.seek(f, space, sequence-f.First[space])
			return r.key, err
		}
	}
	return nil, &CorruptError{manifestName, 0, "no file has a term that the manifest counts"}
}

// seek reads on to a term of a file.
func (r *textReader) seek(f *termFile, space int, number uint64) error {
	steps := number - r.number
	if f != r.file || space != r.space || number < r.number || number/termBlock != r.number/termBlock {
		block, err := f.block(space, int(number/termBlock))
		if err != nil {
			r.file = nil
			return err
		}
		r.file, r.space, r.rest, r.key = f, space, block, r.key[:0]
		steps = number%termBlock + 1
	}
	for range steps {
		var ok bool
		if r.rest, r.key, ok = nextKey(r.rest, r.key); !ok {
			r.file = nil
			return f.corrupt(f.blocksAt[space], "block %d of space %d ends within a term", number/termBlock, spaces[space])
		}
	}
	r.number = number
	return nil
}

// appendKeyText appends the text of a key's term.
func appendKeyText(dst, key []byte) ([]byte, error) {
	switch key[0] {
	case keyIRI, keyBlank, keyText:
		return append(dst, key[1:]...), nil
	case keyTextIn, keyTyped:
		if n, used := binary.Uvarint(key[1:]); used > 0 && n <= uint64(len(key)-1-used) {
			return append(dst, key[1+used+int(n):]...), nil
		}
	}
	t, err := keyTerm(key) // says what is wrong with others
	return append(dst, t.Text...), err
}
