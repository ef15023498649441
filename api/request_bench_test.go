package api

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
)

// BenchmarkRequest sends one request after another to the handler, without a network,
// over 1,000 visits in memory: what a request costs beside the reading of its answer.
func BenchmarkRequest(b *testing.B) {
	h := visitsHandler(b, 1000, -1, 0)
	for _, q := range []struct{ name, query string }{
		{"least", `{ node(id: \"event/1\") { id } }`},
		{"two roots", `{ a: node(id: \"event/1\") { id } b: node(id: \"event/2\") { id } }`},
		{"a page", `{ visits(first: 20) { nodes { id start { edtf } destination { id name } } } }`},
		{"a large page", `{ visits(first: 1000) { nodes { id start { edtf } destination { id name } } } }`},
		{"the schema", `{ __schema { types { name description fields { name description type { name kind ofType { name kind ofType { name } } } args { name description } } } } }`},
		{"a page, never asked for", `{ visits(first: 20) { nodes { id start { edtf } destination { id name } } } } # %d`},
	} {
		b.Run(q.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				body := `{"query":"` + strings.Replace(q.query, "%d", strconv.Itoa(i), 1) + `"}`
				r := httptest.NewRequestWithContext(b.Context(), "POST", "/graphql", strings.NewReader(body))
				r.Header.Set("Content-Type", "application/json")
				r.Header.Set("Accept-Encoding", "gzip")
				w := &nobody{header: http.Header{}}
				if h.ServeHTTP(w, r); w.status != http.StatusOK {
					b.Fatal(w.status)
				}
			}
		})
	}
}

// nobody is a client that reads nothing.
type nobody struct {
	header http.Header
	status int
}

func (n *nobody) Header() http.Header         { return n.header }
func (n *nobody) WriteHeader(status int)      { n.status = status }
func (n *nobody) Write(b []byte) (int, error) { return len(b), nil }
