package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// command runs one command to its end and returns what it prints.
func command(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	p := &program{
		Args: args, Env: func(string) (string, bool) { return "", false },
		Stdout: &out, Stderr: io.Discard, Now: time.Now,
	}
	err := p.Run(t.Context())
	return out.String(), err
}

const recordPerson = `mutation { record(input: {
  source: {id: "source/memo", name: "A memo"}
  claims: [{status: CONFIRMED, facts: [
    {subject: "person/zhibek", field: "class", value: "PERSON"}
    {subject: "person/zhibek", field: "name", value: "Zhibek"}]}]
}) { claims { id } } }`

const askPerson = `{ person(id: "person/zhibek") { name } visits { totalCount } }`

// TestData is the life of a graph in a directory: seeded once, opened again, backed
// up while it is served, restored, erased from.
func TestData(t *testing.T) {
	dir := t.TempDir()
	data, backup, restored := filepath.Join(dir, "data"), filepath.Join(dir, "backup"), filepath.Join(dir, "restored")
	onDisk := func(t *testing.T, data string, more ...string) *server {
		return start(t, append([]string{"--store", "local", "--data", data}, more...)...)
	}
	s := onDisk(t, data)
	if r := s.ask(t, recordPerson); len(r.Errors) > 0 {
		t.Fatalf("recording: %+v", r.Errors)
	}
	before := string(s.ask(t, askPerson).Data)
	if !strings.Contains(before, "Zhibek") {
		t.Fatalf("after recording: %s", before)
	}

	if _, err := command(t, "serve", "--data", data, "--listen", "127.0.0.1:0"); err == nil || !strings.Contains(err.Error(), "in use") || !strings.Contains(err.Error(), data) {
		t.Errorf("a second server on the directory: %v, want it refused by name", err)
	}
	if _, err := command(t, "check", data); err == nil || !strings.Contains(err.Error(), "--admin") {
		t.Errorf("checking what is open: %v, want the remedy named", err)
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	if out, err := command(t, "check", data); err != nil || !strings.Contains(out, "hold") {
		t.Fatalf("check: %q, %v", out, err)
	}

	s = onDisk(t, data, "--admin", "127.0.0.1:0")
	address := s.adminAddress(t)
	if again := string(s.ask(t, askPerson).Data); again != before {
		t.Errorf("opened again: %s\nbefore:       %s", again, before)
	}
	if out, err := command(t, "backup", backup, "--admin", address); err != nil || !strings.Contains(out, backup) {
		t.Fatalf("backup: %q, %v", out, err)
	}
	if _, err := command(t, "backup", backup, "--admin", address); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("backup over a backup: %v, want it refused", err)
	}
	if _, err := command(t, "erase", "--admin", address, "--reason", "an order", "--entity", "person/zhibek"); err != nil {
		t.Fatal(err)
	}
	if r := s.ask(t, askPerson); strings.Contains(string(r.Data), "Zhibek") {
		t.Errorf("after erasing: %s", r.Data)
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	if file := holding(t, data, "Zhibek"); file != "" {
		t.Errorf("%s still holds what was erased", file)
	}
	if holding(t, backup, "Zhibek") == "" {
		t.Error("the backup from before does not hold the text: the test looks at nothing")
	}

	out, err := command(t, "restore", backup, "--data", restored)
	if err != nil || !strings.Contains(out, restored) || !strings.Contains(out, "chancery keys add NAME --role editor --data "+restored) {
		t.Fatalf("restore: %q, %v; want it to say that there are no keys, and how to make some", out, err)
	}
	s = onDisk(t, restored)
	if again := string(s.ask(t, askPerson).Data); again != before {
		t.Errorf("restored: %s\nbefore:   %s", again, before)
	}
}

// holding returns the first file of a directory that has the text, or "".
func holding(t *testing.T, dir, text string) string {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		all, err := os.ReadFile(filepath.Join(dir, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(all, []byte(text)) {
			return file.Name()
		}
	}
	return ""
}

func TestDataThatIsNone(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "letter.txt"), []byte("dear"), 0o600); err != nil {
		t.Fatal(err)
	}
	nowhere := filepath.Join(dir, "nowhere")
	for _, test := range []struct{ name, says string }{
		{"serve --listen 127.0.0.1:0 --data " + dir, "no store"},
		{"check " + dir, "no store"},
		{"check " + nowhere, "nowhere"},
		{"restore " + nowhere + " --data " + filepath.Join(dir, "new"), "nowhere"},
		{"backup " + filepath.Join(dir, "copy") + " --data " + nowhere, "nowhere"},
		{"backup " + filepath.Join(dir, "copy") + " --admin 127.0.0.1:1", "no server answers"},
	} {
		if _, err := command(t, strings.Fields(test.name)...); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v, want %q", test.name, err, test.says)
		}
	}
	if _, err := os.Stat(nowhere); err == nil {
		t.Error("looking for a graph has made one")
	}
}
