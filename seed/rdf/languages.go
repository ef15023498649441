package rdf

import (
	"encoding/json"
	"fmt"
	"strings"
)

// languages keeps the case of language tags, which expansion loses: the values
// of @language are replaced before and put back after it. Keys of language maps
// come out in small letters, as the specification allows.
type languages struct {
	written []string
	number  map[string]int
}

const languageMark = "x-writtenas-"

// protect replaces in a document, and makes a number of each @version, as the
// library wants it.
func (l *languages) protect(document any) {
	switch document := document.(type) {
	case []any:
		for _, item := range document {
			l.protect(item)
		}
	case map[string]any:
		for key, value := range document {
			switch value := value.(type) {
			case string:
				if key == "@language" && (strings.ToLower(value) != value || strings.HasPrefix(value, languageMark)) {
					document[key] = l.replace(value)
				}
			case json.Number:
				if f, err := value.Float64(); err == nil && key == "@version" {
					document[key] = f
				}
			default:
				l.protect(value)
			}
		}
	}
}

func (l *languages) replace(tag string) string {
	n, ok := l.number[tag]
	if !ok {
		if l.number == nil {
			l.number = map[string]int{}
		}
		n = len(l.written)
		l.number[tag] = n
		l.written = append(l.written, tag)
	}
	return fmt.Sprintf("%s%d", languageMark, n)
}

// restore gives the tag as it was written.
func (l *languages) restore(tag string) string {
	number, ok := strings.CutPrefix(tag, languageMark)
	if !ok {
		return tag
	}
	n := 0
	if _, err := fmt.Sscan(number, &n); err != nil || n >= len(l.written) {
		return tag
	}
	return l.written[n]
}
