package rdf

import (
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// lexer is a window on the input that slides forward, and a place in it.
//
// buf[pos:] has not been read yet. A token that is being scanned begins at keep:
// bytes from there on stay in the window, so that it can be given as a slice and
// its faults have a place. Indexes into buf hold until the next call of more.
type lexer struct {
	in     io.Reader
	buf    []byte
	pos    int
	keep   int // -1: no token is being scanned
	ended  bool
	failed error // of in, other than io.EOF
	limit  int   // bytes that a token may have
	widest int   // bytes up to which the window grows when reads fill it
	file   string

	line      int // from 1
	lineFrom  int // index where the line goes on in buf
	lineRunes int // characters of the line before lineFrom
	afterCR   bool
}

// A window begins small, since most texts are.
const firstWindow, widestWindow = 2 << 10, 64 << 10

func newLexer(in io.Reader, file string, limit int) *lexer {
	return &lexer{in: in, buf: make([]byte, 0, firstWindow), keep: -1, limit: limit, widest: widestWindow, file: file, line: 1}
}

// more makes buf[i] readable, sliding the window if it must, and returns the
// index that i has become. It is false at the end of the input.
func (l *lexer) more(i int) (int, bool) {
	for i >= len(l.buf) {
		if l.ended {
			return i, false
		}
		full := len(l.buf) == cap(l.buf)
		i -= l.slide()
		l.grow(full)
		n, err := l.in.Read(l.buf[len(l.buf):cap(l.buf)])
		l.buf = l.buf[:len(l.buf)+n]
		if err != nil {
			l.ended = true
			if !errors.Is(err, io.EOF) {
				l.failed = err
			}
		}
	}
	return i, true
}

// slide drops what nobody needs and returns how many bytes.
func (l *lexer) slide() int {
	n := l.pos
	if l.keep >= 0 {
		n = min(n, l.keep)
		l.keep -= n
	}
	if n == 0 {
		return 0
	}
	if l.lineFrom < n {
		l.lineRunes += utf8.RuneCount(l.buf[l.lineFrom:n])
		l.lineFrom = n
	}
	l.lineFrom -= n
	l.pos -= n
	l.buf = l.buf[:copy(l.buf, l.buf[n:])]
	return n
}

// grow leaves room for reading, and more of it when the last read filled what there was.
func (l *lexer) grow(full bool) {
	size := cap(l.buf)
	if full && size < l.widest {
		size = min(4*size, l.widest)
	}
	if size == cap(l.buf) {
		if size-len(l.buf) >= size/4 {
			return
		}
		size *= 2
	}
	larger := make([]byte, len(l.buf), size)
	copy(larger, l.buf)
	l.buf = larger
}

// tooLong reports whether the token that ends at i is over the limit.
func (l *lexer) tooLong(i int) bool { return i-l.keep > l.limit }

// peek is the next byte, or -1 at the end.
func (l *lexer) peek() int { return l.peekAt(0) }

// peekAt is the byte n places on, or -1.
func (l *lexer) peekAt(n int) int {
	i := l.pos + n
	if i < len(l.buf) {
		return int(l.buf[i])
	}
	i, ok := l.more(i)
	if !ok {
		return -1
	}
	return int(l.buf[i])
}

// rune is the character at i, which is readable, and its length; 0 for bytes
// that are not UTF-8. The index may change.
func (l *lexer) rune(i int) (rune, int, int) {
	if c := l.buf[i]; c < utf8.RuneSelf {
		return rune(c), 1, i
	}
	for n := 1; n < utf8.UTFMax && !utf8.FullRune(l.buf[i:]); n++ {
		last, ok := l.more(i + n)
		i = last - n
		if !ok {
			break
		}
	}
	r, size := utf8.DecodeRune(l.buf[i:])
	if r == utf8.RuneError && size == 1 {
		return r, 0, i
	}
	return r, size, i
}

// newline counts the line end at i.
func (l *lexer) newline(i int) {
	c := l.buf[i]
	if c == '\r' || !l.afterCR || i != l.lineFrom || l.lineRunes > 0 {
		l.line++
	}
	l.afterCR = c == '\r'
	l.lineFrom, l.lineRunes = i+1, 0
}

// blanks skips spaces and tabs.
func (l *lexer) blanks() {
	for {
		for l.pos < len(l.buf) {
			if c := l.buf[l.pos]; c != ' ' && c != '\t' {
				return
			}
			l.pos++
		}
		if _, ok := l.more(l.pos); !ok {
			return
		}
	}
}

// space skips white space, line ends and comments.
func (l *lexer) space() error {
	for {
		switch c := l.peek(); c {
		case ' ', '\t':
			l.pos++
		case '\n', '\r':
			l.newline(l.pos)
			l.pos++
		case '#':
			if err := l.comment(); err != nil {
				return err
			}
		default:
			return nil
		}
	}
}

// comment skips to the end of the line.
func (l *lexer) comment() error {
	for {
		start := l.pos
		var high byte
		for l.pos < len(l.buf) && l.buf[l.pos] != '\n' && l.buf[l.pos] != '\r' {
			high |= l.buf[l.pos]
			l.pos++
		}
		if l.pos < len(l.buf) || l.ended {
			return l.checkUTF8(start, l.pos, high)
		}
		// The last character may go on behind the window.
		for n := 0; n < utf8.UTFMax-1 && l.pos > start && l.buf[l.pos-1] >= utf8.RuneSelf; n++ {
			l.pos--
		}
		if err := l.checkUTF8(start, l.pos, high); err != nil {
			return err
		}
		l.more(len(l.buf))
	}
}

// checkUTF8 refuses bytes that are not UTF-8; high is all of them or'ed.
func (l *lexer) checkUTF8(from, to int, high byte) error {
	if high < utf8.RuneSelf || utf8.Valid(l.buf[from:to]) {
		return nil
	}
	for i := from; i < to; {
		r, size := utf8.DecodeRune(l.buf[i:to])
		if r == utf8.RuneError && size == 1 {
			return l.badByte(i)
		}
		i += size
	}
	return nil // unreachable unless utf8.Valid and DecodeRune disagree
}

func (l *lexer) badByte(i int) error {
	return l.fault(i, "byte 0x%02X is not UTF-8: convert the file to UTF-8 (from Latin-1, say: iconv -f latin1 -t utf-8)", l.buf[i])
}

// place is a line and a column, from 1.
type place struct{ line, column int }

// at is the place of index i, which is on the line that is being read.
func (l *lexer) at(i int) place {
	return place{l.line, l.lineRunes + utf8.RuneCount(l.buf[l.lineFrom:max(i, l.lineFrom)]) + 1}
}

// mark is the place of what comes next. Unlike at, it may be asked for every
// token of a long line: it counts each character once.
func (l *lexer) mark() place {
	p := l.at(l.pos)
	if l.pos > l.lineFrom {
		l.lineFrom, l.lineRunes = l.pos, p.column-1
	}
	return p
}

// fault is a fault at index i. What could not be read is the reason for whatever
// seems to be missing at the end.
func (l *lexer) fault(i int, format string, args ...any) error {
	return l.faultAt(l.at(i), format, args...)
}

func (l *lexer) faultAt(p place, format string, args ...any) error {
	if l.failed != nil {
		return l.readError()
	}
	return &SyntaxError{File: l.file, Line: p.line, Column: p.column, Reason: fmt.Sprintf(format, args...)}
}

// readError says where the input broke off, or nothing if it did not.
func (l *lexer) readError() error {
	if l.failed == nil {
		return nil
	}
	return fmt.Errorf("%s:%d: reading: %w", l.file, l.line, l.failed)
}

// found says what stands at the next place, for messages.
func (l *lexer) found() string {
	c := l.peek()
	switch {
	case c < 0:
		return "the end of the file"
	case c == '\n' || c == '\r':
		return "the end of the line"
	case c < ' ' || c == 0x7F:
		return fmt.Sprintf("the control character U+%04X", c)
	}
	r, size, i := l.rune(l.pos)
	l.pos = i
	if size == 0 {
		return fmt.Sprintf("byte 0x%02X, which is not UTF-8", c)
	}
	return fmt.Sprintf("%q", r)
}

// start skips a byte order mark and refuses what is no text in UTF-8.
func (l *lexer) start() error {
	l.more(9)
	head := l.buf[:min(10, len(l.buf))]
	has := func(prefix string) bool { return len(head) >= len(prefix) && string(head[:len(prefix)]) == prefix }
	switch {
	case has("\xEF\xBB\xBF"):
		l.pos, l.lineFrom = 3, 3
	case has("\xFF\xFE"), has("\xFE\xFF"), has("<\x00"), has("@\x00"), has("#\x00"), has("\x00<"), has("\x00@"), has("\x00#"):
		return l.fault(0, "the file is in UTF-16: convert it to UTF-8 (iconv -f utf-16 -t utf-8)")
	case has("\x1F\x8B"), has("BZh"), has("\x28\xB5\x2F\xFD"), has("PK\x03\x04"), has("\xFD7zX"):
		return l.fault(0, "the file is compressed: decompress it first")
	case has("<?xml "), has("<!DOCTYPE "), has("<html "), has("<html\n"), has("<rdf:RDF "), has("<rdf:RDF\n"), has("<rdf:RDF\r"):
		// No IRI has a space in it.
		return l.fault(0, "this is XML or HTML: convert it to Turtle, or ask its publisher for Turtle or N-Triples")
	}
	return nil
}
