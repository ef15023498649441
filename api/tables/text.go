package tables

import (
	"bytes"
	"encoding/json"
	"io"

	"github.com/tidwall/gjson"
)

// csvFormat writes RFC 4180 with lines that end in \n. Nothing at all is null, and
// "" the empty text: PostgreSQL's COPY and R's readers tell them apart.
type csvFormat struct {
	to      io.Writer
	columns []Column
	buf     []byte
	begun   bool
}

func (f *csvFormat) row(cells []gjson.Result) error {
	f.begin()
	for i, cell := range cells {
		if i > 0 {
			f.buf = append(f.buf, ',')
		}
		switch cell.Type {
		case gjson.Null:
			if len(cells) == 1 {
				f.buf = append(f.buf, `""`...) // readers skip a line with nothing on it
			}
		case gjson.String:
			f.buf = appendField(f.buf, cell.Str)
		case gjson.JSON:
			f.buf = appendQuoted(f.buf, cell.Raw)
		default:
			f.buf = append(f.buf, cell.Raw...)
		}
	}
	f.buf = append(f.buf, '\n')
	return nil
}

func (f *csvFormat) begin() {
	if f.begun {
		return
	}
	f.begun = true
	for i, c := range f.columns {
		if i > 0 {
			f.buf = append(f.buf, ',')
		}
		f.buf = append(f.buf, c.Name...) // letters, digits, _ and .
	}
	f.buf = append(f.buf, '\n')
}

func (f *csvFormat) flush() error {
	_, err := f.to.Write(f.buf)
	f.buf = f.buf[:0]
	return err
}

func (f *csvFormat) close() error {
	f.begin()
	return f.flush()
}

func appendField(dst []byte, text string) []byte {
	plain := text != ""
	for i := 0; i < len(text) && plain; i++ {
		c := text[i]
		plain = c != '"' && c != ',' && c != '\n' && c != '\r'
	}
	if plain {
		return append(dst, text...)
	}
	return appendQuoted(dst, text)
}

func appendQuoted(dst []byte, text string) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(text); i++ {
		if text[i] == '"' {
			dst = append(dst, '"')
		}
		dst = append(dst, text[i])
	}
	return append(dst, '"')
}

// ndjsonFormat writes an object of all columns for each row, on a line of its own.
type ndjsonFormat struct {
	to   io.Writer
	keys []string // with what stands around them
	buf  bytes.Buffer
}

func newNDJSON(w io.Writer, columns []Column) *ndjsonFormat {
	f := &ndjsonFormat{to: w}
	for i, c := range columns {
		name, err := json.Marshal(c.Name)
		if err != nil {
			panic(err) // unreachable: a text is JSON
		}
		before := ","
		if i == 0 {
			before = "{"
		}
		f.keys = append(f.keys, before+string(name)+":")
	}
	return f
}

func (f *ndjsonFormat) row(cells []gjson.Result) error {
	for i, cell := range cells {
		f.buf.WriteString(f.keys[i])
		if cell.Type == gjson.Null {
			f.buf.WriteString("null")
		} else {
			f.buf.WriteString(cell.Raw)
		}
	}
	f.buf.WriteString("}\n")
	return nil
}

func (f *ndjsonFormat) flush() error {
	_, err := f.buf.WriteTo(f.to)
	return err
}

func (f *ndjsonFormat) close() error { return f.flush() }
