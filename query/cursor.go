package query

import (
	"encoding/base64"
	"encoding/json"

	"chancery/schema"
)

// cursor is a place in an ordered connection, as clients hold it: base64url of
// its JSON. It stays valid when data is added: the page after it is what sorts
// after its keys and id, whether that node is still there or not.
type cursor struct {
	Class       string          `json:"c"`
	Order       string          `json:"o,omitempty"`
	Keys        []sortKey       `json:"k,omitempty"`
	ID          string          `json:"i"`
	Perspective json.RawMessage `json:"p"` // as asked
}

func (r *run) cursorText(class *schema.Class, order []orderKey, p place) string {
	text, err := json.Marshal(cursor{
		Class: class.Name, Order: orderName(order), Keys: p.keys, ID: r.nameID(p.id), Perspective: state(r.view, false),
	})
	if err != nil {
		panic("query: a cursor that is no JSON: " + err.Error())
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// place reads a cursor that must be of the same class, order and perspective.
func (r *run) place(text string, class *schema.Class, order []orderKey) (place, *Error) {
	invalid := func(why string) *Error {
		return errorf(CursorInvalid, "%.60q %s: take cursors from an answer of this connection, with the same orderBy", text, why)
	}
	var c cursor
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(raw, &c) != nil {
		return place{}, invalid("is no cursor")
	}
	switch {
	case c.Class != class.Name:
		return place{}, invalid("is a cursor of another connection")
	case c.Order != orderName(order) || len(c.Keys) != len(order):
		return place{}, invalid("is a cursor of another order")
	}
	if asked := state(r.view, false); string(c.Perspective) != string(asked) {
		return place{}, errorf(CursorPerspective, "the cursor was given under the perspective %s, the request asks for %s: start again without a cursor, or ask as before", c.Perspective, asked)
	}
	id, ok := r.readID(c.ID, class)
	if !ok {
		return place{}, invalid("is a cursor of another graph")
	}
	return place{keys: c.Keys, id: id}, nil
}
