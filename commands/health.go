package commands

import (
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

// Health asks a running server how it is: for what starts and watches containers,
// where there is no shell and no curl.
type Health struct {
	Listen  string        `placeholder:"ADDR" default:"127.0.0.1:8080" env:"CHANCERY_LISTEN" help:"The address that the server listens on; all addresses (0.0.0.0) are asked at the loopback one. Default: ${default}."`
	TLSCert string        `name:"tls-cert" placeholder:"PATH" env:"CHANCERY_TLS_CERT" help:"Ask by HTTPS, as a server that is given a certificate wants; the certificate is not looked at. Default: HTTP."`
	Ready   bool          `help:"Ask whether it can answer questions (/readyz), not only whether the process is up (/healthz)."`
	Timeout time.Duration `default:"3s" help:"Give up after so long. Default: ${default}."`
}

// Run prints what the server answers. The error says what was asked, and that nobody
// answers there, or with which status.
func (c *Health) Run(ctx context.Context, env *Env) error {
	url, err := c.url()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return fmt.Errorf("--listen %s: %w", c.Listen, err)
	}
	client := http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		// The certificate is for the name that clients use. Nothing secret is sent, and
		// nothing but a status is believed.
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
	}}
	response, err := client.Do(r)
	if err != nil {
		return fmt.Errorf("no server answers; name the address that it listens on by --listen or CHANCERY_LISTEN: %w", err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, 1<<10))
	if err != nil {
		return fmt.Errorf("%s: %w", url, err)
	}
	said := strings.TrimSpace(string(text))
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s: %s", url, response.Status, said)
	}
	_, err = fmt.Fprintln(env.Stdout, said)
	return err
}

// url is what is asked. A server that listens on all addresses is asked at the
// loopback one.
func (c *Health) url() (string, error) {
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return "", fmt.Errorf("--listen %s: write an address and a port, 127.0.0.1:8080: %w", c.Listen, err)
	}
	if port == "0" {
		return "", fmt.Errorf("--listen %s: name the port that the server took; its log has it", c.Listen)
	}
	host = cmp.Or(host, "localhost")
	if ip, err := netip.ParseAddr(host); err == nil && ip.IsUnspecified() {
		host = "localhost"
		if ip.Is4() {
			host = "127.0.0.1"
		}
	}
	scheme, path := "http", "/healthz"
	if c.TLSCert != "" {
		scheme = "https"
	}
	if c.Ready {
		path = "/readyz"
	}
	return scheme + "://" + net.JoinHostPort(host, port) + path, nil
}
