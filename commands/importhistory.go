package commands

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"chancery/graph"
	"chancery/schema"
	"chancery/seed"
	"chancery/seed/history"
	"chancery/seed/intake"
	"chancery/seed/rdf"
)

// exported is a file that export has written: its claims are taken in as they were.
type exported struct {
	history.Header
	history.ReadOptions
	in    io.Reader
	close func() error
}

// exportedHead is how much of a file is looked at to know it.
const exportedHead = 1 << 16

// exported finds out whether what is to be imported is such a file; nil if it is not.
func (c *Import) exported(files *importFiles, shown *progress) (*exported, error) {
	var found *exported
	for _, file := range files.all {
		format := c.rdfOf(file.path)
		if !format.HasGraphs() || c.Mapping != "" {
			continue
		}
		in, closeIn, err := files.open(file.path, shown)
		if err != nil {
			continue // to be told when it is imported
		}
		whole := bufio.NewReaderSize(in, exportedHead)
		head, _ := whole.Peek(exportedHead) // an error is told when it is read
		if header, ok := history.Begins(head, format); ok {
			found = &exported{header, history.ReadOptions{File: unpackedName(file.path), Format: format}, whole, closeIn}
			break
		}
		shown.bytes.Store(0)
		if file.path == standardInput {
			files.stdin = whole
		} else if err := closeIn(); err != nil {
			return nil, err
		}
	}
	if found != nil && len(files.all) > 1 {
		return nil, errors.Join(fmt.Errorf("%s is an export with claims as they were recorded: import it alone, and the other files after it", found.File), found.close())
	}
	return found, nil
}

// rdfOf is the format of a file that may be RDF with graphs; 0 where it is none.
func (c *Import) rdfOf(path string) rdf.Format {
	if c.Format != "" {
		if f, err := rdf.FormatNamed(c.Format); err == nil && c.Format != "json" {
			return f
		}
		return 0
	}
	name := strings.ToLower(unpackedName(path))
	if f, err := rdf.FormatOfFile(name); err == nil && !strings.HasSuffix(name, ".json") {
		return f
	}
	return 0
}

// history takes such a file into a directory. A new one that is given a whole history
// is not seeded: it becomes what was exported, no more.
func (c *Import) history(ctx context.Context, o *schema.Ontology, env *Env, e *exported, options intake.Options) (_ *intake.Report, err error) {
	defer func() { err = errors.Join(err, e.close()) }()
	store, err := c.open()
	if err != nil {
		return nil, err
	}
	g, err := graph.Open(ctx, store)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	if e.Kind != history.Whole {
		if err := seed.Load(ctx, g, o, env.Now()); err != nil {
			return nil, err
		}
	}
	return history.Take(ctx, intake.Target{Graph: g, Ontology: o, Now: env.Now}, e.in, e.ReadOptions, historyOptions(options))
}

func historyOptions(o intake.Options) history.Options {
	h := history.Options{DryRun: o.DryRun, Progress: o.Progress}
	if o.Details != nil {
		details := json.NewEncoder(o.Details)
		h.Reject = func(j intake.Rejection) error { return details.Encode(map[string]any{"rejection": j}) }
	}
	return h
}

// remoteHistory sends such a file to a running server.
func (c *Import) remoteHistory(ctx context.Context, e *exported, o intake.Options) (_ *intake.Report, err error) {
	defer func() { err = errors.Join(err, e.close()) }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	to, err := url.Parse(c.To)
	if err != nil {
		return nil, err
	}
	to = to.JoinPath("history")
	to.RawQuery = url.Values{
		"format": {strings.TrimPrefix(e.Format.Ending(), ".")}, "file": {e.File},
		"dryRun": {strconv.FormatBool(o.DryRun)}, "details": {strconv.FormatBool(o.Details != nil)},
	}.Encode()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to.String(), io.NopCloser(e.in))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", e.Format.MediaType())
	authorize(r, c.Key)
	return c.answer(r, o)
}
