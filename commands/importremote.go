package commands

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"

	"chancery/api/admin"
	"chancery/seed/intake"
)

// remote sends the files' entries to a running server, which takes them into its
// graph, and passes on what it tells meanwhile.
func (c *Import) remote(ctx context.Context, files iter.Seq[intake.Part], o intake.Options) (*intake.Report, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	to, err := url.Parse(c.To)
	if err != nil {
		return nil, err
	}
	to = to.JoinPath("import")
	to.RawQuery = url.Values{
		"dryRun": {strconv.FormatBool(o.DryRun)}, "partial": {strconv.FormatBool(o.Partial)}, "details": {strconv.FormatBool(o.Details != nil)},
	}.Encode()
	body, in := io.Pipe()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to.String(), body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/jsonl")
	authorize(r, c.Key)
	sent := make(chan error, 1)
	go func() {
		err := intake.WriteStream(ctx, in, files)
		in.CloseWithError(err)
		sent <- err
	}()
	report, err := c.answer(r, o)
	cancel()
	body.CloseWithError(context.Canceled)
	if failed := <-sent; failed != nil && !errors.Is(failed, context.Canceled) && !errors.Is(failed, io.ErrClosedPipe) {
		err = errors.Join(err, failed)
	}
	return report, err
}

// longestAnswer bounds a line of a server's answer, in bytes.
const longestAnswer = 64 << 20

// answer makes the request and reads what the server tells, up to the report.
func (c *Import) answer(r *http.Request, o intake.Options) (*intake.Report, error) {
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, fmt.Errorf("no server takes imports there; start one with --admin %s: %w", r.URL.Host, err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, longestAnswer)
	for lines.Scan() {
		var l admin.ImportLine
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return nil, fmt.Errorf("%s gave no answer of ours: %w", c.To, err)
		}
		switch {
		case l.Progress != nil:
			o.Progress(*l.Progress)
		case l.Detail != nil:
			if _, err := fmt.Fprintf(o.Details, "%s\n", l.Detail); err != nil {
				return nil, err
			}
		case l.Error != "":
			return l.Report, errors.New(l.Error)
		case l.Report != nil:
			return l.Report, nil
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", c.To, err)
	}
	return nil, fmt.Errorf("%s: the server hung up before the report", c.To)
}
