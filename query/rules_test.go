package query_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"chancery/graph"
	"chancery/query"
	"chancery/query/naive"
	"chancery/schema"
	"chancery/seed"
	"chancery/seed/check"
)

var update = flag.Bool("update", false, "rewrite the answers in testdata/rules as the engine gives them")

// TestRules asks the questions of the scripts in testdata/rules and compares the
// answers; testdata/rules/README.md describes their form. The answers were worked
// out by hand from the rules: with -update, look at every line of the diff.
func TestRules(t *testing.T) {
	files, err := filepath.Glob("testdata/rules/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no scripts", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := &script{bench: newBench(t), file: file, sections: readSections(string(text))}
			s.run(t)
			if got := s.String(); *update && got != string(text) {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// section is a header with the lines that follow it; what stands before the first
// header is a section without one.
type section struct {
	key, arg string
	body     string
	line     int // of the header
}

var header = regexp.MustCompile(`^-- (\w+)(?:: (.*))? --$`)

func readSections(text string) []*section {
	sections := []*section{{}}
	for i, line := range strings.SplitAfter(text, "\n") {
		if m := header.FindStringSubmatch(strings.TrimSuffix(line, "\n")); m != nil {
			sections = append(sections, &section{key: m[1], arg: m[2], line: i + 1})
			continue
		}
		sections[len(sections)-1].body += line
	}
	return sections
}

// script is one file being run.
type script struct {
	*bench
	file     string
	sections []*section
	data     []any // the data of the answers so far, for cursors
}

func (s *script) String() string {
	var b strings.Builder
	for _, c := range s.sections {
		switch {
		case c.key == "":
		case c.arg == "":
			fmt.Fprintf(&b, "-- %s --\n", c.key)
		default:
			fmt.Fprintf(&b, "-- %s: %s --\n", c.key, c.arg)
		}
		b.WriteString(c.body)
	}
	return b.String()
}

// run runs the sections in order. What belongs to one rule is one subtest; what
// changes the graph is none, so that a subtest can run alone.
func (s *script) run(t *testing.T) {
	rule := "without a rule"
	for from := 0; from < len(s.sections); {
		first, to := s.sections[from], from+1
		if first.key == "rule" {
			rule = first.arg
		} else if changesGraph(first) || first.key == "" {
			s.runSections(t, s.sections[from:to])
			from = to
			continue
		}
		for to < len(s.sections) && s.sections[to].key != "rule" && !changesGraph(s.sections[to]) {
			to++
		}
		if to > from+1 {
			t.Run(rule, func(t *testing.T) { s.runSections(t, s.sections[from:to]) })
		}
		from = to
	}
}

func changesGraph(c *section) bool {
	return slices.Contains([]string{"facts", "quads", "retract", "limits"}, c.key)
}

func (s *script) runSections(t *testing.T, sections []*section) {
	var q *question
	var refused error
	for _, c := range sections {
		place := fmt.Sprintf("%s:%d", s.file, c.line)
		var err error
		switch c.key {
		case "", "rule":
		case "facts", "quads", "retract":
			err = s.commit(t, c)
		case "refused":
			if _, refused = s.facts(t, c, ""); refused == nil {
				err = errors.New("the facts are recorded")
			}
		case "limits":
			var rows int
			if _, err = fmt.Sscanf(c.arg, "rows %d", &rows); err == nil {
				s.engine = query.New(s.ontology, s.graph, query.Options{Rows: rows})
			}
		case "ask":
			q = &question{document: c.body, shown: strings.Fields(c.arg)}
		case "variables":
			err = json.Unmarshal([]byte(c.body), &q.variables)
		case "perspective":
			err = json.Unmarshal([]byte(c.body), &q.perspective)
		case "says":
			said := strings.Split(strings.TrimSpace(c.body), "\n")
			if refused == nil {
				q.says = said
				break
			}
			for _, words := range said {
				if !strings.Contains(refused.Error(), words) {
					t.Errorf("%s: the refusal does not say %q: %v", place, words, refused)
				}
			}
			refused = nil
		case "answer":
			s.answer(t, place, q, c)
		default:
			err = errors.New("there is no section " + c.key)
		}
		if err != nil {
			t.Fatalf("%s: %v", place, err)
		}
	}
}

// commit records or retracts what a section says at the time of its argument.
func (s *script) commit(t *testing.T, c *section) error {
	day, rest, _ := strings.Cut(c.arg, ", ")
	if len(day) == len(time.DateOnly) {
		day += "T00:00:00Z"
	}
	at, err := time.Parse(time.RFC3339, day)
	if err != nil {
		return err
	}
	changes := graph.Changes{At: at}
	switch c.key {
	case "facts":
		changes.Record, err = s.facts(t, c, rest)
	case "quads":
		for line := range strings.Lines(strings.TrimSpace(c.body)) {
			w := strings.Fields(line)
			if len(w) != 5 {
				return fmt.Errorf("%q: write claim, source, subject, predicate, object", line)
			}
			changes.Record = append(changes.Record, graph.Claim{
				ID: w[0], Source: w[1], Status: graph.Confirmed,
				Facts: []graph.Fact{{Subject: w[2], Predicate: w[3], Object: graph.Ref(w[4])}},
			})
		}
	case "retract":
		for line := range strings.Lines(strings.TrimSpace(c.body)) {
			claim, reason, _ := strings.Cut(strings.TrimSpace(line), " ")
			changes.Retract = append(changes.Retract, graph.Retraction{Claim: claim, Reason: reason})
		}
	}
	if err != nil {
		return err
	}
	receipt, err := s.graph.Apply(t.Context(), changes)
	if err == nil && !receipt.At.Equal(at) {
		err = fmt.Errorf("recorded at %s: write times that ascend", receipt.At)
	}
	return err
}

// facts reads documents of the seed's form, each as often as the argument says,
// with {n} as the number of the copy.
func (s *script) facts(t *testing.T, c *section, times string) ([]graph.Claim, error) {
	n := 1
	if times != "" {
		if _, err := fmt.Sscanf(times, "%d times", &n); err != nil {
			return nil, fmt.Errorf("%q: write it as in 3 times", times)
		}
	}
	view, err := s.graph.View(t.Context(), graph.Perspective{})
	if err != nil {
		return nil, err
	}
	known, failed := check.Known(t.Context(), view, s.ontology)
	given := map[string]*schema.Class{}
	classOf := func(id string) (*schema.Class, bool) {
		if class, ok := given[id]; ok {
			return class, true
		}
		return known(id)
	}
	var all []graph.Claim
	for _, text := range strings.Split(c.body, "\n---\n") {
		for i := range n {
			name := fmt.Sprintf("%s:%d", s.file, c.line)
			doc, err := seed.Read(name, strings.NewReader(strings.ReplaceAll(text, "{n}", strconv.Itoa(i+1))))
			if err != nil {
				return nil, err
			}
			claims, err := doc.Claims(s.ontology, classOf)
			if err != nil {
				return nil, err
			}
			for _, claim := range claims {
				for _, f := range claim.Facts {
					if f.Predicate == graph.Type {
						given[f.Subject] = s.ontology.ClassByIRI(f.Object.Text)
					}
				}
			}
			all = append(all, claims...)
		}
	}
	return all, failed()
}

// question is one ask with what belongs to it.
type question struct {
	document    string
	variables   map[string]any
	perspective map[string]any
	shown       []string // extensions that the answer shows
	says        []string // what the messages of the errors must say
}

// answer asks and compares with the section, or writes into it.
func (s *script) answer(t *testing.T, place string, q *question, c *section) {
	if q == nil {
		t.Fatalf("%s: there is no question", place)
	}
	got, messages, err := s.askQuestion(t, q)
	if err != nil {
		t.Errorf("%s: %v\n%s", place, err, q.document)
		return
	}
	text := layOut(got, "")
	for _, words := range q.says {
		if !strings.Contains(messages, words) {
			t.Errorf("%s: the messages do not say %q:\n%s", place, words, messages)
		}
	}
	want, err := decode([]byte(c.body))
	if err != nil {
		t.Fatalf("%s: %v", place, err)
	}
	switch expected := layOut(want, ""); {
	case expected == text: // whatever the lines that it stands on
	case *update:
		c.body = text + "\n" + c.body[len(strings.TrimRight(c.body, "\n")):]
		c.body = strings.TrimSuffix(c.body, "\n")
	default:
		t.Errorf("%s: %s\ngot  %s\nwant %s\n%s", place, strings.TrimSpace(q.document), text, expected, messages)
	}
}

// askQuestion answers as a client sees it, but for the messages of errors, which
// come apart, and cursors, which are opaque.
func (s *script) askQuestion(t *testing.T, q *question) (*naive.Object, string, error) {
	for name, v := range q.variables {
		if text, ok := v.(string); ok && strings.HasPrefix(text, "= ") {
			if q.variables[name] = s.valueAt(strings.Split(text[2:], ".")); q.variables[name] == nil {
				return nil, "", fmt.Errorf("no answer has %s", text[2:])
			}
		}
	}
	out, messages := &naive.Object{}, ""
	add := func(key string, value any) {
		out.Keys, out.Values = append(out.Keys, key), append(out.Values, value)
	}
	doc, variables, err := request{Document: q.document, Variables: q.variables}.parse(s.ontology)
	if err != nil {
		return nil, "", err
	}
	var errs []any
	fail := func(path ast.Path, e *query.Error) {
		messages += e.Error() + "\n"
		o := &naive.Object{Keys: []string{"code"}, Values: []any{string(e.Code)}}
		if path != nil {
			o.Keys, o.Values = append(o.Keys, "path"), append(o.Values, pathOf(path))
		}
		if e.Argument != "" {
			o.Keys, o.Values = append(o.Keys, "argument"), append(o.Values, e.Argument)
		}
		errs = append(errs, o)
	}
	operation := doc.Operations[0]
	op, err := s.engine.Begin(t.Context(), query.Request{Operation: operation, Variables: variables, Perspective: q.perspective})
	var wrong *query.Error
	if errors.As(err, &wrong) {
		fail(nil, wrong)
		add("errors", errs)
		return out, messages, nil
	}
	if err != nil {
		return nil, "", err
	}
	data, whole := &naive.Object{}, true
	for _, fields := range rootFields(operation.SelectionSet, variables, map[string]bool{}) {
		a, err := op.Answer(t.Context(), fields[0], fields[0].SelectionSet)
		if err != nil {
			return nil, "", err
		}
		value, err := decode(a.JSON)
		if err != nil {
			return nil, "", err
		}
		whole = whole && (value != nil || !fields[0].Definition.Type.NonNull)
		data.Keys, data.Values = append(data.Keys, fields[0].Alias), append(data.Values, value)
		for _, e := range a.Errors {
			fail(e.Path, e)
		}
	}
	if whole {
		add("data", data)
		s.data = append(s.data, data)
	} else {
		add("data", nil)
	}
	if errs != nil {
		add("errors", errs)
	}
	extensions, err := op.Extensions(t.Context())
	if err != nil {
		return nil, "", err
	}
	shown := &naive.Object{}
	for _, e := range extensions {
		if !slices.Contains(q.shown, e.Key) {
			continue
		}
		value, err := decode(e.JSON)
		if err != nil {
			return nil, "", err
		}
		shown.Keys, shown.Values = append(shown.Keys, e.Key), append(shown.Values, value)
	}
	if len(q.shown) > 0 {
		add("extensions", shown)
	}
	return out, messages, nil
}

// valueAt returns what stands at a path in the newest answer that has it; nil for
// none.
func (s *script) valueAt(path []string) any {
	for _, data := range slices.Backward(s.data) {
		at := data
		for _, key := range path {
			switch v := at.(type) {
			case *naive.Object:
				if at = nil; slices.Contains(v.Keys, key) {
					at = v.Values[slices.Index(v.Keys, key)]
				}
			case []any:
				i, err := strconv.Atoi(key)
				if at = nil; err == nil && i < len(v) {
					at = v[i]
				}
			}
		}
		if at != nil {
			return at
		}
	}
	return nil
}

// layOut writes JSON: what fits stands on one line. Cursors are shown as <cursor>,
// and 20 equal items or more as one.
func layOut(v any, indent string) string {
	flat := flatten(v)
	if len(indent)+len(flat) <= 110 {
		return flat
	}
	inner := indent + "  "
	var open, closing string
	var parts []string
	switch v := v.(type) {
	case *naive.Object:
		open, closing = "{", "}"
		for i, key := range v.Keys {
			parts = append(parts, fmt.Sprintf("%q: %s", key, layOut(cursorHidden(key, v.Values[i]), inner)))
		}
	case []any:
		open, closing = "[", "]"
		for _, item := range v {
			parts = append(parts, layOut(item, inner))
		}
	}
	if parts == nil {
		return flat
	}
	return open + "\n" + inner + strings.Join(parts, ",\n"+inner) + "\n" + indent + closing
}

func flatten(v any) string {
	var parts []string
	switch v := v.(type) {
	case *naive.Object:
		for i, key := range v.Keys {
			parts = append(parts, fmt.Sprintf("%q: %s", key, flatten(cursorHidden(key, v.Values[i]))))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		for _, item := range v {
			parts = append(parts, flatten(item))
		}
		if n := len(parts); n >= 20 && len(slices.Compact(slices.Clone(parts))) == 1 {
			return fmt.Sprintf(`[{"times": %d, "each": %s}]`, n, parts[0])
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic("a value that is no JSON: " + err.Error())
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func cursorHidden(key string, v any) any {
	if text, ok := v.(string); ok && text != "" && slices.Contains([]string{"cursor", "startCursor", "endCursor"}, key) {
		return "<cursor>"
	}
	return v
}
