package commands

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"chancery/graph"
	"chancery/graph/local"
	"chancery/schema"
	"chancery/seed/export"
)

// Export writes a graph, or a part of it.
type Export struct {
	adminKey
	From   string `placeholder:"DIR|URL" default:"chancery.data" env:"CHANCERY_DATA" help:"The graph's directory, which nobody may have open; or a running server's administrators' address, as in http://127.0.0.1:8081. Default: ${default}."`
	Out    string `short:"o" placeholder:"FILE|DIR|-" default:"-" help:"Write to this file, packed if it ends in .gz or .zst; csv to this folder, or a zip of one if it ends in .zip; - is standard output, where csv is a zip. Default: ${default}."`
	Format string `placeholder:"NAME" help:"nquads, trig, jsonld (RDF with every claim), csv (a table for each class) or graphml. Default: by the ending of --out, else nquads."`

	History bool `help:"Write all that the graph ever knew, with record times and retractions: importing that into an empty directory gives an equal graph. RDF only."`

	KnownAt       string   `placeholder:"TIME" help:"As the graph knew it then: 2025-11-06T12:00:00Z. Default: now."`
	ValidOn       string   `aliases:"valid-at" placeholder:"DAY" help:"Only what holds on that day: 2025-11-06."`
	Sources       []string `aliases:"source" placeholder:"ID" help:"Only claims of these sources, of what is part of them or of these publishers."`
	ExceptSources []string `placeholder:"ID" help:"None of these."`
	Statuses      []string `aliases:"status" placeholder:"STATUS" help:"Only claims of these statuses: CONFIRMED, REPORTED, ASSESSED."`
	MinConfidence string   `placeholder:"N" help:"Only claims of at least this confidence, from 0 to 1; one that states none has 1."`

	Class  string   `placeholder:"NAME" help:"Only entities of this class: Visit; or of all classes of an interface: Agent."`
	Around []string `placeholder:"ID" help:"Only these entities and those around them."`
	Hops   string   `placeholder:"N" help:"How many relations away from --around, either way. Default: 1."`

	Base string `name:"base-iri" placeholder:"IRI" env:"CHANCERY_BASE_IRI" help:"IRI that ids are relative to, in RDF. Default: that of the server, else https://chancery.example/."`
}

// Help is what --help says below the flags.
func (*Export) Help() string {
	return "Without --history, --class and --around it writes all that the perspective shows. docs/exports.md describes the files."
}

// Run writes the export. What could not be written to its end is not left behind.
func (c *Export) Run(ctx context.Context, env *Env) error {
	values, o, err := c.options()
	if err != nil {
		return err
	}
	to := c.target(env, o)
	if strings.HasPrefix(c.From, "http://") || strings.HasPrefix(c.From, "https://") {
		return c.remote(ctx, values, to)
	}
	return c.here(ctx, o, to)
}

// options reads the flags; the parameters of a request are the same.
func (c *Export) options() (url.Values, export.Options, error) {
	values := url.Values{}
	format := c.Format
	if name := unpackedName(c.Out); format == "" && c.Out != "-" {
		format = string(export.FormatOfFile(name))
		if format == "" && !isFolder(c.Out) && filepath.Ext(name) != "" {
			return nil, export.Options{}, fmt.Errorf("--out %s: its name tells no format: give one of %s with --format", c.Out, strings.Join(export.Names(), ", "))
		}
	}
	for name, value := range map[string]string{
		"format": format, "knownAt": c.KnownAt, "validOn": c.ValidOn, "minConfidence": c.MinConfidence, "class": c.Class, "hops": c.Hops, "baseIRI": c.Base,
	} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if c.History {
		values.Set("history", "true")
	}
	for name, list := range map[string][]string{"sources": c.Sources, "exceptSources": c.ExceptSources, "statuses": c.Statuses, "around": c.Around} {
		if len(list) > 0 {
			values[name] = list
		}
	}
	o, err := export.Parse(values)
	if option, ok := errors.AsType[*export.OptionError](err); ok {
		err = asFlag(option)
	}
	return values, o, err
}

// asFlag names the flag instead of the parameter.
func asFlag(e *export.OptionError) error {
	var flag strings.Builder
	for _, r := range strings.Replace(e.Option, "IRI", "Iri", 1) {
		if r >= 'A' && r <= 'Z' {
			flag.WriteByte('-')
		}
		flag.WriteString(strings.ToLower(string(r)))
	}
	return fmt.Errorf("--%s: %s", flag.String(), e.Reason)
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// here exports from a directory.
func (c *Export) here(ctx context.Context, o export.Options, to exportTarget) (err error) {
	// Opening what is not there would make it.
	if names, err := os.ReadDir(c.From); err != nil || len(names) == 0 {
		return cmp.Or(err, fmt.Errorf("%s: the directory is empty: there is nothing to export", c.From))
	}
	ontology, err := schema.Load()
	if err != nil {
		return err
	}
	store, err := local.Open(c.From, local.Options{})
	if err != nil {
		return InDirectory(c.From, err)
	}
	g, err := graph.Open(ctx, store)
	if err != nil {
		return errors.Join(err, store.Close())
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	err = to.write(func(w io.Writer) error { return export.Write(ctx, g, ontology, o, w) })
	if option, ok := errors.AsType[*export.OptionError](err); ok {
		return asFlag(option)
	}
	return err
}

// remote exports from a running server.
func (c *Export) remote(ctx context.Context, values url.Values, to exportTarget) error {
	from, err := url.Parse(c.From)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, from.JoinPath("export").String(), strings.NewReader(values.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	authorize(r, c.Key)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("no server gives exports there; start one with --admin %s: %w", from.Host, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		var refusal struct {
			Error string `json:"error"`
		}
		if err := json.NewDecoder(response.Body).Decode(&refusal); err != nil || refusal.Error == "" {
			return fmt.Errorf("%s gave no answer of ours, but %s", c.From, strconv.Quote(response.Status))
		}
		return errors.New(refusal.Error)
	}
	return to.write(func(w io.Writer) error {
		if _, err := io.Copy(w, response.Body); err != nil {
			return fmt.Errorf("%s broke off before the end; its log says why: %w", c.From, err)
		}
		return nil
	})
}
