package api

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

func TestPersistedQueries(t *testing.T) {
	const document = `{ nation(id: "nation/kz") { isoAlpha2 } }`
	sum := sha256.Sum256([]byte(document))
	hash := hex.EncodeToString(sum[:])
	by := func(hash string) string {
		return fmt.Sprintf(`"extensions": {"persistedQuery": {"version": 1, "sha256Hash": %q}}`, hash)
	}
	full := `"query": ` + string(must(json.Marshal(document)))
	const want, unknown = `"isoAlpha2":"KZ"`, `"message":"PersistedQueryNotFound","extensions":{"code":"PERSISTED_QUERY_NOT_FOUND"}`
	trusted, err := ReadTrusted(strings.NewReader(`{"kz": ` + string(must(json.Marshal(document))) + `, "abc": "{ __typename }"}`))
	if err != nil {
		t.Fatal(err)
	}
	type step struct{ body, want string }
	for name, test := range map[string]struct {
		o     Options
		steps []step
	}{
		"automatic": {Options{}, []step{
			{by(hash), unknown},
			{full + "," + by(strings.Repeat("0", 64)), "is not the SHA-256"},
			{by(strings.Repeat("0", 64)), unknown},
			{full + "," + by(strings.ToUpper(hash)), want},
			{by(hash), want},
			{`"documentId": "sha256:` + hash + `"`, want},
			{`"extensions": {"persistedQuery": {"version": 2, "sha256Hash": "x"}}`, "PERSISTED_QUERY_NOT_SUPPORTED"},
		}},
		"trusted too": {Options{Trusted: trusted}, []step{
			{`"documentId": "kz"`, want},
			{`"documentId": "none"`, unknown},
			{by("abc"), `"__typename":"Query"`},
			{`"query": "{ __typename }"`, `"__typename":"Query"`},
			{`"query": "{ a: __typename }"`, `"a":"Query"`},
		}},
		"trusted only": {Options{Trusted: trusted, TrustedOnly: true}, []step{
			{`"documentId": "kz"`, want},
			{full, want},
			{`"query": "{ a: __typename }"`, `"FORBIDDEN"`},
			{`"query": "{ __schema { queryType { name } } }"`, `"FORBIDDEN"`},
			{`"documentId": "kz", "query": "{ a: __typename }"`, `"FORBIDDEN"`},
			{by(hash), unknown},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			h := seeded(t, test.o)
			for _, s := range test.steps {
				w := serve(t, h, "POST", "/graphql", "{"+s.body+"}", "Content-Type", jsonType)
				if !strings.Contains(w.Body.String(), s.want) {
					t.Errorf("%s: %d %s, want %s", s.body, w.Code, w.Body, s.want)
				}
			}
		})
	}
	h := seeded(t, Options{Trusted: trusted})
	if w := serve(t, h, "GET", "/graphql?documentId=kz", ""); !strings.Contains(w.Body.String(), want) || w.Header().Get("ETag") == "" {
		t.Errorf("GET: %d %s", w.Code, w.Body)
	}
	if w := serve(t, h, "GET", "/graphql?extensions="+url.QueryEscape(`{"persistedQuery": {"version": 1, "sha256Hash": "kz"}}`), ""); !strings.Contains(w.Body.String(), want) {
		t.Errorf("GET: %d %s", w.Code, w.Body)
	}
}

func must(text []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return text
}

// TestKeptDocumentsAreBounded has a client send more documents than are kept.
func TestKeptDocumentsAreBounded(t *testing.T) {
	h := seeded(t, Options{})
	send := func(i int, withText bool) string {
		document := fmt.Sprintf("{ __typename } # %d", i)
		sum := sha256.Sum256([]byte(document))
		body := map[string]any{"extensions": map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": hex.EncodeToString(sum[:])}}}
		if withText {
			body["query"] = document
		}
		return serve(t, h, "POST", "/graphql", string(must(json.Marshal(body))), "Content-Type", jsonType).Body.String()
	}
	for i := range keptNames + 1 {
		send(i, true)
	}
	if got := send(0, false); !strings.Contains(got, "PersistedQueryNotFound") {
		t.Errorf("the first is still there: %s", got)
	}
	if got := send(keptNames, false); !strings.Contains(got, `"__typename":"Query"`) {
		t.Errorf("the last is gone: %s", got)
	}
}

func TestReadTrusted(t *testing.T) {
	for manifest, want := range map[string]string{
		`{"operations": [{"id": "a", "body": "{ __typename }", "name": "x", "type": "query"}], "version": 1, "format": "apollo-persisted-query-manifest"}`: "",
		`{"a": "{ __typename }"}`:         "",
		`{}`:                              "has no document",
		`[]`:                              "a manifest is an object",
		`{"a": ""}`:                       `"a" is empty`,
		`{"operations": [{"id": "a"}]}`:   "operations[0] needs",
		`{"a": {"document": "{ nope }"}}`: "a manifest is an object",
	} {
		_, err := ReadTrusted(strings.NewReader(manifest))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", manifest, err, want)
		}
	}
}
