package admin_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"chancery/api/admin"
	"chancery/api/inmemory"
	"chancery/graph"
	"chancery/graph/memory"
	"chancery/seed/export"
)

// TestLongWork: what administrators ask for may take an hour, though the server gives a
// request and its answer a minute each. Its client waits, and is not taken for gone.
func TestLongWork(t *testing.T) {
	long := func(ctx context.Context) error {
		select {
		case <-time.After(time.Hour):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for _, test := range []struct{ method, path, body, want string }{
		{"GET", "/export?format=trig", "", "beginning, end"},
		{"POST", "/export", "format=trig", "beginning, end"},
		{"POST", "/backup", `{"to": "/srv/backup"}`, "{}"},
		{"POST", "/gizmo", "g.V()", "[]"},
		{"GET", "/debug/pprof/goroutine?seconds=3600", "", ""},
	} {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g, err := graph.Open(t.Context(), memory.New())
				if err != nil {
					t.Fatal(err)
				}
				listener := inmemory.Serve(t, &http.Server{
					ReadTimeout: time.Minute, WriteTimeout: time.Minute,
					Handler: admin.NewHandler(admin.Options{
						Graph: g, Log: slog.New(slog.DiscardHandler), Now: time.Now,
						Export: func(ctx context.Context, w io.Writer, _ export.Options) error {
							if _, err := io.WriteString(w, "beginning, "); err != nil {
								return err
							}
							if err := long(ctx); err != nil {
								return err
							}
							_, err := io.WriteString(w, "end")
							return err
						},
						Backup: func(ctx context.Context, _ string) error { return long(ctx) },
						Gizmo: func(ctx context.Context, _ graph.Snapshot, _ string) ([]any, error) {
							return []any{}, long(ctx)
						},
					}),
				}, false)
				transport := listener.Transport(false)
				defer transport.CloseIdleConnections()
				r, err := http.NewRequestWithContext(t.Context(), test.method, "http://127.0.0.1"+test.path, strings.NewReader(test.body))
				if err != nil {
					t.Fatal(err)
				}
				r.Header.Set(admin.Header, "test")
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				asked := time.Now()
				response, err := transport.RoundTrip(r)
				if err != nil {
					t.Fatal(err)
				}
				defer response.Body.Close()
				body, err := io.ReadAll(response.Body)
				if took := time.Since(asked); err != nil || response.StatusCode != http.StatusOK || !strings.Contains(string(body), test.want) || took != time.Hour {
					t.Errorf("%d after %v: %v, %.100q; want %q after an hour", response.StatusCode, took, err, body, test.want)
				}
			})
		})
	}
}
