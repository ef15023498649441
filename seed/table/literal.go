package table

import (
	"fmt"
	"net/url"
	"slices"
	"time"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
	"chancery/seed/table/value"
)

// valueCheck returns what holds the values of a property to its kind and writes
// them as the graph stores them; nil where any text will do.
func (c *compiler) valueCheck(f *schema.Field) func(string) (string, error) {
	switch f.Value {
	case schema.Time:
		bound := f.Name == "start" || f.Name == "end"
		return func(s string) (string, error) {
			d, err := edtf.Parse(s)
			switch {
			case err != nil:
				return "", fmt.Errorf("%q is no date in EDTF: %w; a date written otherwise is read by date, as in <%s | date>", s, err, f.Name)
			case bound && d.IsInterval() && s != "..":
				return "", fmt.Errorf("%q is a stretch of time, and this is one end of one", s)
			}
			return s, nil
		}
	case schema.Float:
		return func(s string) (string, error) { return value.Number(s, "") }
	case schema.Int:
		return value.Whole
	case schema.Boolean:
		return func(s string) (string, error) {
			if s != "true" && s != "false" {
				return "", fmt.Errorf("%q is neither true nor false; other words are read by boolean, as in <%s | boolean>", s, f.Name)
			}
			return s, nil
		}
	case schema.Moment:
		return func(s string) (string, error) {
			at, err := time.Parse(time.RFC3339Nano, s)
			if err != nil {
				return "", fmt.Errorf("%q is no moment, which is written 2025-11-06T14:30:00Z", s)
			}
			return graph.Moment(at).Text, nil
		}
	case schema.Enum:
		var options []string
		for _, v := range c.o.Schema.Types[f.Def.Type.Name()].EnumValues {
			options = append(options, v.Name)
		}
		return func(s string) (string, error) {
			if !slices.Contains(options, s) {
				return "", fmt.Errorf("%q is no %s%s", s, f.Def.Type.Name(), suggest(s, options))
			}
			return s, nil
		}
	}
	if f.Predicates[0].IRI == "schema:url" {
		return func(s string) (string, error) {
			if u, err := url.Parse(s); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
				return "", fmt.Errorf("%q is no address on the web, which is written https://example.org/page", s)
			}
			return s, nil
		}
	}
	return nil
}
