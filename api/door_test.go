package api

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"chancery/api/access"
	"chancery/resolvers"
)

// keyed is a gate with a key of each role.
type keyed struct {
	path string
	text map[access.Role]string
	id   map[access.Role]string
	gate *access.Gate
}

func newKeyed(t *testing.T, o access.Options) keyed {
	t.Helper()
	k := keyed{path: filepath.Join(t.TempDir(), "keys.json"), text: map[access.Role]string{}, id: map[access.Role]string{}}
	for _, role := range []access.Role{access.Reader, access.Editor, access.Administrator} {
		text, key, err := access.Add(k.path, role.String(), role, recordedAt)
		if err != nil {
			t.Fatal(err)
		}
		k.text[role], k.id[role] = text, key.ID
	}
	file, err := access.OpenFile(k.path)
	if err != nil {
		t.Fatal(err)
	}
	o.Keys = file
	if o.Now == nil {
		o.Now = func() time.Time { return recordedAt }
	}
	k.gate = access.NewGate(o)
	return k
}

const (
	aQuestion = `{"query": "{ nation(id: \"nation/kz\") { isoAlpha2 } }"}`
	aMutation = `{"query": "mutation { retract(input: {claims: [], reason: \"\"}) { knownAt } }"}`
)

func TestRoles(t *testing.T) {
	k := newKeyed(t, access.Options{})
	strict := seeded(t, Options{Gate: k.gate})
	open := seeded(t, Options{Gate: newKeyed(t, access.Options{Anonymous: access.Reader}).gate})
	for _, test := range []struct {
		name   string
		h      http.Handler
		key    string
		body   string
		status int
		code   string
	}{
		{"a question without a key", strict, "", aQuestion, 401, unauthenticated},
		{"a question with a wrong one", strict, "Bearer chancery_AAAAAAAAAA_B", aQuestion, 401, unauthenticated},
		{"a reader's question", strict, "Bearer " + k.text[access.Reader], aQuestion, 200, ""},
		{"a reader's mutation", strict, "Bearer " + k.text[access.Reader], aMutation, 403, forbidden},
		{"an editor's mutation", strict, "Bearer " + k.text[access.Editor], aMutation, 200, resolvers.BadUserInput},
		{"an administrator's mutation", strict, "Bearer " + k.text[access.Administrator], aMutation, 200, resolvers.BadUserInput},
		{"anybody's question where anybody may ask", open, "", aQuestion, 200, ""},
		{"anybody's mutation there", open, "", aMutation, 401, unauthenticated},
	} {
		w := serve(t, test.h, "POST", "/graphql", test.body, "Content-Type", jsonType, "Accept", responseType, "Authorization", test.key)
		var answer struct {
			Errors []struct{ Extensions struct{ Code string } }
		}
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			t.Fatalf("%s: %v in %s", test.name, err, w.Body)
		}
		code := ""
		if len(answer.Errors) > 0 {
			code = answer.Errors[0].Extensions.Code
		}
		if w.Code != test.status || code != test.code {
			t.Errorf("%s: %d %s, want %d %s", test.name, w.Code, w.Body, test.status, test.code)
		}
	}
	w := serve(t, strict, "POST", "/graphql", aQuestion, "Content-Type", jsonType)
	if w.Header().Get("WWW-Authenticate") != "Bearer" {
		t.Errorf("401 without WWW-Authenticate: %v", w.Header())
	}
	if err := os.WriteFile(k.path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	w = serve(t, strict, "POST", "/graphql", aQuestion, "Content-Type", jsonType, "Authorization", "Bearer "+k.text[access.Reader])
	if w.Code != 500 || strings.Contains(w.Body.String(), "keys") {
		t.Errorf("keys that cannot be read: %d %s, want 500 and nothing of why", w.Code, w.Body)
	}
}

func TestRateLimited(t *testing.T) {
	k := newKeyed(t, access.Options{Rates: access.Rates{Key: 0.1}})
	h := seeded(t, Options{Gate: k.gate})
	for i := range 6 {
		w := serve(t, h, "POST", "/graphql", aQuestion, "Content-Type", jsonType, "Authorization", "Bearer "+k.text[access.Reader])
		if i < 5 && w.Code != 200 || i == 5 && (w.Code != 429 || w.Header().Get("Retry-After") != "10") {
			t.Errorf("request %d: %d, Retry-After %q; want 429 for the sixth", i+1, w.Code, w.Header().Get("Retry-After"))
		}
	}
}

// dial opens a socket to a handler.
func dial(t *testing.T, h http.Handler, header http.Header) *websocket.Conn {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	conn, _, err := websocket.Dial(t.Context(), "ws"+strings.TrimPrefix(server.URL, "http")+"/graphql",
		&websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: header})
	if err != nil {
		t.Fatal(err)
	}
	conn.SetReadLimit(-1)
	t.Cleanup(func() {
		if conn.CloseNow() != nil {
			return
		}
	})
	return conn
}

// say sends a message and returns the answer, or how the socket was closed.
func say(t *testing.T, conn *websocket.Conn, message string) string {
	t.Helper()
	if err := conn.Write(t.Context(), websocket.MessageText, []byte(message)); err != nil {
		t.Fatal(err)
	}
	return hear(t, conn)
}

func hear(t *testing.T, conn *websocket.Conn) string {
	t.Helper()
	_, text, err := conn.Read(t.Context())
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func TestKeysOnSockets(t *testing.T) {
	k := newKeyed(t, access.Options{})
	h := seeded(t, Options{Gate: k.gate})
	reader := "Bearer " + k.text[access.Reader]
	initWith := func(key string) string {
		return `{"type":"connection_init","payload":{"authorization":"` + key + `"}}`
	}
	for _, test := range []struct{ name, header, init, want string }{
		{"no key", "", `{"type":"connection_init"}`, "4403"},
		{"a wrong key", "", initWith("Bearer x"), "4403"},
		{"a key in the payload", "", initWith(reader), "connection_ack"},
		{"a key in the header", reader, `{"type":"connection_init"}`, "connection_ack"},
		{"a wrong key in the payload, a right one in the header", reader, initWith("Bearer x"), "4403"},
	} {
		header := http.Header{}
		if test.header != "" {
			header.Set("Authorization", test.header)
		}
		if got := say(t, dial(t, h, header), test.init); !strings.Contains(got, test.want) {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}

	conn := dial(t, h, nil)
	say(t, conn, initWith(reader))
	if got := say(t, conn, `{"type":"subscribe","id":"1","payload":`+aMutation+`}`); !strings.Contains(got, `"type":"error"`) || !strings.Contains(got, forbidden) {
		t.Errorf("a reader's mutation: %s", got)
	}
	if _, err := access.Revoke(k.path, k.id[access.Reader], recordedAt); err != nil {
		t.Fatal(err)
	}
	if got := say(t, conn, `{"type":"subscribe","id":"2","payload":`+aQuestion+`}`); !strings.Contains(got, unauthenticated) {
		t.Errorf("a question after the key was revoked: %s", got)
	}
}

// anEdit records a claim.
const anEdit = `{"query": "mutation { record(input: {source: {name: \"A gazette\"}, claims: [{status: REPORTED, locator: \"1\", facts: [{subject: \"event/c5-plus-1-summit-2025\", field: \"start\", value: \"2025-11-07\"}]}]}) { knownAt } }"}`

// TestRevokedWhileSubscribed has a key revoked between two events.
func TestRevokedWhileSubscribed(t *testing.T) {
	k := newKeyed(t, access.Options{})
	h := seeded(t, Options{Gate: k.gate})
	conn := dial(t, h, http.Header{"Authorization": {"Bearer " + k.text[access.Reader]}})
	say(t, conn, `{"type":"connection_init"}`)
	if err := conn.Write(t.Context(), websocket.MessageText, []byte(`{"type":"subscribe","id":"1","payload":{"query":"subscription { changes { node { kind } } }"}}`)); err != nil {
		t.Fatal(err)
	}
	if got := say(t, conn, `{"type":"subscribe","id":"2","payload":`+aQuestion+`}`); !strings.Contains(got, "KZ") {
		t.Fatalf("the key before it is revoked: %s", got)
	}
	hear(t, conn) // complete of 2; the subscription began before
	if _, err := access.Revoke(k.path, k.id[access.Reader], recordedAt); err != nil {
		t.Fatal(err)
	}
	got := make(chan string, 1)
	go func() { got <- hear(t, conn) }()
	// Whether the subscription has begun to follow cannot be seen: edits come until it notices.
	for {
		w := serve(t, h, "POST", "/graphql", anEdit, "Content-Type", jsonType, "Authorization", "Bearer "+k.text[access.Editor])
		if w.Code != 200 || strings.Contains(w.Body.String(), `"errors"`) {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		select {
		case told := <-got:
			if !strings.Contains(told, `"type":"error"`) || !strings.Contains(told, unauthenticated) {
				t.Errorf("told %s, want that the key was revoked", told)
			}
			return
		default:
		}
	}
}

func TestStreamsOfOneCaller(t *testing.T) {
	s := &streams{most: 3, each: 2, waited: &sync.WaitGroup{}, observer: noObserver{}, of: map[string]int{}}
	for range 2 {
		if refused := s.enter("a"); refused != nil {
			t.Fatal(refused.err)
		}
	}
	if refused := s.enter("a"); refused == nil || refused.status != 429 {
		t.Errorf("a third of one caller: %+v, want 429", refused)
	}
	if s.enter("b") != nil {
		t.Error("another caller is refused")
	}
	if refused := s.enter("c"); refused == nil || refused.status != 503 {
		t.Errorf("a fourth: %+v, want 503", refused)
	}
	for _, caller := range []string{"a", "a", "b"} {
		s.leave(caller)
	}
	if s.open != 0 || len(s.of) != 0 {
		t.Errorf("left: %d, %v", s.open, s.of)
	}
}

func TestOtherOrigins(t *testing.T) {
	const friend, stranger = "https://friend.example", "https://stranger.example"
	of := func(origins ...string) http.Handler {
		return tabled(t, Options{Origins: origins, Freshness: tellFresh})
	}
	closed, listed, all := of(), of(friend), of("*")
	for _, test := range []struct {
		name   string
		h      http.Handler
		origin string
		want   string
	}{
		{"closed", closed, friend, ""},
		{"listed", listed, friend, friend},
		{"not listed", listed, stranger, ""},
		{"listed in part", listed, friend + ".evil.example", ""},
		{"all", all, stranger, "*"},
		{"no origin", all, "", ""},
	} {
		w := serve(t, test.h, "POST", "/graphql", aQuestion, "Content-Type", jsonType, "Origin", test.origin)
		if got := w.Header().Get("Access-Control-Allow-Origin"); got != test.want {
			t.Errorf("%s: allowed %q, want %q", test.name, got, test.want)
		}
		asked := serve(t, test.h, "OPTIONS", "/graphql", "", "Origin", test.origin, "Access-Control-Request-Method", "POST")
		if got := asked.Header().Get("Access-Control-Allow-Headers") != ""; got != (test.want != "") {
			t.Errorf("%s: the preflight is answered with %v", test.name, asked.Header())
		}
	}
	// Whatever a page may ask for is told alike, and so are its preflights.
	for _, target := range []string{"/graphql?query=%7B__typename%7D", "/tables/", "/tables/nations", "/freshness", "/healthz", "/readyz"} {
		for origin, want := range map[string]string{friend: friend, stranger: ""} {
			w := serve(t, listed, "GET", target, "", "Origin", origin)
			if got := w.Header().Get("Access-Control-Allow-Origin"); w.Code != http.StatusOK || got != want {
				t.Errorf("%s from %s: %d, allowed %q, want %q", target, origin, w.Code, got, want)
			}
			asked := serve(t, listed, "OPTIONS", target, "", "Origin", origin, "Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "authorization")
			if got := asked.Header().Get("Access-Control-Allow-Headers"); strings.Contains(got, "Authorization") != (want != "") {
				t.Errorf("%s from %s: the preflight is answered with %v", target, origin, asked.Header())
			}
		}
		if w := serve(t, closed, "GET", target, "", "Origin", friend); w.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s where no origin is listed: %v", target, w.Header())
		}
	}
	for _, target := range []string{"/freshness", "/healthz", "/readyz"} {
		if w := serve(t, listed, "OPTIONS", target, ""); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") == "" {
			t.Errorf("%s asked for its options: %d %v", target, w.Code, w.Header())
		}
	}
	w := serve(t, listed, "POST", "/graphql", aQuestion, "Content-Type", jsonType)
	if vary := strings.Join(w.Header().Values("Vary"), ", "); !strings.Contains(vary, "Origin") || !strings.Contains(vary, "Accept") {
		t.Errorf("Vary: %s", vary)
	}
	if got := say(t, dial(t, listed, http.Header{"Origin": {friend}}), `{"type":"connection_init"}`); !strings.Contains(got, "ack") {
		t.Errorf("a socket of a listed origin: %s", got)
	}
	server := httptest.NewServer(listed)
	defer server.Close()
	if _, response, err := websocket.Dial(t.Context(), "ws"+strings.TrimPrefix(server.URL, "http")+"/graphql",
		&websocket.DialOptions{HTTPHeader: http.Header{"Origin": {stranger}}}); err == nil || response.StatusCode != 403 {
		t.Errorf("a socket of another origin: %v, want 403", err)
	}
}

func TestSwitches(t *testing.T) {
	public := PublicLimits()
	public.Time, public.Patience = 0, 0 // no machine is too slow for the tests' own
	open := seeded(t, Options{Limits: public})
	closed := seeded(t, Options{Limits: public, NoIntrospection: true, NoSuggestions: true})
	if _, answer := ask(t, open, graphiqlIntrospection); answer["errors"] != nil {
		t.Errorf("GraphiQL does not open within the public limits: %s", answer["errors"])
	}
	for _, document := range []string{
		graphiqlIntrospection, `{ __type(name: "Nation") { name } }`, `{ a: __schema { queryType { name } } }`,
		`{ ...F } fragment F on Query { ... { __schema { queryType { name } } } }`,
	} {
		for range 2 { // a second time it could be found among the documents that are kept
			if _, answer := ask(t, closed, document); answer["data"] != nil || !strings.Contains(string(answer["errors"]), forbidden) {
				t.Errorf("%.40s: %s %s", document, answer["data"], answer["errors"])
			}
		}
	}
	if _, answer := ask(t, closed, `{ __typename people { nodes { __typename } } }`); answer["errors"] != nil {
		t.Errorf("__typename: %s", answer["errors"])
	}
	for _, document := range []string{`{ peple { totalCount } }`, `{ people { nodes { nmae } } }`, `{ people(frist: 1) { totalCount } }`, `{ people(order: [{nme: ASC}]) { totalCount } }`, `{ ... on Natoin { id } }`} {
		if _, answer := ask(t, open, document); answer["errors"] == nil {
			t.Errorf("%s: no error", document)
		}
		if _, answer := ask(t, closed, document); strings.Contains(string(answer["errors"]), "Did you mean") {
			t.Errorf("%s: %s", document, answer["errors"])
		}
	}
}

// TestSimpleGet: what a page of any site can have a browser send is told apart from
// what it must ask for first.
func TestSimpleGet(t *testing.T) {
	h := seeded(t, Options{NoSimpleGet: true, Gate: newKeyed(t, access.Options{Anonymous: access.Reader}).gate})
	const query = "/graphql?query=%7B__typename%7D"
	for _, test := range []struct {
		name, target string
		header       []string
		want         int
	}{
		{"simple", query, nil, 403},
		{"a type that forms have", query, []string{"Content-Type", "text/plain"}, 403},
		{"a type that needs a preflight", query, []string{"Content-Type", "application/json; charset=utf-8"}, 200},
		{"a wrong key", query, []string{"Authorization", "Bearer x"}, 401},
		{"a table", tableURL(someVisits, "csv"), nil, 403},
		{"a name of a document", "/graphql?documentId=x", nil, 404},
		{"the same by its hash", "/graphql?extensions=" + url.QueryEscape(`{"persistedQuery":{"version":1,"sha256Hash":"`+strings.Repeat("a", 64)+`"}}`), nil, 404},
	} {
		w := serve(t, h, "GET", test.target, "", append([]string{"Accept", responseType}, test.header...)...)
		known := test.want == 404 && w.Code != 403 && strings.Contains(w.Body.String(), "PERSISTED_QUERY_NOT_FOUND")
		if w.Code != test.want && !known {
			t.Errorf("%s: %d %s, want %d", test.name, w.Code, w.Body, test.want)
		}
	}
}

func TestSafeHeaders(t *testing.T) {
	h := seeded(t, Options{})
	for _, target := range []string{"/graphql?query=%7B__typename%7D", "/graphql", "/healthz", "/nope"} {
		w := serve(t, h, "GET", target, "")
		for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options", "Cross-Origin-Resource-Policy"} {
			if w.Header().Get(name) == "" {
				t.Errorf("%s has no %s", target, name)
			}
		}
	}
}

func TestSubscriptionsHoldNoSlot(t *testing.T) {
	h := seeded(t, Options{Limits: Limits{Concurrent: 1, Patience: 10 * time.Minute}})
	conn := dial(t, h, nil)
	say(t, conn, `{"type":"connection_init"}`)
	if err := conn.Write(t.Context(), websocket.MessageText, []byte(`{"type":"subscribe","id":"1","payload":{"query":"subscription { changes { node { kind } } }"}}`)); err != nil {
		t.Fatal(err)
	}
	// Whether the subscription has begun to follow cannot be seen: edits come until it has an event.
	got := make(chan string, 1)
	go func() { got <- hear(t, conn) }()
	for heard := false; !heard; {
		if w := serve(t, h, "POST", "/graphql", anEdit, "Content-Type", jsonType); w.Code != 200 {
			t.Fatalf("an edit beside it: %d %s", w.Code, w.Body)
		}
		select {
		case told := <-got:
			if heard = true; !strings.Contains(told, `"type":"next"`) {
				t.Fatalf("told %s, want an event", told)
			}
		default:
		}
	}
	if w := serve(t, h, "POST", "/graphql", aQuestion, "Content-Type", jsonType); w.Code != 200 {
		t.Errorf("beside a subscription a question is answered with %d %s", w.Code, w.Body)
	}
}
