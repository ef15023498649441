package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"time"
)

// asking asks the same questions of servers over more and more events.
type asking struct {
	engine, params, only string
	rounds               int
	budget               time.Duration
}

// server is one that is asked.
type server struct {
	size, url string
	pid       int // 0: not known
}

// figures are what one question came to at one server.
type figures struct {
	quads  []float64 // that a request reads, one for each set of parameters
	times  []float64 // milliseconds of each request
	cpu    []float64 // milliseconds of the server's CPU for a request, one for each round
	answer [sha256.Size]byte
}

// run writes a table in Markdown: of each question and server the median time of a
// request, the mean of the quads that requests read, and, of servers whose process is
// known, the least CPU time a request of all rounds. Servers are asked in turn, so that
// what else the machine does hits all alike.
func (a *asking) run(w io.Writer, args []string) error {
	servers, err := readServers(args)
	if err != nil {
		return err
	}
	questions, err := readQuestions(a.engine)
	if err != nil {
		return err
	}
	var sets map[string][]map[string]any
	text, err := os.ReadFile(a.params)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, &sets); err != nil {
		return fmt.Errorf("%s: %w", a.params, err)
	}
	names := slices.SortedFunc(maps.Keys(questions), func(x, y string) int { return cmp.Or(len(x)-len(y), strings.Compare(x, y)) })
	if a.only != "" {
		names = strings.Split(a.only, ",")
	}
	fmt.Fprint(w, "| |")
	for _, s := range servers {
		fmt.Fprintf(w, " %s: p50 ms | CPU ms | quads |", s.size)
	}
	fmt.Fprintf(w, " quads, last to first | answer |\n|---|%s---|---|\n", strings.Repeat("---|---|---|", len(servers)))
	for _, name := range names {
		documents, err := fill(questions[name], sets[name])
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		all := make([]*figures, len(servers))
		for i, s := range servers {
			if all[i], err = s.count(documents); err != nil {
				return fmt.Errorf("%s, %s: %w", name, s.size, err)
			}
		}
		for range a.rounds {
			for i, s := range servers {
				if err := s.time(documents, a.budget, all[i]); err != nil {
					return fmt.Errorf("%s, %s: %w", name, s.size, err)
				}
			}
		}
		fmt.Fprintf(w, "| %s |", name)
		same := "the same"
		for _, f := range all {
			slices.Sort(f.times)
			cpu := "–"
			if len(f.cpu) > 0 {
				cpu = fmt.Sprintf("%.2f", slices.Min(f.cpu))
			}
			fmt.Fprintf(w, " %.2f | %s | %.0f |", f.times[len(f.times)/2], cpu, mean(f.quads))
			if f.answer != all[0].answer {
				same = "differs"
			}
		}
		fmt.Fprintf(w, " %.2f | %s |\n", mean(all[len(all)-1].quads)/mean(all[0].quads), same)
	}
	return nil
}

func mean(of []float64) (sum float64) {
	for _, x := range of {
		sum += x
	}
	return sum / float64(len(of))
}

// readServers reads SIZE=URL[,PID].
func readServers(args []string) (out []server, err error) {
	for _, arg := range args {
		size, rest, ok := strings.Cut(arg, "=")
		url, pid, known := strings.Cut(rest, ",")
		if !ok || url == "" {
			return nil, fmt.Errorf("%q: a server is SIZE=URL or SIZE=URL,PID", arg)
		}
		s := server{size: size, url: url}
		if known {
			if s.pid, err = strconv.Atoi(pid); err != nil {
				return nil, fmt.Errorf("%q: %q is no process id", arg, pid)
			}
		}
		out = append(out, s)
	}
	if len(out) == 0 {
		return nil, errors.New("ask whom? SIZE=URL[,PID], such as 1=http://127.0.0.1:8080/graphql")
	}
	return out, nil
}

// readQuestions reads the documents of an engine file of the bench: templates, by the
// name of the question.
func readQuestions(path string) (map[string]*template.Template, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	out := map[string]*template.Template{}
	_, rest, _ := strings.Cut(string(text), "\n=== ")
	for part := range strings.SplitSeq(rest, "\n=== ") {
		name, document, _ := strings.Cut(part, "\n")
		document, _, _ = strings.Cut(document, "\n-->")
		asJSON := template.FuncMap{"json": func(v any) (string, error) { b, err := json.Marshal(v); return string(b), err }}
		if out[strings.TrimSpace(name)], err = template.New(name).Funcs(asJSON).Parse(document); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	return out, nil
}

// fill makes a document of each set of parameters.
func fill(question *template.Template, sets []map[string]any) (out []string, err error) {
	if question == nil || len(sets) == 0 {
		return nil, errors.New("no such question, or no parameters for it")
	}
	for _, set := range sets {
		for key, value := range set {
			if n, ok := value.(float64); ok {
				set[key] = int(n) // a large number would be written with an exponent
			}
		}
		var b strings.Builder
		if err := question.Execute(&b, set); err != nil {
			return nil, err
		}
		out = append(out, b.String())
	}
	return out, nil
}

// count asks each document once, with its plan, for the quads and the answer.
func (s server) count(documents []string) (*figures, error) {
	f := &figures{}
	hash := sha256.New()
	for _, document := range documents {
		body, err := s.ask("query @explain " + document)
		if err != nil {
			return nil, err
		}
		var answer struct {
			Data       json.RawMessage
			Errors     json.RawMessage
			Extensions struct {
				Cost struct{ Quads *float64 }
			}
		}
		switch err := json.Unmarshal(body, &answer); {
		case err != nil:
			return nil, err
		case answer.Errors != nil || answer.Extensions.Cost.Quads == nil:
			return nil, fmt.Errorf("%s: %.500s", document, body)
		}
		f.quads = append(f.quads, *answer.Extensions.Cost.Quads)
		hash.Write(answer.Data)
	}
	hash.Sum(f.answer[:0])
	return f, nil
}

// time asks all documents in turn until the budget is spent, once at least.
func (s server) time(documents []string, budget time.Duration, f *figures) error {
	before, asked := s.cpu(), 0
	for began := time.Now(); asked == 0 || time.Since(began) < budget; {
		for _, document := range documents {
			since := time.Now()
			if _, err := s.ask(document); err != nil {
				return err
			}
			f.times = append(f.times, float64(time.Since(since).Microseconds())/1000)
			asked++
		}
	}
	if s.pid != 0 {
		f.cpu = append(f.cpu, (s.cpu()-before).Seconds()*1000/float64(asked))
	}
	return nil
}

func (s server) ask(document string) ([]byte, error) {
	request, err := json.Marshal(map[string]string{"query": document})
	if err != nil {
		return nil, err
	}
	response, err := http.Post(s.url, "application/json", bytes.NewReader(request))
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %.500s", response.Status, body)
	}
	return body, err
}

// cpu is the CPU time of all threads of the server that live, as Linux counts it. 0 where it does not.
func (s server) cpu() (sum time.Duration) {
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", s.pid)) // no error: the pattern is well formed
	for _, thread := range threads {
		text, err := os.ReadFile(thread)
		if err != nil {
			continue // it has ended
		}
		nanoseconds, _, _ := strings.Cut(string(text), " ")
		n, err := strconv.ParseInt(nanoseconds, 10, 64)
		if err == nil {
			sum += time.Duration(n)
		}
	}
	return sum
}
