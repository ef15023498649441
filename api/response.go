package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

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
	text := texts.Get().(*bytes.Buffer)
	appendBefore(text, response)
	before, joined := text.Len(), len(response.Data) <= mostJoined
	if joined { // fewer writes to the connection
		text.Write(response.Data)
	}
	appendAfter(text, response)
	size := text.Len()
	if !joined {
		size += len(response.Data)
	}
	header := w.Header()
	header["Content-Type"] = contentTypes[media]
	header["Content-Length"] = []string{strconv.Itoa(size)}
	vary(header, "Accept")
	if header["Cache-Control"] == nil {
		header["Cache-Control"] = neverKept
	}
	w.WriteHeader(status)
	parts := [][]byte{text.Bytes()}
	if !joined {
		parts = [][]byte{text.Bytes()[:before], response.Data, text.Bytes()[before:]}
	}
	for _, part := range parts {
		if _, err := w.Write(part); err != nil {
			return // the client is gone; what writes to it may read the text still
		}
	}
	giveBack(text)
}

// mostJoined is how many bytes of data are copied to be written with what is around them.
const mostJoined = 32 << 10

// Values of headers that all answers share, as those of careful.
var (
	contentTypes = map[string][]string{
		responseType: {responseType + inUTF8}, jsonType: {jsonType + inUTF8},
		eventsType: {jsonType + inUTF8}, // what is written at once is no stream
	}
	neverKept = []string{keepNot}
)

// texts are what bodies are read into and answers put together in.
var texts = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// giveBack has memory used again, unless it is large.
func giveBack(b *bytes.Buffer) {
	if b.Cap() <= 2*mostJoined {
		b.Reset()
		texts.Put(b)
	}
}

// vary says that an answer depends on a header of the request. Most depend on two.
func vary(header http.Header, on string) {
	if values := header["Vary"]; values != nil {
		header["Vary"] = append(values, on)
		return
	}
	header["Vary"] = append(make([]string, 0, 2), on)
}

// appendBefore writes what comes before the data in a response as JSON, on one line.
func appendBefore(to *bytes.Buffer, response *graphql.Response) {
	separator := "{"
	if len(response.Errors) > 0 {
		to.WriteString(`{"errors":`)
		encode(to, response.Errors)
		separator = ","
	}
	if len(response.Data) > 0 {
		to.WriteString(separator)
		to.WriteString(`"data":`)
	}
}

// appendAfter writes what comes after the data.
func appendAfter(to *bytes.Buffer, response *graphql.Response) {
	separator := "{"
	if len(response.Errors) > 0 || len(response.Data) > 0 {
		separator = ","
	}
	if len(response.Extensions) > 0 {
		to.WriteString(separator)
		to.WriteString(`"extensions":`)
		separator = "{"
		for _, key := range inOrder(response.Extensions) {
			to.WriteString(separator)
			to.WriteByte('"')
			to.WriteString(key) // a name of ours
			to.WriteString(`":`)
			encode(to, response.Extensions[key])
			separator = ","
		}
		to.WriteByte('}')
	}
	to.WriteString("}\n")
}

// inOrder are the keys of extensions, in order; mostly there is one.
func inOrder(extensions map[string]any) []string {
	keys := make([]string, 0, 4)
	for key := range extensions {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
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
