package api

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"chancery/api/access"
)

// TestTagsTellApart has requests that differ in one thing only, each of which has
// another answer: what a client keeps of one is never taken for the other.
func TestTagsTellApart(t *testing.T) {
	h := seeded(t, Options{})
	const document = `query A($n: Int) { visits(first: $n) { totalCount nodes { id } } } query B { visits { totalCount } }`
	same := url.Values{"query": {document}, "operationName": {"A"}, "variables": {`{"n": 1}`}}
	const accept = "application/graphql-response+json"
	asked := func(key, value string) *http.Request {
		params := url.Values{}
		for k, v := range same {
			params[k] = v
		}
		header := accept
		if key == "Accept" {
			header = value
		} else if key != "" {
			params.Set(key, value)
		}
		r, err := http.NewRequestWithContext(t.Context(), "GET", "/graphql?"+params.Encode(), nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept", header)
		return r
	}
	tagOf := func(r *http.Request) string {
		t.Helper()
		w := serve(t, h, r.Method, r.URL.String(), "", "Accept", r.Header.Get("Accept"))
		if w.Code != http.StatusOK || w.Header().Get("ETag") == "" {
			t.Fatalf("%s: %d %s", r.URL, w.Code, w.Body)
		}
		return w.Header().Get("ETag")
	}
	first := tagOf(asked("", ""))
	if again := tagOf(asked("", "")); again != first {
		t.Errorf("the same request has the tags %s and %s", first, again)
	}
	for _, other := range [][2]string{
		{"variables", `{"n": 2}`},
		{"operationName", "B"},
		{"extensions", `{"cite": true}`},
		{"extensions", `{"perspective": {"statuses": ["CONFIRMED"]}}`},
		{"Accept", "application/json"},
	} {
		r := asked(other[0], other[1])
		if tagOf(r) == first {
			t.Errorf("with another %s, %s, the tag is the same", other[0], other[1])
		}
		if w := serve(t, h, r.Method, r.URL.String(), "", "Accept", r.Header.Get("Accept"), "If-None-Match", first); w.Code != http.StatusOK {
			t.Errorf("with another %s, %s: %d", other[0], other[1], w.Code)
		}
	}
}

// TestSocketsAreRated counts the opening of a socket and each operation on it.
func TestSocketsAreRated(t *testing.T) {
	k := newKeyed(t, access.Options{Rates: access.Rates{Key: 0.1}}) // five at once
	conn := dial(t, seeded(t, Options{Gate: k.gate}), http.Header{"Authorization": {"Bearer " + k.text[access.Reader]}})
	if got := say(t, conn, `{"type":"connection_init"}`); !strings.Contains(got, "connection_ack") {
		t.Fatal(got)
	}
	for i := range 5 {
		got := say(t, conn, `{"type":"subscribe","id":"1","payload":`+aQuestion+`}`)
		if i < 4 {
			if !strings.Contains(got, "KZ") {
				t.Fatalf("operation %d: %s", i+1, got)
			}
			hear(t, conn) // complete
		} else if !strings.Contains(got, rateLimited) || !strings.Contains(got, `"retryAfter":10`) {
			t.Errorf("the fifth operation, after the opening: %s", got)
		}
	}
}

// TestLargeDocumentsAreNotKept has a client send one document of just the size that is
// kept and one that is larger, twice each.
func TestLargeDocumentsAreNotKept(t *testing.T) {
	var looks CacheStats
	h := seeded(t, Options{Documents: &looks})
	for _, test := range []struct{ bytes, hits int }{{mostKeptBytes, 1}, {mostKeptBytes + 1, 0}} {
		document := "{ __typename } #"
		document += strings.Repeat("x", test.bytes-len(document))
		ask(t, h, document)
		before := looks.Hits()
		ask(t, h, document)
		if hits := looks.Hits() - before; hits > 0 != (test.hits > 0) {
			t.Errorf("%d bytes: found %d times when sent again", test.bytes, hits)
		}
	}
}
