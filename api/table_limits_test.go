package api

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"chancery/api/tables"
	"chancery/graph"
	"chancery/graph/memory"
	"chancery/query"
	"chancery/resolvers"
	"chancery/schema"
)

// savedVisits serves a table of 5,000 visits at /tables/visits, with the limits. Visit
// 4,900, far behind the first batch, has 300 visitors.
func savedVisits(t *testing.T, limits query.Options, o Options) http.Handler {
	t.Helper()
	return NewHandler(overVisits(t, crowdedVisits(t), limits, o))
}

func crowdedVisits(t *testing.T) *graph.Graph {
	t.Helper()
	g := visitsGraph(t, memory.New(), 5_000, -1)
	crowd := graph.Claim{ID: "claim/crowd", Source: "source/table", Status: graph.Reported}
	for i := range 300 {
		crowd.Facts = append(crowd.Facts, graph.Fact{Subject: "event/4900", Predicate: "kg:visitor", Object: graph.Ref(fmt.Sprint("person/", i))})
	}
	if _, err := g.Apply(t.Context(), graph.Changes{At: recordedAt.Add(time.Hour), Record: []graph.Claim{crowd}}); err != nil {
		t.Fatal(err)
	}
	return g
}

func overVisits(t *testing.T, g *graph.Graph, limits query.Options, o Options) Options {
	t.Helper()
	ontology, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	if o.Tables, err = tables.ReadSaved(ontology.Schema, fstest.MapFS{"visits.graphql": {Data: []byte(
		`query ($among: [ID!]) { visits(where: {id: {in: $among}}) { nodes { id visitors { id } } } }`)}}); err != nil {
		t.Fatal(err)
	}
	o.Log, o.Now = slog.New(slog.DiscardHandler), time.Now
	o.Executor = resolvers.NewExecutor(ontology, g, query.New(ontology, g, limits), o.Now, o.Log)
	o.Limits = patient(o.Limits)
	return o
}

// TestSavedTableOverLimits: what can be known before the first byte is a status and an
// error in JSON, in whatever format the table was asked for, and with HEAD too.
func TestSavedTableOverLimits(t *testing.T) {
	for _, test := range []struct {
		name   string
		limits query.Options
		limit  Limits
		params string
		status int
		want   string
	}{
		{"quads, before the rows are found", query.Options{Quads: 100}, Limits{}, "", http.StatusBadRequest, "COST_EXCEEDED"},
		{"objects of a row in the first batch", query.Options{Rows: 100}, Limits{}, "&among=event/4900", http.StatusBadRequest, "LIMIT_EXCEEDED"},
		{"fields of the document", query.Options{}, Limits{Fields: 2}, "", http.StatusBadRequest, "LIMIT_EXCEEDED"},
		{"time", query.Options{}, Limits{Time: 1}, "", http.StatusServiceUnavailable, "TIMEOUT"},
		{"an id that is none", query.Options{}, Limits{}, "&among=nothing", http.StatusBadRequest, "UNKNOWN_ID"},
		{"rows", query.Options{}, Limits{}, "&rows=many", http.StatusBadRequest, "rows=many is no number"},
	} {
		h := savedVisits(t, test.limits, Options{Limits: test.limit})
		for _, format := range tables.Formats {
			w := serve(t, h, "GET", "/tables/visits?format="+format.Name+test.params, "")
			if w.Code != test.status || !strings.HasPrefix(w.Header().Get("Content-Type"), jsonType) || !strings.Contains(w.Body.String(), test.want) || w.Header().Get("Chancery-Rows") != "" {
				t.Errorf("%s, %s: %d %v %.200s, want %d and %s", test.name, format.Name, w.Code, w.Header(), w.Body, test.status, test.want)
			}
		}
		if w := serve(t, h, "HEAD", "/tables/visits?format=csv"+test.params, ""); w.Code != test.status {
			t.Errorf("%s, HEAD: %d, want %d", test.name, w.Code, test.status)
		}
	}
}

// TestSavedTableCut: a row far behind is over the limit. No client may take what came
// before for the whole, whatever it speaks, packed or not.
func TestSavedTableCut(t *testing.T) {
	h := savedVisits(t, query.Options{Rows: 100}, Options{})
	server := httptest.NewUnstartedServer(h)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.Start()
	defer server.Close()
	secure := httptest.NewUnstartedServer(h)
	secure.EnableHTTP2 = true
	secure.StartTLS()
	defer secure.Close()
	for _, format := range tables.Formats {
		for _, packed := range []string{"identity", "gzip", "zstd"} {
			for proto, s := range map[string]*httptest.Server{"HTTP/1.1": server, "HTTP/2.0": secure} {
				r, err := http.NewRequestWithContext(t.Context(), "GET", s.URL+"/tables/visits?format="+format.Name, nil)
				if err != nil {
					t.Fatal(err)
				}
				r.Header.Set("Accept-Encoding", packed)
				response, err := s.Client().Do(r)
				if err != nil && format.Name == "parquet" {
					continue // it has nothing to send before its end: cut before the header
				}
				if err != nil {
					t.Fatalf("%s, %s, %s: %v", format.Name, packed, proto, err)
				}
				n, err := io.Copy(io.Discard, response.Body)
				if err == nil || response.Proto != proto {
					t.Errorf("%s, %s, %s: %s: %d bytes look whole", format.Name, packed, proto, response.Proto, n)
				}
				if err := response.Body.Close(); err != nil {
					t.Error(err)
				}
			}
		}
		// HTTP/1.0 has nothing but the connection's end to tell an answer's.
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, "GET /tables/visits?format="+format.Name+" HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		all, err := io.ReadAll(conn)
		if err == nil && len(all) > 0 {
			t.Errorf("%s, HTTP/1.0: %d bytes look whole", format.Name, len(all))
		}
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	}
}
