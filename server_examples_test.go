package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestExamples runs every sample project against a server, as its README says.
func TestExamples(t *testing.T) {
	projects, err := filepath.Glob("examples/*/package.json")
	if err != nil || len(projects) == 0 {
		t.Fatalf("no example was found: %v", err)
	}
	s := start(t)
	for _, project := range projects {
		dir := filepath.Dir(project)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			needs(t, "npm")
			if _, err := os.Stat(filepath.Join(dir, "node_modules")); err != nil {
				leaveOut(t, "the npm packages are not installed (npm ci in "+dir+")")
			}
			runExample(t, s, dir, "npm", "test")
		})
	}
	t.Run("curl", func(t *testing.T) {
		needs(t, "curl")
		needs(t, "bash")
		runExample(t, s, "examples/curl", "bash", "ask.sh")
	})
}

func runExample(t *testing.T, s *server, dir string, command ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CHANCERY_URL="+s.url)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %v\n%s", command, err, out)
	}
}

func needs(t *testing.T, tool string) {
	t.Helper()
	if _, err := exec.LookPath(tool); err != nil {
		leaveOut(t, tool+" is not installed")
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
