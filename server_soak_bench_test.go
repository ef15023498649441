//go:build unix

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"chancery/graph"
	"chancery/graph/local"
)

var (
	soakFor     = flag.Duration("soak", 0, "how long BenchmarkSoak keeps the server busy; 0: not at all")
	soakSamples = flag.String("soak-samples", "", "the file that BenchmarkSoak writes its samples to as they come; default none")
)

// soakVisits is how large the graph is that BenchmarkSoak serves, beside the seed.
const soakVisits = 30_000

// BenchmarkSoak runs the program as a process of its own, over a graph on disk, finds
// out what it can do, and keeps it busy with 70 % of that for as long as -soak says:
// questions, tables, subscriptions that come and go or are cut, edits, things refused.
// Every ten seconds it looks at what the process holds after a garbage collection; the
// slopes over the second half, and how much is left when the load is gone, are printed.
func BenchmarkSoak(b *testing.B) {
	if *soakFor == 0 {
		b.Skip("left out: say how long, as in -soak 60m")
	}
	seed := rand.Uint64()
	b.Logf("seed %d, %d processors", seed, runtime.GOMAXPROCS(0))
	for b.Loop() {
		data := filepath.Join(b.TempDir(), "data")
		visitsIn(b, data)
		s := startProcess(b, "--data", data, "--limit-callers-streams", "20000")
		load := &soakLoad{s: s, seed: seed}
		load.run(b, time.Minute/4, 0) // warm up
		most := load.run(b, time.Minute/2, 0)
		b.ReportMetric(most, "most/s")
		load.release()
		idle := s.settled(b)
		b.Logf("70 %% of %.0f a second; nothing to do before: %v", most, idle)

		samples := s.watch(b, func() {
			done := load.run(b, *soakFor, 0.7*most)
			b.ReportMetric(done, "done/s")
		})
		load.release()
		after := s.settled(b)
		b.Logf("nothing to do after: %v", after)
		b.Logf("done: %v", load.counts())

		commits := load.edits.Load()
		const more = 1_000
		for range more {
			load.edit(b)
		}
		edited := s.settled(b)
		perEdit := (edited.heap - after.heap) / more
		b.Logf("%d edits were made meanwhile; of another %d, each keeps %.0f bytes of the heap", commits, more, perEdit)
		half := samples[len(samples)/2:]
		for _, what := range soakColumns {
			slope, noise := slopeOf(half, what.of)
			b.Logf("%s: %+.2f an hour over the second half, plus or minus %.2f; %.1f on average", what.name, slope/what.unit, noise/what.unit, meanOf(half, what.of)/what.unit)
		}
	}
}

// process is a server that runs as a program of its own.
type process struct {
	server
	admin string
}

// freeAddress is one that nobody listens on, for a moment at least.
func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// startProcess builds the program and starts it with the public profile, but without
// rates, and with one caller let do what all may.
func startProcess(b *testing.B, args ...string) *process {
	b.Helper()
	program := filepath.Join(b.TempDir(), "chancery")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		b.Fatalf("go build: %v\n%s", err, out)
	}
	address, admin := freeAddress(b), freeAddress(b)
	cmd := exec.CommandContext(context.WithoutCancel(b.Context()), program, "serve", "--listen", address, "--admin", admin,
		"--profile", "public", "--limit-rate", "0", "--limit-callers-concurrent", "1000", "--log-level", "error")
	cmd.Args = append(cmd.Args, args...)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := errors.Join(cmd.Process.Signal(syscall.SIGTERM), cmd.Wait()); err != nil {
			b.Errorf("stopping: %v", err)
		}
	})
	p := &process{server: server{url: "http://" + address}, admin: "http://" + admin}
	for end := time.Now().Add(time.Minute); ; runtime.Gosched() {
		response, err := http.Get(p.url + "/readyz")
		if err == nil && response.Body.Close() == nil && response.StatusCode == http.StatusOK {
			return p
		}
		if time.Now().After(end) {
			b.Fatal("the server was not ready within a minute")
		}
	}
}

// visitsIn makes a graph on disk of soakVisits visits of 1,000 people to 200 nations.
func visitsIn(b *testing.B, dir string) {
	b.Helper()
	store, err := local.Open(dir, local.Options{})
	if err != nil {
		b.Fatal(err)
	}
	g, err := graph.Open(b.Context(), store)
	if err != nil {
		b.Fatal(err)
	}
	fact := func(s, p string, o graph.Term) graph.Fact { return graph.Fact{Subject: s, Predicate: p, Object: o} }
	var claims []graph.Claim
	claim := func(id string, facts ...graph.Fact) {
		claims = append(claims, graph.Claim{ID: "claim/" + id, Source: "source/soak", Status: graph.Reported, Facts: facts})
	}
	claim("source-soak", fact("source/soak", graph.Type, graph.Ref("schema:CreativeWork")), fact("source/soak", graph.PreferredName, graph.TextIn("A soak", "en")))
	for i := range 200 {
		id := fmt.Sprint("nation/soak-", i)
		claim(id, fact(id, graph.Type, graph.Ref("kg:Nation")), fact(id, graph.PreferredName, graph.TextIn(fmt.Sprint("Nation ", i), "en")))
	}
	for i := range 1_000 {
		id := fmt.Sprint("person/soak-", i)
		claim(id, fact(id, graph.Type, graph.Ref("schema:Person")), fact(id, graph.PreferredName, graph.TextIn(fmt.Sprint("Person ", i), "en")))
	}
	first := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range soakVisits {
		id := fmt.Sprint("event/soak-", i)
		claim(id, fact(id, graph.Type, graph.Ref("kg:Visit")),
			fact(id, "kg:visitor", graph.Ref(fmt.Sprint("person/soak-", i*7919%1000))),
			fact(id, "kg:destination", graph.Ref(fmt.Sprint("nation/soak-", i*31%200))),
			fact(id, "schema:startDate", graph.Date(first.AddDate(0, 0, i*17%9000).Format(time.DateOnly))))
	}
	if _, err := g.Apply(b.Context(), graph.Changes{At: time.Now(), Record: claims}); err != nil {
		b.Fatal(err)
	}
	if err := g.Close(); err != nil {
		b.Fatal(err)
	}
}

// held is what a process holds at one time.
type held struct {
	after                            time.Duration // since the load began
	resident, heap, goroutines, open float64       // bytes, bytes in use after a collection, and numbers
	cpu                              float64       // seconds of processors, since it was started
}

func (h held) String() string {
	return fmt.Sprintf("%.1f MiB resident, %.1f MiB of heap in use after a collection, %.0f goroutines, %.0f files open",
		h.resident/(1<<20), h.heap/(1<<20), h.goroutines, h.open)
}

var soakColumns = []struct {
	name string
	unit float64
	of   func(held) float64
}{
	{"MiB resident", 1 << 20, func(h held) float64 { return h.resident }},
	{"MiB of heap in use after a collection", 1 << 20, func(h held) float64 { return h.heap }},
	{"goroutines", 1, func(h held) float64 { return h.goroutines }},
	{"files open", 1, func(h held) float64 { return h.open }},
}

// sample has the process collect its garbage and tell what it holds.
func (p *process) sample() (h held, err error) {
	if _, err := p.tell("/debug/pprof/heap?gc=1"); err != nil {
		return h, err
	}
	text, err := p.tell("/metrics")
	if err != nil {
		return h, err
	}
	for name, into := range map[string]*float64{
		"process_resident_memory_bytes": &h.resident, "go_memstats_heap_inuse_bytes": &h.heap, "go_goroutines": &h.goroutines,
		"process_open_fds": &h.open, "process_cpu_seconds_total": &h.cpu,
	} {
		_, after, found := strings.Cut(text, "\n"+name+" ")
		if !found {
			return h, fmt.Errorf("/metrics has no %s", name)
		}
		line, _, _ := strings.Cut(after, "\n")
		if *into, err = strconv.ParseFloat(line, 64); err != nil {
			return h, err
		}
	}
	return h, nil
}

// tell asks at the administrators' address.
func (p *process) tell(path string) (text string, err error) {
	response, err := http.Get(p.admin + path)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = errors.New(response.Status)
	}
	return string(body), err
}

// settled samples the process for ten seconds, and returns the sample with the fewest
// goroutines.
func (p *process) settled(b *testing.B) (h held) {
	b.Helper()
	http.DefaultClient.CloseIdleConnections()
	manyConnections.CloseIdleConnections()
	least := math.Inf(1)
	for range 20 {
		now, err := p.sample()
		if err != nil {
			b.Fatal(err)
		}
		if now.goroutines < least {
			h, least = now, now.goroutines
		}
		time.Sleep(500 * time.Millisecond) // the server's own pace: nothing depends on it
	}
	return h
}

// watch samples the process every ten seconds while something is done.
func (p *process) watch(b *testing.B, do func()) (samples []held) {
	b.Helper()
	out := io.Discard
	if *soakSamples != "" {
		file, err := os.Create(*soakSamples)
		if err != nil {
			b.Fatal(err)
		}
		defer file.Close()
		out = file
	}
	done := make(chan struct{})
	go func() { defer close(done); do() }()
	began := time.Now()
	ticks := time.NewTicker(10 * time.Second)
	defer ticks.Stop()
	for {
		select {
		case <-done:
			return samples
		case <-ticks.C:
			h, err := p.sample()
			if err != nil { // on a machine that has no time for it
				b.Logf("a sample is missing: %v", err)
				continue
			}
			h.after = time.Since(began)
			samples = append(samples, h)
			fmt.Fprintf(out, "%.0f\t%.0f\t%.0f\t%.0f\t%.0f\n", h.after.Seconds(), h.resident, h.heap, h.goroutines, h.open)
		}
	}
}

// slopeOf fits a line to the averages of each minute, and returns how much it rises
// in an hour, and twice the standard error of that.
func slopeOf(samples []held, of func(held) float64) (slope, noise float64) {
	var x, y []float64
	for len(samples) > 0 {
		n := min(6, len(samples))
		x, y = append(x, samples[n/2].after.Hours()), append(y, meanOf(samples[:n], of))
		samples = samples[n:]
	}
	if len(x) < 3 {
		return math.NaN(), math.NaN()
	}
	var mx, my, xx, xy, left float64
	n := float64(len(x))
	for i := range x {
		mx, my = mx+x[i]/n, my+y[i]/n
	}
	for i := range x {
		xx, xy = xx+(x[i]-mx)*(x[i]-mx), xy+(x[i]-mx)*(y[i]-my)
	}
	slope = xy / xx
	for i := range x {
		d := y[i] - my - slope*(x[i]-mx)
		left += d * d
	}
	return slope, 2 * math.Sqrt(left/(n-2)/xx)
}

func meanOf(samples []held, of func(held) float64) (mean float64) {
	for _, h := range samples {
		mean += of(h) / float64(len(samples))
	}
	return mean
}

// soakLoad are clients of all kinds.
type soakLoad struct {
	s     *process
	seed  uint64
	edits atomic.Int64
	waits sync.WaitGroup // streams

	mu      sync.Mutex
	sockets []net.Conn // open
	became  map[string]int
}

// soakWorker is one client, which does one thing after another.
type soakWorker struct {
	*soakLoad
	b   *testing.B
	rnd *rand.Rand
}

// run keeps clients busy for so long: with so many things a second, else with as many
// as they get done. It returns how many a second got done, those refused by a server
// that is too busy left out.
func (l *soakLoad) run(b *testing.B, during time.Duration, perSecond float64) (done float64) {
	ctx, cancel := context.WithTimeout(b.Context(), during)
	defer cancel()
	began := time.Now()
	turns := make(chan struct{})
	clients := 2 * runtime.GOMAXPROCS(0)
	if perSecond > 0 {
		clients = 100
	}
	var all sync.WaitGroup
	before := l.answered()
	for i := range clients {
		w := soakWorker{l, b, rand.New(rand.NewPCG(l.seed, uint64(i)))}
		all.Go(func() {
			for range turns {
				w.turn(ctx)
			}
		})
	}
	all.Go(func() {
		for every := time.NewTicker(time.Second); ; {
			select {
			case <-ctx.Done():
				every.Stop()
				return
			case <-every.C:
				l.edit(b)
			}
		}
	})
	for i := 0; ctx.Err() == nil; i++ {
		if perSecond > 0 {
			time.Sleep(time.Until(began.Add(time.Duration(float64(i) / perSecond * float64(time.Second)))))
			select {
			case turns <- struct{}{}:
			default:
				l.count("left out, because no client was free:")
			}
			continue
		}
		select {
		case turns <- struct{}{}:
		case <-ctx.Done():
		}
	}
	close(turns)
	all.Wait()
	done = float64(l.answered()-before) / time.Since(began).Seconds()
	l.waits.Wait()
	return done
}

func (l *soakLoad) count(what string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.became == nil {
		l.became = map[string]int{}
	}
	l.became[what]++
}

func (l *soakLoad) counts() map[string]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.became
}

// answered is how many things became what they should.
func (l *soakLoad) answered() (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for what, times := range l.became {
		if !strings.Contains(what, ":") {
			n += times
		}
	}
	return n
}

// turn does one thing, by chance.
func (w soakWorker) turn(ctx context.Context) {
	r := w.rnd
	switch n := r.IntN(100); {
	case n < 25:
		w.ask("a question", document(firstQuestion))
	case n < 35:
		w.ask("a search", document(fmt.Sprintf(`{ search(text: "person %d") { why } }`, r.IntN(2_000))))
	case n < 47: // which nobody has asked before
		w.ask("a new document", document(fmt.Sprintf(`query Q%d { visits(first: 50, where: {visitors: {name: {contains: "%d"}}}) { totalCount nodes { id start { edtf } destination { name } visitors { name } } } }`, r.Uint32(), r.IntN(1_000))))
	case n < 52:
		at := time.Now().Add(-time.Duration(r.IntN(3_600)) * time.Second).UTC().Format(time.RFC3339)
		w.ask("an older view", document(fmt.Sprintf(`query @perspective(knownAt: %q) { visits(first: 20) { totalCount nodes { id visitors { name } } } }`, at)))
	case n < 55:
		w.ask("a dry run", document(fmt.Sprintf(`mutation { record(input: {dryRun: true, source: {name: "A memo"}, claims: [{status: CONFIRMED, facts: [
			{subject: "person/dry-%d", field: "class", value: "PERSON"}]}]}) { claims { id } } }`, r.Uint32())))
	case n < 60:
		a := attacks()[r.IntN(2)]
		w.ask("a refused document", a.body)
	case n < 63:
		w.ask("half a document", `{"query": "{ visits {"}`)
	case n < 68:
		w.get("a conditional GET", "/graphql?query="+url.QueryEscape("{ nations(first: 5) { nodes { name } } }"), -1)
	case n < 75:
		w.get("a saved table", "/tables/visits-before?event=event/c5-plus-1-summit-2025&format="+w.format(), -1)
	case n < 78:
		w.get("a table", w.table(3_000), -1)
	case n < 80: // by a client that goes away
		w.get("a table, cut", w.table(soakVisits), 20_000)
	case n < 90:
		w.open(ctx)
	case n < 95:
		stay := w.rnd.IntN(2) == 0
		w.waits.Go(func() { w.stream(ctx, stay) }) // it waits for an edit, and no client should
	default:
		w.half()
	}
}

func (w soakWorker) format() string {
	return []string{"csv", "ndjson", "arrow", "parquet"}[w.rnd.IntN(4)]
}

func (w soakWorker) table(rows int) string {
	return fmt.Sprintf("/graphql?query=%s&rows=%d&format=%s",
		url.QueryEscape("{ visits { nodes { id start { edtf earliest } destination { id name } visitors { id name } } } }"), rows, w.format())
}

// became counts what became of something that was asked.
func (w soakWorker) became(what string, response *http.Response, err error) {
	switch {
	case err != nil:
		w.count(what + ": " + err.Error())
	case response.StatusCode != http.StatusOK && response.StatusCode != http.StatusNotModified:
		w.count(fmt.Sprintf("%s: %d", what, response.StatusCode))
	default:
		w.count(what)
	}
}

func (w soakWorker) ask(what, body string) {
	response, err := manyConnections.Post(w.s.url+"/graphql", "application/json", strings.NewReader(body))
	if err == nil {
		_, err = io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
	w.became(what, response, err)
}

// get reads so many bytes of an answer, or all of it, and cuts the connection.
func (w soakWorker) get(what, address string, bytes int64) {
	response, err := manyConnections.Get(w.s.url + address)
	if err == nil {
		if bytes < 0 {
			_, err = io.Copy(io.Discard, response.Body)
		} else if _, err = io.CopyN(io.Discard, response.Body, bytes); errors.Is(err, io.EOF) {
			err = nil
		}
		response.Body.Close()
	}
	w.became(what, response, err)
}

// open opens a socket with a subscription. Of those that are open, one is cut without
// a word when there are 200.
func (w soakWorker) open(ctx context.Context) {
	conn, err := openSocket(strings.TrimPrefix(w.s.url, "http://"))
	if err != nil {
		if ctx.Err() == nil {
			w.count("a socket: " + err.Error())
		}
		return
	}
	w.count("a socket")
	w.mu.Lock()
	w.sockets = append(w.sockets, conn)
	conn = nil
	if len(w.sockets) > 200 {
		i := w.rnd.IntN(len(w.sockets))
		conn, w.sockets[i] = w.sockets[i], w.sockets[len(w.sockets)-1]
		w.sockets = w.sockets[:len(w.sockets)-1]
	}
	w.mu.Unlock()
	if conn != nil {
		conn.Close()
	}
}

// release cuts the sockets that are open.
func (l *soakLoad) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, conn := range l.sockets {
		conn.Close()
	}
	l.sockets = nil
}

// stream follows changes as events until one has come, or goes at once.
func (w soakWorker) stream(ctx context.Context, stay bool) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.s.url+"/graphql", strings.NewReader(document("subscription { changes { cursor } }")))
	if err != nil {
		w.b.Error(err)
		return
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "text/event-stream")
	response, err := manyConnections.Do(request)
	if err == nil {
		if stay {
			_, err = bufio.NewReader(response.Body).ReadString('\n')
		}
		response.Body.Close()
	}
	if ctx.Err() != nil {
		w.count("a stream, whose end came first")
		return
	}
	w.became("a stream", response, err)
}

// half sends half a request, and cuts the connection.
func (w soakWorker) half() {
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.s.url, "http://"))
	if err != nil {
		w.count("half a request: " + err.Error())
		return
	}
	_, err = io.WriteString(conn, "POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
	if err := errors.Join(err, conn.(*net.TCPConn).SetLinger(0), conn.Close()); err != nil {
		w.count("half a request: " + err.Error())
		return
	}
	w.count("half a request")
}

// edit records another name of somebody.
func (l *soakLoad) edit(b *testing.B) {
	n := l.edits.Add(1)
	text := fmt.Sprintf(`mutation { record(input: {source: {id: "source/soak"}, claims: [{status: CONFIRMED, facts: [
		{subject: "person/soak-%d", field: "name", value: "Alias %d"}]}]}) { claims { id } } }`, n%1_000, n)
	response, err := manyConnections.Post(l.s.url+"/graphql", "application/json", strings.NewReader(document(text)))
	if err != nil {
		b.Error(err)
		return
	}
	defer response.Body.Close()
	var answer struct{ Errors []struct{ Message string } }
	body, err := io.ReadAll(response.Body)
	if err == nil {
		err = json.NewDecoder(bytes.NewReader(body)).Decode(&answer)
	}
	switch {
	case err != nil:
		b.Error(err)
	case len(answer.Errors) > 0:
		l.count("an edit: " + answer.Errors[0].Message)
	default:
		l.count("an edit")
	}
}
