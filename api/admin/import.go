package admin

import (
	"encoding/json"
	"net/http"
	"time"

	"chancery/seed/intake"
)

// ImportLine is a line of the answer to POST /import, which is JSON Lines: progress
// from time to time, each detail as it comes if they were asked for, and at last
// the report, with an error where the import came to no good end.
type ImportLine struct {
	Progress *intake.Progress `json:"progress,omitempty"`
	Detail   json.RawMessage  `json:"detail,omitempty"`
	Report   *intake.Report   `json:"report,omitempty"`
	Error    string           `json:"error,omitempty"`
}

// progressEach is how often an import tells how far it is.
const progressEach = time.Second

// load takes a stream of entries into the graph; see [intake.WriteStream]. The
// parameters dryRun, partial and details are false unless they are true. A client
// that hangs up ends the import between two batches, and nothing is retracted.
func (h handler) load(w http.ResponseWriter, r *http.Request) {
	if h.Import == nil {
		h.refuse(w, http.StatusNotFound, "this server takes no imports")
		return
	}
	flag := func(name string) bool { return r.URL.Query().Get(name) == "true" }
	tell := h.lines(w)
	var last time.Time
	o := intake.Options{
		DryRun: flag("dryRun"), Partial: flag("partial"),
		Progress: func(p intake.Progress) {
			if now := h.Now(); now.Sub(last) >= progressEach {
				last = now
				tell(ImportLine{Progress: &p})
			}
		},
	}
	if flag("details") {
		o.Details = details{tell}
	}
	report, err := h.Import(r.Context(), intake.ReadStream(r.Body), o)
	h.ended(r, report, err, tell)
}

// lines begins an answer of lines, while the body is still being read.
func (h handler) lines(w http.ResponseWriter) (tell func(ImportLine)) {
	control := http.NewResponseController(w)
	if err := control.EnableFullDuplex(); err != nil {
		h.Log.Debug("answers come when all has been read", "error", err)
	}
	h.mayTakeLong(w)
	if err := control.SetReadDeadline(time.Time{}); err != nil {
		h.Log.Debug("the deadline stays", "error", err)
	}
	w.Header().Set("Content-Type", "application/jsonl")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Connection", "close") // what the client still sends is not read
	w.WriteHeader(http.StatusOK)
	answer := json.NewEncoder(w)
	return func(l ImportLine) {
		if err := answer.Encode(l); err != nil {
			h.Log.Debug("client is gone", "error", err)
			return
		}
		if err := control.Flush(); err != nil {
			h.Log.Debug("client is gone", "error", err)
		}
	}
}

// ended tells the report, the last line.
func (h handler) ended(r *http.Request, report *intake.Report, err error, tell func(ImportLine)) {
	end := ImportLine{Report: report}
	if err != nil {
		h.Log.ErrorContext(r.Context(), "import failed", "error", err)
		end.Error = err.Error()
	}
	h.Log.Info("imported", "key", key(r), "dryRun", report.DryRun, "read", report.Claims.Read, "recorded", report.Claims.Recorded,
		"retracted", report.Claims.Retracted, "rejected", report.Claims.Rejected, "valuesLeftOut", report.ValuesLeftOut)
	tell(end)
}

// details puts each detail on a line of its own. Each Write is one.
type details struct{ tell func(ImportLine) }

// Write implements io.Writer.
func (d details) Write(text []byte) (int, error) {
	d.tell(ImportLine{Detail: text})
	return len(text), nil
}
