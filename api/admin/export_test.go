package admin_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"chancery/api/admin"
	"chancery/seed/export"
)

// served serves exports that write does.
func served(t *testing.T, write func(ctx context.Context, w io.Writer) error) *http.Request {
	t.Helper()
	server := httptest.NewServer(admin.NewHandler(admin.Options{
		Log: slog.New(slog.DiscardHandler), Now: time.Now,
		Export: func(ctx context.Context, w io.Writer, _ export.Options) error { return write(ctx, w) },
	}))
	t.Cleanup(server.Close)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/export?format=trig", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set(admin.Header, "test")
	return r
}

// TestExportHangsUp: a client that is gone ends the work, which would never end
// without that.
func TestExportHangsUp(t *testing.T) {
	ended := make(chan error, 1)
	line := []byte(strings.Repeat("x", 1<<16))
	r := served(t, func(ctx context.Context, w io.Writer) error {
		for ctx.Err() == nil {
			if _, err := w.Write(line); err != nil {
				ended <- err
				return err
			}
		}
		ended <- ctx.Err()
		return ctx.Err()
	})
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(response.Body, make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}
	if got := response.Header.Get("Content-Type"); got != "application/trig" {
		t.Errorf("content type %s", got)
	}
	response.Body.Close()
	if err := <-ended; err == nil {
		t.Error("it ended without an error")
	}
}

// TestExportBreaksOff: a fault when a part has been sent is no whole answer.
func TestExportBreaksOff(t *testing.T) {
	r := served(t, func(_ context.Context, w io.Writer) error {
		if _, err := io.WriteString(w, strings.Repeat("a part\n", 10_000)); err != nil {
			return err
		}
		return errors.New("the disk is gone")
	})
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if text, err := io.ReadAll(response.Body); err == nil {
		t.Errorf("%d bytes, and no error", len(text))
	}
	r = served(t, func(context.Context, io.Writer) error { return errors.New("secret") })
	if response, err = http.DefaultClient.Do(r); err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if text, _ := io.ReadAll(response.Body); response.StatusCode != http.StatusInternalServerError || strings.Contains(string(text), "secret") {
		t.Errorf("%d %s", response.StatusCode, text)
	}
}
