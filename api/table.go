package api

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"chancery/api/tables"
	"chancery/resolvers"
)

// The headers of a table: what makes it repeatable, and how many rows it has.
const (
	knownAtHeader     = "Chancery-Known-At"
	perspectiveHeader = "Chancery-Perspective"
	rowsHeader        = "Chancery-Rows"
)

// tableAsked is how a table is asked for.
type tableAsked struct {
	format tables.Format
	limit  int // rows; negative: all
}

// askedTable is the table that a request asks for, by Accept or the parameter
// format, with the parameter rows for the most rows; ok: it asks for one.
func askedTable(r *http.Request) (asked tableAsked, ok bool, refused *refusal) {
	f, ok, err := tables.Asked(r)
	if err != nil {
		return asked, false, refuse(http.StatusBadRequest, "%v", err)
	}
	asked = tableAsked{format: f, limit: -1}
	if r.URL.RawQuery == "" {
		return asked, ok, nil
	}
	if text := r.URL.Query().Get("rows"); text != "" {
		if asked.limit, err = strconv.Atoi(text); err != nil || asked.limit < 0 {
			return asked, false, refuse(http.StatusBadRequest, "rows=%.20s is no number of rows: leave it out for all of them", text)
		}
	}
	return asked, ok, nil
}

// table answers a query with the rows of one of its connections. The time that the
// limits give is for each batch of rows, and for the client to take it: a table may
// take longer than any of them. What goes wrong after the first batch cuts the
// connection, so that no part of a table looks like the whole.
//
// leave gives back the slot that the operation was admitted to, which is enough for
// the first batch. Each later batch waits for a slot of its own: a client that takes
// its rows slowly would else keep others from being answered at all.
func (x *exchange) table(seen *observed, w http.ResponseWriter, r *http.Request, operation *graphql.OperationContext, request *graphql.RawParams, asked tableAsked, leave func()) {
	if kind := operation.Operation.Operation; kind != ast.Query {
		seen.refuse(refuse(http.StatusBadRequest, "a %s has no rows: only a query is answered as a table", kind), w, r)
		return
	}
	if operation.Operation.Directives.ForName("explain") != nil {
		seen.refuse(refuse(http.StatusBadRequest, "a table has no room for the plan of @explain: ask for JSON, or leave @explain out"), w, r)
		return
	}
	// The first rows may take longer than the answers that the server's deadline is for:
	// finding them has its time, and so has reading them.
	if takenBy(http.NewResponseController(w), x.takingEnds().Add(2*x.limits.Time)) != nil {
		panic(http.ErrAbortHandler) // the client is gone
	}
	next, ctx := x.exec.DispatchOperation(seen.ctx, operation)
	defer seen.reads(ctx)
	basis, begun := resolvers.Basis(ctx)
	if !begun {
		noTable(seen, w, next(ctx).Errors)
		return
	}
	tagged := ""
	if x.readOnly {
		tagged = tag(x.epoch, fmt.Sprint(basis, " ", asked.limit), asked.format.Media, request)
		if matches(r, tagged) {
			seen.answered(nil)
			notModified(w, tagged)
			return
		}
	}
	table, err := openTable(ctx, x.limits.Time)
	if err != nil {
		noTable(seen, w, gqlerror.List{err})
		return
	}
	if asked.limit >= 0 {
		table.Limit(asked.limit)
	}
	out := &delayed{to: w}
	rows, err := nextRows(ctx, table, x.limits.Time)
	if err != nil {
		noTable(seen, w, gqlerror.List{err})
		return
	}
	about := tables.About{Shape: table.Shape(), Cited: table.Cited(), KnownAt: table.KnownAt(), Perspective: table.Perspective()}
	writer, unfit := tables.NewWriter(out, asked.format, about)
	if unfit == nil && rows.JSON != nil {
		unfit = writer.Write(rows)
	}
	if unfit != nil {
		noTable(seen, w, gqlerror.List{notWritten(ctx, table, unfit)})
		return
	}
	header := w.Header()
	header.Set("Content-Type", asked.format.ContentType())
	header.Set("X-Content-Type-Options", "nosniff")
	header.Add("Vary", "Accept")
	header.Set("Cache-Control", keepNot)
	header.Set(knownAtHeader, table.KnownAt().Format(time.RFC3339Nano))
	header.Set(perspectiveHeader, asciiJSON(table.Perspective()))
	header.Set(rowsHeader, fmt.Sprint(table.Len()))
	if tagged != "" {
		header.Set("ETag", tagged)
		header.Set("Cache-Control", keepAndAsk)
	}
	seen.answered(nil)
	leave() // writing waits for the client
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return
	}
	defer func() {
		if value := recover(); value != nil {
			if err, ok := value.(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
				x.fault(ctx, value)
			}
			tear(w, r)
		}
	}()
	x.rest(seen, ctx, out, table, writer)
}

// rest writes the first batch, the rows after it, and the end. It panics with
// http.ErrAbortHandler where it cannot.
func (x *exchange) rest(seen *observed, ctx context.Context, out *delayed, table *resolvers.Table, writer *tables.Writer) {
	control := http.NewResponseController(out.to)
	// The server's own end of the answer, also of one that is cut, has a time of its own.
	defer func() {
		if takenBy(control, x.takingEnds()) != nil {
			return // the client is gone
		}
	}()
	if err := control.SetReadDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		panic(http.ErrAbortHandler)
	}
	for more := true; more; {
		x.release(control, out)
		var err error
		if more, err = x.batch(ctx, table, writer); err != nil {
			x.cut(seen, ctx, err)
		}
	}
	x.release(control, out) // a Parquet file's end can be most of it
}

// release has the client take what is held back, in a time that ends with it: over
// HTTP/2 a deadline that passes ends the answer, though the next batch is waited for.
func (x *exchange) release(control *http.ResponseController, out *delayed) {
	if takenBy(control, x.takingEnds()) != nil || out.release() != nil || takenBy(control, time.Time{}) != nil {
		panic(http.ErrAbortHandler) // the client is gone
	}
}

// takingEnds is until when a client may take a batch that it is given now.
func (x *exchange) takingEnds() time.Time { return x.now().Add(2*x.limits.Time + x.limits.Write) }

// batch makes the next rows, or the end, in a slot of its own; more: there may be
// others. Whoever has begun to read a table waits for as long as a batch may take,
// unless the key is revoked.
func (x *exchange) batch(ctx context.Context, table *resolvers.Table, writer *tables.Writer) (more bool, err error) {
	caller := callerOf(ctx)
	if !x.gate.Still(caller) {
		return false, revoked(caller)
	}
	leave, refused := x.load.resume(ctx, caller.Name(), x.limits.Time)
	if refused != nil {
		return false, refused.err
	}
	defer leave()
	rows, failed := nextRows(ctx, table, x.limits.Time)
	if failed != nil {
		return false, failed
	}
	more = rows.JSON != nil
	if more {
		err = writer.Write(rows)
	} else {
		err = writer.Close()
	}
	if err != nil {
		return false, notWritten(ctx, table, err)
	}
	return more, nil
}

// notWritten is what a client is told of rows that could not be written in the
// format: what it asked for is unfit, or it is no business of the client's.
func notWritten(ctx context.Context, table *resolvers.Table, err error) *gqlerror.Error {
	if unfit, ok := errors.AsType[*tables.UnfitError](err); ok {
		return coded(resolvers.BadUserInput, unfit.Error())
	}
	return table.Present(ctx, err)
}

// cut ends a table that has begun and cannot be had to its end.
func (x *exchange) cut(seen *observed, ctx context.Context, why error) {
	if ctx.Err() == nil {
		x.log.LogAttrs(ctx, slog.LevelWarn, "a table was cut off", slog.Any("error", why))
		failed, ok := errors.AsType[*gqlerror.Error](why)
		if !ok {
			failed = gqlerror.Wrap(why)
		}
		seen.answered(&graphql.Response{Errors: gqlerror.List{failed}})
	}
	panic(http.ErrAbortHandler)
}

// tear ends an answer that has begun so that the client can tell that it is not whole.
// HTTP/1.1 and HTTP/2 mark an answer's end. Of HTTP/1.0 it is the connection's, which is
// therefore reset, not closed: some proxies still ask that way.
func tear(w http.ResponseWriter, r *http.Request) {
	if !r.ProtoAtLeast(1, 1) {
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			reset(conn)
		}
	}
	panic(http.ErrAbortHandler)
}

// reset closes a connection without the goodbyes of TLS and TCP.
func reset(conn net.Conn) {
	if secure, ok := conn.(*tls.Conn); ok {
		conn = secure.NetConn()
	}
	var err error
	if l, ok := conn.(interface{ SetLinger(seconds int) error }); ok {
		err = l.SetLinger(0)
	}
	if errors.Join(err, conn.Close()) != nil {
		return // the client is gone already
	}
}

// noTable answers with errors, as JSON and never with 200: who asks for a table
// looks at the status first.
func noTable(seen *observed, w http.ResponseWriter, errs gqlerror.List) {
	seen.answered(&graphql.Response{Errors: errs})
	writeTableErrors(w, errs)
}

func writeTableErrors(w http.ResponseWriter, errs gqlerror.List) {
	response := &graphql.Response{Errors: errs}
	writeResponse(w, statusOf(response, responseType), jsonType, response)
}

func openTable(ctx context.Context, limit time.Duration) (*resolvers.Table, *gqlerror.Error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return resolvers.OpenTable(ctx)
}

func nextRows(ctx context.Context, table *resolvers.Table, limit time.Duration) (resolvers.Rows, *gqlerror.Error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return table.Next(ctx)
}

// delayed holds back what is written: until the answer's status is known, and until
// nobody need wait for the client to take it.
type delayed struct {
	to   http.ResponseWriter
	held []byte // a batch at most, but for a Parquet file's last
}

func (d *delayed) Write(b []byte) (int, error) {
	d.held = append(d.held, b...)
	return len(b), nil
}

// release writes what is held back. The error is that of the client's connection.
func (d *delayed) release() error {
	_, err := d.to.Write(d.held)
	d.held = d.held[:0]
	return err
}

// asciiJSON escapes what a header has no room for.
func asciiJSON(text []byte) string {
	out := make([]byte, 0, len(text))
	for _, c := range string(text) {
		switch {
		case c < 0x80:
			out = append(out, byte(c))
		case c > 0xffff:
			c -= 0x10000
			out = fmt.Appendf(out, `\u%04x\u%04x`, 0xd800+c>>10, 0xdc00+c&0x3ff)
		default:
			out = fmt.Appendf(out, `\u%04x`, c)
		}
	}
	return string(out)
}
