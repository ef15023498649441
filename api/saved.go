package api

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"chancery/api/tables"
)

// savedTables is /tables/: a list of the saved documents, and the table of each at
// its id, for whoever may ask at /graphql. They are answered also where only trusted documents are: whoever runs the
// server has chosen them.
type savedTables struct {
	exchange *exchange
	saved    *tables.Saved
}

func (s savedTables) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() {
		value := recover()
		if value == nil {
			return
		}
		if err, ok := value.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(value)
		}
		bug := gqlerror.Wrap(s.exchange.exec.PresentRecoveredError(r.Context(), value))
		writeTableErrors(w, gqlerror.List{bug})
	}()
	if refused := s.exchange.enter(r, false); refused != nil {
		s.exchange.turnAway(refused, overHTTP, w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		refused := refuse(http.StatusMethodNotAllowed, "the method is %s: a table is asked for with GET", r.Method)
		refused.allow = "GET, HEAD"
		refused.write(w, r)
		return
	}
	id := strings.TrimPrefix(r.URL.Path, "/tables/")
	if id == "" {
		s.list(w, r)
		return
	}
	document := s.saved.Find(id)
	if document == nil {
		refuse(http.StatusNotFound, "there is no table %.60q: /tables/ lists them", id).write(w, r)
		return
	}
	s.table(w, r, document)
}

func (s savedTables) table(w http.ResponseWriter, r *http.Request, document *tables.Document) {
	params, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		refuse(http.StatusBadRequest, "the URL's parameters are not encoded as they must be: %v", err).write(w, r)
		return
	}
	asked, ok, refused := askedTable(r)
	if refused != nil {
		refused.write(w, r)
		return
	}
	if !ok {
		if params.Get("format") == "json" {
			refuse(http.StatusBadRequest, "a table is no JSON: ask for csv, ndjson, arrow or parquet").write(w, r)
			return
		}
		asked.format = tables.CSV
	}
	variables, perspective, err := s.saved.Read(document, params)
	if err != nil {
		refuse(http.StatusBadRequest, "%v", err).write(w, r)
		return
	}
	request := &graphql.RawParams{Query: document.Text, Variables: variables, Headers: r.Header}
	if perspective != nil {
		request.Extensions = map[string]any{"perspective": perspective}
	}
	x := *s.exchange
	x.readOnly, x.named.only = true, false
	seen := x.observe(r.Context(), overHTTP)
	defer seen.end()
	leave, refused := x.load.enter(r.Context(), servingOf(r.Context()).name)
	if refused != nil {
		seen.refuse(refused, w, r)
		return
	}
	defer leave()
	operation, failed := x.begin(seen, request, "")
	if failed != nil {
		leave()
		noTable(seen, w, failed.Errors)
		return
	}
	x.table(seen, w, r, operation, request, asked, leave)
}

// list writes the list of all documents: as JSON for clients that ask for that, as a
// page for others.
func (s savedTables) list(w http.ResponseWriter, r *http.Request) {
	var body bytes.Buffer
	write, media := s.saved.WritePage, "text/html"
	if accepts(r, jsonType) {
		write, media = s.saved.WriteJSON, jsonType
	}
	if err := write(&body); err != nil {
		panic("api: the list of tables: " + err.Error())
	}
	header := w.Header()
	header.Set("Content-Type", media+"; charset=utf-8")
	header.Set("Content-Security-Policy", tables.PagePolicy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", keepAndAsk)
	header.Add("Vary", "Accept")
	if _, err := w.Write(body.Bytes()); err != nil {
		return // the client is gone
	}
}
