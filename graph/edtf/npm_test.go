package edtf

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const npmTable = "testdata/npm-edtf.tsv"

// TestBoundsEqualNpm holds the bounds against those of npm edtf, levels 0 and 1.
// What npm edtf has wrong is not in the table: see testdata/npm/bounds.mjs.
func TestBoundsEqualNpm(t *testing.T) {
	table, err := os.ReadFile(npmTable)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(table), "\n"), "\n")
	if len(lines) < 1000 {
		t.Errorf("%s has only %d lines", npmTable, len(lines))
	}
	for i, line := range lines {
		f := strings.Split(line, "\t")
		if len(f) != 3 {
			t.Fatalf("%s:%d: %d fields, not 3", npmTable, i+1, len(f))
		}
		d, err := Parse(f[0])
		if err != nil {
			t.Errorf("%s:%d: %v", npmTable, i+1, err)
			continue
		}
		earliest, latest := d.Bounds()
		if got, want := earliest.String()+" "+latest.String(), f[1]+" "+f[2]; got != want {
			t.Errorf("%s:%d: %s is %s, npm has %s", npmTable, i+1, f[0], got, want)
		}
	}
}

// TestNpmTable writes the table anew and compares, where npm edtf is installed
// (npm ci in testdata/npm).
func TestNpmTable(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		leaveOut(t, "node is not installed, so the committed table is taken as it is")
	}
	dir := filepath.Join("testdata", "npm")
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "edtf", "package.json")); errors.Is(err, fs.ErrNotExist) {
		leaveOut(t, "npm edtf is not installed (npm ci in testdata/npm), so the committed table is taken as it is")
	}
	cmd := exec.CommandContext(t.Context(), node, "bounds.mjs")
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	got, err := cmd.Output()
	if err != nil {
		t.Fatalf("bounds.mjs: %v\n%s", err, &stderr)
	}
	want, err := os.ReadFile(npmTable)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("bounds.mjs does not print %s; write it anew with: node bounds.mjs > ../npm-edtf.tsv", npmTable)
	}
}

// leaveOut skips a test for what is missing; in CI nothing may be missing.
func leaveOut(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal("CI must not leave this out: " + why)
	}
	t.Skip("left out: " + why)
}
