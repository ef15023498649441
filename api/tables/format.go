package tables

import (
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Format is one way of writing a table.
type Format struct {
	Name  string // as ?format= has it
	Media string // as Accept has it
}

// The formats.
var (
	CSV     = Format{"csv", "text/csv"}
	NDJSON  = Format{"ndjson", "application/x-ndjson"}
	Arrow   = Format{"arrow", "application/vnd.apache.arrow.stream"}
	Parquet = Format{"parquet", "application/vnd.apache.parquet"}
)

// Formats are all of them, the default first.
var Formats = []Format{CSV, NDJSON, Arrow, Parquet}

// ContentType is the media type with its parameters.
func (f Format) ContentType() string {
	switch f {
	case CSV:
		return f.Media + "; charset=utf-8; header=present"
	case NDJSON:
		return f.Media + "; charset=utf-8"
	}
	return f.Media
}

// Asked is the table that a request asks for; ok is false where it asks for none:
// the parameter format says json or nothing, and Accept does not prefer a table. The error is
// for the client.
func Asked(r *http.Request) (f Format, ok bool, err error) {
	params, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return f, false, fmt.Errorf("the URL's parameters are not encoded as they must be: %w", err)
	}
	if params.Has("format") {
		name := params.Get("format")
		for _, f := range Formats {
			if f.Name == name {
				return f, true, nil
			}
		}
		if name == "json" {
			return f, false, nil
		}
		return f, false, fmt.Errorf("format=%.20s is no format: ask for json, csv, ndjson, arrow or parquet", name)
	}
	f, ok = preferred(r.Header.Values("Accept"))
	return f, ok, nil
}

// answers are the media types that an operation is answered with when it is no table.
var answers = []string{"application/json", "application/graphql-response+json", "text/event-stream"}

// preferred is the table that Accept likes better than any other answer; among those
// it likes alike, the first.
func preferred(accept []string) (chosen Format, ok bool) {
	most := 0.0
	if len(accept) == 0 {
		return Format{}, false
	}
	for one := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		media, params, err := mime.ParseMediaType(one)
		if err != nil {
			continue
		}
		q := 1.0
		if text, given := params["q"]; given {
			if q, err = strconv.ParseFloat(text, 64); err != nil {
				continue
			}
		}
		if q <= most {
			continue
		}
		for _, other := range answers {
			if media == other {
				most, ok = q, false
			}
		}
		for _, f := range Formats {
			if media == f.Media {
				most, chosen, ok = q, f, true
			}
		}
	}
	return chosen, ok
}
