package rdf

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// numberLiteral is the literal that a JSON number stands for: whole numbers
// below 1e21 are integers and keep their digits, others are doubles.
func numberLiteral(n json.Number, datatype string) (text, natural string, err error) {
	f, err := n.Float64()
	if err != nil {
		return "", "", &documentError{fmt.Sprintf("number %s is beyond what a double holds: write it as a string with a datatype", n)}
	}
	if f != math.Trunc(f) || math.Abs(f) >= 1e21 || datatype == xsdDouble {
		return canonicalDouble(f), xsdDouble, nil
	}
	if text := string(n); strings.Trim(text, "-0123456789") == "" && f != 0 {
		return text, xsdInteger, nil
	}
	return strconv.FormatFloat(f+0, 'f', 0, 64), xsdInteger, nil
}

// canonicalDouble is XSD's canonical form: 5.3E0.
func canonicalDouble(f float64) string {
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'E', -1, 64), "E")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	n, _ := strconv.Atoi(exponent) // what FormatFloat wrote is a number
	return mantissa + "E" + strconv.Itoa(n)
}

// canonicalJSON is a value in the form of RFC 8785.
func canonicalJSON(value any) (string, error) {
	dst, err := appendCanonical(nil, value)
	return string(dst), err
}

func appendCanonical(dst []byte, value any) ([]byte, error) {
	switch v := value.(type) {
	case string:
		return appendJSONString(dst, v), nil
	case json.Number:
		f, err := v.Float64()
		if err != nil {
			return dst, &documentError{fmt.Sprintf("number %s is beyond what a double holds", v)}
		}
		text, err := json.Marshal(f + 0) // no -0; otherwise formats as ECMAScript does
		return append(dst, text...), err
	case []any:
		dst = append(dst, '[')
		for i, item := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			var err error
			if dst, err = appendCanonical(dst, item); err != nil {
				return dst, err
			}
		}
		return append(dst, ']'), nil
	case map[string]any:
		keys := make([]string, 0, len(v))
		for key := range v {
			keys = append(keys, key)
		}
		slices.SortFunc(keys, func(a, b string) int {
			return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
		})
		dst = append(dst, '{')
		for i, key := range keys {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendJSONString(dst, key), ':')
			var err error
			if dst, err = appendCanonical(dst, v[key]); err != nil {
				return dst, err
			}
		}
		return append(dst, '}'), nil
	default: // true, false, null
		text, err := json.Marshal(v)
		return append(dst, text...), err
	}
}

// appendJSONString quotes with the fewest escapes.
func appendJSONString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	from := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[from:i]...)
		from = i + 1
		if short := strings.IndexByte("\b\t\n\f\r\"\\", c); short >= 0 {
			dst = append(dst, '\\', `btnfr"\`[short])
		} else {
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&0xF])
		}
	}
	dst = append(dst, s[from:]...)
	return append(dst, '"')
}
