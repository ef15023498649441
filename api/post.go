package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/99designs/gqlgen/graphql"
)

// post is the transport of any operation as a JSON body.
type post struct{ *exchange }

// Supports takes POST with application/json. Asking for that type is also what
// keeps other sites' forms out: a browser sends it elsewhere only with consent.
func (post) Supports(r *http.Request) bool {
	if r.Method != http.MethodPost || r.Header.Get("Content-Encoding") != "" {
		return false
	}
	given := r.Header.Get("Content-Type")
	if given == jsonType {
		return true
	}
	media, params, err := mime.ParseMediaType(given)
	charset := strings.ToLower(params["charset"])
	return err == nil && media == jsonType && (charset == "" || charset == "utf-8")
}

// Do reads the body and answers its operation.
func (t post) Do(w http.ResponseWriter, r *http.Request, _ graphql.GraphExecutor) {
	request, refused := t.read(w, r)
	if refused != nil {
		refused.write(w, r)
		return
	}
	t.do(w, r, request)
}

func (t post) read(w http.ResponseWriter, r *http.Request) (*asked, *refusal) {
	body := texts.Get().(*bytes.Buffer)
	defer giveBack(body)
	_, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, int64(t.limits.Body)))
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		given, unit := r.ContentLength, "bytes"
		if given < 0 {
			given, unit = tooLarge.Limit+1, "bytes or more"
		}
		refused := exceeds("body", int(given), t.limits.Body, nil, "the body has %d %s", given, unit)
		return nil, &refusal{status: http.StatusRequestEntityTooLarge, err: refused}
	}
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "the body could not be read to its end")
	}
	request := &asked{}
	if refused := decode(body.Bytes(), request, "the body", "an object with query, operationName, variables and extensions"); refused != nil {
		return nil, refused
	}
	if request.nothing() {
		return nil, refuse(http.StatusBadRequest, "the body's query is missing or empty")
	}
	return request, nil
}

// decode reads one JSON value, numbers as they are written.
func decode(text []byte, into any, what, want string) *refusal {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	err := decoder.Decode(into)
	if err == nil {
		if _, err = decoder.Token(); errors.Is(err, io.EOF) {
			return nil
		}
		return refuse(http.StatusBadRequest, "%s is not JSON: something follows its first value at byte %d", what, decoder.InputOffset())
	}
	if mistyped, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		if mistyped.Field != "" {
			what += "'s " + mistyped.Field
			want = map[string]string{"string": "a string"}[mistyped.Type.String()]
			if want == "" {
				want = "an object"
			}
		}
		return refuse(http.StatusBadRequest, "%s is JSON of another shape: it is %s and must be %s", what, mistyped.Value, want)
	}
	if errors.Is(err, io.EOF) {
		return refuse(http.StatusBadRequest, "%s is empty: send %s as JSON", what, want)
	}
	return refuse(http.StatusBadRequest, "%s is not JSON: %v", what, err)
}
