package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// server is a running `chancery serve` on a free port.
type server struct {
	url  string
	log  *lockedBuffer
	stop func() error // stops it and returns what Run returned
}

func start(t *testing.T, args ...string) *server {
	t.Helper()
	return startFor(t, time.Hour, append(patient(), args...)...)
}

// patient are settings of time that no machine is too slow for.
func patient() []string {
	return []string{"--limit-time", "1h", "--limit-patience", "1h", "--request-time", "1h", "--idle-time", "1h", "--drain", "1h"}
}

// startFor starts a server for a test or a benchmark; client is how long its clients
// have for what no setting is about, 0 the default.
func startFor(t testing.TB, client time.Duration, args ...string) *server {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	addr := make(chan net.Addr, 1)
	done := make(chan error, 1)
	log := &lockedBuffer{}
	p := &program{
		Args:      append([]string{"serve", "--listen", "127.0.0.1:0", "--store", "memory"}, args...),
		Env:       func(string) (string, bool) { return "", false },
		Stdout:    io.Discard,
		Stderr:    log,
		Now:       time.Now,
		Client:    client,
		Listening: func(a net.Addr) { addr <- a },
	}
	go func() { done <- p.Run(ctx) }()
	stop := sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Errorf("stopping: %v", err)
		}
	})
	select {
	case a := <-addr:
		return &server{url: "http://" + a.String(), log: log, stop: stop}
	case err := <-done:
		done <- err
		t.Fatalf("the server did not start: %v\n%s", err, log)
		return nil
	}
}

// reply is a GraphQL response with its HTTP status.
type reply struct {
	status int
	Data   json.RawMessage
	Errors []struct {
		Message    string
		Path       []any
		Locations  []any
		Extensions struct{ Code, Argument string }
	}
	Extensions map[string]json.RawMessage
}

// post sends a body as JSON and reads the reply.
func (s *server) post(t *testing.T, body string) reply {
	t.Helper()
	response, err := http.Post(s.url+"/graphql", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	r := reply{status: response.StatusCode}
	if err := json.NewDecoder(response.Body).Decode(&r); err != nil {
		t.Fatalf("the reply to %.100s is no JSON: %v", body, err)
	}
	return r
}

// ask posts a document.
func (s *server) ask(t *testing.T, document string) reply {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": document})
	if err != nil {
		t.Fatal(err)
	}
	return s.post(t, string(body))
}

func (s *server) get(t *testing.T, path string) (status int, body string) {
	t.Helper()
	response, err := http.Get(s.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// firstQuestion is the one that the README begins with.
const firstQuestion = `query VisitsBeforeSummit {
  visits(where: {start: {before: {event: "event/c5-plus-1-summit-2025"}}}) {
    totalCount
    nodes { destination { name } visitors { name } }
  }
}`

func TestServeAnswers(t *testing.T) {
	s := start(t)
	for path, want := range map[string]string{"/healthz": "ok\n", "/readyz": "ready\n"} {
		if status, body := s.get(t, path); status != http.StatusOK || body != want {
			t.Errorf("%s: %d %q, want 200 %q", path, status, body, want)
		}
	}
	if status, body := s.get(t, "/"); status != http.StatusOK || !strings.Contains(body, "<html") {
		t.Errorf("/: %d %.60q, want a page", status, body)
	}

	r := s.ask(t, firstQuestion)
	if len(r.Errors) > 0 {
		t.Fatalf("errors: %+v", r.Errors)
	}
	var data struct {
		Visits struct {
			TotalCount int
			Nodes      []struct {
				Destination struct{ Name string }
				Visitors    []struct{ Name string }
			}
		}
	}
	if err := json.Unmarshal(r.Data, &data); err != nil {
		t.Fatal(err)
	}
	if data.Visits.TotalCount != 2 || len(data.Visits.Nodes) != 2 {
		t.Errorf("visits before the summit: %s, want the 2 of the seed", r.Data)
	}
	if r.Extensions["perspective"] == nil {
		t.Error("the answer does not state its perspective")
	}
	if err := s.stop(); err != nil {
		t.Errorf("stopping: %v", err)
	}
	for _, want := range []string{"listening on " + s.url, `"operation":"VisitsBeforeSummit"`, `"msg":"stopped"`} {
		if !strings.Contains(s.log.String(), want) {
			t.Errorf("the log has no %s:\n%s", want, s.log)
		}
	}
}

// TestBadInput gives each kind of bad input, and after each asks a good question
// of the same server.
func TestBadInput(t *testing.T) {
	s := start(t)
	after := func(cursor string) string {
		return `{ people(first: 1, after: "` + cursor + `") { nodes { id } } }`
	}
	aliases := func(n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(" a" + strconv.Itoa(i) + ": __typename")
		}
		return "{" + b.String() + " }"
	}
	visitCursor := cursorOf(t, s, `{ visits(first: 1) { pageInfo { endCursor } } }`)
	confirmed := cursorOf(t, s, `query @perspective(statuses: [CONFIRMED, REPORTED]) { people(first: 1) { pageInfo { endCursor } } }`)

	for _, test := range []struct {
		name, document, code string
		argument             string // or "" where the error is not in an argument
		says                 string // in the first message
	}{
		{"an unknown id in a time reference", `{ visits(where: {start: {before: {event: "event/nope"}}}) { totalCount } }`, "UNKNOWN_ID", "where.start.before.event", "event/nope"},
		{"a bad EDTF", `{ visits(where: {start: {before: {date: "2025-13-45"}}}) { totalCount } }`, "BAD_TIME", "where.start.before.date", "2025-13-45"},
		{"a negative first", `{ people(first: -1) { totalCount } }`, "BAD_USER_INPUT", "first", "-1"},
		{"first and last", `{ people(first: 1, last: 1) { totalCount } }`, "BAD_USER_INPUT", "", "last"},
		{"a cursor that is none", after("bm9wZQ=="), "CURSOR_INVALID", "after", "cursor"},
		{"a cursor of another list", after(visitCursor), "CURSOR_INVALID", "after", "cursor"},
		{"a cursor of another perspective", after(confirmed), "CURSOR_PERSPECTIVE", "after", "perspective"},
		{"an unknown field", `{ people { nodes { nmae } } }`, "GRAPHQL_VALIDATION_FAILED", "", "Did you mean"},
		{"no document", `{ people {`, "GRAPHQL_PARSE_FAILED", "", "Expected"},
		{"10,000 aliases", aliases(10_000), "LIMIT_EXCEEDED", "", "limit is 10000"},
		{"101 aliases", aliases(101), "LIMIT_EXCEEDED", "", "101 aliases; the limit is 100"},
		{"one field 60,000 times", "{" + strings.Repeat("a ", 60_000) + "}", "LIMIT_EXCEEDED", "", "60002 tokens"},
		{"one field 2,000 times", "{ people {" + strings.Repeat("totalCount ", 2_000) + "} }", "LIMIT_EXCEEDED", "", "selected 2000 times"},
		{"a mutation", `mutation { retract(input: {claims: [], reason: "none"}) { knownAt } }`, "BAD_USER_INPUT", "input.claims", "at least one"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := s.ask(t, test.document)
			if len(r.Errors) == 0 {
				t.Fatalf("no error; data: %s", r.Data)
			}
			got := r.Errors[0]
			if got.Extensions.Code != test.code || !strings.Contains(got.Message, test.says) ||
				test.argument != "" && got.Extensions.Argument != test.argument {
				t.Errorf("%+v; want %s at %q, saying %q", got, test.code, test.argument, test.says)
			}
			if r.status != http.StatusOK {
				t.Errorf("status %d, want 200 for application/json", r.status)
			}
			s.goesOn(t)
		})
	}
	for name, body := range map[string]string{
		"a body that is not JSON":   `query=1`,
		"a body of another shape":   `["{ __typename }"]`,
		"a body without a query":    `{"variables": {}}`,
		"a body with more after it": `{"query": "{ __typename }"} {}`,
	} {
		t.Run(name, func(t *testing.T) {
			r := s.post(t, body)
			if r.status != http.StatusBadRequest || len(r.Errors) != 1 || r.Errors[0].Extensions.Code != "BAD_USER_INPUT" || r.Data != nil {
				t.Errorf("%+v, want 400 and BAD_USER_INPUT", r)
			}
			s.goesOn(t)
		})
	}
}

func (s *server) goesOn(t *testing.T) {
	t.Helper()
	if r := s.ask(t, firstQuestion); len(r.Errors) > 0 {
		t.Fatalf("the server answers no more: %+v", r.Errors)
	}
}

func cursorOf(t *testing.T, s *server, document string) string {
	t.Helper()
	r := s.ask(t, document)
	var data map[string]struct{ PageInfo struct{ EndCursor string } }
	if err := json.Unmarshal(r.Data, &data); err != nil || len(r.Errors) > 0 {
		t.Fatalf("no cursor: %v %+v", err, r.Errors)
	}
	for _, list := range data {
		return list.PageInfo.EndCursor
	}
	t.Fatal("no cursor")
	return ""
}

// TestSettings holds flags over the environment over the file.
func TestSettings(t *testing.T) {
	file := filepath.Join(t.TempDir(), "chancery.json")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := func(env map[string]string, args ...string) error {
		p := &program{
			Args: args, Stdout: io.Discard, Stderr: io.Discard, Now: time.Now,
			Env: func(name string) (string, bool) {
				if name == "CHANCERY_STORE" {
					return "memory", true // nothing is left behind
				}
				value, set := env[name]
				return value, set
			},
		}
		ctx, cancel := context.WithCancel(t.Context())
		p.Listening = func(net.Addr) { cancel() }
		return p.Run(ctx)
	}
	// An address that cannot be listened on shows by its name which setting won.
	const byFlag, byEnv, byFile = "127.0.0.1:1-flag", "127.0.0.1:1-env", "127.0.0.1:1-file"
	write(`{"listen": "` + byFile + `", "limit-depth": 7}`)
	env := map[string]string{"CHANCERY_LISTEN": byEnv, "CHANCERY_CONFIG": file}
	for _, test := range []struct {
		env  map[string]string
		args []string
		want string
	}{
		{env, []string{"--listen", byFlag}, byFlag},
		{env, []string{"serve"}, byEnv},
		{map[string]string{"CHANCERY_CONFIG": file}, nil, byFile},
		{nil, []string{"--config", file}, byFile},
	} {
		err := run(test.env, test.args...)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v %v: %v, want to listen on %s", test.env, test.args, err, test.want)
		}
	}

	write(`{"lisen": "127.0.0.1:0"}`)
	if err := run(nil, "--config", file); err == nil || !strings.Contains(err.Error(), `"lisen" is no setting`) {
		t.Errorf("an unknown key: %v, want it named", err)
	}
	if err := run(nil, "--store", "punchcards"); err == nil || !strings.Contains(err.Error(), "memory") {
		t.Errorf("an unknown store: %v, want the stores named", err)
	}
	if err := run(nil, "--limit-depth", "0"); err == nil || !strings.Contains(err.Error(), "above 0") {
		t.Errorf("a limit of 0: %v, want it refused", err)
	}
	if err := run(nil, "--listen", "127.0.0.1:0", "--store", "memory", "--drain", "1h"); err != nil {
		t.Errorf("a free port: %v", err)
	}
}

func TestHelpAndVersion(t *testing.T) {
	for arg, want := range map[string]string{"--help": "CHANCERY_LISTEN", "version": "schema "} {
		var out bytes.Buffer
		p := &program{Args: []string{arg}, Env: os.LookupEnv, Stdout: &out, Stderr: io.Discard, Now: time.Now}
		if err := p.Run(t.Context()); err != nil || !strings.Contains(out.String(), want) {
			t.Errorf("%s: %v, %s; want %q in it", arg, err, &out, want)
		}
	}
}

// lockedBuffer is a log that is read while the server writes it.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer // guarded by mu
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
