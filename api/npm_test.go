package api

import (
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestAudit holds the server to the GraphQL over HTTP specification, by the audits
// of npm graphql-http: all of them ok, with no warning and no notice.
func TestAudit(t *testing.T) {
	server := httptest.NewServer(seeded(t, Options{}))
	defer server.Close()
	var audits []struct{ ID, Name, Status, Reason string }
	if err := json.Unmarshal(runNpm(t, "audit.mjs", server.URL+"/graphql"), &audits); err != nil {
		t.Fatal(err)
	}
	const known = 61 // of the version pinned
	if len(audits) != known {
		t.Errorf("%d audits, want %d", len(audits), known)
	}
	for _, a := range audits {
		if a.Status != "ok" {
			t.Errorf("%s %s: %s: %s", a.ID, a.Name, a.Status, a.Reason)
		}
	}
}

// runNpm runs a script of testdata/npm where node and the packages are there, and
// returns what it prints.
func runNpm(t *testing.T, script string, args ...string) []byte {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		leaveOut(t, "node is not installed")
	}
	dir := filepath.Join("testdata", "npm")
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "graphql-ws", "package.json")); err != nil {
		leaveOut(t, "the npm packages are not installed (npm ci in api/testdata/npm)")
	}
	cmd := exec.CommandContext(t.Context(), node, append([]string{script}, args...)...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", script, err, out, &stderr)
	}
	return out
}

// leaveOut skips a test for what is missing; in CI nothing may be missing.
func leaveOut(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal("CI must not leave this out: " + why)
	}
	t.Skip("left out: " + why)
}

// TestClients asks the server by npm graphql-ws and graphql-sse, and follows changes
// over both, with interruptions.
func TestClients(t *testing.T) {
	server := httptest.NewServer(seeded(t, Options{Now: time.Now}))
	defer server.Close()
	if got := string(runNpm(t, "clients.mjs", server.URL+"/graphql")); got != "ok\n" {
		t.Errorf("it prints %q", got)
	}
}
