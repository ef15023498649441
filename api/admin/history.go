package admin

import (
	"encoding/json"
	"net/http"
	"time"

	"chancery/seed/history"
	"chancery/seed/intake"
	"chancery/seed/rdf"
)

// history takes a file of claims into the graph, as package history reads it: the body
// is the file, the parameters format and file say what it is, dryRun and details are
// false unless they are true. The answer is that of POST /import.
func (h handler) history(w http.ResponseWriter, r *http.Request) {
	if h.History == nil {
		h.refuse(w, http.StatusNotFound, "this server takes no imports")
		return
	}
	format, err := rdf.FormatNamed(r.URL.Query().Get("format"))
	if err != nil || !format.HasGraphs() {
		h.refuse(w, http.StatusBadRequest, "format must be nq, trig or jsonld")
		return
	}
	flag := func(name string) bool { return r.URL.Query().Get(name) == "true" }
	tell := h.lines(w)
	var last time.Time
	o := history.Options{DryRun: flag("dryRun"), Progress: func(p intake.Progress) {
		if now := h.Now(); now.Sub(last) >= progressEach {
			last = now
			tell(ImportLine{Progress: &p})
		}
	}}
	if flag("details") {
		o.Reject = func(j intake.Rejection) error {
			text, err := json.Marshal(map[string]any{"rejection": j})
			tell(ImportLine{Detail: text})
			return err
		}
	}
	report, err := h.History(r.Context(), r.Body, history.ReadOptions{File: r.URL.Query().Get("file"), Format: format}, o)
	h.ended(r, report, err, tell)
}
