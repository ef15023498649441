package admin

import (
	"net/http"
	"net/http/pprof"
	"strings"
)

// watch serves metrics and profiles. Tools that read them send no header of ours,
// so they need none; a page of another site is told by what browsers say of it. Where
// keys are needed, tools can send one.
func (h handler) watch(mux *http.ServeMux) {
	if h.Metrics != nil {
		mux.Handle("GET /metrics", h.Metrics)
	}
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
}

// watches reports whether a request reads metrics or profiles, and is no page's of
// another site.
func watches(r *http.Request) bool {
	if r.Method != http.MethodGet || r.URL.Path != "/metrics" && !strings.HasPrefix(r.URL.Path, "/debug/pprof/") {
		return false
	}
	site := r.Header.Get("Sec-Fetch-Site")
	return site == "" || site == "none" || site == "same-origin"
}
