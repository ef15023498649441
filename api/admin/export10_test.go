package admin_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// TestExportByOldHTTP: who could not tell a part from the whole is given neither.
func TestExportByOldHTTP(t *testing.T) {
	r := served(t, func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "all of it\n")
		return err
	})
	for version, want := range map[string]int{"HTTP/1.0": http.StatusHTTPVersionNotSupported, "HTTP/1.1": http.StatusOK} {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", r.URL.Host)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := io.WriteString(conn, "GET "+r.URL.RequestURI()+" "+version+"\r\nHost: 127.0.0.1\r\nChancery-Admin: test\r\nConnection: close\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		answer, err := http.ReadResponse(bufio.NewReader(conn), r)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		if answer.StatusCode != want || (want == http.StatusOK) != (string(text) == "all of it\n") || want != http.StatusOK && !strings.Contains(string(text), "HTTP/1.1") {
			t.Errorf("%s: %d %s", version, answer.StatusCode, text)
		}
	}
}
