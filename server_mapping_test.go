package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMapping makes a first mapping for a table, checks it, and spoils it.
func TestMapping(t *testing.T) {
	dir := t.TempDir()
	visits, mapping := filepath.Join(dir, "visits.csv"), filepath.Join(dir, "visits.yaml")
	if err := os.WriteFile(visits, []byte("id,who,country,since\n1,A,Kenya,2010-12-02\n2,B,Togo,2011\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	printed, err := command(t, "mapping", "init", visits)
	if err != nil || !strings.Contains(printed, "key: <id>") {
		t.Fatalf("init: %v\n%s", err, printed)
	}
	if out, err := command(t, "mapping", "init", visits, "--output", mapping); err != nil || !strings.Contains(out, mapping) {
		t.Fatalf("init: %q, %v", out, err)
	}
	if written, err := os.ReadFile(mapping); err != nil || string(written) != printed {
		t.Errorf("the file has\n%s\nwant what is printed without --output\n%s%v", written, printed, err)
	}
	if _, err := command(t, "mapping", "init", visits, "--output", mapping); err == nil || !strings.Contains(err.Error(), "there already") {
		t.Errorf("init over a file: %v, want it refused", err)
	}
	if out, err := command(t, "mapping", "check", mapping); err != nil || !strings.Contains(out, "claim/visits/") {
		t.Errorf("check: %q, %v", out, err)
	}

	spoiled := filepath.Join(dir, "spoiled.yaml")
	if err := os.WriteFile(spoiled, []byte(strings.ReplaceAll(printed, "start:", "started:")), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := command(t, "mapping", "check", spoiled, mapping, filepath.Join(dir, "nowhere.yaml"))
	if !strings.Contains(out, mapping) {
		t.Errorf("check prints %q, want the mapping that can be used", out)
	}
	for _, want := range []string{spoiled + ":", `no field "started"`, "nowhere.yaml"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("check: %v, want %q", err, want)
		}
	}
	if _, err := command(t, "mapping", "init", filepath.Join(dir, "nowhere.csv")); err == nil || !strings.Contains(err.Error(), "nowhere.csv") {
		t.Errorf("init of nothing: %v", err)
	}
}
