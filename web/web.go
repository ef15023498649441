// Package web holds the playground, the pages a browser finds at the server's
// root: GraphiQL with example questions, a bar for the perspective, and answers
// with footnotes. npm builds them into dist (npm ci && npm run build), and the Go
// build embeds what is there, so that the server is one file and the pages ask no
// other host for anything.
//
// It knows nothing of the graph. The pages put their questions to /graphql of
// the same origin; whoever mounts Handler serves that, and sees to listening,
// logging and compression.
package web

import (
	"bytes"
	"embed"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed all:dist
var dist embed.FS

//go:embed unbuilt.html
var unbuiltHTML string

var unbuiltPage = template.Must(template.New("unbuilt.html").Parse(unbuiltHTML))

// contentSecurityPolicy keeps the pages to their own origin. What goes beyond
// that is Monaco's: it writes style elements, and GraphiQL's style sheet brings
// its fonts and icons as data URLs.
const contentSecurityPolicy = "default-src 'self'; " +
	"style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; " +
	"object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// contentTypes are those of the assets. What the system would say of an extension
// may be wrong, and with nosniff a wrong type keeps a browser from using the file.
var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".ttf": "font/ttf",
}

// Handler serves the playground that was embedded when the program was built:
// the page at /, never cached, and its scripts, styles and fonts under /assets/,
// cached for good, since their names change with their content. Where the pages
// were not built, / answers 200 with a page that says how to build them and how
// to ask without them. Every other path is 404, every method but GET and HEAD 405.
func Handler() http.Handler {
	pages, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // unreachable: "dist" is a valid path
	}
	return handler(pages)
}

// handler serves pages as Handler serves the embedded ones.
func handler(pages fs.FS) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", contentSecurityPolicy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")

		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			header.Set("Allow", "GET, HEAD")
			http.Error(w, "only GET and HEAD here", http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(r.URL.Path, "/")
		switch {
		case name == "" && isFile(pages, "index.html"):
			header.Set("Cache-Control", "no-cache")
			http.ServeFileFS(w, r, pages, "index.html")
		case name == "":
			serveUnbuilt(w, r)
		case strings.HasPrefix(name, "assets/") && isFile(pages, name):
			header.Set("Cache-Control", "public, max-age=31536000, immutable")
			if contentType, ok := contentTypes[path.Ext(name)]; ok {
				header.Set("Content-Type", contentType)
			}
			http.ServeFileFS(w, r, pages, name)
		default:
			http.NotFound(w, r)
		}
	})
}

func isFile(pages fs.FS, name string) bool {
	info, err := fs.Stat(pages, name)
	return err == nil && info.Mode().IsRegular()
}

// serveUnbuilt writes the page that stands in for pages that were not built.
func serveUnbuilt(w http.ResponseWriter, r *http.Request) {
	var page bytes.Buffer
	if err := unbuiltPage.Execute(&page, r.Host); err != nil {
		panic(err) // unreachable: the template writes one string, to memory
	}
	w.Header().Set("Cache-Control", "no-cache")
	http.ServeContent(w, r, "unbuilt.html", time.Time{}, bytes.NewReader(page.Bytes()))
}
