package metrics

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"chancery/api"
)

// read returns the metrics as Prometheus reads them.
func read(t *testing.T, m *Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
	return w.Body.String()
}

func wantLines(t *testing.T, text string, lines ...string) {
	t.Helper()
	for _, want := range lines {
		if !strings.Contains("\n"+text, "\n"+want+"\n") {
			t.Errorf("there is no %s", want)
		}
	}
}

func TestOperations(t *testing.T) {
	m := New(Options{Version: "v1", Schema: "0.1.0"})
	m.Operation(api.Operation{Name: "Visits", Kind: "query", Transport: "http", Quads: 40, Duration: 20 * time.Millisecond})
	m.Operation(api.Operation{Name: "Visits", Kind: "query", Transport: "http", Quads: 2, Duration: 2 * time.Second})
	m.Operation(api.Operation{Kind: "subscription", Transport: "websocket", Quads: -1, Duration: time.Hour})
	m.Operation(api.Operation{Transport: "http", Code: "LIMIT_EXCEEDED", Limit: "depth", Quads: -1})
	m.Operation(api.Operation{Transport: "http", Code: "COST_EXCEEDED", Kind: "query", Quads: -1})
	m.Request(api.Request{Method: "GET", Route: "/graphql", Status: 200, Bytes: 10})
	m.Request(api.Request{Method: "BREW", Status: 404})
	m.Subscribers(1)
	m.Subscribers(1)
	m.Subscribers(-1)
	m.Event()
	wantLines(t, read(t, m),
		`chancery_operations_total{code="OK",kind="query",operation="Visits",transport="http"} 2`,
		`chancery_operations_total{code="OK",kind="subscription",operation="(none)",transport="websocket"} 1`,
		`chancery_operation_duration_seconds_bucket{kind="query",operation="Visits",le="0.025"} 1`,
		`chancery_operation_duration_seconds_count{kind="query",operation="Visits"} 2`,
		`chancery_quads_read_total{operation="Visits"} 42`,
		`chancery_operations_refused_total{limit="depth"} 1`,
		`chancery_operations_refused_total{limit="cost"} 1`,
		`chancery_http_requests_total{method="GET",route="/graphql",status="200"} 1`,
		`chancery_http_requests_total{method="other",route="none",status="404"} 1`,
		`chancery_http_response_bytes_total{route="/graphql"} 10`,
		`chancery_subscribers 1`,
		`chancery_subscription_events_total 1`,
	)
	if text := read(t, m); strings.Contains(text, `chancery_operation_duration_seconds_count{kind="subscription"`) || !strings.Contains(text, `chancery_build_info{go="go`) || !strings.Contains(text, "go_goroutines") {
		t.Errorf("%s", text)
	}
}

func TestEngine(t *testing.T) {
	m := New(Options{Engine: func() Engine {
		return Engine{Refused: 2, Stopped: 3, Caches: map[string]Lookups{"documents": {Hits: 5, Misses: 7}}}
	}})
	wantLines(t, read(t, m),
		`chancery_cost_exceeded_total{outcome="refused"} 2`,
		`chancery_cost_exceeded_total{outcome="stopped"} 3`,
		`chancery_cache_lookups_total{cache="documents",result="hit"} 5`,
		`chancery_cache_lookups_total{cache="documents",result="miss"} 7`,
	)
}

// TestNamesAreBounded has a client send a new name each time.
func TestNamesAreBounded(t *testing.T) {
	m := New(Options{Names: 3})
	for i := range 50 {
		m.Operation(api.Operation{Name: fmt.Sprintf("Refused%d", i), Kind: "query", Transport: "http", Code: "BAD_USER_INPUT", Quads: -1})
	}
	for i := range 50 {
		m.Operation(api.Operation{Name: fmt.Sprintf("Name%d", i), Kind: "query", Transport: "http", Quads: -1})
	}
	m.Operation(api.Operation{Name: "Known", Trusted: true, Kind: "query", Transport: "http", Quads: -1})
	text := read(t, m)
	wantLines(t, text,
		`chancery_operations_total{code="OK",kind="query",operation="Name2",transport="http"} 1`,
		`chancery_operations_total{code="OK",kind="query",operation="Known",transport="http"} 1`,
		`chancery_operations_total{code="OK",kind="query",operation="(other)",transport="http"} 47`,
		`chancery_operations_total{code="BAD_USER_INPUT",kind="query",operation="(other)",transport="http"} 50`,
	)
	if got := strings.Count(text, "\nchancery_operations_total{"); got != 6 {
		t.Errorf("%d series, want 6", got)
	}
}

func TestStore(t *testing.T) {
	s := Store{Commit: 7, CommittedAt: time.Unix(100, 5e8), Quads: 12, Claims: 3, OnDisk: true, Segments: 2, Bytes: 4096, Writable: true}
	m := New(Options{Store: func() Store { return s }})
	wantLines(t, read(t, m), "chancery_commits_total 7", "chancery_last_commit_timestamp_seconds 100.5", "chancery_store_quads 12",
		"chancery_store_claims 3", "chancery_store_segments 2", "chancery_store_bytes 4096", "chancery_store_writable 1")
	s = Store{}
	text := read(t, m)
	wantLines(t, text, "chancery_store_writable 0")
	if strings.Contains(text, "chancery_store_segments") || strings.Contains(text, "chancery_last_commit") {
		t.Errorf("a store in memory without a commit has sizes on disk or a last commit")
	}
}
