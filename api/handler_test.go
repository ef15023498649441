package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"

	"chancery/graph"
	"chancery/graph/memory"
	"chancery/query"
	"chancery/resolvers"
	"chancery/schema/schematest"
	"chancery/seed"
)

var recordedAt = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// seeded is a handler over the embedded seed.
func seeded(t *testing.T, o Options) http.Handler {
	t.Helper()
	return NewHandler(overSeed(t, o))
}

// patient has limits of time that no machine is too slow for, where a test gives none of
// its own: who waits in vain waits until the test's time is up.
func patient(l Limits) Limits {
	const long = time.Hour
	l.Time, l.Patience = cmp.Or(l.Time, long), cmp.Or(l.Patience, long)
	l.Init, l.Write, l.Ping = cmp.Or(l.Init, long), cmp.Or(l.Write, long), cmp.Or(l.Ping, long)
	return l
}

// overSeed fills in what the options of a handler over the seed need.
func overSeed(t *testing.T, o Options) Options {
	t.Helper()
	ontology := schematest.Ontology(t)
	g, err := graph.Open(t.Context(), memory.New())
	if err != nil {
		t.Fatal(err)
	}
	if err := seed.Load(t.Context(), g, ontology, recordedAt); err != nil {
		t.Fatal(err)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = func() time.Time { return recordedAt }
	}
	o.Limits = patient(o.Limits)
	o.Executor = resolvers.NewExecutor(ontology, g, query.New(ontology, g, query.Options{Time: o.Limits.Time}), o.Now, o.Log)
	return o
}

// serve answers one request.
func serve(t *testing.T, h http.Handler, method, target, body string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// ask posts a document and takes the answer apart.
func ask(t *testing.T, h http.Handler, document string) (int, map[string]json.RawMessage) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": document})
	if err != nil {
		t.Fatal(err)
	}
	w := serve(t, h, "POST", "/graphql", string(body), "Content-Type", jsonType)
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(w.Body.Bytes(), &keys); err != nil {
		t.Fatalf("%v in %s", err, w.Body)
	}
	return w.Code, keys
}

func TestStatusAndMediaType(t *testing.T) {
	h := seeded(t, Options{})
	const (
		good        = `{"query": "{ nation(id: \"nation/kz\") { isoAlpha2 } }"}`
		invalid     = `{"query": "{ nope }"}`
		unparsed    = `{"query": "{ nope"}`
		fieldError  = `{"query": "{ people(first: -1) { totalCount } }"}`
		badVariable = `{"query": "query($n: Int!) { people(first: $n) { totalCount } }", "variables": {"n": "x"}}`
		notJSON     = `query=1`
		mutation    = `{"query": "mutation { retract(input: {claims: [], reason: \"\"}) { knownAt } }"}`
	)
	modern := responseType
	for _, test := range []struct {
		name, method, target, body, contentType, accept string

		status    int
		mediaType string
		code      string // of the first error, or ""
	}{
		{"data", "POST", "/graphql", good, jsonType, "", 200, jsonType, ""},
		{"data, any type", "POST", "/graphql", good, jsonType, "*/*", 200, jsonType, ""},
		{"data, modern", "POST", "/graphql", good, jsonType, modern, 200, modern, ""},
		{"data, modern among others", "POST", "/graphql", good, "application/json; charset=UTF-8", "text/html, " + modern + "; q=0.9", 200, modern, ""},
		{"data, modern refused", "POST", "/graphql", good, jsonType, modern + ";q=0, " + jsonType, 200, jsonType, ""},
		{"invalid", "POST", "/graphql", invalid, jsonType, jsonType, 200, jsonType, resolvers.ValidationFailed},
		{"invalid, modern", "POST", "/graphql", invalid, jsonType, modern, 400, modern, resolvers.ValidationFailed},
		{"unparsed", "POST", "/graphql", unparsed, jsonType, jsonType, 200, jsonType, resolvers.ParseFailed},
		{"unparsed, modern", "POST", "/graphql", unparsed, jsonType, modern, 400, modern, resolvers.ParseFailed},
		{"a field error with null data", "POST", "/graphql", fieldError, jsonType, modern, 200, modern, resolvers.BadUserInput},
		{"a bad variable", "POST", "/graphql", badVariable, jsonType, modern, 400, modern, resolvers.BadUserInput},
		{"a bad perspective", "POST", "/graphql", `{"query": "{ __typename }", "extensions": {"perspective": 1}}`, jsonType, modern, 400, modern, resolvers.BadUserInput},
		{"a bad wish for citations", "POST", "/graphql", `{"query": "{ __typename }", "extensions": {"cite": "yes"}}`, jsonType, modern, 400, modern, resolvers.BadUserInput},
		{"a mutation", "POST", "/graphql", mutation, jsonType, "", 200, jsonType, resolvers.BadUserInput},
		{"not JSON", "POST", "/graphql", notJSON, jsonType, jsonType, 400, jsonType, resolvers.BadUserInput},
		{"an empty body", "POST", "/graphql", "", jsonType, jsonType, 400, jsonType, resolvers.BadUserInput},
		{"a batch", "POST", "/graphql", "[" + good + "]", jsonType, jsonType, 400, jsonType, resolvers.BadUserInput},
		{"variables of another shape", "POST", "/graphql", `{"query": "{ __typename }", "variables": [1]}`, jsonType, jsonType, 400, jsonType, resolvers.BadUserInput},
		{"a form", "POST", "/graphql", good, "application/x-www-form-urlencoded", "", 415, jsonType, resolvers.BadUserInput},
		{"plain text", "POST", "/graphql", good, "text/plain", "", 415, jsonType, resolvers.BadUserInput},
		{"a form of parts", "POST", "/graphql", good, "multipart/form-data; boundary=x", "", 415, jsonType, resolvers.BadUserInput},
		{"no type", "POST", "/graphql", good, "", "", 415, jsonType, resolvers.BadUserInput},
		{"Latin 1", "POST", "/graphql", good, "application/json; charset=latin1", "", 415, jsonType, resolvers.BadUserInput},
		{"PUT", "PUT", "/graphql", good, jsonType, "", 405, jsonType, resolvers.BadUserInput},
		{"GET", "GET", "/graphql?query=" + url.QueryEscape(`query($id: ID!) { nation(id: $id) { isoAlpha2 } }`) + "&variables=" + url.QueryEscape(`{"id": "nation/kz"}`), "", "", "", 200, jsonType, ""},
		{"GET without a query", "GET", "/graphql", "", "", "", 400, jsonType, resolvers.BadUserInput},
		{"GET with variables that are no JSON", "GET", "/graphql?query=%7B__typename%7D&variables=x", "", "", "", 400, jsonType, resolvers.BadUserInput},
		{"GET with a bad perspective", "GET", "/graphql?query=%7B__typename%7D&extensions=" + url.QueryEscape(`{"perspective": {"sources": ["source/nope"]}}`), "", "", "", 200, jsonType, "UNKNOWN_ID"},
		{"a mutation with GET", "GET", "/graphql?query=" + url.QueryEscape(`mutation { retract(input: {claims: [], reason: ""}) { knownAt } }`), "", "", "", 405, jsonType, resolvers.BadUserInput},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := serve(t, h, test.method, test.target, test.body, "Content-Type", test.contentType, "Accept", test.accept)
			if w.Code != test.status {
				t.Errorf("status %d, want %d", w.Code, test.status)
			}
			if got := w.Header().Get("Content-Type"); got != test.mediaType+"; charset=utf-8" {
				t.Errorf("Content-Type %q, want %s", got, test.mediaType)
			}
			var answer struct {
				Data   json.RawMessage
				Errors []struct{ Extensions struct{ Code string } }
			}
			if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
				t.Fatalf("%v in %s", err, w.Body)
			}
			code := ""
			if len(answer.Errors) > 0 {
				code = answer.Errors[0].Extensions.Code
			}
			if code != test.code {
				t.Errorf("code %q, want %q: %s", code, test.code, w.Body)
			}
			if test.code == "" && string(answer.Data) != `{"nation":{"isoAlpha2":"KZ"}}` {
				t.Errorf("data %s", answer.Data)
			}
			if test.status == http.StatusMethodNotAllowed && w.Header().Get("Allow") == "" {
				t.Error("405 without Allow")
			}
		})
	}
}

func TestShapeOfAnAnswer(t *testing.T) {
	h := seeded(t, Options{})
	for _, test := range []struct {
		name, document string
		want           string // the keys, in the order of the answer
	}{
		{"data", `{ nation(id: "nation/kz") { id } }`, "data extensions"},
		{"introspection", `{ __schema { queryType { name } } __type(name: "Nation") { kind } __typename }`, "data extensions"},
		{"data and errors", `{ nation(id: "nation/kz") { id } visit(id: "visit/x") { id } people(first: -1) { totalCount } }`, "errors data extensions"},
		{"a request that fails", `{ nope }`, "errors"},
	} {
		t.Run(test.name, func(t *testing.T) {
			body, err := json.Marshal(map[string]string{"query": test.document})
			if err != nil {
				t.Fatal(err)
			}
			w := serve(t, h, "POST", "/graphql", string(body), "Content-Type", jsonType)
			if got := keysOf(t, w.Body.Bytes()); got != test.want {
				t.Errorf("keys %q, want %q: %s", got, test.want, w.Body)
			}
		})
	}
	_, answer := ask(t, h, `{ people(first: -1) { totalCount } }`)
	if string(answer["data"]) != "null" {
		t.Errorf("data %s, want null: a root that is not null failed", answer["data"])
	}
}

// TestCiteByExtension cites a query that cannot say @cite, as if it did.
func TestCiteByExtension(t *testing.T) {
	h := seeded(t, Options{})
	const selection = `{ visits { nodes { name destination { name } start { edtf } } } }`
	answers := map[string]string{}
	for name, body := range map[string]string{
		"extension": `{"query": "` + selection + `", "extensions": {"cite": true}}`,
		"directive": `{"query": "query @cite ` + selection + `"}`,
		"both":      `{"query": "query @cite ` + selection + `", "extensions": {"cite": true}}`,
		"no":        `{"query": "` + selection + `", "extensions": {"cite": false}}`,
		"null":      `{"query": "` + selection + `", "extensions": {"cite": null}}`,
		"neither":   `{"query": "` + selection + `"}`,
	} {
		answers[name] = serve(t, h, "POST", "/graphql", body, "Content-Type", jsonType).Body.String()
	}
	if !strings.Contains(answers["directive"], `"citations":[{"path":`) {
		t.Fatalf("@cite does not cite: %s", answers["directive"])
	}
	for name, as := range map[string]string{"extension": "directive", "both": "directive", "no": "neither", "null": "neither"} {
		if answers[name] != answers[as] {
			t.Errorf("%s: %s\nwant %s", name, answers[name], answers[as])
		}
	}
}

// keysOf returns the keys of a JSON object in their order.
func keysOf(t *testing.T, object []byte) string {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(object))
	if _, err := decoder.Token(); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, key.(string))
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			t.Fatal(err)
		}
	}
	return strings.Join(keys, " ")
}

func TestErrorsInTheOrderOfTheirRoots(t *testing.T) {
	h := seeded(t, Options{})
	const document = `{ a: people(first: -1) { totalCount } b: people(last: -2) { totalCount } c: people(first: -3) { totalCount } d: people(last: -4) { totalCount } }`
	for range 20 {
		_, answer := ask(t, h, document)
		var errs []struct{ Path []string }
		if err := json.Unmarshal(answer["errors"], &errs); err != nil {
			t.Fatal(err)
		}
		var roots []string
		for _, e := range errs {
			roots = append(roots, e.Path[0])
		}
		if got := strings.Join(roots, ""); got != "abcd" {
			t.Fatalf("errors of %s, want abcd", got)
		}
	}
}

func TestTooManyErrorsAreCounted(t *testing.T) {
	h := seeded(t, Options{Limits: Limits{Errors: 3}})
	_, answer := ask(t, h, `{ people { nodes { a1 a2 a3 a4 a5 } } }`)
	var errs []struct{ Message string }
	if err := json.Unmarshal(answer["errors"], &errs); err != nil {
		t.Fatal(err)
	}
	if len(errs) != 4 || errs[3].Message != "... and 2 more errors" {
		t.Errorf("%+v, want 3 errors and a count of the rest", errs)
	}
}

func TestTimeIsUp(t *testing.T) {
	h := seeded(t, Options{Limits: Limits{Time: 1}})
	status, answer := ask(t, h, `{ people { totalCount } }`)
	if status != http.StatusServiceUnavailable || !strings.Contains(string(answer["errors"]), `"code":"TIMEOUT"`) || answer["data"] != nil {
		t.Errorf("%d %s, want 503 and TIMEOUT", status, answer["errors"])
	}
}

func TestBodyTooLarge(t *testing.T) {
	h := seeded(t, Options{Limits: Limits{Body: 100}})
	status, answer := ask(t, h, "{ __typename }"+strings.Repeat(" ", 100))
	if status != http.StatusRequestEntityTooLarge || !strings.Contains(string(answer["errors"]), `"code":"LIMIT_EXCEEDED"`) {
		t.Errorf("%d %s, want 413 and LIMIT_EXCEEDED", status, answer["errors"])
	}
}

// TestPanic has an executor that panics outside of all resolvers.
func TestPanic(t *testing.T) {
	exec := executor.New(&graphql.ExecutableSchemaMock{
		SchemaFunc: func() *ast.Schema { panic("a bug") },
	})
	exec.SetRecoverFunc(func(context.Context, any) error { return errors.New("bug") })
	h := NewHandler(Options{Executor: &resolvers.Executor{Executor: exec}, Log: slog.New(slog.DiscardHandler), Now: time.Now})
	for range 2 {
		status, answer := ask(t, h, `{ __typename }`)
		if status != http.StatusInternalServerError || answer["errors"] == nil {
			t.Errorf("%d %v, want 500 and an error", status, answer)
		}
	}
}

func TestLogHasNoQuestion(t *testing.T) {
	var log bytes.Buffer
	h := seeded(t, Options{Log: slog.New(slog.NewJSONHandler(&log, nil))})
	ask(t, h, `query Named { nation(id: "nation/kz") { id } }`)
	for _, want := range []string{`"method":"POST"`, `"path":"/graphql"`, `"status":200`, `"operation":"Named"`} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("no %s in %s", want, &log)
		}
	}
	if strings.Contains(log.String(), "nation/kz") {
		t.Errorf("the question is in the log: %s", &log)
	}
}

func TestReadiness(t *testing.T) {
	var notReady error
	h := seeded(t, Options{Ready: func(context.Context) error { return notReady }})
	if w := serve(t, h, "GET", "/readyz", ""); w.Code != http.StatusOK {
		t.Errorf("ready: %d", w.Code)
	}
	notReady = io.ErrClosedPipe
	if w := serve(t, h, "GET", "/readyz", ""); w.Code != http.StatusServiceUnavailable {
		t.Errorf("not ready: %d", w.Code)
	}
	if w := serve(t, h, "GET", "/healthz", ""); w.Code != http.StatusOK {
		t.Errorf("healthy all the same: %d", w.Code)
	}
}
