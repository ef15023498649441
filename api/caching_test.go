package api

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

func TestTags(t *testing.T) {
	h := seeded(t, Options{})
	target := func(document, extensions string) string {
		return "/graphql?query=" + url.QueryEscape(document) + "&extensions=" + url.QueryEscape(extensions)
	}
	first := target(`{ visits { totalCount } }`, "")
	tagOf := func(target string) string {
		t.Helper()
		w := serve(t, h, "GET", target, "")
		if w.Code != http.StatusOK || w.Header().Get("ETag") == "" || w.Header().Get("Cache-Control") != "no-cache" {
			t.Fatalf("%d %v", w.Code, w.Header())
		}
		return w.Header().Get("ETag")
	}
	old := tagOf(first)
	for name, other := range map[string]string{
		"document":    target(`{ visits { totalCount  } }`, ""),
		"perspective": target(`{ visits { totalCount } }`, `{"perspective": {"statuses": ["CONFIRMED"]}}`),
	} {
		if tagOf(other) == old {
			t.Errorf("another %s has the same tag", name)
		}
	}
	for _, header := range []string{old, strings.TrimPrefix(old, "W/"), `"x", ` + old, "*"} {
		w := serve(t, h, "GET", first, "", "If-None-Match", header)
		if w.Code != http.StatusNotModified || w.Body.Len() > 0 || w.Header().Get("ETag") != old {
			t.Errorf("If-None-Match: %s gives %d with %d bytes", header, w.Code, w.Body.Len())
		}
	}
	const edit = `mutation { retract(input: {claims: ["claim/background/jackson-vanik"], reason: "a test"}) { knownAt } }`
	if _, answer := ask(t, h, edit); answer["errors"] != nil {
		t.Fatalf("%s", answer["errors"])
	}
	if w := serve(t, h, "GET", first, "", "If-None-Match", old); w.Code != http.StatusOK || w.Header().Get("ETag") == old {
		t.Errorf("after a commit: %d %s", w.Code, w.Header().Get("ETag"))
	}
	for name, w := range map[string]http.Header{
		"POST":        serve(t, h, "POST", "/graphql", `{"query": "{ __typename }"}`, "Content-Type", jsonType).Header(),
		"field error": serve(t, h, "GET", target(`{ people(first: -1) { totalCount } }`, ""), "").Header(),
		"invalid":     serve(t, h, "GET", target(`{ nope }`, ""), "").Header(),
	} {
		if w.Get("ETag") != "" || w.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: ETag %q, Cache-Control %q", name, w.Get("ETag"), w.Get("Cache-Control"))
		}
	}
}

func TestCompression(t *testing.T) {
	h := seeded(t, Options{Pages: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", r.URL.Query().Get("type"))
		for range 100 {
			send(w, strings.Repeat("x", 100))
		}
	})})
	const large, small = `{"query": "{ claims(first: 50) { nodes { id locator source { name } } } }"}`, `{"query": "{ __typename }"}`
	plain := serve(t, h, "POST", "/graphql", large, "Content-Type", jsonType).Body.Bytes()
	if len(plain) < 2*leastCompressed {
		t.Fatalf("not large: %s", plain)
	}
	for _, test := range []struct{ body, accept, want string }{
		{large, "", ""},
		{large, "gzip", "gzip"},
		{large, "gzip, deflate, br, zstd", "zstd"},
		{large, "zstd;q=0.5, gzip", "gzip"},
		{large, "zstd;q=0, gzip;q=0", ""},
		{large, "*", "zstd"},
		{large, "br", ""},
		{large, "GZIP;q=x", ""},
		{small, "gzip, zstd", ""},
	} {
		w := serve(t, h, "POST", "/graphql", test.body, "Content-Type", jsonType, "Accept-Encoding", test.accept)
		if got := w.Header().Get("Content-Encoding"); got != test.want {
			t.Errorf("Accept-Encoding %q: Content-Encoding %q, want %q", test.accept, got, test.want)
		}
		if vary := fmt.Sprint(w.Header().Values("Vary")); vary != "[Accept Accept-Encoding]" {
			t.Errorf("Vary: %s", vary)
		}
		if test.body == large && !bytes.Equal(unpack(t, test.want, w.Body), plain) {
			t.Errorf("Accept-Encoding %q: another answer", test.accept)
		}
	}
	for kind, want := range map[string]string{"text/css; charset=utf-8": "zstd", "text/event-stream": "", "font/ttf": ""} {
		w := serve(t, h, "GET", "/?type="+url.QueryEscape(kind), "", "Accept-Encoding", "zstd")
		if got := w.Header().Get("Content-Encoding"); got != want || len(unpack(t, got, w.Body)) != 10_000 {
			t.Errorf("%s: Content-Encoding %q, want %q", kind, got, want)
		}
	}
}

func unpack(t *testing.T, encoding string, body io.Reader) []byte {
	t.Helper()
	var err error
	switch encoding {
	case "gzip":
		body, err = gzip.NewReader(body)
	case "zstd":
		body, err = zstd.NewReader(body)
	}
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
