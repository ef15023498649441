package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// BenchmarkServe asks the first question over HTTP, one client, one connection.
func BenchmarkServe(b *testing.B) {
	ctx, cancel := context.WithCancel(b.Context())
	listening, done := make(chan net.Addr, 1), make(chan error, 1)
	p := &program{
		Args: []string{"serve", "--listen", "127.0.0.1:0", "--store", "memory", "--log-level", "error"},
		Env:  func(string) (string, bool) { return "", false }, Stdout: io.Discard, Stderr: io.Discard,
		Now: time.Now, Listening: func(a net.Addr) { listening <- a },
	}
	go func() { done <- p.Run(ctx) }()
	url := "http://" + (<-listening).String() + "/graphql"
	body, err := json.Marshal(map[string]string{"query": firstQuestion})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		response, err := http.Post(url, "application/json", bytes.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil || response.StatusCode != http.StatusOK {
			b.Fatal(response.Status, err)
		}
		response.Body.Close()
	}
	cancel()
	if err := <-done; err != nil {
		b.Error(err)
	}
}
