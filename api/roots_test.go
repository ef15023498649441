package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// TestRootsAlike asks the same root fields bare, as the engine answers them, and within
// a fragment, as gqlgen does: the answers are the same, byte for byte.
func TestRootsAlike(t *testing.T) {
	h := visitsHandler(t, 20, 3, 12)
	for _, roots := range []string{
		`visit(id: "event/1") { id destination { name } }`,
		`a: visit(id: "event/1") { id } b: visit(id: "event/2") { id } c: visits(first: 2) { nodes { id } }`,
		`visit(id: "event/nowhere") { id }`,
		`a: visit(id: "event/nowhere") { id } b: visit(id: "event/1") { id } c: node(id: "event/no") { id }`,
		`visits(first: -1) { nodes { id } }`,
		`a: visit(id: "event/1") { id } b: visits(first: -1) { nodes { id } } c: visit(id: "event/nowhere") { id }`,
		`visits { nodes { id destination { id } } }`,
		`a: visit(id: "event/3") { id destination { id } } b: visit(id: "event/1") { id }`,
		`visits(first: 20) { nodes { id } }`,
		`nation(id: "event/1") { id }`,
		`nodes(ids: ["event/1", "event/no", "event/2"]) { id }`,
		`__typename visit(id: "event/1") { id }`,
		`visit(id: "event/1") { id } visit(id: "event/1") { __typename }`,
		`visit(id: "event/1") @skip(if: true) { id } b: visit(id: "event/2") @include(if: true) { id }`,
	} {
		bare, within := told(t, h, "{\n"+roots+"\n}"), told(t, h, "{ ... on Query {\n"+roots+"\n} }")
		if bare != within {
			t.Errorf("%s\nbare:   %s\nwithin: %s", roots, bare, within)
		}
		if !strings.Contains(bare, `"data":`) {
			t.Errorf("%s\nwas refused: %s", roots, bare)
		}
	}
}

// TestSchemaAnswers asks about the schema again and again: an answer that was kept is
// the same, and goes to the same question only.
func TestSchemaAnswers(t *testing.T) {
	h := visitsHandler(t, 1, -1, 0)
	const typeOf = `query A($n: String!) { __type(name: $n) { name kind } } query B($n: String!) { __type(name: $n) { name } t: __typename }`
	questions := []struct{ body, want string }{
		{`{"query":"{ __type(name: \"Visit\") { name } }"}`, `{"data":{"__type":{"name":"Visit"}}`},
		{`{"query":"{ __type(name: \"Nowhere\") { name } }"}`, `{"data":{"__type":null}`},
		{`{"query":"` + typeOf + `","operationName":"A","variables":{"n":"Visit"}}`, `{"data":{"__type":{"name":"Visit","kind":"OBJECT"}}`},
		{`{"query":"` + typeOf + `","operationName":"A","variables":{"n":"Node"}}`, `{"data":{"__type":{"name":"Node","kind":"INTERFACE"}}`},
		{`{"query":"` + typeOf + `","operationName":"B","variables":{"n":"Node"}}`, `{"data":{"__type":{"name":"Node"},"t":"Query"}`},
		{`{"query":"query ($f: Boolean!) { __type(name: \"Visit\") { name kind @skip(if: $f) } }","variables":{"f":true}}`, `{"data":{"__type":{"name":"Visit"}}`},
		{`{"query":"query ($f: Boolean!) { __type(name: \"Visit\") { name kind @skip(if: $f) } }","variables":{"f":false}}`, `{"data":{"__type":{"name":"Visit","kind":"OBJECT"}}`},
		{`{"query":"{ __type(name: \"Visit\") { name } visit(id: \"event/0\") { id } }"}`, `{"data":{"__type":{"name":"Visit"},"visit":{"id":"event/0"}}`},
	}
	for range 3 {
		for _, q := range questions {
			if got := answerTo(t, h, q.body); !strings.HasPrefix(got, q.want) || !strings.Contains(got, `"extensions":{"perspective":`) {
				t.Errorf("%s\ngot  %s\nwant %s…", q.body, got, q.want)
			}
		}
	}
}

// told is the body of the answer to a query.
func told(t *testing.T, h http.Handler, query string) string {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	return answerTo(t, h, string(body))
}

func answerTo(t *testing.T, h http.Handler, body string) string {
	t.Helper()
	return serve(t, h, http.MethodPost, "/graphql", body, "Content-Type", jsonType).Body.String()
}
