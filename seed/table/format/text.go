package format

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// MaxLine is how many bytes a line of TSV or JSON Lines may have.
const MaxLine = 16 << 20

// text gives lines of UTF-8, or passes on what it has checked as a Reader.
type text struct {
	in   *bufio.Reader
	line int    // of what was read last
	long []byte // holds a line that is longer than in's buffer
	// cut are bytes of a character whose rest is still to come.
	cut []byte
	err error
	// since are the bytes that Read passed on since the last row; in bounded text, more than
	// MaxLine are an error.
	since   int
	bounded bool
}

func newText(r io.Reader) *text {
	t := &text{in: bufio.NewReaderSize(r, 64<<10)}
	mark, err := t.in.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		t.err = err
	}
	switch {
	case len(mark) >= 3 && string(mark[:3]) == "\xef\xbb\xbf":
		if _, err := t.in.Discard(3); err != nil {
			t.err = err // unreachable: the bytes are in the buffer
		}
	case len(mark) >= 2 && (string(mark[:2]) == "\xff\xfe" || string(mark[:2]) == "\xfe\xff"):
		t.err = errUTF16
	case len(mark) == 4 && (mark[0] == 0) != (mark[1] == 0) && (mark[0] == 0) == (mark[2] == 0) && (mark[1] == 0) == (mark[3] == 0):
		t.err = errUTF16 // without a mark: letters of Latin have a byte of zeros each
	}
	return t
}

var errUTF16 = errors.New("the file is UTF-16; save it as UTF-8")

// next returns the next line without its end. It is valid until the call after.
func (t *text) next() ([]byte, error) {
	if t.err != nil {
		return nil, t.err
	}
	t.line++
	t.long = t.long[:0]
	for {
		part, err := t.in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			if t.long = append(t.long, part...); len(t.long) > MaxLine {
				return nil, fmt.Errorf("line %d is longer than %d MiB: look whether lines end as they should", t.line, MaxLine>>20)
			}
			continue
		}
		if len(t.long) > 0 {
			part = append(t.long, part...)
		}
		if err != nil && (!errors.Is(err, io.EOF) || len(part) == 0) {
			return nil, err
		}
		if n := len(part); n > 0 && part[n-1] == '\n' {
			part = part[:n-1]
		}
		if n := len(part); n > 0 && part[n-1] == '\r' {
			part = part[:n-1]
		}
		if !utf8.Valid(part) {
			return nil, notUTF8(t.line, part)
		}
		return part, nil
	}
}

// Read passes on what it has checked to be UTF-8, for parsers that read by themselves.
func (t *text) Read(p []byte) (int, error) {
	if t.err != nil {
		return 0, t.err
	}
	if len(p) < 2*utf8.UTFMax {
		return 0, io.ErrShortBuffer
	}
	n := copy(p, t.cut)
	t.cut = t.cut[:0]
	m, err := t.in.Read(p[n:])
	n += m
	whole := n
	if err == nil {
		whole = completeUTF8(p[:n])
		t.cut = append(t.cut, p[whole:n]...)
	}
	if !utf8.Valid(p[:whole]) {
		t.err = notUTF8(t.line+1, p[:whole])
		return 0, t.err
	}
	if t.since += whole; t.since > MaxLine && t.bounded {
		t.err = fmt.Errorf("a row before line %d is longer than %d MiB: look for a quote that does not end", t.line+1, MaxLine>>20)
		return 0, t.err
	}
	for _, c := range p[:whole] {
		if c == '\n' {
			t.line++
		}
	}
	if errors.Is(err, io.EOF) && whole > 0 {
		return whole, nil
	}
	return whole, err
}

// completeUTF8 returns the length of p without a character that is cut off at its end.
func completeUTF8(p []byte) int {
	for i := 1; i <= utf8.UTFMax && i <= len(p); i++ {
		if c := p[len(p)-i]; utf8.RuneStart(c) {
			if utf8.FullRune(p[len(p)-i:]) {
				return len(p)
			}
			return len(p) - i
		}
	}
	return len(p)
}

func notUTF8(line int, p []byte) error {
	for i := 0; i < len(p); {
		r, n := utf8.DecodeRune(p[i:])
		if r == utf8.RuneError && n == 1 {
			return fmt.Errorf("line %d: the byte %#02x is not UTF-8; save the file as UTF-8 (it may be Windows-1252 or Latin-1)", line, p[i])
		}
		if r == '\n' {
			line++
		}
		i += n
	}
	return fmt.Errorf("line %d is not UTF-8; save the file as UTF-8", line) // unreachable: p was found to be invalid
}
