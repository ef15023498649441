package api

import (
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"chancery/api/tables"
)

// compressed packs answers with zstd or gzip, where the client takes it and it
// pays: text and JSON of leastCompressed bytes or more. Streams of events pass as
// they are, because each event must leave at once.
type compressed struct {
	next      http.Handler
	encodings []*encoding // the best first
}

const leastCompressed = 1 << 10

// encoding is one way of packing, with its idle writers.
type encoding struct {
	name string
	idle sync.Pool // of packer
}

type packer interface {
	io.WriteCloser
	Reset(io.Writer)
}

func newCompressed(next http.Handler) compressed {
	return compressed{next: next, encodings: []*encoding{
		{name: "zstd", idle: sync.Pool{New: func() any {
			// One thread, no goroutine: a writer that is let go leaves nothing. Browsers
			// take windows of up to 8 MiB.
			w, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(1<<20))
			if err != nil {
				panic(err) // unreachable: the options fit
			}
			return w
		}}},
		{name: "gzip", idle: sync.Pool{New: func() any {
			w, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
			if err != nil {
				panic(err) // unreachable: the level is known
			}
			return w
		}}},
	}}
}

func (c compressed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	out := &packedWriter{ResponseWriter: w, encodings: c.encodings, accept: r.Header["Accept-Encoding"]}
	defer out.end()
	if r.Header["Range"] != nil && choose(c.encodings, out.accept) != nil {
		r.Header.Del("Range") // of what is packed anew each time, parts mean nothing
	}
	c.next.ServeHTTP(out, r)
}

// choose returns the encoding that the client likes best, the best of ours among
// equals; nil: none.
func choose(among []*encoding, accept []string) *encoding {
	var chosen *encoding
	most := 0.0
	for _, e := range among {
		if q := quality(accept, e.name); q > most {
			chosen, most = e, q
		}
	}
	return chosen
}

// quality is how much a list of Accept-Encoding likes a name, from 0 to 1.
func quality(accept []string, name string) float64 {
	named, others := -1.0, 0.0
	for _, line := range accept {
		for one := range strings.SplitSeq(line, ",") {
			coding, params, _ := strings.Cut(one, ";")
			q := 1.0
			if text, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
				var err error
				if q, err = strconv.ParseFloat(text, 64); err != nil {
					q = 0
				}
			}
			switch coding = strings.TrimSpace(coding); {
			case strings.EqualFold(coding, name):
				named = q
			case coding == "*":
				others = q
			}
		}
	}
	if named >= 0 {
		return named
	}
	return others
}

// packedWriter packs what is written, if the header that is written first says
// that it pays. The request's goroutine owns it.
type packedWriter struct {
	http.ResponseWriter
	encodings []*encoding
	accept    []string // of the client
	begun     bool
	chosen    *encoding
	packer    packer // of chosen; nil: written as it is
}

// WriteHeader decides whether to pack.
func (p *packedWriter) WriteHeader(status int) {
	if !p.begun && status >= http.StatusOK {
		p.begun = true
		p.begin(status)
	}
	p.ResponseWriter.WriteHeader(status)
}

func (p *packedWriter) begin(status int) {
	header := p.Header()
	if status == http.StatusNotModified {
		vary(header, "Accept-Encoding")
		return
	}
	if status == http.StatusNoContent || header.Get("Content-Encoding") != "" || !packable(header.Get("Content-Type")) {
		return
	}
	vary(header, "Accept-Encoding")
	if length, err := strconv.Atoi(header.Get("Content-Length")); err == nil && length < leastCompressed {
		return
	}
	if p.chosen = choose(p.encodings, p.accept); p.chosen == nil {
		return
	}
	header.Del("Content-Length")
	header.Del("Accept-Ranges")
	header.Set("Content-Encoding", p.chosen.name)
	p.packer = p.chosen.idle.Get().(packer)
	p.packer.Reset(p.ResponseWriter)
}

// packable reports whether a media type is one that packing makes smaller.
func packable(contentType string) bool {
	if contentType == jsonType+inUTF8 {
		return true
	}
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && media != eventsType &&
		(strings.HasPrefix(media, "text/") || strings.HasSuffix(media, "json") || media == tables.Arrow.Media)
}

// Write writes, packed or not.
func (p *packedWriter) Write(b []byte) (int, error) {
	if !p.begun {
		p.WriteHeader(http.StatusOK)
	}
	if p.packer != nil {
		return p.packer.Write(b)
	}
	return p.ResponseWriter.Write(b)
}

// end writes what the packer holds back. After a panic the answer stays torn,
// which the client can tell.
func (p *packedWriter) end() {
	if p.packer == nil {
		return
	}
	if value := recover(); value != nil {
		panic(value)
	}
	if p.packer.Close() != nil {
		return // the client is gone, which is no error of ours; what writes to it may read the packer's memory still
	}
	p.packer.Reset(io.Discard)
	p.chosen.idle.Put(p.packer)
}

// Unwrap lets http.ResponseController reach the connection.
func (p *packedWriter) Unwrap() http.ResponseWriter { return p.ResponseWriter }
