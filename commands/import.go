package commands

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"chancery/graph"
	"chancery/graph/local"
	"chancery/graph/memory"
	"chancery/schema"
	"chancery/seed"
	"chancery/seed/intake"
)

// Import takes files into a graph.
type Import struct {
	adminKey
	Files []string `arg:"" help:"Files, folders of files, or - for standard input. Those packed with gzip, zstd or zip are unpacked."`
	To    string   `required:"" placeholder:"DIR|URL" env:"CHANCERY_TO" help:"The graph's directory, which nobody may have open and which is made and seeded if it is new; or a running server's administrators' address, as in http://127.0.0.1:8081."`

	Mapping string `placeholder:"FILE|NAME" help:"Read tables by this mapping, instead of the one that is found by the file's name; see docs/mappings.md."`
	Format  string `placeholder:"NAME" help:"The files' format, where their endings do not tell: csv, tsv, jsonl, json, yaml, nt, nq, ttl, trig, jsonld."`
	Dataset string `placeholder:"NAME" help:"What the claims of an RDF file are of, which must stay the same in all its editions. Default: the file's own name without its ending."`
	Base    string `name:"base-iri" placeholder:"IRI" default:"https://chancery.example/" env:"CHANCERY_BASE_IRI" help:"In RDF, IRIs below this one are ids of the graph. Default: ${default}."`

	DryRun     bool   `help:"Say what would be done, and write nothing."`
	Partial    bool   `help:"Retract nothing: the files are not all of their data sets."`
	MaxLeftOut *int   `placeholder:"N" help:"End with status 1 when more values are left out of claims that stand without them, by fields of the mapping that are sparing. Default: any number may be."`
	MaxRejects int    `placeholder:"N" default:"0" help:"End with status 1 when more claims are rejected; all others are imported in any case. Default: ${default}."`
	Report     string `placeholder:"PATH" help:"Write every rejection, value left out, merge and doubtful pair, and at last the report, to this file as JSON Lines."`
	JSON       bool   `help:"Print the report as JSON."`
}

// Run imports and prints the report. The error is also that of files that could not
// be read to their end, and of more rejections than are allowed.
func (c *Import) Run(ctx context.Context, env *Env) (err error) {
	o, err := schema.Load()
	if err != nil {
		return err
	}
	files, err := c.find(o, env)
	if err != nil {
		return err
	}
	options := intake.Options{DryRun: c.DryRun, Partial: c.Partial}
	if c.Report != "" {
		out, err := os.Create(c.Report)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, out.Close()) }()
		options.Details = out
	}
	shown := newProgress(env, files.bytes)
	options.Progress = shown.tell
	exported, err := c.exported(files, shown)
	if err != nil {
		return err
	}
	var report *intake.Report
	served := strings.HasPrefix(c.To, "http://") || strings.HasPrefix(c.To, "https://")
	switch {
	case exported != nil && served:
		report, err = c.remoteHistory(ctx, exported, options)
	case exported != nil:
		report, err = c.history(ctx, o, env, exported, options)
	case served:
		report, err = c.remote(ctx, files.parts(shown), options)
	default:
		report, err = c.here(ctx, o, env, files.parts(shown), options)
	}
	shown.end()
	if report == nil {
		return err
	}
	return errors.Join(err, c.print(env, report, options.Details), c.verdict(report))
}

// here imports into a directory.
func (c *Import) here(ctx context.Context, o *schema.Ontology, env *Env, files iter.Seq[intake.Part], options intake.Options) (_ *intake.Report, err error) {
	store, err := c.open()
	if err != nil {
		return nil, err
	}
	g, err := graph.Open(ctx, store)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	if err := seed.Load(ctx, g, o, env.Now()); err != nil {
		return nil, err
	}
	return intake.Run(ctx, intake.Target{Graph: g, Ontology: o, Now: env.Now}, files, options)
}

// open opens the directory. A dry run makes none.
func (c *Import) open() (graph.Store, error) {
	if c.DryRun {
		if names, err := os.ReadDir(c.To); errors.Is(err, os.ErrNotExist) || err == nil && len(names) == 0 {
			return memory.New(), nil
		}
	}
	store, err := local.Open(c.To, local.Options{})
	if err != nil {
		return nil, InDirectory(c.To, err)
	}
	return store, nil
}

// print writes the report to where it is wanted.
func (c *Import) print(env *Env, report *intake.Report, details io.Writer) error {
	if details != nil {
		if err := json.NewEncoder(details).Encode(map[string]any{"report": report}); err != nil {
			return err
		}
	}
	if !c.JSON {
		return report.WriteText(env.Stdout)
	}
	encoder := json.NewEncoder(env.Stdout)
	encoder.SetIndent("", "  ")
	return encoder.Encode(report)
}

// verdict is the error of an import that was not all it should be.
func (c *Import) verdict(report *intake.Report) error {
	for _, f := range report.Files {
		if f.Error != "" {
			return fmt.Errorf("%s could not be read to its end: %s", f.Name, f.Error)
		}
	}
	if n := report.Claims.Rejected; n > c.MaxRejects {
		return fmt.Errorf("rejected claims: %d, with --max-rejects %d", n, c.MaxRejects)
	}
	if n := report.ValuesLeftOut; c.MaxLeftOut != nil && n > *c.MaxLeftOut {
		return fmt.Errorf("values left out: %d, with --max-left-out %d", n, *c.MaxLeftOut)
	}
	return nil
}
