package api

import (
	"net/http"
	"slices"
)

// exposed are the headers of answers that pages of other origins may read.
const exposed = "ETag, Retry-After, X-Request-Id, " + knownAtHeader + ", " + perspectiveHeader + ", " + rowsHeader

// cors lets pages of other origins ask, if they are listed. Nothing here goes by
// cookies, so a page gets no more than its user's keys, which it must have, or
// what anybody gets.
type cors struct {
	next    http.Handler
	origins []string // "*": all; empty: none, and no header tells of it
}

// preflightKept is how long a browser need not ask again, in seconds.
const preflightKept = "600"

func (c cors) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if len(c.origins) == 0 {
		c.next.ServeHTTP(w, r)
		return
	}
	header := w.Header()
	header.Add("Vary", "Origin")
	origin := r.Header.Get("Origin")
	anyone := slices.Contains(c.origins, "*")
	allowed := origin != "" && (anyone || slices.Contains(c.origins, origin))
	if allowed {
		if anyone {
			origin = "*"
		}
		header.Set("Access-Control-Allow-Origin", origin)
		header.Set("Access-Control-Expose-Headers", exposed)
	}
	if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
		c.next.ServeHTTP(w, r)
		return
	}
	if allowed {
		header.Set("Access-Control-Allow-Methods", "GET, POST")
		header.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, If-None-Match, Traceparent, Tracestate, X-Request-Id")
		header.Set("Access-Control-Max-Age", preflightKept)
	}
	w.WriteHeader(http.StatusNoContent)
}
