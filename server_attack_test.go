//go:build unix

package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"
	"time"
)

var sockets = flag.Int("sockets", 500, "how many sockets TestAttackBySockets opens and cuts")

// attack is a request that is made to hurt, and what becomes of it.
type attack struct {
	name string
	body string
	want string // the limit, else the code, that cuts it; "": it is answered
}

// document is the body of a document.
func document(text string) string { return withVariables(text, "{}") }

func withVariables(text, variables string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err) // unreachable: any string is JSON
	}
	return `{"query":` + string(quoted) + `,"variables":` + variables + `}`
}

// numbered repeats a text, with %d for the number.
func numbered(n int, text string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(text, "%d", fmt.Sprint(i)))
	}
	return b.String()
}

// within is a text inside another, so many levels deep.
func within(levels int, before, core, after string) string {
	return strings.Repeat(before, levels) + core + strings.Repeat(after, levels)
}

// attacks are documents. Of most there are two: one far over a limit, and one that
// keeps to all of the public profile's.
func attacks() []attack {
	const visits = "visits(first: 100) { nodes { visitors { id name visits(first: 100) { nodes { destination { name } } } } } }"
	return []attack{
		{"fragments in circles", document("{...A} fragment A on Query {...B} fragment B on Query {...A}"), "GRAPHQL_VALIDATION_FAILED"},
		{"a long circle of fragments", document("{...F0} " + numbered(100, "fragment F%d on Query {...F%d1} ") + numbered(100, "fragment F%d1 on Query {...F0} ")), "GRAPHQL_VALIDATION_FAILED"},
		{"fragments that double", document("{ visits { ...F0 } } fragment F30 on Visit {id} " + doubling(30)), "fields"},
		{"aliases, far over", document("{" + numbered(5_000, "a%d: "+visits+" ") + "}"), "body"},
		{"aliases, over", document("{" + numbered(100, "a%d: people { totalCount } ") + "}"), "aliases"},
		{"aliases over connections, within", document("{" + numbered(10, "a%d: "+visits+" ") + "}"), ""},
		{"deep lists, over", document("{" + within(8, "visits { nodes { visitors { ", "id", " } } }") + "}"), "depth"},
		{"deep lists, within", document("{ visits(first: 100) { nodes { visitors { " + within(3, "visits(first: 100) { nodes { visitors { ", "id", " } } }") + " } } } }"), ""},
		{"a deep value, far over", document("{ people(where: " + within(20_000, "{not: ", "{}", "}") + ") { totalCount } }"), "tokens"},
		{"a deep value, within", document("{ people(where: " + within(700, "{not: ", "{}", "}") + ") { totalCount } }"), "*"},
		{"deep variables, over", withVariables("query($w: PersonWhere) { people(where: $w) { totalCount } }", `{"w":`+within(20_000, `{"not":`, `{}`, `}`)+`}`), "BAD_USER_INPUT"},
		{"deep variables, over a limit of ours", withVariables("query($w: PersonWhere) { people(where: $w) { totalCount } }", `{"w":`+within(9_000, `{"not":`, `{}`, `}`)+`}`), "nesting"},
		{"deep variables, within", withVariables("query($w: PersonWhere) { people(where: $w) { totalCount } }", `{"w":`+within(98, `{"not":`, `{}`, `}`)+`}`), "*"},
		{"huge variables, over", withVariables("query($t: String!) { search(text: $t) { why } }", `{"t":"`+strings.Repeat("x", 10<<20)+`"}`), "body"},
		{"huge variables, within", withVariables("query($t: String!) { search(text: $t) { why } }", `{"t":"`+strings.Repeat("x", 200<<10)+`"}`), "*"},
		{"a list of 20,000 in variables", withVariables("query($n: [String!]) { people(where: {name: {in: $n}}) { totalCount } }", `{"n":["a"`+numbered(20_000, `,"n%d"`)+`]}`), "*"},
		{"variables that nobody asked for", withVariables("{ __typename }", `{"a":0`+numbered(20_000, `,"n%d":0`)+`}`), ""},
		{"directives, far over", document("{ __typename " + strings.Repeat("@a", 100_000) + " }"), "tokens"},
		{"directives, over", document("{ __typename " + strings.Repeat("@a", 1_000) + " }"), "directives"},
		{"directives, within", document("{ __typename " + strings.Repeat("@include(if: true)", 20) + " }"), "GRAPHQL_VALIDATION_FAILED"},
		{"one field, 120 kB", document("{" + strings.Repeat("a ", 60_000) + "}"), "tokens"},
		{"one field, over", document("{ people {" + strings.Repeat("totalCount ", 2_900) + "} }"), "repeats"},
		{"one field, within", document("{ people {" + strings.Repeat("totalCount ", 50) + "} }"), ""},
		{"many that repeat, within", document("{" + numbered(9, "a%d: visits { "+strings.Repeat("nodes { id } ", 25)+"} ") + "}"), ""},
		{"fragments that overlap", document("{ visits { nodes {" + numbered(50, "...F%d ") + "} } }" + numbered(50, " fragment F%d on Visit { visitors { name } destination { name } }")), "*"},
		{"introspection in circles", document("{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }"), "introspection"},
		{"introspection, whole", document("{ __schema { types { name description fields { name description args { name description type { name ofType { name ofType { name } } } } type { name ofType { name } } } inputFields { name type { name } } } } }"), ""},
		{"names that are none, within", document("{ people { nodes {" + numbered(450, "x%d ") + "} } }"), "GRAPHQL_VALIDATION_FAILED"},
		{"a name of 200 kB", document("{" + strings.Repeat("a", 200_000) + "}"), "name"},
		{"a comment of 200 kB", document("{ __typename }" + strings.Repeat("#", 200_000)), ""},
		{"a text of 200 kB", document(`{ search(text: "` + strings.Repeat("x", 200_000) + `") { why } }`), "*"},
		{"operations, within", document(numbered(400, "query Q%d { __typename } ")), "*"},
		{"a batch", "[" + strings.Repeat(`{"query":"{__typename}"},`, 1_000) + `{"query":"{__typename}"}]`, "BAD_USER_INPUT"},
		{"paths, within", document(`{ paths(from: "person/sergio-gor", to: "nation/uz", maxLength: 12) { length } }`), "*"},
	}
}

// doubling is fragments each of which spreads the next one twice.
func doubling(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "fragment F%d on Visit { visitors {...F%d} destination {...F%d} } ", i, i+1, i+1)
	}
	return b.String()
}

// exposed is a server as anybody could reach it, but for rates, which would cut
// every attack after the first few; and introspection is on.
func exposed(t *testing.T, args ...string) *server {
	return start(t, append([]string{"--profile", "public", "--introspection", "on", "--limit-rate", "0", "--log-level", "error"}, args...)...)
}

// cutBy posts a body and returns the limit, else the code, of the first error.
func (s *server) cutBy(t testing.TB, body string) string {
	t.Helper()
	response, err := http.Post(s.url+"/graphql", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer struct {
		Errors []struct {
			Extensions struct{ Code, Limit string }
		}
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	if len(answer.Errors) == 0 {
		return ""
	}
	first := answer.Errors[0].Extensions
	return cmp.Or(first.Limit, first.Code)
}

// calm notes how many goroutines there are, and returns a wait until there are no
// more than that, but for a few of the runtime. After ten minutes those that are left
// are listed.
func calm(t *testing.T) (again func()) {
	t.Helper()
	http.DefaultClient.CloseIdleConnections()
	before := runtime.NumGoroutine()
	return func() {
		t.Helper()
		for end := time.Now().Add(10 * time.Minute); runtime.NumGoroutine() > before+5; {
			if time.Now().After(end) {
				t.Fatalf("%d goroutines, and %d before: %v", runtime.NumGoroutine(), before, pprof.Lookup("goroutine").WriteTo(t.Output(), 1))
			}
			http.DefaultClient.CloseIdleConnections() // one may just have become idle
			time.Sleep(time.Millisecond)              // leaves the processor to those that end
		}
	}
}

// TestAttacks: each attack is cut by what it should be cut by, or answered, and none
// uses up the processors. That is held by their time, not the clock's.
func TestAttacks(t *testing.T) {
	const most = 30 * time.Second // of processors, with the race detector: ten times what any takes
	s := exposed(t)
	s.goesOn(t)
	again := calm(t)
	for _, a := range attacks() {
		before := cpuTime(t)
		got := s.cutBy(t, a.body)
		if used := cpuTime(t) - before; used > most {
			t.Errorf("%s: it takes %v of processors", a.name, used)
		}
		if a.want != "*" && got != a.want || got == "INTERNAL" || got == "TIMEOUT" {
			t.Errorf("%s: cut by %q, want %q", a.name, got, a.want)
		}
		s.goesOn(t)
	}
	again()
}

func TestFloodsOfHeaders(t *testing.T) {
	s := exposed(t)
	address := strings.TrimPrefix(s.url, "http://")
	for name, headers := range map[string]string{
		"one of 1 MB":      "X-A: " + strings.Repeat("a", 1<<20) + "\r\n",
		"100,000 of them":  numbered(100_000, "X-%d: a\r\n"),
		"a path of 200 kB": "",
	} {
		path := "/graphql"
		if headers == "" {
			path += "?query=" + strings.Repeat("a", 200<<10)
		}
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		// What the server does not read makes writing fail, or not: its answer counts.
		if _, err := io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: 127.0.0.1\r\n"+headers+"\r\n"); err != nil {
			t.Logf("%s: %v", name, err)
		}
		status, err := bufio.NewReader(conn).ReadString('\n')
		if !strings.Contains(status, " 431 ") && err == nil {
			t.Errorf("%s: %q, want 431", name, status)
		}
		conn.Close()
		s.goesOn(t)
	}
}

// openSocket opens a socket with nothing but a connection, has it acknowledged, and
// has a subscription begun.
func openSocket(address string) (net.Conn, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.WriteString("GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n")
	for _, text := range []string{
		`{"type":"connection_init"}`,
		`{"type":"subscribe","id":"1","payload":{"query":"subscription{changes{cursor}}"}}`,
		`{"type":"ping"}`,
	} {
		// A frame of text, whole and short, with a mask of zeros.
		out.Write(append([]byte{0x81, 0x80 | byte(len(text)), 0, 0, 0, 0}, text...))
	}
	if _, err := out.WriteTo(conn); err != nil {
		return nil, err
	}
	in := bufio.NewReader(conn)
	if status, err := in.ReadString('\n'); err != nil || !strings.Contains(status, " 101 ") {
		return nil, errors.Join(fmt.Errorf("no socket: %q", status), err, conn.Close())
	}
	for _, want := range []string{"connection_ack", "pong"} {
		for got := ""; !strings.Contains(got, want); {
			b, err := in.ReadByte()
			if err != nil {
				return nil, fmt.Errorf("no %s: %w", want, err)
			}
			got += string(b)
		}
	}
	return conn, conn.(*net.TCPConn).SetLinger(0) // closing then cuts it: RST, no farewell
}

// TestAttackBySockets opens many sockets, each with a subscription, and cuts them
// without a word: up to 2,000 are open at a time.
func TestAttackBySockets(t *testing.T) {
	s := exposed(t, "--limit-callers-streams", "20000")
	s.goesOn(t)
	again := calm(t)
	address := strings.TrimPrefix(s.url, "http://")
	heap, files := heapInUse(), openFiles()
	for left := *sockets; left > 0; {
		wave := min(left, 2_000)
		left -= wave
		conns := make([]net.Conn, wave)
		for i := range conns {
			var err error
			if conns[i], err = openSocket(address); err != nil {
				t.Fatal(err)
			}
		}
		for _, conn := range conns {
			if err := conn.Close(); err != nil {
				t.Error(err)
			}
		}
		again()
	}
	t.Logf("%d sockets; memory in use: %d kB before, %d kB after; files open: %d before, %d after", *sockets, heap>>10, heapInUse()>>10, files, openFiles())
	s.goesOn(t)
}

// openFiles is how many files and connections this process has open, or 0 where
// the system does not tell.
func openFiles() int {
	names, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(names)
}

func heapInUse() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}

// TestSocketsOfOneCaller has one address open more sockets than it may.
func TestSocketsOfOneCaller(t *testing.T) {
	s := exposed(t, "--limit-callers-streams", "3")
	address := strings.TrimPrefix(s.url, "http://")
	for range 3 {
		conn, err := openSocket(address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
	}
	if conn, err := openSocket(address); err == nil {
		conn.Close()
		t.Error("a fourth socket was opened")
	}
	s.goesOn(t)
}
