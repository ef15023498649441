package rdf

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/piprate/json-gold/ld"
)

func readJSONLD(r io.Reader, o Options, yield func(Statement) error) error {
	j, err := newJSONReader(r, o, yield)
	if err != nil {
		return err
	}
	return j.read()
}

// read reads an outermost array element by element, anything else as one.
func (j *jsonReader) read() error {
	l := j.lexer
	if err := l.start(); err != nil {
		return err
	}
	j.space()
	if l.peek() < 0 {
		return l.fault(l.pos, "the file is empty: a JSON object or array was expected")
	}
	if l.peek() != '[' {
		if err := j.element(); err != nil {
			return err
		}
	} else if err := j.array(); err != nil {
		return err
	}
	if j.space(); l.peek() >= 0 {
		return l.fault(l.pos, "a JSON-LD file is one object or array: %s stands behind its end", l.found())
	}
	return l.readError()
}

// jsonReader reads one document.
type jsonReader struct {
	lexer     *lexer
	languages languages
	contexts  *contextLoader
	options   *ld.JsonLdOptions
	triples   expandedReader
}

func newJSONReader(r io.Reader, o Options, yield func(Statement) error) (*jsonReader, error) {
	j := &jsonReader{
		lexer:   newLexer(r, o.File, o.maxBytes()),
		options: ld.NewJsonLdOptions(o.Base),
	}
	loader := newContextLoader(o.Contexts, &j.languages)
	if o.Context != nil {
		context, err := decodeJSON(o.Context)
		if err != nil {
			return nil, fmt.Errorf("context: %s", jsonReason(err))
		}
		j.languages.protect(context)
		j.options.ExpandContext = context
	}
	j.contexts, j.options.DocumentLoader = loader, loader
	j.triples = expandedReader{yield: yield, leftOut: o.LeftOut, languages: &j.languages}
	return j, nil
}

// space skips JSON's white space.
func (j *jsonReader) space() {
	l := j.lexer
	for {
		switch l.peek() {
		case ' ', '\t':
		case '\n', '\r':
			l.newline(l.pos)
		default:
			return
		}
		l.pos++
	}
}

// array reads [ … ], each element as a document of its own. Blank nodes are
// common to all.
func (j *jsonReader) array() error {
	l := j.lexer
	opened := l.mark()
	l.pos++
	j.space()
	if l.peek() == ']' {
		l.pos++
		return nil
	}
	for {
		j.space()
		if err := j.element(); err != nil {
			return err
		}
		j.space()
		switch l.peek() {
		case ',':
			l.pos++
		case ']':
			l.pos++
			return nil
		case -1:
			return l.fault(l.pos, `the file is cut off: the array that begins at line %d has no "]"`, opened.line)
		default:
			return l.fault(l.pos, `"," or "]" was expected after an element of the array, not %s`, l.found())
		}
	}
}

// element reads one JSON value and hands on what it states.
func (j *jsonReader) element() error {
	l := j.lexer
	at := l.mark()
	text, err := j.value(at)
	if err != nil {
		return err
	}
	if !utf8.Valid(text) {
		i := 0
		for r, n := utf8.DecodeRune(text); r != utf8.RuneError || n != 1; r, n = utf8.DecodeRune(text[i:]) {
			i += n
		}
		return l.faultAt(placeWithin(at, text, i), "byte 0x%02X is not UTF-8: convert the file to UTF-8 (from Latin-1, say: iconv -f latin1 -t utf-8)", text[i])
	}
	document, err := decodeJSON(text)
	if err != nil {
		return l.faultAt(jsonPlace(at, text, err), "%s", jsonReason(err))
	}
	expanded := asList(document)
	if j.options.ExpandContext != nil || !isExpanded(document) {
		j.languages.protect(document)
		j.contexts.left = 1000 + len(text) // a use takes at least a few bytes
		if expanded, err = j.expand(document, at); err != nil {
			return l.faultAt(at, "%s", jsonLDReason(err))
		}
	}
	err = j.triples.read(expanded)
	if fault, ok := errors.AsType[*documentError](err); ok {
		return l.faultAt(at, "%s", fault.reason)
	}
	return err
}

// value scans one JSON value, as far as its brackets and quotes go. It holds
// until the next call.
func (j *jsonReader) value(at place) ([]byte, error) {
	l := j.lexer
	l.keep = l.pos
	defer func() { l.keep = -1 }()
	depth, quoted := 0, false
	for i := l.pos; ; i++ {
		var ok bool
		if i, ok = l.more(i); !ok {
			if depth > 0 || quoted || i == l.keep {
				return nil, l.faultAt(at, "the file is cut off: the JSON value that begins here does not end")
			}
			l.pos = i
			return l.buf[l.keep:i], nil
		}
		if l.tooLong(i) {
			return nil, l.faultAt(at, "a JSON-LD element of more than %d bytes: elements of an outermost array are read one by one, anything else at once; "+
				"convert the file to N-Quads, or raise the limit", l.limit)
		}
		c := l.buf[i]
		if c == '\n' || c == '\r' {
			l.newline(i)
		}
		switch {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case depth == 0 && (c == ',' || c == ']' || c == '}' || c <= ' '):
			l.pos = i
			return l.buf[l.keep:i], nil
		case c == '}' || c == ']':
			depth--
		}
		if depth == 0 && !quoted && (c == '}' || c == ']' || c == '"') {
			l.pos = i + 1
			return l.buf[l.keep:l.pos], nil
		}
	}
}

// expand applies contexts. Somebody who wants to know is told of properties that
// they give no IRI, though the library does not say which.
func (j *jsonReader) expand(document any, at place) ([]any, error) {
	if j.triples.leftOut == nil {
		return j.tryExpand(document, false)
	}
	expanded, err := j.tryExpand(ld.CloneDocument(document), true)
	if fault, ok := errors.AsType[*ld.JsonLdError](err); ok && fault.Code == ld.InvalidProperty {
		j.triples.leave("a property of the element at line %d, column %d, that its context gives no IRI", at.line, at.column)
		return j.tryExpand(document, false)
	}
	return expanded, err
}

// tryExpand makes an error of the library's panics: it has not met every
// document.
func (j *jsonReader) tryExpand(document any, safe bool) (expanded []any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the document cannot be expanded: %v", p)
		}
	}()
	o := j.options.Copy()
	o.SafeMode = safe
	return ld.NewJsonLdProcessor().Expand(document, o)
}

// decodeJSON keeps numbers as they are written.
func decodeJSON(text []byte) (any, error) {
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	var document any
	err := d.Decode(&document)
	return document, err
}

// jsonPlace is where a fault of JSON is.
func jsonPlace(at place, text []byte, err error) place {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return placeWithin(at, text, min(len(text), max(0, int(syntax.Offset)-1)))
	}
	return at
}

// placeWithin is the place of an offset in a text that begins at a place.
func placeWithin(at place, text []byte, offset int) place {
	before := strings.ReplaceAll(string(text[:offset]), "\r\n", "\n")
	before = strings.ReplaceAll(before, "\r", "\n")
	if n := strings.Count(before, "\n"); n > 0 {
		at = place{at.line + n, 1}
		before = before[strings.LastIndexByte(before, '\n')+1:]
	}
	at.column += utf8.RuneCountInString(before)
	return at
}

func jsonReason(err error) string {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return "the JSON value that begins here does not end"
	}
	return "no JSON: " + err.Error()
}

// jsonLDReason says what the library found.
func jsonLDReason(err error) string {
	if missing, ok := errors.AsType[*missingContextError](err); ok {
		return missing.Error()
	}
	return "no JSON-LD: " + err.Error()
}
