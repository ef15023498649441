// Command chancery serves a knowledge graph of diplomacy: GraphQL at /graphql,
// a playground at /, health at /healthz and /readyz, how new the sources are at
// /freshness.
//
// This file puts the parts together, operations.go those that tell how the server
// fares. They alone, with settings.go, read flags, the environment, the configuration
// file and the clock; what is below is given them.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"chancery/api"
	"chancery/api/access"
	"chancery/api/admin"
	"chancery/api/tables"
	"chancery/commands"
	"chancery/graph"
	"chancery/graph/cayley"
	"chancery/graph/local"
	"chancery/graph/memory"
	"chancery/query"
	"chancery/resolvers"
	"chancery/schema"
	"chancery/seed"
	"chancery/seed/export"
	"chancery/seed/history"
	"chancery/seed/intake"
	"chancery/telemetry/metrics"
	"chancery/web"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	p := &program{
		Args:   os.Args[1:],
		Env:    os.LookupEnv,
		Stdin:  os.Stdin,
		Stdout: os.Stdout,
		Stderr: os.Stderr,
		Now:    time.Now,
	}
	err := p.Run(ctx)
	if err == nil {
		return
	}
	if _, usage := errors.AsType[*kong.ParseError](err); usage {
		fmt.Fprintln(os.Stderr, "chancery:", err, "(see chancery --help)")
		os.Exit(usageStatus)
	}
	fmt.Fprintln(os.Stderr, "chancery:", err)
	os.Exit(1)
}

// usageStatus is the exit status of EX_USAGE. It is not 2, with which Go ends a program
// that crashed: a crash is worth another start, a wrong setting is not.
const usageStatus = 64

// program is one run of the command, with all that it knows of the outside.
type program struct {
	Args   []string
	Env    func(name string) (value string, set bool)
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer // logs
	Now    func() time.Time
	After  func(time.Duration) <-chan time.Time // default time.After
	// Client is how long a client may take where no setting says so: for a request's
	// header, a socket's first message, an event, a pong. Default: as docs/security.md
	// has it.
	Client time.Duration
	// Listening, when set, is told the address that serve listens on, once
	// requests are answered.
	Listening func(net.Addr)
}

// Run does what the arguments say and returns when it is done; serve is done
// when ctx is, and requests under way have been answered. The error is a
// *kong.ParseError for arguments, environment or a file that make no sense.
func (p *program) Run(ctx context.Context) error {
	var c commandLine
	parser, err := kong.New(&c,
		kong.Name("chancery"),
		kong.Writers(p.Stdout, p.Stderr),
		kong.NoDefaultHelp(),
		kong.Resolvers(&settings{env: p.Env}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(p, &commands.Env{Stdin: p.Stdin, Stdout: p.Stdout, Stderr: p.Stderr, Now: p.Now}),
	)
	if err != nil {
		return err
	}
	command, err := parser.Parse(p.Args)
	if errors.Is(err, errHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	return command.Run()
}

func (p *program) after(wait time.Duration) <-chan time.Time {
	if p.After != nil {
		return p.After(wait)
	}
	return time.After(wait)
}

// commandLine is all commands. What a field's tag says is all there is to say
// of a flag: --help prints it.
type commandLine struct {
	Help    helpFlag         `short:"h" help:"Print this help, or a command's."`
	Serve   serveCommand     `cmd:"" default:"withargs" help:"Serve the API and the playground (the default)."`
	Import  commands.Import  `cmd:"" help:"Take files into a graph: tables by mappings, and RDF."`
	Export  commands.Export  `cmd:"" help:"Write a graph, or a part of it, as RDF, tables or GraphML; with its whole history, to be imported again."`
	Mapping commands.Mapping `cmd:"" help:"Write a first mapping for a table, or check mappings."`
	Check   commands.Check   `cmd:"" help:"Check every checksum and every invariant of a graph's directory that nobody has open."`
	Backup  commands.Backup  `cmd:"" help:"Copy a graph to a new directory, also while a server has it open and writes."`
	Restore commands.Restore `cmd:"" help:"Make a graph's directory from a backup, after checking it."`
	Keys    commands.Keys    `cmd:"" help:"Make, list and revoke the API keys that a server asks for."`
	Erase   commands.Erase   `cmd:"" help:"Erase claims or entities for good, for legal reasons, through a running server's administrators' address."`
	Health  commands.Health  `cmd:"" help:"Ask a running server whether it is up, or ready: for the health check of a container."`
	Version versionCommand   `cmd:"" help:"Print the version of the program and of the schema it serves."`
}

// helpFlag prints help instead of leaving the process, as kong's own would.
type helpFlag bool

var errHelp = errors.New("help was printed")

// BeforeReset is kong's hook for a flag that comes before all others.
func (helpFlag) BeforeReset(ctx *kong.Context) error {
	if err := ctx.PrintUsage(false); err != nil {
		return err
	}
	return errHelp
}

type versionCommand struct{}

// Run prints one line.
func (versionCommand) Run(p *program) error {
	o, err := schema.Load()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.Stdout, "chancery %s, schema %s\n", version(), o.Version)
	return err
}

type serveCommand struct {
	Config string `placeholder:"PATH" env:"CHANCERY_CONFIG" help:"Read settings from this JSON file."`

	Listen string        `placeholder:"ADDR" default:"127.0.0.1:8080" env:"CHANCERY_LISTEN" help:"Listen on this address; port 0 takes a free one. Default: ${default}."`
	Data   string        `placeholder:"DIR" default:"chancery.data" env:"CHANCERY_DATA" help:"Keep the graph in this directory; one that is not there is made and seeded. Default: ${default}."`
	Store  string        `enum:"local,memory" default:"local" env:"CHANCERY_STORE" help:"Keep the graph in this store: ${enum}. memory starts with the embedded seed and forgets on exit. Default: ${default}."`
	Base   string        `name:"base-iri" placeholder:"IRI" env:"CHANCERY_BASE_IRI" help:"Ids are relative to this IRI. Default: https://chancery.example/."`
	Drain  time.Duration `default:"10s" env:"CHANCERY_DRAIN" help:"Wait so long for requests under way when stopping. Default: ${default}."`

	Admin string `placeholder:"ADDR" env:"CHANCERY_ADMIN" help:"Serve administrators on this loopback address: imports, exports, erasure, backups, raw quads, metrics and profiles. Default: off."`
	Gizmo bool   `env:"CHANCERY_GIZMO" help:"Let administrators run Gizmo scripts, which can use up the machine. Default: off."`

	Trusted     string `placeholder:"PATH" env:"CHANCERY_TRUSTED" help:"Let requests name the documents of this manifest by id. Default: none."`
	TrustedOnly bool   `env:"CHANCERY_TRUSTED_ONLY" help:"Answer no document but those of the manifest; the playground then answers nothing else either. Default: off."`

	Tables string `placeholder:"DIR" env:"CHANCERY_TABLES" help:"Serve the documents *.graphql of this directory as tables at /tables/, beside those that come along. Default: none."`

	LogLevel  string `enum:"debug,info,warn,error" default:"info" env:"CHANCERY_LOG_LEVEL" help:"Log from this level on: ${enum}. Default: ${default}."`
	LogFormat string `enum:"auto,text,json" default:"auto" env:"CHANCERY_LOG_FORMAT" help:"Log as ${enum}; auto is text on a terminal and json elsewhere. Default: ${default}."`

	Exposure   exposure   `embed:""`
	Limit      limits     `embed:"" prefix:"limit-"`
	Operations operations `embed:""`
}

// Help is what --help says below the flags' usage.
func (*serveCommand) Help() string {
	return "Each flag can be set in the environment too, under the name in its help, or in a JSON file (--config) " +
		`under its own name: {"listen": "127.0.0.1:9000", "log-level": "debug"}. ` +
		"A flag goes before the environment, the environment before the file.\n\n" +
		"serve can be left out."
}

// Run opens the graph and serves it until ctx is done.
func (c *serveCommand) Run(ctx context.Context, p *program) error {
	log := slog.New(api.LogHandler(c.logHandler(p.Stderr)))
	o, err := schema.Load()
	if err != nil {
		return err
	}
	store, err := c.open(log)
	if err != nil {
		return err
	}
	g, err := load(ctx, store, o, p.Now())
	if err != nil {
		return err
	}
	log.Info("graph open", "store", c.Store, "graph", g)
	err = c.serve(ctx, p, log, o, g, store)
	return errors.Join(err, g.Close())
}

// open opens the store.
func (c *serveCommand) open(log *slog.Logger) (graph.Store, error) {
	if c.Store == "memory" {
		return memory.New(), nil
	}
	store, err := local.Open(c.Data, local.Options{Logger: log})
	if err != nil {
		return nil, commands.InDirectory(c.Data, err)
	}
	return store, nil
}

// load makes a graph of a store and records of the seed what is not there yet.
func load(ctx context.Context, store graph.Store, o *schema.Ontology, at time.Time) (*graph.Graph, error) {
	g, err := graph.Open(ctx, store)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	if err := seed.Load(ctx, g, o, at); err != nil {
		return nil, errors.Join(err, g.Close())
	}
	return g, nil
}

// What a slow or silent client can hold a connection for, before it has asked
// anything.
const (
	headerTime  = 5 * time.Second
	headerBytes = 64 << 10 // a query in an URL included
)

func (c *serveCommand) serve(ctx context.Context, p *program, log *slog.Logger, o *schema.Ontology, g *graph.Graph, store graph.Store) error {
	trusted, err := c.trusted()
	if err != nil {
		return err
	}
	tracer, sendTraces, err := c.Operations.tracer(log)
	if err != nil {
		return err
	}
	saved, err := c.savedTables(o)
	if err != nil {
		return err
	}
	streaming, endStreams := context.WithCancel(context.WithoutCancel(ctx))
	defer endStreams()
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w", c.Listen, err)
	}
	at := listener.Addr()
	gates, err := c.gates(at, p, log)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	encryption, err := c.Exposure.tls(log)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	limits, reads := c.Limit.of(c.Exposure.public(at))
	reads.BaseIRI, reads.Now = c.Base, p.Now
	limits.Init, limits.Write, limits.Ping = cmp.Or(p.Client, limits.Init), cmp.Or(p.Client, limits.Write), cmp.Or(p.Client, limits.Ping)
	engine := query.New(o, g, reads)
	documents := &api.CacheStats{}
	watched := metrics.New(metrics.Options{
		Version: version(), Schema: o.Version, Store: sizes(g, store, c.Data, log), Engine: engineStats(engine, documents),
	})
	var pages http.Handler
	if c.Exposure.on(c.Exposure.Playground, at) {
		pages = web.Handler()
	}
	var stopping atomic.Bool
	var subscriptions sync.WaitGroup
	handler := api.NewHandler(api.Options{
		Executor: resolvers.NewExecutor(o, g, engine, p.Now, log),
		Gate:     gates.clients,
		Limits:   limits,
		Pages:    pages,
		Origins:  c.Exposure.CORS,

		NoIntrospection: !c.Exposure.on(c.Exposure.Introspection, at),
		NoSuggestions:   !c.Exposure.on(c.Exposure.Suggestions, at),
		NoSimpleGet:     !c.Exposure.on(c.Exposure.SimpleGet, at),
		Ready: func(ctx context.Context) error {
			if stopping.Load() {
				return errors.New("the server is stopping")
			}
			_, err := g.View(ctx, graph.Perspective{})
			return err
		},
		Log:      log,
		Now:      p.Now,
		Stopping: streaming,
		Observer: watched, Tracer: tracer, Freshness: freshness(g), Documents: documents,
		Trusted: trusted, TrustedOnly: c.TrustedOnly,
		Tables: saved,
		Open:   &subscriptions,
	})
	server := c.server(handler, cmp.Or(p.Client, headerTime), limits.Patience+limits.Time, log)
	server.TLSConfig = encryption
	served := make(chan error, 2)
	var admins *administrators // nil: they are not served
	if c.Admin != "" {
		admins, err = c.administrators(ctx, p, log, o, g, store, gates.administrators, watched.Handler())
		if err != nil {
			return errors.Join(err, listener.Close())
		}
		defer admins.Close()
		go func() { served <- admins.serve() }()
	}
	scheme, play := "http", ""
	if pages != nil {
		play = ", the playground at /"
	}
	if encryption != nil {
		scheme = "https"
		go func() { served <- server.ServeTLS(listener, "", "") }()
	} else {
		go func() { served <- server.Serve(listener) }()
	}
	log.Info(fmt.Sprintf("listening on %s://%s (GraphQL at /graphql%s)", scheme, at, play))
	if p.Listening != nil {
		p.Listening(at)
	}

	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	log.Info("stopping", "notice", c.Operations.Notice, "drain", c.Drain)
	stopping.Store(true) // whoever asks /readyz sends no more requests from now on
	select {
	case err := <-served:
		return err
	case <-p.after(c.Operations.Notice):
	}
	endStreams()
	draining, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.Drain)
	defer cancel()
	if err := server.Shutdown(draining); err != nil {
		return errors.Join(fmt.Errorf("requests were still under way after %v: %w", c.Drain, err), server.Close())
	}
	if admins != nil {
		if err := admins.Shutdown(draining); err != nil {
			return fmt.Errorf("a request of administrators was still under way after %v: %w", c.Drain, err)
		}
	}
	ended := make(chan struct{})
	go func() { subscriptions.Wait(); close(ended) }()
	select {
	case <-ended: // sockets are no requests to Shutdown
	case <-draining.Done():
		return fmt.Errorf("subscriptions were still open after %v", c.Drain)
	}
	if err := sendTraces(draining); err != nil {
		log.Warn("the last traces were not sent", "error", err)
	}
	log.Info("stopped")
	return nil
}

// trusted reads the manifest of trusted documents; nil: there is none.
func (c *serveCommand) trusted() (*api.Trusted, error) {
	if c.Trusted == "" {
		if c.TrustedOnly {
			return nil, errors.New("--trusted-only needs the manifest of --trusted")
		}
		return nil, nil
	}
	file, err := os.Open(c.Trusted)
	if err != nil {
		return nil, err
	}
	trusted, err := api.ReadTrusted(file)
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w", c.Trusted, err)
	}
	return trusted, nil
}

// savedTables reads the documents that are served as tables.
func (c *serveCommand) savedTables(o *schema.Ontology) (*tables.Saved, error) {
	if c.Tables == "" {
		return tables.ReadSaved(o.Schema, nil)
	}
	saved, err := tables.ReadSaved(o.Schema, os.DirFS(c.Tables))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Tables, err)
	}
	return saved, nil
}

// server bounds what a slow or silent client can hold: the time to send a request, and
// as long to take its answer, with the time to answer in between. Over HTTP/2, where many
// requests share a connection, a client that takes nothing of it is cut off too.
func (c *serveCommand) server(handler http.Handler, header, answer time.Duration, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: min(header, c.Exposure.RequestTime),
		ReadTimeout:       c.Exposure.RequestTime,
		WriteTimeout:      c.Exposure.RequestTime + answer + c.Exposure.RequestTime,
		HTTP2:             &http.HTTP2Config{WriteByteTimeout: c.Exposure.RequestTime},
		IdleTimeout:       c.Exposure.IdleTime,
		MaxHeaderBytes:    headerBytes,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// administrators is the server on the address that only administrators use.
type administrators struct {
	*http.Server
	listener net.Listener
}

func (a administrators) serve() error {
	err := a.Serve(a.listener)
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func (c *serveCommand) administrators(ctx context.Context, p *program, log *slog.Logger, o *schema.Ontology, g *graph.Graph, store graph.Store, gate *access.Gate, watch http.Handler) (*administrators, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Admin)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s for administrators: %w", c.Admin, err)
	}
	if !isLocal(listener.Addr()) {
		return nil, errors.Join(fmt.Errorf("--admin %s: administrators are served on a loopback address only, such as 127.0.0.1:8081", c.Admin), listener.Close())
	}
	options := admin.Options{Graph: g, Gate: gate, Log: log, Now: p.Now, Metrics: watch, Import: func(ctx context.Context, files intake.Parts, options intake.Options) (*intake.Report, error) {
		return intake.Run(ctx, intake.Target{Graph: g, Ontology: o, Now: p.Now}, files, options)
	}}
	options.History = func(ctx context.Context, in io.Reader, r history.ReadOptions, options history.Options) (*intake.Report, error) {
		return history.Take(ctx, intake.Target{Graph: g, Ontology: o, Now: p.Now}, in, r, options)
	}
	options.Export = func(ctx context.Context, w io.Writer, options export.Options) error {
		options.Base = cmp.Or(options.Base, c.Base)
		return export.Write(ctx, g, o, options, w)
	}
	if s, ok := store.(*local.Store); ok {
		options.Backup = s.Backup
	}
	if c.Gizmo {
		options.Gizmo = func(ctx context.Context, s graph.Snapshot, script string) ([]any, error) {
			return cayley.Gizmo(ctx, s, script, cayley.GizmoLimits{})
		}
	}
	log.Info(fmt.Sprintf("administrators are served on http://%s", listener.Addr()))
	return &administrators{c.server(admin.NewHandler(options), cmp.Or(p.Client, headerTime), 0, log), listener}, nil
}

func (c *serveCommand) logHandler(w io.Writer) slog.Handler {
	options := &slog.HandlerOptions{}
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		panic(err) // unreachable: kong holds the flag to its enum
	}
	options.Level = level
	if c.LogFormat == "text" || c.LogFormat == "auto" && commands.IsTerminal(w) {
		return slog.NewTextHandler(w, options)
	}
	options.ReplaceAttr = func(_ []string, a slog.Attr) slog.Attr {
		if a.Value.Kind() == slog.KindDuration { // slog would write nanoseconds
			return slog.Float64(a.Key+"_ms", float64(a.Value.Duration().Microseconds())/1e3)
		}
		return a
	}
	return slog.NewJSONHandler(w, options)
}
