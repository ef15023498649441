package value

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"chancery/graph/edtf"
)

// Number reads a decimal number and returns it as the graph stores numbers:
// the shortest form that reads back equal. separator stands between thousands,
// as the comma in 1,234.5; empty: nothing does.
func Number(s, separator string) (string, error) {
	text := s
	if separator != "" {
		text = strings.ReplaceAll(s, separator, "")
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) || strings.ContainsAny(text, "xX_") {
		return "", fmt.Errorf(`%q is no number; numbers are written -77.04, and what stands between thousands is named, as in number ","`, s)
	}
	return strconv.FormatFloat(n, 'g', -1, 64), nil
}

// Percent reads a number of percent, with or without its sign, and returns it as a
// part of one: 80 is 0.8.
func Percent(s string) (string, error) {
	text, err := Number(strings.TrimSpace(strings.TrimSuffix(s, "%")), "")
	if err != nil {
		return "", fmt.Errorf("%q is no number of percent, which is written 80 or 80%%", s)
	}
	n, err := strconv.ParseFloat(text, 64)
	return strconv.FormatFloat(n/100, 'g', -1, 64), err
}

// Whole reads a whole number of 32 bits.
func Whole(s string) (string, error) {
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil {
		return "", fmt.Errorf("%q is no whole number of 32 bits; it is written 1991", s)
	}
	return strconv.FormatInt(n, 10), nil
}

// Year reads a year of one to four digits, negative before the year 0, and returns
// it in EDTF: 867 is 0867.
func Year(s string) (string, error) {
	text, before := strings.CutPrefix(s, "-")
	if n, err := strconv.Atoi(text); err != nil || n < 0 || len(text) > 4 || text[0] == '+' {
		return "", fmt.Errorf("%q is no year; a year is written 1991", s)
	}
	year := pad(text, 4)
	if before && year != "0000" {
		year = "-" + year
	}
	if _, err := edtf.Parse(year); err != nil {
		return "", fmt.Errorf("%q is no year: %w", s, err)
	}
	return year, nil
}

// Boolean reads true, false, yes, no, t, f, y, n, 1 and 0, in letters of either case.
func Boolean(s string) (string, error) {
	switch strings.ToLower(s) {
	case "true", "yes", "t", "y", "1":
		return "true", nil
	case "false", "no", "f", "n", "0":
		return "false", nil
	}
	return "", fmt.Errorf("%q is neither true nor false", s)
}
