package main

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestHealth(t *testing.T) {
	s := start(t)
	_, port, err := net.SplitHostPort(strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{"127.0.0.1:", "0.0.0.0:", "localhost:"} {
		if out, err := command(t, "health", "--listen", at+port); err != nil || out != "ok\n" {
			t.Errorf("at %s: %q, %v", at, out, err)
		}
	}
	if out, err := command(t, "health", "--ready", "--listen", "127.0.0.1:"+port); err != nil || out != "ready\n" {
		t.Errorf("ready: %q, %v", out, err)
	}
	if _, err := command(t, "health", "--listen", "127.0.0.1:"+port, "--tls-cert", "cert.pem"); err == nil || !strings.Contains(err.Error(), "https://127.0.0.1:") {
		t.Errorf("asked by HTTPS, a server of HTTP: %v", err)
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	for listen, want := range map[string]string{
		"127.0.0.1:" + port: "CHANCERY_LISTEN",
		"127.0.0.1:0":       "name the port",
		"8080":              "an address and a port",
	} {
		if _, err := command(t, "health", "--listen", listen); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("--listen %s: %v, want %q in it", listen, err, want)
		}
	}
}

// TestHealthOfOthers asks servers that are not well, or take too long.
func TestHealthOfOthers(t *testing.T) {
	ill := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "not ready", http.StatusServiceUnavailable)
	}))
	defer ill.Close()
	if _, err := command(t, "health", "--ready", "--listen", ill.Listener.Addr().String()); err == nil || !strings.Contains(err.Error(), "/readyz answers 503 Service Unavailable: not ready") {
		t.Errorf("of one that is ill: %v", err)
	}
	encrypted := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if _, err := io.WriteString(w, "ok\n"); err != nil {
			t.Error(err)
		}
	}))
	defer encrypted.Close()
	if out, err := command(t, "health", "--tls-cert", "cert.pem", "--listen", encrypted.Listener.Addr().String()); err != nil || out != "ok\n" {
		t.Errorf("by HTTPS: %q, %v", out, err)
	}
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer silent.Close()
	if _, err := command(t, "health", "--timeout", (50 * time.Millisecond).String(), "--listen", silent.Listener.Addr().String()); err == nil || !strings.Contains(err.Error(), "deadline exceeded") {
		t.Errorf("of one that is silent: %v", err)
	}
}
