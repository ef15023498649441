package query

import (
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/graph"
)

// writer makes the JSON of one root field. Paths are kept as it goes, so that
// errors and citations know their place.
type writer struct {
	run    *run
	buf    []byte
	path   []step
	errors []*Error
	more   int // errors beyond those listed
	cites  []citation
	cuts   int    // how many times something written was taken back
	over   *Error // the answer went over a limit: it is thrown away
}

// step is one part of a path: a response key, or an index where key is empty.
type step struct {
	key   string
	index int
}

// column holds one field's values for all rows of a level.
type column interface {
	// write writes the value for row i. False says that it is null where null is
	// not allowed: then nothing lasting was written, and the null moves up.
	write(w *writer, i int) bool
}

func (w *writer) fail(e *Error) {
	if len(w.errors) >= w.run.op.engine.options.Errors {
		w.more++
		return
	}
	placed := *e
	placed.Path = w.astPath()
	w.errors = append(w.errors, &placed)
}

// listed returns the errors, with a last one that counts those left out.
func (w *writer) listed() []*Error {
	if w.more == 0 {
		return w.errors
	}
	last := errorf(LimitExceeded, "%d more errors are not listed: at most %d are", w.more, w.run.op.engine.options.Errors)
	last.Path = w.errors[0].Path[:1]
	return append(w.errors, last)
}

func (w *writer) astPath() ast.Path {
	path := make(ast.Path, len(w.path))
	for i, s := range w.path {
		if s.key == "" {
			path[i] = ast.PathIndex(s.index)
		} else {
			path[i] = ast.PathName(s.key)
		}
	}
	return path
}

// cited notes the claims behind the value that was just written.
func (w *writer) cited(claims []graph.Link) {
	if w.run.op.cite && len(claims) > 0 {
		w.cites = append(w.cites, citation{path: append([]step(nil), w.path...), claims: claims})
	}
}

// cut takes back what was written since the text and the citations had these lengths.
func (w *writer) cut(text, cites int) {
	w.buf, w.cites = w.buf[:text], w.cites[:cites]
	w.cuts++
}

// key begins an object with its first key.
func (w *writer) key(name string) {
	w.buf = append(w.buf, '{')
	w.string(name)
	w.buf = append(w.buf, ':')
}

func (w *writer) null() { w.buf = append(w.buf, "null"...) }

// absent writes the null of a value that the graph does not have; where that is
// not allowed, it is an error.
func (w *writer) absent(nonNull bool) bool {
	if nonNull {
		w.fail(errorf(Internal, "a value is required here, and no claim of this perspective gives one"))
	}
	return w.nullable(nonNull)
}

// nullable writes null if it may, and reports whether it could.
func (w *writer) nullable(nonNull bool) bool {
	if !nonNull {
		w.null()
	}
	return !nonNull
}

func (w *writer) string(s string) { w.buf = appendString(w.buf, s) }

// quoted ends a string that begins with its quotation mark at start, as it is so far.
func (w *writer) quoted(start int) {
	text := w.buf[start+1:]
	for _, c := range text {
		if c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			s := string(text)
			w.buf = w.buf[:start]
			w.string(s)
			return
		}
	}
	w.buf = append(w.buf, '"')
}

const hexDigits = "0123456789abcdef"

// appendString appends s as a JSON string. Invalid UTF-8 becomes U+FFFD.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	plain := 0 // start of what is not copied yet
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				dst = append(append(dst, s[plain:i]...), "\ufffd"...)
				plain = i + 1
			}
			i += size
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		dst = append(dst, s[plain:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\t':
			dst = append(dst, '\\', 't')
		case '\r':
			dst = append(dst, '\\', 'r')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		plain = i
	}
	return append(append(dst, s[plain:]...), '"')
}

// leaf writes values that have no selection.
type leaf struct {
	nonNull bool
	put     func(w *writer, i int) bool // false: the value is null
	claims  func(i int) []graph.Link    // nil: not read from a claim
}

func (l *leaf) write(w *writer, i int) bool {
	if !l.put(w, i) {
		return w.absent(l.nonNull)
	}
	if l.claims != nil {
		w.cited(l.claims(i))
	}
	return true
}

// failed is a field that went wrong, for every row or for those that bad names.
type failed struct {
	nonNull bool
	err     *Error
	bad     func(i int) bool // nil: all
	column  column           // of the others
}

func (f *failed) write(w *writer, i int) bool {
	if f.bad != nil && !f.bad(i) {
		return f.column.write(w, i)
	}
	w.fail(f.err)
	return w.nullable(f.nonNull)
}

// fields writes objects whose fields are columns over the same rows.
type fields struct {
	keys    []string
	heads   []string // what stands before each value
	columns []column
}

// add adds a key, whose column is added next.
func (f *fields) add(key string) {
	head := string(appendString(nil, key)) + ":"
	if len(f.keys) > 0 {
		head = "," + head
	}
	f.keys, f.heads = append(f.keys, key), append(f.heads, head)
}

func (f *fields) write(w *writer, i int) bool {
	if w.over != nil {
		return false
	}
	start, cites := len(w.buf), len(w.cites)
	w.buf = append(w.buf, '{')
	w.path = append(w.path, step{})
	for k, c := range f.columns {
		w.buf = append(w.buf, f.heads[k]...)
		w.path[len(w.path)-1] = step{key: f.keys[k]}
		if !c.write(w, i) {
			w.path = w.path[:len(w.path)-1]
			w.cut(start, cites)
			return false
		}
	}
	w.path = w.path[:len(w.path)-1]
	w.buf = append(w.buf, '}')
	return w.within()
}

// within reports whether the answer is still as small as it must be.
func (w *writer) within() bool {
	if limit := w.run.op.engine.options.Bytes; len(w.buf) > limit && w.over == nil {
		w.over = errorf(LimitExceeded, "the answer is larger than %d bytes: ask for fewer fields or a smaller page", limit)
	}
	return w.over == nil
}

// pick writes an object of another level, or null.
type pick struct {
	nonNull bool
	at      []int // row of objects; negative: none
	objects column
	claims  func(i int) []graph.Link // that relate the object; nil: not by a relation
}

func (p *pick) write(w *writer, i int) bool {
	if p.at[i] < 0 {
		return w.absent(p.nonNull)
	}
	cites := len(w.cites)
	if p.claims != nil {
		w.cited(p.claims(i))
	}
	if !p.objects.write(w, p.at[i]) {
		w.cites = w.cites[:cites]
		return w.nullable(p.nonNull)
	}
	return true
}

// list writes the rows ends[i-1] to ends[i] of another level.
type list struct {
	nonNull, itemNonNull bool
	ends                 []int
	items                column
	claims               func(item int) []graph.Link
}

// measured is after how many elements the length of a list is estimated.
const measured = 64

func (l *list) write(w *writer, i int) bool {
	from := 0
	if i > 0 {
		from = l.ends[i-1]
	}
	start, cites := len(w.buf), len(w.cites)
	w.buf = append(w.buf, '[')
	w.path = append(w.path, step{})
	for at := from; at < l.ends[i]; at++ {
		if at > from {
			w.buf = append(w.buf, ',')
		}
		if at == from+measured {
			// The rest is about as long as these: room for all of it at once saves copies.
			room := (len(w.buf) - start) / measured * (l.ends[i] - at)
			w.buf = slices.Grow(w.buf, min(room, max(0, w.run.op.engine.options.Bytes-len(w.buf))))
		}
		w.path[len(w.path)-1] = step{index: at - from}
		mark := len(w.cites)
		if l.claims != nil {
			w.cited(l.claims(at))
		}
		if !l.items.write(w, at) {
			w.cites = w.cites[:mark]
			if !l.itemNonNull && w.over == nil {
				w.null()
				continue
			}
			w.path = w.path[:len(w.path)-1]
			w.cut(start, cites)
			return w.nullable(l.nonNull)
		}
	}
	w.path = w.path[:len(w.path)-1]
	w.buf = append(w.buf, ']')
	return true
}

func (w *writer) boolean(b bool) { w.buf = strconv.AppendBool(w.buf, b) }

func (w *writer) int(n int) { w.buf = strconv.AppendInt(w.buf, int64(n), 10) }
