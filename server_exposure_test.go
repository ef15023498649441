package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// makeKey makes a key with the command.
func makeKey(t *testing.T, file, role string) string {
	t.Helper()
	out, err := command(t, "keys", "add", "a test", "--role", role, "--keys", file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(out)
}

// askWith posts a question with a key and returns the status.
func askWith(t *testing.T, client *http.Client, url, host, key, document string) int {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": document})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/graphql", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/graphql-response+json")
	if host != "" {
		r.Host = host
	}
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode
}

// getWith gets an URL with a key and returns the status.
func getWith(t *testing.T, url, key string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode
}

// TestKeysOfAServer makes keys, and revokes one while the server runs.
func TestKeysOfAServer(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys.json")
	reader, editor, administrator := makeKey(t, file, "reader"), makeKey(t, file, "editor"), makeKey(t, file, "administrator")
	s := start(t, "--keys", file, "--admin", "127.0.0.1:0")
	adminAddress := s.adminAddress(t)
	const mutation = `mutation { retract(input: {claims: [], reason: "x"}) { knownAt } }`
	for _, test := range []struct {
		key, document string
		want          int
	}{
		{"", firstQuestion, 401},
		{reader, firstQuestion, 200},
		{reader, mutation, 403},
		{editor, mutation, 200},
	} {
		if got := askWith(t, http.DefaultClient, s.url, "", test.key, test.document); got != test.want {
			t.Errorf("%.20s %.20s: %d, want %d", test.key, test.document, got, test.want)
		}
	}
	for key, want := range map[string]string{"": "key", editor: "administrator"} {
		if _, err := command(t, "erase", "--admin", adminAddress, "--key", key, "--claim", "claim/nope", "--reason", "r"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("erasing with %.20q: %v, want %q in it", key, err, want)
		}
	}
	if _, err := command(t, "erase", "--admin", adminAddress, "--key", administrator, "--claim", "claim/nope", "--reason", "r"); err == nil || !strings.Contains(err.Error(), "claim/nope") {
		t.Errorf("erasing with an administrator's key: %v, want that the claim is unknown", err)
	}
	for _, path := range []string{"/metrics", "/debug/pprof/goroutine?debug=1"} {
		for key, want := range map[string]int{"": 401, editor: 403, administrator: 200} {
			if got := getWith(t, "http://"+adminAddress+path, key); got != want {
				t.Errorf("%s with %.20q: %d, want %d", path, key, got, want)
			}
		}
	}
	for _, path := range []string{"/freshness", "/tables/nations"} {
		for key, want := range map[string]int{"": 401, reader: 200} {
			if got := getWith(t, s.url+path, key); got != want {
				t.Errorf("%s with %.20q: %d, want %d", path, key, got, want)
			}
		}
	}

	id := strings.Split(reader, "_")[1]
	if list, err := command(t, "keys", "list", "--keys", file); err != nil || !strings.Contains(list, id) || strings.Contains(list, strings.Split(reader, "_")[2]) {
		t.Errorf("list: %v\n%s", err, list)
	}
	if _, err := command(t, "keys", "revoke", id, "--keys", file); err != nil {
		t.Fatal(err)
	}
	if got := askWith(t, http.DefaultClient, s.url, "", reader, firstQuestion); got != 401 {
		t.Errorf("with the key that was revoked: %d, want 401", got)
	}
	if strings.Contains(s.log.String(), strings.Split(editor, "_")[2]) {
		t.Error("a key's secret is in the log")
	}
}

// TestKeysBesideANewGraph makes a key before there is a graph.
func TestKeysBesideANewGraph(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new.data")
	out, err := command(t, "keys", "add", "first", "--data", dir)
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, "--store", "local", "--data", dir)
	if got := askWith(t, http.DefaultClient, s.url, "", strings.TrimSpace(out), firstQuestion); got != 200 {
		t.Errorf("%d, want 200", got)
	}
	if got := askWith(t, http.DefaultClient, s.url, "", "", firstQuestion); got != 401 {
		t.Errorf("without a key: %d, want 401", got)
	}
}

// TestFirstKey makes the first key while a server on this machine answers anybody:
// from then on it asks for keys, administrators' address included.
func TestFirstKey(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "graph")
	s := start(t, "--store", "local", "--data", dir, "--admin", "127.0.0.1:0")
	conn := s.socketTo(t, "")
	admin := s.administrators(t)
	const mutation = `mutation { retract(input: {claims: [], reason: "x"}) { knownAt } }`
	status := func(key string) []int {
		t.Helper()
		return []int{
			askWith(t, http.DefaultClient, s.url, "", key, firstQuestion), askWith(t, http.DefaultClient, s.url, "", key, mutation),
			getWith(t, s.url+"/freshness", key), getWith(t, s.url+"/tables/nations", key), getWith(t, admin.url+"/metrics", key),
		}
	}
	if got, want := status(""), []int{200, 200, 200, 200, 200}; !slices.Equal(got, want) {
		t.Errorf("while there is no key: %v, want %v", got, want)
	}
	out, err := command(t, "keys", "add", "first", "--role", "editor", "--data", dir)
	if err != nil {
		t.Fatal(err)
	}
	key := strings.TrimSpace(out)
	if got, want := status(""), []int{401, 401, 401, 401, 401}; !slices.Equal(got, want) {
		t.Errorf("without a key, once there is one: %v, want %v", got, want)
	}
	if got, want := status(key), []int{200, 200, 200, 200, 403}; !slices.Equal(got, want) {
		t.Errorf("with the key: %v, want %v", got, want)
	}
	// A subscription without a key, from before, ends with its next event.
	ended := make(chan string, 1)
	go func() {
		for {
			_, text, err := conn.Read(t.Context())
			if err != nil || !strings.Contains(string(text), "connection_ack") {
				ended <- fmt.Sprintf("%s %v", text, err)
				return
			}
		}
	}()
	for told := ""; told == ""; {
		if status := askWith(t, http.DefaultClient, s.url, "", key, anEdit); status != 200 {
			t.Fatalf("an edit: %d", status)
		}
		select {
		case told = <-ended:
			if !strings.Contains(told, `"type":"error"`) || !strings.Contains(told, "UNAUTHENTICATED") || !strings.Contains(told, "first key") {
				t.Errorf("the subscription is told %s", told)
			}
		default:
		}
	}
	// Said in so many words, it stays.
	dir = filepath.Join(t.TempDir(), "graph")
	s = start(t, "--store", "local", "--data", dir, "--anonymous", "reader")
	if _, err := command(t, "keys", "add", "first", "--role", "editor", "--data", dir); err != nil {
		t.Fatal(err)
	}
	if got := askWith(t, http.DefaultClient, s.url, "", "", firstQuestion); got != 200 {
		t.Errorf("where anybody may read: %d", got)
	}
}

// anEdit records a claim.
const anEdit = `mutation { record(input: {source: {name: "A gazette"}, claims: [{status: REPORTED, locator: "1",
	facts: [{subject: "event/c5-plus-1-summit-2025", field: "start", value: "2025-11-07"}]}]}) { claims { id recordedBy } } }`

// TestWhoRecorded: a claim says by which key it was recorded, and nothing of the
// secret.
func TestWhoRecorded(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys.json")
	editor := makeKey(t, file, "editor")
	s := start(t, "--keys", file, "--anonymous", "editor")
	recordedBy := func(key, document string) string {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/graphql", strings.NewReader(`{"query": `+strconv.Quote(document)+`}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		if key != "" {
			r.Header.Set("Authorization", "Bearer "+key)
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil || strings.Contains(string(text), `"errors"`) {
			t.Fatalf("%s %v", text, err)
		}
		if strings.Contains(string(text), strings.Split(editor, "_")[2]) {
			t.Errorf("the secret is in the answer: %s", text)
		}
		return string(text)
	}
	want := `"recordedBy":"key ` + strings.Split(editor, "_")[1] + ` (a test)"`
	text := recordedBy(editor, strings.ReplaceAll(anEdit, "\n", " "))
	if strings.Count(text, want) != 2 { // the claim, and that of the source
		t.Errorf("%s, want %s twice", text, want)
	}
	if text := recordedBy("", strings.ReplaceAll(anEdit, "\n", " ")); strings.Count(text, `"recordedBy":null`) != 2 {
		t.Errorf("without a key: %s", text)
	}
	const merge = `mutation { merge(input: {keep: "person/sergio-gor", merge: ["person/christopher-landau"], reason: "a test"}) { claims { recordedBy } } }`
	if text := recordedBy(editor, merge); !strings.Contains(text, want) {
		t.Errorf("a merge: %s", text)
	}
}

// TestAdviceOnKeys follows the advice that a server gives which does not start.
func TestAdviceOnKeys(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, args := range map[string][]string{
		"in memory":        {"--store", "memory"},
		"a file":           {"--store", "memory", "--keys", "some.json"},
		"in a directory":   {"--store", "local", "--data", "graph.data"},
		"a file beside it": {"--store", "local", "--data", "graph2.data", "--keys", "other.json"},
	} {
		args = append(args, "--listen", "0.0.0.0:0")
		err := serveOnce(t, args...)
		if err == nil {
			t.Fatalf("%s: it starts", name)
		}
		advised := regexp.MustCompile(`chancery (keys add NAME [^)]*)\)`).FindStringSubmatch(err.Error())
		if advised == nil {
			t.Fatalf("%s: no advice in %v", name, err)
		}
		if _, err := command(t, strings.Fields(advised[1])...); err != nil {
			t.Errorf("%s: %s: %v", name, advised[1], err)
		}
		if more := regexp.MustCompile(`told of \(([^)]*)\)`).FindStringSubmatch(err.Error()); more != nil {
			args = append(args, strings.Fields(more[1])...)
		}
		if err := serveOnce(t, args...); err != nil {
			t.Errorf("%s: once the advice was followed: %v", name, err)
		}
	}
}

// serveOnce runs a server until it listens, and returns its error.
func serveOnce(t *testing.T, args ...string) error {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	p := &program{
		Args: append([]string{"serve", "--store", "memory", "--drain", "1h"}, args...), Stdout: io.Discard, Stderr: io.Discard, Now: time.Now,
		Env:       func(string) (string, bool) { return "", false },
		Listening: func(net.Addr) { cancel() },
	}
	return p.Run(ctx)
}

// TestKeysThatAreNotThere: who names a file of keys is not left with none.
func TestKeysThatAreNotThere(t *testing.T) {
	s := start(t, "--keys", filepath.Join(t.TempDir(), "keys.json"))
	if status := askWith(t, http.DefaultClient, s.url, "", "", firstQuestion); status != http.StatusUnauthorized {
		t.Errorf("status %d, want 401", status)
	}
}

func TestWhoMayBeReached(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys.json")
	const everywhere = "0.0.0.0:0"
	if err := serveOnce(t, "--listen", everywhere); err == nil || !strings.Contains(err.Error(), "chancery keys add") || !strings.Contains(err.Error(), "--anonymous") {
		t.Errorf("%v, want it refused, with what to do", err)
	}
	if err := serveOnce(t, "--listen", everywhere, "--keys", file); err == nil {
		t.Error("a file without keys was enough")
	}
	if err := serveOnce(t, "--listen", everywhere, "--anonymous", "reader"); err != nil {
		t.Errorf("said in so many words: %v", err)
	}
	makeKey(t, file, "reader")
	if err := serveOnce(t, "--listen", everywhere, "--keys", file); err != nil {
		t.Errorf("with keys: %v", err)
	}
	for args, want := range map[string]string{
		"--tls-cert x":                         "go together",
		"--tls-cert x --tls-key y":             "no such file",
		"--proxy proxy.example":                "address",
		"--cors-origin https://a.example/":     "origin",
		"--cors-origin https://*.example":      "origin",
		"--cors-origin a.example":              "origin",
		"--limit-rate=-1":                      "0 or above",
		"--limit-concurrent 0":                 "above 0",
		"--idle-time 0s":                       "above 0",
		"--profile private":                    "trusted",
		"--keys " + file + " --anonymous king": "editor",
	} {
		if err := serveOnce(t, append([]string{"--listen", "127.0.0.1:0"}, strings.Fields(args)...)...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q in it", args, err, want)
		}
	}
}

// TestAnotherNameForThisMachine is a page whose host's name leads here.
func TestAnotherNameForThisMachine(t *testing.T) {
	s := start(t)
	if got := askWith(t, http.DefaultClient, s.url, "evil.example", "", firstQuestion); got != 403 {
		t.Errorf("%d, want 403", got)
	}
	if got := askWith(t, http.DefaultClient, s.url, "localhost", "", firstQuestion); got != 200 {
		t.Errorf("localhost: %d, want 200", got)
	}
}

func TestProfiles(t *testing.T) {
	const introspection = `{ __schema { queryType { name } } }`
	public := start(t, "--profile", "public")
	if r := public.ask(t, introspection); len(r.Errors) == 0 || r.Errors[0].Extensions.Code != "FORBIDDEN" {
		t.Errorf("introspection: %+v", r)
	}
	if status, _ := public.get(t, "/"); status != 404 {
		t.Errorf("the playground: %d, want 404", status)
	}
	if r := public.ask(t, "{"+strings.Repeat("a{", 15)+"a"+strings.Repeat("}", 16)); len(r.Errors) == 0 || !strings.Contains(r.Errors[0].Message, "limit is 15") {
		t.Errorf("depth: %+v", r)
	}
	const simple = "/graphql?query=%7B__typename%7D"
	if status, body := public.get(t, simple); status != 403 || !strings.Contains(body, "Content-Type: application/json") {
		t.Errorf("a document in an URL: %d %s", status, body)
	}
	if status, _ := public.get(t, "/tables/nations"); status != 200 {
		t.Errorf("a table with an address: %d", status)
	}
	moved := start(t, "--profile", "public", "--introspection", "on", "--playground", "on", "--limit-depth", "3", "--simple-get", "on")
	if status, body := moved.get(t, simple); status != 200 {
		t.Errorf("a document in an URL, which was switched on: %d %s", status, body)
	}
	if r := moved.ask(t, introspection); len(r.Errors) > 0 {
		t.Errorf("introspection that was switched on: %+v", r)
	}
	if status, _ := moved.get(t, "/"); status != 200 {
		t.Errorf("the playground that was switched on: %d", status)
	}
	if r := moved.ask(t, "{a{a{a{a}}}}"); len(r.Errors) == 0 || !strings.Contains(r.Errors[0].Message, "limit is 3") {
		t.Errorf("a depth that was moved: %+v", r)
	}
}

// writeCertificate writes a certificate for 127.0.0.1 with a number of its own.
func writeCertificate(t *testing.T, certFile, keyFile string, number int64) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := x509.Certificate{
		SerialNumber: big.NewInt(number), Subject: pkix.Name{CommonName: "a test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestTLS serves HTTPS, renews the certificate and then spoils it.
func TestTLS(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	writeCertificate(t, certFile, keyFile, 1)
	s := start(t, "--tls-cert", certFile, "--tls-key", keyFile)
	url := "https" + strings.TrimPrefix(s.url, "http")
	// number asks on a new connection and returns the certificate's number.
	number := func() int64 {
		t.Helper()
		var got int64
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{
			InsecureSkipVerify: true, // the certificate is looked at below
			VerifyConnection: func(state tls.ConnectionState) error {
				got = state.PeerCertificates[0].SerialNumber.Int64()
				return nil
			},
		}}}
		if status := askWith(t, client, url, "", "", firstQuestion); status != 200 {
			t.Errorf("status %d", status)
		}
		return got
	}
	if got := number(); got != 1 {
		t.Errorf("certificate %d, want 1", got)
	}
	writeCertificate(t, certFile, keyFile, 2)
	later := time.Now().Add(time.Minute) // whatever the file system's clock can tell
	for _, file := range []string{certFile, keyFile} {
		if err := os.Chtimes(file, later, later); err != nil {
			t.Fatal(err)
		}
	}
	if got := number(); got != 2 {
		t.Errorf("certificate %d after it was renewed, want 2", got)
	}
	if err := os.WriteFile(keyFile, []byte("spoilt"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := number(); got != 2 {
		t.Errorf("certificate %d after the key was spoilt, want the last good one", got)
	}
	if !strings.Contains(s.log.String(), "cannot be read") {
		t.Error("the log says nothing of it")
	}
}
