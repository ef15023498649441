package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"chancery/api/access"
)

// exposure is who can reach the server, and what they may do there: see
// docs/security.md.
type exposure struct {
	Keys      string `placeholder:"PATH" env:"CHANCERY_KEYS" help:"Keep API keys in this file, which chancery keys writes. Default: keys.json in the data directory."`
	Anonymous string `enum:"auto,none,reader,editor" default:"auto" env:"CHANCERY_ANONYMOUS" help:"What requests without a key may do: ${enum}. auto: all on a loopback address, until the first key is made, also while the server runs; else none. Default: ${default}."`

	Profile       string   `enum:"auto,public,trusted" default:"auto" env:"CHANCERY_PROFILE" help:"The limits' defaults: ${enum}. auto: trusted on a loopback address, else public. Default: ${default}."`
	Introspection string   `enum:"auto,on,off" default:"auto" env:"CHANCERY_INTROSPECTION" help:"Tell the schema: ${enum}. auto: not with the public profile. Default: ${default}."`
	Suggestions   string   `enum:"auto,on,off" default:"auto" env:"CHANCERY_SUGGESTIONS" help:"Say which of the schema's names was perhaps meant: ${enum}. auto: not with the public profile. Default: ${default}."`
	Playground    string   `enum:"auto,on,off" default:"auto" env:"CHANCERY_PLAYGROUND" help:"Serve the playground: ${enum}. auto: not with the public profile. Default: ${default}."`
	SimpleGet     string   `enum:"auto,on,off" default:"auto" env:"CHANCERY_SIMPLE_GET" help:"Answer documents in the URL of a GET that any site's page can have a browser send: ${enum}. off: only with a key, or Content-Type: application/json. auto: not with the public profile. Default: ${default}."`
	CORS          []string `name:"cors-origin" placeholder:"ORIGIN" env:"CHANCERY_CORS_ORIGIN" help:"Let pages of these origins ask (https://example.org), or of any (*). Default: none but the server's own."`
	Proxies       []string `name:"proxy" placeholder:"ADDR" env:"CHANCERY_PROXY" help:"Believe these proxies (10.0.0.7, 10.0.0.0/8) what they say in X-Forwarded-For. Default: none."`

	TLSCert string `name:"tls-cert" placeholder:"PATH" env:"CHANCERY_TLS_CERT" help:"Serve HTTPS with this certificate, PEM; it is read again when it changes. Default: HTTP."`
	TLSKey  string `name:"tls-key" placeholder:"PATH" env:"CHANCERY_TLS_KEY" help:"The certificate's private key, PEM."`

	RequestTime time.Duration `default:"30s" env:"CHANCERY_REQUEST_TIME" help:"Cut off a client that takes longer to send a request, or to take its answer. Default: ${default}."`
	IdleTime    time.Duration `default:"2m" env:"CHANCERY_IDLE_TIME" help:"Close a connection that nothing is asked on for so long; longer than a proxy in front keeps it. Default: ${default}."`
}

// Validate is kong's hook for flags that have been read.
func (e exposure) Validate() error {
	if (e.TLSCert == "") != (e.TLSKey == "") {
		return errors.New("--tls-cert and --tls-key go together")
	}
	if min(e.RequestTime, e.IdleTime) <= 0 {
		return errors.New("--request-time and --idle-time must be above 0")
	}
	if _, err := access.ParseProxies(e.Proxies); err != nil {
		return fmt.Errorf("--proxy: %w: write an address, 10.0.0.7, or a network, 10.0.0.0/8", err)
	}
	for _, origin := range e.CORS {
		u, err := url.Parse(origin)
		if origin != "*" && (err != nil || u.Host == "" || u.Scheme+"://"+u.Host != origin || strings.ToLower(origin) != origin || strings.ContainsAny(origin, `*?[\`)) {
			return fmt.Errorf("--cors-origin %s: an origin is a scheme, a host and perhaps a port, in small letters, with nothing after them: https://example.org", origin)
		}
	}
	return nil
}

// isLocal reports whether only programs of this machine reach an address.
func isLocal(at net.Addr) bool {
	tcp, ok := at.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// public reports whether the public profile is in force at an address.
func (e exposure) public(at net.Addr) bool {
	return e.Profile == "public" || e.Profile == "auto" && !isLocal(at)
}

// on says what a switch means at an address.
func (e exposure) on(setting string, at net.Addr) bool {
	return setting == "on" || setting == "auto" && !e.public(at)
}

// gates say who may do what.
type gates struct {
	clients        *access.Gate
	administrators *access.Gate
}

// gates makes the gates of a server that listens at an address, and of its
// administrators' address. The error is that of keys that cannot be read, and of an
// address that others reach while nothing is said of what they may do there.
func (c *serveCommand) gates(at net.Addr, p *program, log *slog.Logger) (gates, error) {
	file, err := c.keys()
	if err != nil {
		return gates{}, err
	}
	proxies, err := access.ParseProxies(c.Exposure.Proxies)
	if err != nil {
		return gates{}, err // unreachable: Validate has parsed them
	}
	hasKeys, err := file.Any()
	if err != nil {
		return gates{}, err
	}
	// Who names a file of keys wants them asked for, also when it is not there yet.
	wantsKeys := hasKeys || c.Exposure.Keys != ""
	clients := access.Options{Keys: file, Proxies: proxies, Now: p.Now, Rates: c.Limit.rates(c.Exposure.public(at))}
	switch {
	case c.Exposure.Anonymous != "auto":
		if clients.Anonymous, err = access.ParseRole(c.Exposure.Anonymous); err != nil {
			panic(err) // unreachable: kong holds the flag to its enum
		}
	case hasKeys, wantsKeys && isLocal(at):
	case isLocal(at):
		clients.Anonymous, clients.Local, clients.UntilKeys = access.Editor, true, true
	default:
		return gates{}, fmt.Errorf("--listen %s can be reached from other machines, and there are no keys: %s, "+
			"or say what anybody may do there (--anonymous reader)", c.Listen, c.howToMakeKeys())
	}
	administrators := access.Options{Keys: file, Now: p.Now}
	if !wantsKeys && c.Exposure.Anonymous != "none" {
		administrators.Anonymous, administrators.UntilKeys = access.Administrator, true
	}
	log.Info("access", "anonymous", clients.Anonymous.String(), "keys", hasKeys, "public", c.Exposure.public(at))
	return gates{access.NewGate(clients), access.NewGate(administrators)}, nil
}

// howToMakeKeys tells how to make a key that this server would find.
func (c *serveCommand) howToMakeKeys() string {
	const add = "chancery keys add NAME --role editor"
	switch {
	case c.Exposure.Keys != "":
		return "make one (" + add + " --keys " + c.Exposure.Keys + ")"
	case c.Store == "memory":
		return "make one in a file (" + add + " --keys keys.json), which a server that keeps nothing must be told of (--keys keys.json)"
	}
	return "make one (" + add + " --data " + c.Data + ")"
}

// keys opens the file of keys. Where nobody says where one would be, it is one that
// is not there.
func (c *serveCommand) keys() (*access.File, error) {
	path := c.Exposure.Keys
	if path == "" && c.Store != "memory" {
		path = filepath.Join(c.Data, access.FileName)
	}
	return access.OpenFile(path)
}

// tls is how the server speaks HTTPS; nil: it speaks HTTP.
func (e exposure) tls(log *slog.Logger) (*tls.Config, error) {
	if e.TLSCert == "" {
		return nil, nil
	}
	c := &certificate{files: [2]string{e.TLSCert, e.TLSKey}, log: log}
	if _, err := c.get(nil); err != nil {
		return nil, fmt.Errorf("--tls-cert %s, --tls-key %s: %w", e.TLSCert, e.TLSKey, err)
	}
	return &tls.Config{GetCertificate: c.get, MinVersion: tls.VersionTLS12}, nil
}
