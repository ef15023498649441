package api

import (
	"mime"
	"net/http"
	"net/url"

	"github.com/99designs/gqlgen/graphql"
)

// get is the transport of queries in the parameters of an URL.
type get struct{ *exchange }

// Supports takes every GET.
func (get) Supports(r *http.Request) bool { return r.Method == http.MethodGet }

// Do reads the parameters and answers their query.
func (t get) Do(w http.ResponseWriter, r *http.Request, _ graphql.GraphExecutor) {
	request, refused := t.read(r)
	if refused != nil {
		refused.write(w, r)
		return
	}
	x := *t.exchange
	x.readOnly = true
	x.do(w, r, request)
}

func (t get) read(r *http.Request) (*asked, *refusal) {
	params, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "the URL's parameters are not encoded as they must be: %v", err)
	}
	request := &asked{DocumentID: params.Get("documentId")}
	request.Query, request.OperationName = params.Get("query"), params.Get("operationName")
	for name, into := range map[string]*map[string]any{"variables": &request.Variables, "extensions": &request.Extensions} {
		if text := params.Get(name); text != "" {
			if refused := decode([]byte(text), into, "the parameter "+name, "an object"); refused != nil {
				return nil, refused
			}
		}
	}
	if request.nothing() {
		return nil, refuse(http.StatusBadRequest, "the parameter query is missing or empty")
	}
	if t.noSimpleGet && request.Query != "" && isSimple(r) {
		refused := refuse(http.StatusForbidden, "here, a document in the URL needs a header that no page of another site can send unasked: send Content-Type: application/json with it, or a key, or the document with POST")
		refused.err.Extensions["code"] = forbidden
		return nil, refused
	}
	return request, nil
}

// isSimple reports whether a page of any site could have a browser send a GET without
// asking first, by a preflight: it has no header that wants one.
func isSimple(r *http.Request) bool {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return r.Header.Get("Authorization") == "" && (err != nil || media != jsonType)
}
