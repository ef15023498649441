package api

import (
	"bufio"
	"crypto/tls"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// overHTTP2 serves a handler over TLS, with a client that trusts it and speaks HTTP/2.
func overHTTP2(t *testing.T, h http.Handler) (*httptest.Server, *http.Client) {
	t.Helper()
	server := httptest.NewUnstartedServer(h)
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	transport := server.Client().Transport.(*http.Transport)
	return server, &http.Client{Transport: &http.Transport{
		ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: transport.TLSClientConfig.RootCAs, MinVersion: tls.VersionTLS12},
	}}
}

// request2 sends a request, whose answer must come over HTTP/2.
func request2(t *testing.T, client *http.Client, method, target, body string, header ...string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := response.Body.Close(); err != nil {
			t.Error(err)
		}
	})
	if response.ProtoMajor != 2 {
		t.Fatalf("%s %s is answered over %s", method, target, response.Proto)
	}
	return response
}

// TestSubscriptionOverHTTP2 has a stream of events beside other requests on the one
// connection, with which a mutation is told to it.
func TestSubscriptionOverHTTP2(t *testing.T) {
	var open sync.WaitGroup
	server, client := overHTTP2(t, seeded(t, Options{Now: time.Now, Open: &open, Limits: Limits{Streams: 1}}))
	subscription := server.URL + "/graphql?query=" + url.QueryEscape(`subscription { changes { cursor node { kind claim { id locator } } } }`)
	events := request2(t, client, "GET", subscription, "", "Accept", eventsType)
	if got := events.Header.Get("Content-Type"); events.StatusCode != http.StatusOK || got != eventsType {
		t.Fatalf("%d %s", events.StatusCode, got)
	}
	if more := request2(t, client, "GET", subscription, "", "Accept", eventsType); more.StatusCode != http.StatusServiceUnavailable || more.Header.Get("Retry-After") == "" {
		t.Errorf("one too many: %d %v", more.StatusCode, more.Header)
	}
	merge, err := json.Marshal(map[string]string{"query": `mutation { merge(input: {keep: "person/sergio-gor", merge: ["person/christopher-landau"], reason: "over HTTP/2"}) { knownAt } }`})
	if err != nil {
		t.Fatal(err)
	}
	made := request2(t, client, "POST", server.URL+"/graphql", string(merge), "Content-Type", jsonType)
	if body, err := io.ReadAll(made.Body); err != nil || strings.Contains(string(body), "errors") {
		t.Fatalf("%v %s", err, body)
	}
	lines := bufio.NewScanner(events.Body)
	for told := ""; !strings.Contains(told, "over HTTP/2"); told = lines.Text() {
		if !lines.Scan() {
			t.Fatalf("the stream ended before the change: %v", lines.Err())
		}
	}
	if err := events.Body.Close(); err != nil {
		t.Error(err)
	}
	open.Wait() // a client that resets its stream leaves its place
}

// TestTableOverHTTP2 has a table of many frames, packed and not, that is what it is over
// HTTP/1.1.
func TestTableOverHTTP2(t *testing.T) {
	const q = `{ visits { nodes { id destination { id } visitors { id } } } }`
	h := visitsHandler(t, 5_000, -1, 0)
	server, client := overHTTP2(t, h)
	want := serve(t, h, "GET", tableURL(q, "csv"), "")
	for _, encoding := range []string{"", "identity"} { // Go's client unpacks what it asks for itself
		var header []string
		if encoding != "" {
			header = []string{"Accept-Encoding", encoding}
		}
		response := request2(t, client, "GET", server.URL+tableURL(q, "csv"), "", header...)
		got, err := io.ReadAll(response.Body)
		if err != nil || string(got) != want.Body.String() || response.Header.Get("Chancery-Rows") != "5000" || response.Uncompressed != (encoding == "") {
			t.Errorf("%q: %v, %d bytes, want %d; %v", encoding, err, len(got), want.Body.Len(), response.Header)
		}
	}
}

// TestDoorOverHTTP2: origins and limits are the same over HTTP/2, where the host comes
// as a header of its own.
func TestDoorOverHTTP2(t *testing.T) {
	const friend, stranger = "https://friend.example", "https://stranger.example"
	server, client := overHTTP2(t, tabled(t, Options{Origins: []string{friend}, Limits: Limits{Body: 1_000, Fields: 2}}))
	for origin, want := range map[string]string{friend: friend, stranger: ""} {
		asked := request2(t, client, "OPTIONS", server.URL+"/tables/nations", "", "Origin", origin, "Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "authorization")
		if got := asked.Header.Get("Access-Control-Allow-Headers"); strings.Contains(got, "Authorization") != (want != "") {
			t.Errorf("the preflight from %s: %v", origin, asked.Header)
		}
		for _, target := range []string{"/tables/nations", "/graphql?query=%7B__typename%7D"} {
			if got := request2(t, client, "GET", server.URL+target, "", "Origin", origin).Header.Get("Access-Control-Allow-Origin"); got != want {
				t.Errorf("%s from %s: allowed %q, want %q", target, origin, got, want)
			}
		}
	}
	large := `{"query": "` + strings.Repeat(" ", 2_000) + `{ __typename }"}`
	if got := request2(t, client, "POST", server.URL+"/graphql", large, "Content-Type", jsonType); got.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a body over the limit: %d", got.StatusCode)
	}
	over := request2(t, client, "GET", server.URL+tableURL(`{ visits { nodes { id name } } }`, "csv"), "")
	if body, err := io.ReadAll(over.Body); over.StatusCode != http.StatusBadRequest || err != nil || !strings.Contains(string(body), "LIMIT_EXCEEDED") {
		t.Errorf("a table of too many fields: %d %v %s", over.StatusCode, err, body)
	}
}
