package query_test

import (
	"testing"

	"chancery/query"
)

func TestStats(t *testing.T) {
	w := newLocalSeed(t)
	if s := w.engine.Stats(); s != (query.Stats{}) {
		t.Errorf("before anything was asked: %+v", s)
	}
	for range 3 {
		w.ask(t, `{ search(text: "tokaev") { why } }`, nil)
		w.ask(t, `{ people(where: {name: {contains: "tok"}}) { nodes { id } } }`, nil)
	}
	s := w.engine.Stats()
	if s.Names != (query.CacheStats{Hits: 2, Misses: 1}) || s.Texts.Misses == 0 || s.Texts.Hits == 0 {
		t.Errorf("%+v", s)
	}
	if s.Quads == 0 || s.Stopped+s.Refused != 0 {
		t.Errorf("%+v", s)
	}
	if read, _ := w.read(t, visitsWithClaims); w.engine.Stats().Quads != s.Quads+read {
		t.Errorf("%d quads more: %+v, then %+v", read, s, w.engine.Stats())
	}
	few := w.limited(3)
	few.read(t, visitsWithClaims)
	few.read(t, `{ facts { totalCount } }`)
	if s := few.engine.Stats(); s.Stopped != 1 || s.Refused != 1 {
		t.Errorf("%+v", s)
	}
}
