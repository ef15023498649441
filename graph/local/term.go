package local

import (
	"encoding/binary"
	"fmt"

	"chancery/graph"
)

// A term is kept as its key: a byte for its kind, for some kinds a length and
// a datatype or a language tag, then the text. Keys are equal when terms are.
const (
	keyIRI = iota + 1
	keyBlank
	keyText
	keyTextIn // length of the language tag, the tag
	keyTyped  // length of the datatype, the datatype
	keyBoth   // datatype and language: both of the above
)

// appendKey appends the term's key.
func appendKey(dst []byte, t graph.Term) []byte {
	measured := func(s string) { dst = append(binary.AppendUvarint(dst, uint64(len(s))), s...) }
	switch {
	case t.Kind == graph.IRI && t.Datatype == "" && t.Language == "":
		dst = append(dst, keyIRI)
	case t.Kind == graph.Blank && t.Datatype == "" && t.Language == "":
		dst = append(dst, keyBlank)
	case t.Kind == graph.Literal && t.Datatype == "" && t.Language == "":
		dst = append(dst, keyText)
	case t.Kind == graph.Literal && t.Datatype == "":
		dst = append(dst, keyTextIn)
		measured(t.Language)
	case t.Kind == graph.Literal && t.Language == "":
		dst = append(dst, keyTyped)
		measured(t.Datatype)
	default:
		// Nothing makes such terms; they are kept to the letter all the same.
		dst = append(dst, keyBoth, byte(t.Kind))
		measured(t.Datatype)
		measured(t.Language)
	}
	return append(dst, t.Text...)
}

// keyTerm returns the term of a key.
func keyTerm(key []byte) (graph.Term, error) {
	if len(key) == 0 {
		return graph.Term{}, fmt.Errorf("a term has no kind")
	}
	s := string(key[1:]) // one allocation for all parts
	bad := false
	measured := func() string {
		n, used := binary.Uvarint(key[len(key)-len(s):])
		if used <= 0 || n > uint64(len(s)-used) {
			bad = true
			return ""
		}
		part := s[used : used+int(n)]
		s = s[used+int(n):]
		return part
	}
	var t graph.Term
	switch key[0] {
	case keyIRI:
		t.Kind = graph.IRI
	case keyBlank:
		t.Kind = graph.Blank
	case keyText:
		t.Kind = graph.Literal
	case keyTextIn:
		t.Kind, t.Language = graph.Literal, measured()
	case keyTyped:
		t.Kind, t.Datatype = graph.Literal, measured()
	case keyBoth:
		if s == "" {
			return t, fmt.Errorf("a term ends within its kind")
		}
		t.Kind, s = graph.TermKind(s[0]), s[1:]
		t.Datatype = measured()
		t.Language = measured()
	default:
		return t, fmt.Errorf("a term is of kind %d", key[0])
	}
	if bad {
		return t, fmt.Errorf("a term's length goes beyond it")
	}
	t.Text = s
	return t, nil
}

// keySpace returns the space that the key's term takes its id from.
func keySpace(key []byte) graph.Space {
	const claims = "claim/"
	switch {
	case key[0] == keyIRI && len(key) > len(claims) && string(key[1:1+len(claims)]) == claims,
		key[0] == keyIRI && string(key[1:]) == claims:
		return graph.Claims
	case key[0] == keyIRI || key[0] == keyBlank:
		return graph.Nodes
	case key[0] == keyBoth && len(key) > 1:
		t, err := keyTerm(key)
		if err == nil {
			return graph.SpaceOf(t)
		}
	}
	return graph.Texts
}

// hashKey hashes a key. The seed is the store's own, so that nobody can choose
// terms that collide.
func hashKey(seed uint64, key []byte) uint64 {
	h := seed ^ uint64(len(key))*0x9E3779B97F4A7C15
	for ; len(key) >= 8; key = key[8:] {
		h = mix(h^binary.LittleEndian.Uint64(key), 0xe7037ed1a0b428db)
	}
	var rest [8]byte
	copy(rest[:], key)
	h = mix(h^binary.LittleEndian.Uint64(rest[:]), 0xa0761d6478bd642f)
	return mix(h, 0x8ebc6af09c88c6e3^seed)
}

// spaces are the spaces of a dictionary, in the sequence of a counts.
var spaces = [3]graph.Space{graph.Nodes, graph.Claims, graph.Texts}

// counts are numbers of terms: nodes, claims, texts.
type counts [3]uint64

// inDictionary returns the place of the id's space in a counts.
func inDictionary(id graph.ID) (space int, ok bool) {
	s := int(id.Space()) - int(graph.Nodes)
	return s, s >= 0 && s < len(spaces)
}

// has reports whether the id is of a term counted, or of one in no dictionary.
func (c *counts) has(id graph.ID) bool {
	space, ok := inDictionary(id)
	return !ok || id.Sequence() < c[space]
}

func (c counts) sum() uint64 { return c[0] + c[1] + c[2] }
