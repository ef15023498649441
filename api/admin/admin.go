// Package admin serves what administrators alone may do: import and export files, erase for
// legal reasons, write backups, run Gizmo scripts, and read raw quads by pattern, metrics and
// profiles. It belongs on a loopback address of its own, which is off by default. Its gate
// says whether a key is needed; it answers only requests that a browser page cannot make and
// that name a loopback host.
package admin

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"math"
	"net/http"
	"path/filepath"
	"strconv"
	"time"

	"chancery/api/access"
	"chancery/graph"
	"chancery/seed/export"
	"chancery/seed/history"
	"chancery/seed/intake"
)

// Options are what a handler is made of. Graph, Log and Now are required.
type Options struct {
	Graph *graph.Graph
	Log   *slog.Logger
	Now   func() time.Time
	// Gate tells who is an administrator; default: whoever gets here.
	Gate *access.Gate
	// Gizmo runs a script over a snapshot and returns what it emits; nil: refused.
	Gizmo func(ctx context.Context, s graph.Snapshot, script string) ([]any, error)
	// Backup writes a backup to a directory of this machine; nil: refused.
	Backup func(ctx context.Context, dir string) error
	// Import takes files into the graph; nil: refused.
	Import func(ctx context.Context, files intake.Parts, o intake.Options) (*intake.Report, error)
	// History takes a file of claims into the graph; nil: refused.
	History func(ctx context.Context, in io.Reader, r history.ReadOptions, o history.Options) (*intake.Report, error)
	// Export writes the graph or a part of it; nil: refused.
	Export func(ctx context.Context, w io.Writer, o export.Options) error
	// Metrics are served at /metrics; nil: 404.
	Metrics http.Handler
}

// Header must come with every request without a key, with any value: no page of
// another origin can send it, or an Authorization, without being asked first.
const Header = "Chancery-Admin"

// longestBody bounds a request other than /import and /history, in bytes.
const longestBody = 1 << 20

// NewHandler serves POST /import, POST /history, GET and POST /export, POST /erase, POST /backup, POST /gizmo and GET /quads;
// GET /metrics and GET /debug/pprof/, without the header too while no key is needed.
func NewHandler(o Options) http.Handler {
	if o.Gate == nil {
		o.Gate = access.NewGate(access.Options{Anonymous: access.Administrator, Now: o.Now})
	}
	h := handler{o}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /import", h.load)
	mux.HandleFunc("POST /history", h.history)
	mux.HandleFunc("GET /export", h.export)
	mux.HandleFunc("POST /export", h.export)
	mux.HandleFunc("POST /erase", h.erase)
	mux.HandleFunc("POST /backup", h.backup)
	mux.HandleFunc("POST /gizmo", h.gizmo)
	mux.HandleFunc("GET /quads", h.quads)
	h.watch(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !access.LoopbackHost(r.Host):
			h.refuse(w, http.StatusForbidden, "only requests to a loopback address are answered here")
		case r.Header.Get(Header) == "" && r.Header.Get("Authorization") == "" && !watches(r):
			h.refuse(w, http.StatusForbidden, "send an administrator's key, or the header "+Header+" with any value if the server has no keys")
		default:
			caller, ok := h.admit(w, r)
			if !ok {
				return
			}
			r = r.WithContext(access.With(r.Context(), caller))
			if r.URL.Path != "/import" && r.URL.Path != "/history" {
				r.Body = http.MaxBytesReader(w, r.Body, longestBody)
			}
			mux.ServeHTTP(w, r)
		}
	})
}

type handler struct{ Options }

// key is the id of the key that a request came with, for the log; "": none.
func key(r *http.Request) string { return access.From(r.Context()).Key.ID }

// admit lets administrators in, and answers all others.
func (h handler) admit(w http.ResponseWriter, r *http.Request) (access.Caller, bool) {
	caller, err := h.Gate.Admit(r)
	if err == nil {
		err = h.Gate.Need(caller, access.Administrator, "to do this")
	}
	if err == nil {
		level := slog.LevelInfo
		if watches(r) { // every few seconds
			level = slog.LevelDebug
		}
		h.Log.Log(r.Context(), level, "administrator", "key", caller.Key.ID, "method", r.Method, "path", r.URL.Path)
		return caller, true
	}
	why, ok := errors.AsType[*access.RefusalError](err)
	switch {
	case !ok:
		h.fail(w, r, err)
	case why.Reason == access.TooMany:
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(why.After.Seconds()))))
		h.refuse(w, http.StatusTooManyRequests, why.Error())
	case why.Reason == access.NoKey, why.Reason == access.BadKey:
		w.Header().Set("WWW-Authenticate", "Bearer")
		h.refuse(w, http.StatusUnauthorized, why.Error())
	default:
		h.refuse(w, http.StatusForbidden, why.Error())
	}
	return caller, false
}

// EraseRequest is the body of POST /erase.
type EraseRequest struct {
	Claims   []string `json:"claims,omitempty"`
	Entities []string `json:"entities,omitempty"`
	Reason   string   `json:"reason"`
}

// EraseResponse is its answer.
type EraseResponse struct {
	At   time.Time `json:"at"`
	Note string    `json:"note"` // id of the claim that says that something was erased
}

func (h handler) erase(w http.ResponseWriter, r *http.Request) {
	var e EraseRequest
	if err := decode(r.Body, &e); err != nil {
		h.refuse(w, http.StatusBadRequest, "the body must be JSON with claims, entities and reason: "+err.Error())
		return
	}
	if e.Reason == "" || len(e.Claims)+len(e.Entities) == 0 {
		h.refuse(w, http.StatusBadRequest, "give a reason, and the ids of claims or entities")
		return
	}
	h.mayTakeLong(w) // files are rewritten
	receipt, err := h.Graph.Erase(r.Context(), graph.Erasure{Claims: e.Claims, Entities: e.Entities, Reason: e.Reason, At: h.Now()})
	if err != nil {
		h.fail(w, r, err)
		return
	}
	h.Log.Info("erased", "key", key(r), "claims", len(e.Claims), "entities", len(e.Entities), "at", receipt.At)
	h.answer(w, EraseResponse{At: receipt.At, Note: receipt.Recorded[len(receipt.Recorded)-1]})
}

// BackupRequest is the body of POST /backup. The answer is an empty object, once
// the backup has been written and checked.
type BackupRequest struct {
	To string `json:"to"` // absolute path of a directory that is empty or not there
}

func (h handler) backup(w http.ResponseWriter, r *http.Request) {
	var b BackupRequest
	if err := decode(r.Body, &b); err != nil {
		h.refuse(w, http.StatusBadRequest, "the body must be JSON with to: "+err.Error())
		return
	}
	switch {
	case h.Backup == nil:
		h.refuse(w, http.StatusNotFound, "this server keeps its graph in memory: there is nothing to back up")
		return
	case !filepath.IsAbs(b.To):
		h.refuse(w, http.StatusBadRequest, "to must be the absolute path of a directory that is empty or not there")
		return
	}
	h.mayTakeLong(w)
	if err := h.Backup(r.Context(), b.To); err != nil {
		h.refuse(w, http.StatusUnprocessableEntity, err.Error())
		return
	}
	h.Log.Info("backed up", "key", key(r), "to", b.To)
	h.answer(w, struct{}{})
}

// mayTakeLong lifts the server's bound on the time until an answer is written, which is
// for the answers of questions.
func (h handler) mayTakeLong(w http.ResponseWriter) {
	if err := http.NewResponseController(w).SetWriteDeadline(time.Time{}); err != nil {
		h.Log.Debug("the deadline stays", "error", err)
	}
}

// decode reads a body that must have the keys of v and no others.
func decode(body io.Reader, v any) error {
	decoder := json.NewDecoder(body)
	decoder.DisallowUnknownFields()
	return decoder.Decode(v)
}

func (h handler) gizmo(w http.ResponseWriter, r *http.Request) {
	if h.Gizmo == nil {
		h.refuse(w, http.StatusNotFound, "Gizmo is off: start the server with --gizmo")
		return
	}
	script, err := io.ReadAll(r.Body)
	if err != nil {
		h.refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	view, err := h.Graph.View(r.Context(), graph.Perspective{})
	if err != nil {
		h.fail(w, r, err)
		return
	}
	h.mayTakeLong(w) // the script has a time of its own
	results, err := h.Gizmo(r.Context(), view.Snapshot, string(script))
	if err != nil {
		h.refuse(w, http.StatusUnprocessableEntity, err.Error())
		return
	}
	h.answer(w, map[string]any{"result": results})
}

// fail answers with an error of the graph.
func (h handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	var unknown *graph.UnknownIDError
	switch {
	case errors.As(err, &unknown), errors.Is(err, graph.ErrClaimUnknown):
		h.refuse(w, http.StatusNotFound, err.Error())
	default:
		h.Log.ErrorContext(r.Context(), "admin request failed", "path", r.URL.Path, "error", err)
		h.refuse(w, http.StatusInternalServerError, "internal error")
	}
}

func (h handler) answer(w http.ResponseWriter, v any) { h.send(w, http.StatusOK, v) }

func (h handler) refuse(w http.ResponseWriter, status int, message string) {
	h.send(w, status, map[string]string{"error": message})
}

func (h handler) send(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(v); err != nil {
		h.Log.Debug("client is gone", "error", err)
	}
}
