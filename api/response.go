package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"chancery/resolvers"
)

// The media types of an answer.
const (
	responseType = "application/graphql-response+json"
	jsonType     = "application/json"
	eventsType   = "text/event-stream"

	inUTF8 = "; charset=utf-8"
)

// accepts reports whether a client asks for a media type by name.
func accepts(r *http.Request, wanted string) bool {
	for _, accept := range r.Header.Values("Accept") {
		for one := range strings.SplitSeq(accept, ",") {
			media, params, err := mime.ParseMediaType(one)
			if err == nil && media == wanted && params["q"] != "0" {
				return true
			}
		}
	}
	return false
}

// negotiate gives text/event-stream to clients that ask for it and for no JSON,
// application/graphql-response+json to those that ask for it by name, and
// application/json to all others. What is no answer of an operation is never a
// stream.
func negotiate(r *http.Request) string {
	switch {
	case accepts(r, responseType):
		return responseType
	case accepts(r, eventsType) && !accepts(r, jsonType):
		return eventsType
	}
	return jsonType
}

// writeResponse writes the answer: errors first, where there are any, so that
// whoever reads sees them; then the data and the extensions as the engine wrote
// them, byte for byte. Without data there is no key data, unless the answer says that it is null.
func writeResponse(w http.ResponseWriter, status int, media string, response *graphql.Response) {
	parts := partsOf(response)
	size := 0
	for _, part := range parts {
		size += len(part)
	}
	if media == eventsType {
		media = jsonType
	}
	header := w.Header()
	header.Set("Content-Type", media+inUTF8)
	header.Set("Content-Length", strconv.Itoa(size))
	header.Add("Vary", "Accept")
	if header.Get("Cache-Control") == "" {
		header.Set("Cache-Control", keepNot)
	}
	w.WriteHeader(status)
	for _, part := range parts {
		if _, err := w.Write(part); err != nil {
			return // the client is gone
		}
	}
}

// partsOf is a response as JSON, on one line: what comes before the data, the data
// as the engine wrote it, and what comes after.
func partsOf(response *graphql.Response) [][]byte {
	var before, after bytes.Buffer
	separator := "{"
	if len(response.Errors) > 0 {
		before.WriteString(separator + `"errors":`)
		encode(&before, response.Errors)
		separator = ","
	}
	if len(response.Data) > 0 {
		before.WriteString(separator + `"data":`)
		separator = ","
	}
	if len(response.Extensions) > 0 {
		after.WriteString(separator + `"extensions":`)
		separator = "{"
		for _, key := range slices.Sorted(maps.Keys(response.Extensions)) {
			after.WriteString(separator)
			encode(&after, key)
			after.WriteByte(':')
			encode(&after, response.Extensions[key])
			separator = ","
		}
		after.WriteByte('}')
	}
	after.WriteString("}\n")
	return [][]byte{before.Bytes(), response.Data, after.Bytes()}
}

// encode writes a value as JSON; what is JSON already, as it is.
func encode(to *bytes.Buffer, value any) {
	if finished, ok := value.(json.RawMessage); ok {
		to.Write(finished)
		return
	}
	encoder := json.NewEncoder(to)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic("api: errors or extensions that are no JSON: " + err.Error())
	}
	to.Truncate(to.Len() - 1) // the newline that Encode adds
}

// refusal is a request that is no GraphQL over HTTP, with its status. Its code is
// BAD_USER_INPUT, or LIMIT_EXCEEDED for a body too large.
type refusal struct {
	status int
	err    *gqlerror.Error
	allow  string // the methods allowed, for 405; default GET and POST
	after  int    // seconds until it may be tried again, for 429 and 503; default 5
}

func refuse(status int, format string, args ...any) *refusal {
	return &refusal{status: status, err: &gqlerror.Error{
		Message:    fmt.Sprintf(format, args...),
		Extensions: map[string]any{"code": resolvers.BadUserInput},
	}}
}

func (f *refusal) write(w http.ResponseWriter, r *http.Request) {
	switch f.status {
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		w.Header().Set("Retry-After", strconv.Itoa(cmp.Or(f.after, 5)))
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	if f.status == http.StatusMethodNotAllowed {
		if f.allow == "" {
			f.allow = "GET, POST"
		}
		w.Header().Set("Allow", f.allow)
	}
	writeResponse(w, f.status, negotiate(r), &graphql.Response{Errors: gqlerror.List{f.err}})
}
