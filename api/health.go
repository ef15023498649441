package api

import (
	"context"
	"io"
	"log/slog"
	"net/http"
)

// healthz says that the process is up; it asks nothing of the graph.
func healthz(w http.ResponseWriter, _ *http.Request) {
	plain(w, http.StatusOK, "ok")
}

// readyz says whether requests can be answered: 200 or 503. Why not is in the log.
type readyz struct {
	ready func(context.Context) error
	log   *slog.Logger
}

func (h readyz) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h.ready != nil {
		if err := h.ready(r.Context()); err != nil {
			h.log.WarnContext(r.Context(), "not ready", "error", err)
			plain(w, http.StatusServiceUnavailable, "not ready")
			return
		}
	}
	plain(w, http.StatusOK, "ready")
}

// onlyGet refuses what is asked for by another method.
func onlyGet(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Allow", "GET, HEAD")
	plain(w, http.StatusMethodNotAllowed, "it is asked for with GET")
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	send(w, text+"\n")
}

// send writes text to a client. That the client is gone is no error of ours.
func send(w io.Writer, text string) {
	if _, err := io.WriteString(w, text); err != nil {
		return
	}
}
