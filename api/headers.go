package api

import (
	"maps"
	"net/http"
)

// careful are headers of every answer. All answers share the values: who adds to one
// makes a list of its own, as these have no room.
var careful = http.Header{
	"Content-Security-Policy":      {"default-src 'none'; frame-ancestors 'none'"},
	"X-Content-Type-Options":       {"nosniff"},
	"X-Frame-Options":              {"DENY"},
	"Referrer-Policy":              {"no-referrer"},
	"Cross-Origin-Opener-Policy":   {"same-origin"},
	"Cross-Origin-Resource-Policy": {"same-origin"},
}

// safe sets the headers that have browsers be careful with an answer. A handler
// further in may set others.
type safe struct{ next http.Handler }

func (s safe) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	maps.Copy(header, careful)
	if r.TLS != nil {
		header.Set("Strict-Transport-Security", "max-age=31536000")
	}
	s.next.ServeHTTP(w, r)
}
