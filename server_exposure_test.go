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
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
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
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	adminAddress := free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	s := start(t, "--keys", file, "--admin", adminAddress)
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

// serveOnce runs a server until it listens, and returns its error.
func serveOnce(t *testing.T, args ...string) error {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	p := &program{
		Args: append([]string{"serve", "--store", "memory"}, args...), Stdout: io.Discard, Stderr: io.Discard, Now: time.Now,
		Env:       func(string) (string, bool) { return "", false },
		Listening: func(net.Addr) { cancel() },
	}
	return p.Run(ctx)
}

// TestKeysThatAreNotThere: who names a file of keys is not left with none.
func TestKeysThatAreNotThere(t *testing.T) {
	s := startFor(t, "--keys", filepath.Join(t.TempDir(), "keys.json"))
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
	moved := start(t, "--profile", "public", "--introspection", "on", "--playground", "on", "--limit-depth", "3")
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
