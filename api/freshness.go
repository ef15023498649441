package api

import (
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// freshness says how old the newest claim of each source is, as JSON: the newest
// first, or those that the parameter source names.
type freshness struct {
	// newest returns the time of the newest commit, zero without one, and for each
	// source when its newest claim was recorded, the newest first.
	newest func() (knownAt time.Time, sources iter.Seq2[string, time.Time])
	now    func() time.Time
}

const (
	mostFresh    = 1000 // sources in one answer
	defaultFresh = 100
	mostAsked    = 100 // sources named by one request
)

type freshSource struct {
	Source     string    `json:"source"`
	Newest     time.Time `json:"newest"`
	AgeSeconds float64   `json:"ageSeconds"`
}

func (h freshness) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	params := r.URL.Query()
	first, named := defaultFresh, params["source"]
	if text := params.Get("first"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > mostFresh {
			plain(w, http.StatusBadRequest, fmt.Sprintf("first=%.20q: it must be a number from 1 to %d", text, mostFresh))
			return
		}
		first = n
	}
	if len(named) > mostAsked {
		plain(w, http.StatusBadRequest, fmt.Sprintf("%d sources are named; at most %d can be: ask in several requests", len(named), mostAsked))
		return
	}
	knownAt, sources := h.newest()
	now := h.now().UTC()
	age := func(at time.Time) float64 { return max(0, now.Sub(at).Seconds()) }
	answer := struct {
		Now        time.Time     `json:"now"`
		KnownAt    *time.Time    `json:"knownAt"`    // null: there is no commit
		AgeSeconds *float64      `json:"ageSeconds"` // of the newest commit
		Total      int           `json:"total"`      // of sources
		Sources    []freshSource `json:"sources"`
	}{Now: now, Sources: []freshSource{}}
	if !knownAt.IsZero() {
		seconds := age(knownAt)
		answer.KnownAt, answer.AgeSeconds = &knownAt, &seconds
	}
	for source, newest := range sources {
		answer.Total++
		if len(named) == 0 && len(answer.Sources) < first || slices.Contains(named, source) {
			answer.Sources = append(answer.Sources, freshSource{source, newest, age(newest)})
		}
	}
	for _, name := range named {
		if !slices.ContainsFunc(answer.Sources, func(s freshSource) bool { return s.Source == name }) {
			plain(w, http.StatusNotFound, fmt.Sprintf("no claim is of the source %.200q: name sources by their ids, as claims have them", name))
			return
		}
	}
	text, err := json.Marshal(answer)
	if err != nil {
		panic(err) // unreachable: times and numbers are JSON
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	send(w, string(text)+"\n")
}
