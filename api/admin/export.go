package admin

import (
	"errors"
	"net/http"

	"chancery/graph"
	"chancery/seed/export"
)

// export streams a graph, or a part of it, as the parameters say; see [export.Parse].
// A client that hangs up ends it. An error that comes when some of it has been sent
// breaks the connection off, so that nobody takes a part for the whole. HTTP/1.0 cannot
// tell that from an end, nor from a server that was stopped, and so is refused.
func (h handler) export(w http.ResponseWriter, r *http.Request) {
	if h.Export == nil {
		h.refuse(w, http.StatusNotFound, "this server gives no exports")
		return
	}
	if !r.ProtoAtLeast(1, 1) {
		h.refuse(w, http.StatusHTTPVersionNotSupported,
			"over HTTP/1.0 nobody can tell an export that was cut off from a whole one: ask by HTTP/1.1, also through a proxy, as nginx does with proxy_http_version 1.1")
		return
	}
	if err := r.ParseForm(); err != nil {
		h.refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	o, err := export.Parse(r.Form)
	if err != nil {
		h.refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	h.mayTakeLong(w)
	out := &begun{ResponseWriter: w, media: o.Format.MediaType()}
	if err := h.Export(r.Context(), out, o); err != nil {
		h.broken(out, r, err)
		return
	}
	h.Log.Info("exported", "format", o.Format, "history", o.History, "bytes", out.bytes)
}

// broken answers an export that came to no good end.
func (h handler) broken(out *begun, r *http.Request, err error) {
	var option *export.OptionError
	var unknown *graph.UnknownIDError
	switch {
	case r.Context().Err() != nil:
		h.Log.Debug("client is gone", "error", err)
	case out.bytes > 0:
		h.Log.ErrorContext(r.Context(), "export failed", "error", err)
	case errors.As(err, &option):
		h.refuse(out.ResponseWriter, http.StatusBadRequest, err.Error())
		return
	case errors.As(err, &unknown):
		h.refuse(out.ResponseWriter, http.StatusNotFound, err.Error())
		return
	default:
		h.fail(out.ResponseWriter, r, err)
		return
	}
	panic(http.ErrAbortHandler)
}

// begun is an answer whose head is sent with the first bytes.
type begun struct {
	http.ResponseWriter
	media string
	bytes int64
}

// Write implements io.Writer.
func (b *begun) Write(p []byte) (int, error) {
	if b.bytes == 0 {
		b.Header().Set("Content-Type", b.media)
		b.Header().Set("Cache-Control", "no-store")
	}
	n, err := b.ResponseWriter.Write(p)
	b.bytes += int64(n)
	return n, err
}
