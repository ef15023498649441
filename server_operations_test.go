package main

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	collector "go.opentelemetry.io/proto/slim/otlp/collector/trace/v1"
	otlp "go.opentelemetry.io/proto/slim/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// administrators returns the URL that the server says it serves them at.
func (s *server) administrators(t *testing.T) *server {
	t.Helper()
	found := regexp.MustCompile(`administrators are served on (http://[0-9.:]+)`).FindStringSubmatch(s.log.String())
	if found == nil {
		t.Fatalf("no administrators' address in the log:\n%s", s.log)
	}
	return &server{url: found[1], log: s.log}
}

// adminAddress returns the address of that URL.
func (s *server) adminAddress(t *testing.T) string {
	t.Helper()
	return strings.TrimPrefix(s.administrators(t).url, "http://")
}

func TestMetrics(t *testing.T) {
	s := start(t, "--admin", "127.0.0.1:0", "--store", "local", "--data", t.TempDir())
	s.goesOn(t)
	if r := s.ask(t, `query Unknown { nope }`); len(r.Errors) == 0 {
		t.Error("no error")
	}
	if status, _ := s.get(t, "/metrics"); status == http.StatusOK {
		if _, body := s.get(t, "/metrics"); strings.Contains(body, "chancery_") {
			t.Error("metrics are public")
		}
	}
	admin := s.administrators(t)
	status, body := admin.get(t, "/metrics")
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	for _, want := range []string{
		`chancery_operations_total{code="OK",kind="query",operation="VisitsBeforeSummit",transport="http"} 1`,
		`code="GRAPHQL_VALIDATION_FAILED",kind="none",operation="(none)"`,
		`chancery_operation_duration_seconds_count{kind="query",operation="VisitsBeforeSummit"} 1`,
		"chancery_store_writable 1", "chancery_store_segments ", "chancery_last_commit_timestamp_seconds ", "go_goroutines ",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("there is no %s", want)
		}
	}
	if found := regexp.MustCompile(`(?m)^chancery_store_bytes ([0-9.e+]+)$`).FindStringSubmatch(body); found == nil || found[1] == "0" {
		t.Errorf("the store has %v bytes", found)
	}
	if status, body := admin.get(t, "/debug/pprof/goroutine?debug=1"); status != http.StatusOK || !strings.Contains(body, "goroutine profile") {
		t.Errorf("%d %.100s", status, body)
	}
	// Other things still need the header, and a page of another site gets nothing.
	if status, _ := admin.get(t, "/quads"); status != http.StatusForbidden {
		t.Errorf("/quads without the header: %d", status)
	}
	r, err := http.NewRequestWithContext(t.Context(), "GET", admin.url+"/debug/pprof/heap", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusForbidden {
		t.Errorf("a page of another site: %d", response.StatusCode)
	}
}

func TestFreshness(t *testing.T) {
	s := start(t)
	type fresh struct {
		KnownAt    time.Time
		AgeSeconds float64
		Total      int
		Sources    []struct {
			Source     string
			Newest     time.Time
			AgeSeconds float64
		}
	}
	ask := func(path string) (f fresh) {
		t.Helper()
		status, body := s.get(t, path)
		if err := json.Unmarshal([]byte(body), &f); err != nil || status != http.StatusOK {
			t.Fatalf("%s: %d %s %v", path, status, body, err)
		}
		return f
	}
	all := ask("/freshness")
	if all.Total < 2 || len(all.Sources) != all.Total || all.AgeSeconds < 0 || all.KnownAt.IsZero() {
		t.Fatalf("%+v", all)
	}
	last := all.Sources[len(all.Sources)-1]
	if r := s.ask(t, `mutation { record(input: {source: {name: "A gazette"}, claims: [{status: REPORTED, locator: "1",
		facts: [{subject: "event/c5-plus-1-summit-2025", field: "start", value: "2025-11-07"}]}]}) { claims { source { id } } } }`); len(r.Errors) > 0 {
		t.Fatal(r.Errors)
	}
	one := ask("/freshness?first=1")
	if one.Total <= all.Total || len(one.Sources) != 1 || one.Sources[0].Source == last.Source || !one.Sources[0].Newest.Equal(one.KnownAt) {
		t.Errorf("%+v, want the gazette alone", one)
	}
	if named := ask("/freshness?source=" + url.QueryEscape(last.Source)); len(named.Sources) != 1 || !named.Sources[0].Newest.Equal(last.Newest) {
		t.Errorf("%+v, want %+v", named, last)
	}
	for path, want := range map[string]int{"?first=0": 400, "?first=x": 400, "?source=nobody": 404, "?" + strings.Repeat("source=a&", 101): 400} {
		if status, body := s.get(t, "/freshness"+path); status != want || body == "" {
			t.Errorf("%.30s: %d %s, want %d", path, status, body, want)
		}
	}
}

// TestLogLines has the log tell of an operation, and nothing of its variables.
func TestLogLines(t *testing.T) {
	s := start(t)
	r, err := http.NewRequestWithContext(t.Context(), "POST", s.url+"/graphql", strings.NewReader(
		`{"query": "query Who($id: ID!) { person(id: $id) { name } }", "variables": {"id": "person/secret-name"}}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Request-Id", "given-1")
	r.Header.Set("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if got := response.Header.Get("X-Request-Id"); got != "given-1" {
		t.Errorf("the answer's id is %q", got)
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(s.log.String()) {
		if !strings.Contains(line, `"msg":"request"`) {
			continue
		}
		var got struct {
			Operation, Kind, Code string
			Status                int
			DurationMS            *float64 `json:"duration_ms"`
			RequestID             string   `json:"request_id"`
			TraceID               string   `json:"trace_id"`
		}
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatal(err)
		}
		if got.Operation != "Who" || got.Kind != "query" || got.Code != "UNKNOWN_ID" || got.Status != 200 || got.DurationMS == nil || *got.DurationMS < 0 ||
			got.RequestID != "given-1" || got.TraceID != "0af7651916cd43dd8448eb211c80319c" {
			t.Errorf("%s", line)
		}
		if strings.Contains(line, "secret-name") {
			t.Errorf("a variable is in the log: %s", line)
		}
		return
	}
	t.Errorf("no line of the request:\n%s", s.log)
}

// TestTraces has a collector take the spans of a request that says what trace it is
// a part of.
func TestTraces(t *testing.T) {
	t.Setenv("OTEL_BSP_EXPORT_TIMEOUT", "3600000") // of OpenTelemetry's SDK, in ms: no machine is too slow for that
	var mu sync.Mutex
	spans, followed := map[string]*otlp.Span{}, map[string]*otlp.Span{} // by name; those of a subscription apart
	took := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var got collector.ExportTraceServiceRequest
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = proto.Unmarshal(body, &got)
		}
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		for _, scope := range got.GetResourceSpans()[0].GetScopeSpans() {
			for _, span := range scope.GetSpans() {
				if span.GetTraceId()[0] == 0x1a {
					followed[span.GetName()] = span
					continue
				}
				spans[span.GetName()] = span
			}
		}
	}))
	defer took.Close()
	s := start(t, "--trace", took.URL+"/v1/traces", "--trace-sample", "0")
	s.goesOn(t) // in no sample
	body, err := json.Marshal(map[string]string{"query": strings.Replace(firstQuestion, "VisitsBeforeSummit", "Traced", 1)})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), "POST", s.url+"/graphql", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	conn, first := s.socketTo(t, "", "traceparent", "00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), make(chan struct{})
	go func() {
		for told := false; ; {
			_, text, err := conn.Read(t.Context())
			if err != nil {
				return
			}
			if !told && strings.Contains(string(text), `"type":"next"`) {
				told = true
				close(first)
			}
		}
	}()
	for following := false; !following; { // whether it does cannot be seen: edits come until it has an event
		s.edit(t)
		select {
		case <-first:
			following = true
		default:
		}
	}
	if err := s.stop(); err != nil { // sends what is left
		t.Fatal(err)
	}
	event, follow := followed["event"], followed["subscription Follow"]
	if event == nil || follow == nil || string(event.GetParentSpanId()) != string(follow.GetSpanId()) || string(event.GetTraceId()) != string(follow.GetTraceId()) {
		t.Errorf("the event %v is not within the subscription %v", event, follow)
	}
	within := map[string]string{
		"parse": "query Traced", "validate": "query Traced", "plan": "query Traced", "Query.visits": "query Traced", "write": "query Traced",
		"VisitConnection.nodes": "Query.visits", "Visit.destination": "VisitConnection.nodes", "Visit.visitors": "VisitConnection.nodes",
	}
	if spans["query VisitsBeforeSummit"] != nil {
		t.Error("a request in no sample was traced")
	}
	top := spans["query Traced"]
	if top == nil || string(top.GetParentSpanId()) != "\xb7\xad\x6b\x71\x69\x20\x33\x31" || top.GetKind() != otlp.Span_SPAN_KIND_SERVER {
		t.Fatalf("%v of %v", top, spans)
	}
	for name, above := range within {
		span, parent := spans[name], spans[above]
		if span == nil || parent == nil || string(span.GetParentSpanId()) != string(parent.GetSpanId()) || string(span.GetTraceId()) != string(top.GetTraceId()) {
			t.Errorf("%s is not within %s", name, above)
		}
	}
	if t.Failed() {
		for name, span := range spans {
			t.Logf("%s: %v", name, span)
		}
	}
}

// socketTo opens a socket and subscribes to changes.
func (s *server) socketTo(t *testing.T, after string, header ...string) *websocket.Conn {
	t.Helper()
	headers := http.Header{}
	for i := 0; i < len(header); i += 2 {
		headers.Set(header[i], header[i+1])
	}
	conn, _, err := websocket.Dial(t.Context(), s.url+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: headers})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.CloseNow() })
	variables := map[string]any{}
	if after != "" {
		variables["after"] = after
	}
	for _, m := range []any{
		map[string]any{"type": "connection_init"},
		map[string]any{"type": "subscribe", "id": "1", "payload": map[string]any{
			"query": "subscription Follow($after: Cursor) { changes(after: $after) { cursor } }", "variables": variables,
		}},
	} {
		if err := wsjson.Write(t.Context(), conn, m); err != nil {
			t.Fatal(err)
		}
	}
	return conn
}

// edit records a claim, of a source of its own.
func (s *server) edit(t *testing.T) {
	t.Helper()
	if r := s.ask(t, `mutation { record(input: {source: {name: "A gazette"}, claims: [{status: REPORTED, locator: "1",
		facts: [{subject: "event/c5-plus-1-summit-2025", field: "start", value: "2025-11-07"}]}]}) { knownAt } }`); len(r.Errors) > 0 {
		t.Fatal(r.Errors)
	}
}

// nextCursor reads up to the next event.
func nextCursor(t *testing.T, conn *websocket.Conn) string {
	t.Helper()
	for {
		var m struct {
			Type    string
			Payload json.RawMessage
		}
		if err := wsjson.Read(t.Context(), conn, &m); err != nil {
			t.Fatal(err)
		}
		switch m.Type {
		case "connection_ack":
		case "next":
			var event struct {
				Data struct{ Changes struct{ Cursor string } }
			}
			if err := json.Unmarshal(m.Payload, &event); err != nil || event.Data.Changes.Cursor == "" {
				t.Fatalf("%s: %v", m.Payload, err)
			}
			return event.Data.Changes.Cursor
		default:
			t.Fatalf("%s %s", m.Type, m.Payload)
		}
	}
}

// TestDrain stops a server: first it is not ready, and yet answers; then its socket
// is told that it goes, and the server that comes after goes on from the cursor.
func TestDrain(t *testing.T) {
	data := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	notice := make(chan time.Time)
	addr, done, log := make(chan net.Addr, 1), make(chan error, 1), &lockedBuffer{}
	p := &program{
		Args:      append([]string{"serve", "--listen", "127.0.0.1:0", "--data", data, "--drain-notice", "1h"}, patient()...),
		Env:       func(string) (string, bool) { return "", false },
		Stdout:    io.Discard,
		Stderr:    log,
		Now:       time.Now,
		Client:    time.Hour,
		After:     func(time.Duration) <-chan time.Time { return notice },
		Listening: func(a net.Addr) { addr <- a },
	}
	go func() { done <- p.Run(ctx) }()
	ended := sync.OnceValue(func() error { cancel(); close(notice); return <-done })
	t.Cleanup(func() {
		if err := ended(); err != nil {
			t.Errorf("stopping: %v", err)
		}
	})
	var s *server
	select {
	case a := <-addr:
		s = &server{url: "http://" + a.String(), log: log}
	case err := <-done:
		done <- err
		t.Fatalf("%v\n%s", err, log)
	}

	conn := s.socketTo(t, cursorOf(t, s, `{ changes(since: "2000-01-01T00:00:00Z", last: 1) { pageInfo { endCursor } } }`))
	record := func(day string) {
		t.Helper()
		if r := s.ask(t, `mutation { record(input: {source: {name: "A gazette of the `+day+`"}, claims: [{status: REPORTED, locator: "1",
			facts: [{subject: "event/c5-plus-1-summit-2025", field: "start", value: "2025-11-`+day+`"}]}]}) { knownAt } }`); len(r.Errors) > 0 {
			t.Fatal(r.Errors)
		}
	}
	record("07")
	cursor := nextCursor(t, conn)
	record("08")
	closed := make(chan error, 1)
	go func() {
		for { // events that are under way come first
			if _, _, err := conn.Read(t.Context()); err != nil {
				closed <- err
				return
			}
		}
	}()

	cancel()
	for {
		status, _ := s.get(t, "/readyz")
		if status == http.StatusServiceUnavailable {
			break
		}
		// Not told to stop yet: ask again. The test's own time bounds this.
	}
	s.goesOn(t)
	if err := ended(); err != nil {
		t.Errorf("stopping: %v", err)
	}
	if err := <-closed; websocket.CloseStatus(err) != websocket.StatusGoingAway {
		t.Errorf("the socket ends with %v, want 1001", err)
	}
	if !strings.Contains(log.String(), `"msg":"operation"`) || !strings.Contains(log.String(), `"transport":"websocket"`) {
		t.Errorf("the log has no line of the subscription:\n%s", log)
	}

	next := start(t, "--store", "local", "--data", data)
	want := cursorOf(t, next, `{ changes(since: "2000-01-01T00:00:00Z", first: 1, after: "`+cursor+`") { pageInfo { endCursor } } }`)
	if got := nextCursor(t, next.socketTo(t, cursor)); got != want {
		t.Errorf("it goes on at %s, want %s", got, want)
	}
}
