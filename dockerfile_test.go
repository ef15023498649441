package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// instruction is a line of the Dockerfile: FROM, golang:1.26 AS program.
type instruction struct{ name, rest string }

// dockerfile reads the Dockerfile's instructions, stage after stage.
func dockerfile(t *testing.T) (stages [][]instruction) {
	t.Helper()
	text, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	whole := regexp.MustCompile(`(?m)^#.*\n`).ReplaceAllString(string(text), "")
	for line := range strings.Lines(strings.ReplaceAll(whole, "\\\n", " ")) {
		name, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if name == "FROM" {
			stages = append(stages, nil)
		}
		if name != "" {
			stages[len(stages)-1] = append(stages[len(stages)-1], instruction{name, rest})
		}
	}
	return stages
}

// TestDockerfileBases holds the base images to what the modules ask for.
func TestDockerfileBases(t *testing.T) {
	version := func(file, pattern string) (major, minor int) {
		t.Helper()
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(pattern).FindStringSubmatch(string(text))
		if found == nil {
			t.Fatalf("%s: no %s", file, pattern)
		}
		if major, err = strconv.Atoi(found[1]); err != nil {
			t.Fatal(err)
		}
		if len(found) > 2 {
			if minor, err = strconv.Atoi(found[2]); err != nil {
				t.Fatal(err)
			}
		}
		return major, minor
	}
	major, minor := version("Dockerfile", `(?m)^FROM .*golang:(\d+)\.(\d+)-`)
	if wantMajor, wantMinor := version("go.mod", `(?m)^go (\d+)\.(\d+)`); major != wantMajor || minor != wantMinor {
		t.Errorf("the Dockerfile builds with Go %d.%d, go.mod is of %d.%d", major, minor, wantMajor, wantMinor)
	}
	node, _ := version("Dockerfile", `(?m)^FROM .*node:(\d+)-`)
	// 22 of the Dockerfile is the newest of 22, so that the minor number counts for equals alone.
	if least, _ := version("web/package.json", `"node": ">=(\d+)`); node < least {
		t.Errorf("the Dockerfile builds the pages with Node %d, web/package.json wants %d", node, least)
	}
}

// TestDockerfileCopies looks for what is copied from the clone, and that nothing of a
// commit is kept from the build: the version would have +dirty at its end.
func TestDockerfileCopies(t *testing.T) {
	for _, stage := range dockerfile(t) {
		for _, i := range stage {
			if i.name != "COPY" || strings.Contains(i.rest, "--from=") {
				continue
			}
			paths := strings.Fields(i.rest)
			for _, source := range paths[:len(paths)-1] {
				if _, err := os.Stat(source); err != nil {
					t.Errorf("COPY %s: %v", i.rest, err)
				}
			}
		}
	}
	git := exec.Command("git", "ls-files")
	tracked, err := git.Output()
	if err != nil {
		leaveOut(t, "what the image's build is kept from: no git, or no clone: "+err.Error())
	}
	ignored, err := os.ReadFile(".dockerignore")
	if err != nil {
		t.Fatal(err)
	}
	for name := range strings.Lines(string(tracked)) {
		if name = strings.TrimSpace(name); dockerIgnores(t, strings.Fields(string(ignored)), name) {
			t.Errorf(".dockerignore leaves out %s, which is part of a commit", name)
		}
	}
}

// dockerIgnores reports whether one of the patterns, or a later exception from it,
// names a file or a folder that it is in. ** is understood at the beginning alone.
func dockerIgnores(t *testing.T, patterns []string, name string) (ignored bool) {
	t.Helper()
	for _, pattern := range patterns {
		pattern, except := strings.CutPrefix(pattern, "!")
		pattern, anywhere := strings.CutPrefix(strings.TrimPrefix(pattern, "/"), "**/")
		if strings.Contains(pattern, "**") {
			t.Fatalf(".dockerignore: %s: this test does not understand it", pattern)
		}
		for at := name; at != "."; at = filepath.Dir(at) {
			matches := []string{at}
			if anywhere {
				matches = append(matches, filepath.Base(at))
			}
			if slices.ContainsFunc(matches, func(s string) bool {
				match, err := filepath.Match(pattern, s)
				if err != nil {
					t.Fatalf(".dockerignore: %s: %v", pattern, err)
				}
				return match
			}) {
				ignored = !except
			}
		}
	}
	return ignored
}

// TestDockerfileRuns holds the image to what it promises: no root, settings and
// commands that the program has.
func TestDockerfileRuns(t *testing.T) {
	stages := dockerfile(t)
	last := stages[len(stages)-1]
	help, err := command(t, "serve", "--help")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	for _, i := range last {
		said[i.name] = i.rest
	}
	if !regexp.MustCompile(`^[1-9]\d*:[1-9]\d*$`).MatchString(said["USER"]) {
		t.Errorf("USER %s: want numbers, which Kubernetes can see not to be root's", said["USER"])
	}
	settings := strings.Fields(said["ENV"])
	if len(settings) == 0 {
		t.Error("no ENV")
	}
	for _, setting := range settings {
		if name, _, _ := strings.Cut(setting, "="); !strings.Contains(help, "$"+name) {
			t.Errorf("ENV %s: no setting of chancery serve", name)
		}
	}
	words := func(text string) (args []string) {
		if err := json.Unmarshal([]byte(text[max(0, strings.Index(text, "[")):]), &args); err != nil {
			t.Errorf("%s: without a shell, a command is a list: %v", text, err)
		}
		return args
	}
	if entry := words(said["ENTRYPOINT"]); !slices.Equal(entry, []string{"/chancery"}) {
		t.Errorf("ENTRYPOINT %v", entry)
	}
	health := words(said["HEALTHCHECK"])
	if len(health) == 0 || health[0] != "/chancery" {
		t.Fatalf("HEALTHCHECK %v", health)
	}
	for _, args := range [][]string{words(said["CMD"]), health[1:]} {
		if _, err := command(t, append(args, "--help")...); err != nil {
			t.Errorf("%v: %v", args, err)
		}
	}
}

// TestDeployFiles looks that a release has all units of deploy/.
func TestDeployFiles(t *testing.T) {
	script, err := os.ReadFile(".ci/release")
	if err != nil {
		t.Fatal(err)
	}
	err = fs.WalkDir(os.DirFS("deploy"), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && !strings.Contains(string(script), "deploy/"+name) {
			t.Errorf(".ci/release leaves out deploy/%s", name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
