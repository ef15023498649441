package edit_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the answers in testdata")

// TestScripts runs testdata/*.txt, each against a graph of its own that holds the
// seed. A script is cases of a line that says what happens, a request, a line of
// hyphens and the answer, the last line of which is how many commits were made.
// Run with -update to write the answers, and read the difference.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { runScript(t, file) })
	}
}

func runScript(t *testing.T, file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, true)
	var out strings.Builder
	for i, section := range strings.Split("\n"+string(text), "\n# ") {
		if i == 0 {
			fmt.Fprint(&out, strings.TrimPrefix(section, "\n")) // what stands before the first case
			if section != "" {
				out.WriteString("\n")
			}
			continue
		}
		title, rest, _ := strings.Cut(section, "\n")
		request, want, _ := strings.Cut(rest, "\n----\n")
		before := d.commits(t)
		r := d.ask(t, request, nil)
		commits := d.commits(t) - before
		got := shown(t, r) + fmt.Sprintf("commits: %d", commits)
		if strings.HasSuffix(file, "refused.txt") && commits != 0 {
			t.Errorf("%s: refused, and written all the same", title)
		}
		if got != strings.TrimSpace(want) && !*update {
			t.Errorf("%s\n%s\ngot:\n%s\nwant:\n%s", title, request, got, want)
		}
		fmt.Fprintf(&out, "# %s\n%s\n----\n%s\n\n", title, strings.TrimSpace(request), got)
	}
	if *update {
		if err := os.WriteFile(file, []byte(strings.TrimSuffix(out.String(), "\n")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// writeJSON writes what is short on one line, and what is not with a line for each
// of its parts.
func writeJSON(out *bytes.Buffer, text json.RawMessage, indent string) {
	const wide = 110
	open, end := "[", "]"
	var keys, values []json.RawMessage
	decoder := json.NewDecoder(bytes.NewReader(text))
	if text[0] == '{' {
		open, end = "{", "}"
	}
	if len(indent)+len(text) <= wide || text[0] != '{' && text[0] != '[' {
		out.Write(text)
		return
	}
	if _, err := decoder.Token(); err != nil {
		panic(err)
	}
	for decoder.More() {
		if open == "{" {
			key, err := decoder.Token()
			if err != nil {
				panic(err)
			}
			keys = append(keys, json.RawMessage(key.(string)+": "))
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			panic(err)
		}
		values = append(values, value)
	}
	out.WriteString(open)
	for i, value := range values {
		out.WriteString("\n  " + indent)
		if keys != nil {
			out.Write(keys[i])
		}
		writeJSON(out, value, indent+"  ")
	}
	out.WriteString("\n" + indent + end)
}

// shown writes an answer for a reader: data as JSON, an error in two lines.
func shown(t *testing.T, r reply) string {
	t.Helper()
	var out bytes.Buffer
	for _, e := range r.Errors {
		place := e.Extensions["argument"]
		fmt.Fprintf(&out, "%s at %s\n    %s\n", e.Extensions["code"], place, strings.TrimPrefix(e.Message, place+": "))
	}
	if len(r.Data) > 0 && string(r.Data) != "null" {
		writeJSON(&out, r.Data, "")
		out.WriteString("\n")
	}
	if stated, ok := r.Extensions["perspective"]; ok {
		fmt.Fprintf(&out, "perspective: %s\n", stated)
	}
	return out.String()
}
