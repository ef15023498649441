package naive

import (
	"bytes"
	"encoding/json"
)

// Object is a JSON object whose keys keep their order.
type Object struct {
	Keys   []string
	Values []any // nil, bool, string, int64, float64, *Object or []any
}

// Opaque stands in an answer for a text that only the engine can tell, such as a
// cursor.
const Opaque = "\x00opaque"

// MarshalJSON writes the keys in their order.
func (o *Object) MarshalJSON() ([]byte, error) {
	if o == nil {
		return []byte("null"), nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, key := range o.Keys {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := e.Encode(key); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := e.Encode(o.Values[i]); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
