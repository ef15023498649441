package web

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

var (
	built = fstest.MapFS{
		".gitkeep":                {Data: []byte("kept")},
		"index.html":              {Data: []byte("<title>Chancery</title>")},
		"assets/index-B1a2.js":    {Data: []byte("export {}")},
		"assets/index-C3d4.css":   {Data: []byte("body { margin: 0 }")},
		"assets/codicon-E5f6.ttf": {Data: []byte("\x00\x01\x00\x00")},
	}
	unbuilt = fstest.MapFS{".gitkeep": {Data: []byte("kept")}}
)

func TestHandler(t *testing.T) {
	const (
		fresh   = "no-cache"
		forGood = "public, max-age=31536000, immutable"
	)
	tests := []struct {
		name    string
		pages   fs.FS
		request string // method and path
		status  int
		kind    string // what Content-Type starts with
		cache   string
		holds   string
	}{
		{"page", built, "GET /", 200, "text/html", fresh, "<title>Chancery</title>"},
		{"page's head", built, "HEAD /", 200, "text/html", fresh, ""},
		{"script", built, "GET /assets/index-B1a2.js", 200, "text/javascript", forGood, "export {}"},
		{"style", built, "GET /assets/index-C3d4.css", 200, "text/css", forGood, "body"},
		{"font", built, "GET /assets/codicon-E5f6.ttf", 200, "font/ttf", forGood, ""},
		{"asset of an older build", built, "GET /assets/index-0000.js", 404, "", "", ""},
		{"folder", built, "GET /assets/", 404, "", "", ""},
		{"folder without slash", built, "GET /assets", 404, "", "", ""},
		{"way out of the assets", built, "GET /assets/../index.html", 404, "", "", ""},
		{"page by its file name", built, "GET /index.html", 404, "", "", ""},
		{"hidden file", built, "GET /.gitkeep", 404, "", "", ""},
		{"unknown path", built, "GET /visits", 404, "", "", ""},
		{"other method", built, "POST /", 405, "", "", ""},

		{"unbuilt", unbuilt, "GET /", 200, "text/html", fresh, "npm run build"},
		{"unbuilt page's head", unbuilt, "HEAD /", 200, "text/html", fresh, ""},
		{"unbuilt says how to ask", unbuilt, "GET /", 200, "text/html", fresh, "curl http://example.com/graphql "},
		{"unbuilt asset", unbuilt, "GET /assets/index-B1a2.js", 404, "", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			method, path, _ := strings.Cut(test.request, " ")
			recorder := httptest.NewRecorder()
			handler(test.pages).ServeHTTP(recorder, httptest.NewRequest(method, path, nil))
			got, body := recorder.Result(), recorder.Body.String()

			if got.StatusCode != test.status {
				t.Errorf("status %d, want %d", got.StatusCode, test.status)
			}
			if kind := got.Header.Get("Content-Type"); !strings.HasPrefix(kind, test.kind) {
				t.Errorf("Content-Type %q, want %q", kind, test.kind)
			}
			if cache := got.Header.Get("Cache-Control"); cache != test.cache {
				t.Errorf("Cache-Control %q, want %q", cache, test.cache)
			}
			if !strings.Contains(body, test.holds) {
				t.Errorf("body lacks %q: %s", test.holds, body)
			}
			if method == http.MethodHead && body != "" {
				t.Errorf("HEAD was answered with a body: %s", body)
			}
			if allow := got.Header.Get("Allow"); (allow == "GET, HEAD") != (test.status == 405) {
				t.Errorf("Allow %q with status %d", allow, test.status)
			}
			for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"} {
				if got.Header.Get(name) == "" {
					t.Errorf("no %s", name)
				}
			}
		})
	}
}

// The host is the client's to choose; the page must not run it.
func TestUnbuiltPageEscapesHost(t *testing.T) {
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	request.Host = "<script>alert(1)</script>"
	recorder := httptest.NewRecorder()
	handler(unbuilt).ServeHTTP(recorder, request)
	if strings.Contains(recorder.Body.String(), "<script>") {
		t.Errorf("the host came through as markup: %s", recorder.Body)
	}
}

// Whether or not the pages were built before this test, / answers.
func TestEmbedded(t *testing.T) {
	recorder := httptest.NewRecorder()
	Handler().ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/", nil))
	if recorder.Code != http.StatusOK || !strings.Contains(recorder.Body.String(), "Chancery") {
		t.Errorf("GET / = %d %s", recorder.Code, recorder.Body)
	}
}
