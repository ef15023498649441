package admin_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"chancery/api/admin"
	"chancery/graph"
	"chancery/graph/memory"
)

func newServer(t *testing.T) *httptest.Server {
	t.Helper()
	g, err := graph.Open(t.Context(), memory.New())
	if err != nil {
		t.Fatal(err)
	}
	claim := func(id, name string) graph.Claim {
		return graph.Claim{ID: "claim/" + id, Source: "source/a", Status: graph.Reported, Facts: []graph.Fact{
			{Subject: "person/" + id, Predicate: graph.PreferredName, Object: graph.TextIn(name, "en")},
		}}
	}
	if _, err := g.Apply(t.Context(), graph.Changes{Record: []graph.Claim{claim("x", "X"), claim("y", "Y")}, At: time.Unix(1, 0)}); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(admin.NewHandler(admin.Options{
		Graph: g, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return time.Unix(2, 0) },
		Gizmo: func(_ context.Context, s graph.Snapshot, script string) ([]any, error) {
			return []any{script, s.Size()}, nil
		},
	}))
	t.Cleanup(server.Close)
	return server
}

func TestAdmin(t *testing.T) {
	server := newServer(t)
	for _, test := range []struct {
		name, method, path, host, body string
		plain                          bool // without the header
		status                         int
		want                           string // somewhere in the answer
	}{
		{name: "no header", method: "GET", path: "/quads", plain: true, status: 403, want: "Chancery-Admin"},
		{name: "another name for this machine", method: "GET", path: "/quads", host: "evil.example", status: 403, want: "loopback"},
		{name: "all quads", method: "GET", path: "/quads?limit=1000", status: 200, want: `<person/x> <skos:prefLabel> "X"@en <claim/x> .`},
		{name: "by pattern", method: "GET", path: "/quads?subject=person/y&predicate=skos:prefLabel", status: 200, want: `<person/y> <skos:prefLabel> "Y"@en <claim/y> .`},
		{name: "a literal", method: "GET", path: `/quads?predicate=kg:status&object=%22REPORTED%22&limit=1`, status: 200, want: `"REPORTED"`},
		{name: "an unknown term", method: "GET", path: "/quads?object=person/z", status: 404, want: "object: the graph has no person/z"},
		{name: "a bad limit", method: "GET", path: "/quads?limit=-1", status: 400, want: "limit"},
		{name: "Gizmo", method: "POST", path: "/gizmo", body: "g.V()", status: 200, want: `"g.V()"`},
		{name: "importing where nothing takes it", method: "POST", path: "/import", body: `{"done": true}`, status: 404, want: "takes no imports"},
		{name: "importing without the header", method: "POST", path: "/import", plain: true, status: 403, want: "Chancery-Admin"},
		{name: "erasing without a reason", method: "POST", path: "/erase", body: `{"claims": ["claim/x"]}`, status: 400, want: "reason"},
		{name: "erasing nothing", method: "POST", path: "/erase", body: `{"reason": "r"}`, status: 400, want: "ids"},
		{name: "erasing with a misspelt key", method: "POST", path: "/erase", body: `{"claim": ["claim/x"], "reason": "r"}`, status: 400, want: "claim"},
		{name: "erasing the unknown", method: "POST", path: "/erase", body: `{"claims": ["claim/z"], "reason": "r"}`, status: 404, want: "claim/z"},
		{name: "erasing", method: "POST", path: "/erase", body: `{"entities": ["person/x"], "reason": "order of a court"}`, status: 200, want: `"note":"claim/edits/`},
		{name: "what was erased is gone, name and all", method: "GET", path: "/quads?object=person/x", status: 404, want: "the graph has no person/x"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(t.Context(), test.method, server.URL+test.path, strings.NewReader(test.body))
			if err != nil {
				t.Fatal(err)
			}
			if test.host != "" {
				r.Host = test.host
			}
			if !test.plain {
				r.Header.Set(admin.Header, "test")
			}
			response, err := server.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			answer, err := io.ReadAll(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			body := string(answer)
			if response.StatusCode != test.status || !strings.Contains(body, test.want) {
				t.Errorf("status %d, body %s; want %d with %q", response.StatusCode, body, test.status, test.want)
			}
		})
	}
}
