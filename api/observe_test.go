package api

import (
	"slices"
	"sync"
	"testing"
)

// noted is an Observer that keeps what it is told.
type noted struct {
	mu         sync.Mutex
	requests   []Request
	operations []Operation
}

func (n *noted) Request(r Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.requests = append(n.requests, r)
}

func (n *noted) Operation(o Operation) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.operations = append(n.operations, o)
}

func (*noted) Subscribers(int) {}

func (*noted) Event() {}

func TestObserver(t *testing.T) {
	for _, test := range []struct {
		name, body string
		header     []string
		want       Operation // without quads
		status     int
		counted    bool
	}{
		{"a query", `{"query": "query Some { people { totalCount } }"}`, nil, Operation{Name: "Some", Kind: "query", Transport: "http"}, 200, true},
		{"no name", `{"query": "{ people { totalCount } }"}`, nil, Operation{Kind: "query", Transport: "http"}, 200, true},
		{"no document", `{"query": "{"}`, nil, Operation{Transport: "http", Code: "GRAPHQL_PARSE_FAILED"}, 200, false},
		{"not valid", `{"query": "query Some { nope }"}`, nil, Operation{Transport: "http", Code: "GRAPHQL_VALIDATION_FAILED"}, 200, false},
		{"too deep", `{"query": "{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a}}}}}}}}}}}}}}}}}}}}}}"}`, nil, Operation{Transport: "http", Code: "LIMIT_EXCEEDED", Limit: "depth"}, 200, false},
		{"an error of a field", `{"query": "query Some { person(id: \"person/nobody\") { name } }"}`, nil, Operation{Name: "Some", Kind: "query", Transport: "http", Code: "UNKNOWN_ID"}, 200, true},
		{"a stream", `{"query": "query Some { people { totalCount } }"}`, []string{"Accept", eventsType}, Operation{Name: "Some", Kind: "query", Transport: "sse"}, 200, true},
		{"a subscription as JSON", `{"query": "subscription { changes { cursor } }"}`, nil, Operation{Kind: "subscription", Transport: "http", Code: "BAD_USER_INPUT"}, 406, false},
		{"a name of no document", `{"documentId": "x"}`, nil, Operation{Transport: "http", Code: "PERSISTED_QUERY_NOT_FOUND"}, 200, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			n := &noted{}
			h := seeded(t, Options{Observer: n})
			w := serve(t, h, "POST", "/graphql", test.body, append([]string{"Content-Type", jsonType}, test.header...)...)
			for i, o := range n.operations {
				if counted := o.Quads >= 0; counted != test.counted || o.Code == "" && o.Quads == 0 {
					t.Errorf("%d quads were read", o.Quads)
				}
				n.operations[i].Quads = 0
			}
			if !slices.Equal(n.operations, []Operation{test.want}) {
				t.Errorf("%+v, want %+v; the answer is %s", n.operations, test.want, w.Body)
			}
			want := []Request{{Method: "POST", Route: "/graphql", Status: test.status, Bytes: int64(w.Body.Len())}}
			if !slices.Equal(n.requests, want) {
				t.Errorf("%+v, want %+v", n.requests, want)
			}
			if w.Header().Get("X-Request-Id") == "" {
				t.Error("the answer has no id")
			}
		})
	}
}

func TestRequestIDs(t *testing.T) {
	h := seeded(t, Options{})
	for given, kept := range map[string]bool{"a-1": true, "": false, "two words": false, "line\nbreak": false, string(make([]byte, 200)): false} {
		got := serve(t, h, "GET", "/healthz", "", "X-Request-Id", given).Header().Get("X-Request-Id")
		if got == "" || kept != (got == given) {
			t.Errorf("%q became %q", given, got)
		}
	}
}
