package api

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"chancery/api/tables"
	"chancery/schema/schematest"
)

// tabled is a handler over the seed, with the tables that come along.
func tabled(t *testing.T, o Options) http.Handler {
	t.Helper()
	return NewHandler(overTables(t, o))
}

func overTables(t *testing.T, o Options) Options {
	t.Helper()
	ontology := schematest.Ontology(t)
	var err error
	if o.Tables, err = tables.ReadSaved(ontology.Schema, nil); err != nil {
		t.Fatal(err)
	}
	return overSeed(t, o)
}

const someVisits = `{ visits(orderBy: [{start: ASC}], first: 1) { totalCount nodes {
  id start { edtf earliest precision } destination { name isoAlpha2 } visitors { id name } } } }`

func tableURL(query, format string) string {
	return "/graphql?" + url.Values{"query": {query}, "format": {format}}.Encode()
}

func csvRows(t *testing.T, answer *httptest.ResponseRecorder) [][]string {
	t.Helper()
	if answer.Code != http.StatusOK {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	rows, err := csv.NewReader(answer.Body).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestTable(t *testing.T) {
	h := seeded(t, Options{})
	answer := serve(t, h, "GET", tableURL(someVisits, "csv"), "")
	for name, want := range map[string]string{
		"Content-Type": "text/csv; charset=utf-8; header=present", "Chancery-Rows": "2",
		"Chancery-Known-At": "2026-01-02T03:04:05.000002Z", "Cache-Control": "no-cache",
		"Chancery-Perspective": `{"knownAt":"2026-01-02T03:04:05.000002Z","statuses":["CONFIRMED","REPORTED","ASSESSED"]}`,
	} {
		if got := answer.Header().Get(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	got := answer.Body.String()
	want := `id,start.edtf,start.earliest,start.precision,destination.name,destination.isoAlpha2,visitors
event/us-envoys-visit-to-kazakhstan-2025,[..2025-10-31],,INTERVAL,Kazakhstan,KZ,"[{""id"":""person/sergio-gor"",""name"":""Sergio Gor""},{""id"":""person/christopher-landau"",""name"":""Christopher Landau""}]"
event/us-envoys-visit-to-uzbekistan-2025,[..2025-10-31],,INTERVAL,Uzbekistan,UZ,"[{""id"":""person/sergio-gor"",""name"":""Sergio Gor""},{""id"":""person/christopher-landau"",""name"":""Christopher Landau""}]"
`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	again := serve(t, h, "GET", tableURL(someVisits, "csv"), "", "If-None-Match", answer.Header().Get("ETag"))
	if again.Code != http.StatusNotModified {
		t.Errorf("asked again: %d", again.Code)
	}
	body, err := json.Marshal(map[string]string{"query": someVisits})
	if err != nil {
		t.Fatal(err)
	}
	posted := serve(t, h, "POST", "/graphql", string(body), "Content-Type", "application/json", "Accept", "application/json;q=0.5, text/csv")
	if posted.Body.String() != want || posted.Header().Get("ETag") != "" {
		t.Errorf("posted: %v %s", posted.Header(), posted.Body)
	}
	one := serve(t, h, "GET", tableURL(someVisits, "ndjson")+"&rows=1", "")
	wantOne := `{"id":"event/us-envoys-visit-to-kazakhstan-2025","start.edtf":"[..2025-10-31]","start.earliest":null,"start.precision":"INTERVAL","destination.name":"Kazakhstan","destination.isoAlpha2":"KZ","visitors":[{"id":"person/sergio-gor","name":"Sergio Gor"},{"id":"person/christopher-landau","name":"Christopher Landau"}]}` + "\n"
	if one.Body.String() != wantOne {
		t.Errorf("one row: %s", one.Body)
	}
}

// TestTableHasAllPages compares a table, whose operation asks for small pages, with
// the nodes of the connection's pages.
func TestTableHasAllPages(t *testing.T) {
	h := seeded(t, Options{})
	for _, query := range []string{
		`query ($first: Int = 3, $after: Cursor) { rows: claims(first: $first, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }`,
		`query ($first: Int = 3, $after: Cursor) { rows: nations(first: $first, after: $after, orderBy: [{name: DESC}]) { nodes { id } pageInfo { hasNextPage endCursor } } }`,
	} {
		var want []string
		for after := ""; ; {
			variables, err := json.Marshal(map[string]any{"first": 7, "after": after})
			if err != nil {
				t.Fatal(err)
			}
			if after == "" {
				variables = []byte(`{"first": 7}`)
			}
			var answer struct {
				Data struct {
					Rows struct {
						Nodes    []struct{ ID string }
						PageInfo struct {
							HasNextPage bool
							EndCursor   string
						}
					}
				}
			}
			raw := serve(t, h, "GET", "/graphql?"+url.Values{"query": {query}, "variables": {string(variables)}}.Encode(), "")
			if err := json.Unmarshal(raw.Body.Bytes(), &answer); err != nil {
				t.Fatal(err)
			}
			for _, n := range answer.Data.Rows.Nodes {
				want = append(want, n.ID)
			}
			if after = answer.Data.Rows.PageInfo.EndCursor; !answer.Data.Rows.PageInfo.HasNextPage {
				break
			}
		}
		if len(want) < 6 {
			t.Fatalf("only %d claims: nothing to page through", len(want))
		}
		var got []string
		for _, row := range csvRows(t, serve(t, h, "GET", tableURL(query, "csv"), ""))[1:] {
			got = append(got, row[0])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\ngot  %v\nwant %v", query, got, want)
		}
	}
}

func TestTableRefusals(t *testing.T) {
	h := tabled(t, Options{})
	for _, test := range []struct{ target, want string }{
		{tableURL(`{ nation(id: "nation/kz") { name } }`, "csv"), "selects no connection"},
		{tableURL(`{ nation(id: "nation/kz") @rows { name } }`, "csv"), `@rows marks \"nation\", which is no connection`},
		{tableURL(`{ a: visits @rows { nodes { id } } b: visits @rows { nodes { id } } }`, "csv"), "two connections are marked @rows"},
		{tableURL(`{ nations { nodes { visitsReceived @rows { nodes { id } } } } }`, "csv"), `within the list \"nodes\"`},
		{tableURL(`{ visits { totalCount } }`, "csv"), "selects no nodes"},
		{tableURL(`{ visits { nodes { id } edges { cursor } } }`, "csv"), "has rows twice"},
		{tableURL(`{ visits(after: "x") { nodes { id } } }`, "csv"), "CURSOR_INVALID"},
		{tableURL(`{ visits { nope } }`, "csv"), "GRAPHQL_VALIDATION_FAILED"},
		{tableURL(`{ visits { nodes { id } } }`, "xls"), "format=xls is no format"},
		{tableURL(`{ visits { nodes { id } } }`, "csv") + "&rows=-1", "rows=-1"},
		{"/tables/visits-before", `the variable \"event\" is missing: add event= and an id`},
		{"/tables/visits-before?event=event/c5-plus-1-summit-2025&certainty=MAYBE", `the variable \"certainty\": \"MAYBE\" is not one of DEFINITE, POSSIBLE`},
		{"/tables/visits-before?event=a&event=b", `the variable \"event\": it is given 2 times`},
		{"/tables/visits-before?event=event/none", "UNKNOWN_ID"},
		{"/tables/visits-before?event=event/c5-plus-1-summit-2025&evnt=1", `there is no variable \"evnt\"`},
		{"/tables/visits-before?event=event/c5-plus-1-summit-2025&knownAt=yesterday", "BAD_TIME"},
		{"/tables/visits-before?event=event/c5-plus-1-summit-2025&format=json", "a table is no JSON"},
	} {
		answer := serve(t, h, "GET", test.target, "")
		if answer.Code != http.StatusBadRequest || !strings.Contains(answer.Body.String(), test.want) {
			t.Errorf("%s: %d %s, want %s", test.target, answer.Code, answer.Body, test.want)
		}
	}
	if answer := serve(t, h, "GET", "/tables/none", ""); answer.Code != http.StatusNotFound {
		t.Errorf("no such table: %d %s", answer.Code, answer.Body)
	}
	if answer := serve(t, h, "POST", "/tables/nations", ""); answer.Code != http.StatusMethodNotAllowed || answer.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %d %v", answer.Code, answer.Header())
	}
}

func TestSavedTables(t *testing.T) {
	h := tabled(t, Options{TrustedOnly: true})
	rows := csvRows(t, serve(t, h, "GET", "/tables/visits-before?event=event/c5-plus-1-summit-2025", ""))
	if len(rows) != 3 || !slices.Contains(rows[0], "destination.isoAlpha2") || !slices.Contains(rows[0], "edge.claims") {
		t.Errorf("visits-before: %v", rows)
	}
	for target, least := range map[string]int{
		"/tables/nations": 5, "/tables/changes?since=2000-01-01T00:00:00Z": 10,
		"/tables/office-holders?office=office/president-of-kazakhstan": 1,
	} {
		answer := serve(t, h, "GET", target, "")
		if rows := csvRows(t, answer); len(rows)-1 < least {
			t.Errorf("%s: %d rows", target, len(rows)-1)
		}
	}
	// The whole is repeatable by the time that it tells: as known before the first claim, there is nothing.
	if rows := csvRows(t, serve(t, h, "GET", "/tables/nations?knownAt=2000-01-01T00:00:00Z", "")); len(rows) != 1 {
		t.Errorf("known in 2000: %d rows", len(rows)-1)
	}
	head := serve(t, h, "HEAD", "/tables/nations?format=parquet", "")
	if n, err := strconv.Atoi(head.Header().Get("Chancery-Rows")); head.Code != http.StatusOK || err != nil || n < 5 || head.Body.Len() > 0 {
		t.Errorf("HEAD: %d %v, %d bytes", head.Code, head.Header(), head.Body.Len())
	}
	page := serve(t, h, "GET", "/tables/", "", "Accept", "text/html")
	if !strings.Contains(page.Body.String(), `name="event" required`) || page.Header().Get("Content-Security-Policy") == "" {
		t.Errorf("the page: %v %s", page.Header(), page.Body)
	}
	var list struct {
		Tables []struct {
			ID        string
			Variables []struct {
				Name     string
				Required bool
			}
		}
	}
	if err := json.Unmarshal(serve(t, h, "GET", "/tables/", "", "Accept", "application/json").Body.Bytes(), &list); err != nil || len(list.Tables) != 4 {
		t.Errorf("the list: %v %+v", err, list)
	}
}

// everyKind selects columns of every kind: texts, numbers, enums, days, moments,
// lists, lists of objects, and nulls.
var everyKind = []string{
	`{ visits { nodes { __typename id name start { edtf earliest latest precision } destination { name isoAlpha2 visitsReceived { totalCount } } visitors { id name } } } }`,
	`query @cite { claims { nodes { id status confidence recordedAt retractedAt locator attributedTo { __typename name } facts { field value subject { id } } source { id name } } } }`,
	`{ changes(since: "2000-01-01T00:00:00Z") { edges { cursor node { at kind claim { id } } } } }`,
	`{ visits(where: {id: {in: []}}) { nodes { id visitors { name } start { earliest } } } }`,
}

// TestTablesReadBack has npm apache-arrow and hyparquet, Python's csv module, pandas, and
// pyarrow read tables, which must be what the table as NDJSON is. Debian's packages have
// pyarrow after release 13 only: ARROW_PYTHON names a python3 that has it.
func TestTablesReadBack(t *testing.T) {
	server := httptest.NewServer(seeded(t, Options{Now: time.Now, Log: slog.New(slog.NewTextHandler(t.Output(), nil))}))
	defer server.Close()
	for _, query := range everyKind {
		if got := string(runNpm(t, "tables.mjs", server.URL+"/graphql", query)); got != "ok\n" {
			t.Errorf("%s: it prints %q", query, got)
		}
	}
	python, err := pythonWith("pandas")
	if err != nil {
		leaveOut(t, "no python3 has pandas")
	}
	reads := func(python, by string) {
		for _, query := range everyKind {
			out, err := exec.CommandContext(t.Context(), python, "testdata/tables.py", server.URL+"/graphql", query).CombinedOutput()
			if err != nil || !slices.Contains(strings.Fields(string(out)), by) {
				t.Errorf("%s by %s: %v\n%s", query, by, err, out)
			}
		}
	}
	reads(python, "pandas")
	if python, err = pythonWith("pyarrow"); err != nil {
		t.Log("left out: reading Arrow and Parquet by Python: no python3 has pyarrow, and ARROW_PYTHON names none")
		return
	}
	reads(python, "pyarrow")
}

// pythonWith finds a python3 that has a module: one of the user's own need not see
// what the system's packages bring.
func pythonWith(module string) (path string, err error) {
	for _, name := range []string{"python3", "/usr/bin/python3", cmp.Or(os.Getenv("ARROW_PYTHON"), "python3")} {
		if err = exec.Command(name, "-c", "import "+module).Run(); err == nil {
			return name, nil
		}
	}
	return "", err
}

// TestTableWithPlan refuses what a table has no room for, and counts what others read.
func TestTableWithPlan(t *testing.T) {
	n := &noted{}
	h := seeded(t, Options{Observer: n})
	answer := serve(t, h, "GET", tableURL(`query @explain { visits { nodes { id } } }`, "csv"), "")
	if answer.Code != http.StatusBadRequest || !strings.Contains(answer.Body.String(), "ask for JSON") {
		t.Errorf("%d %s", answer.Code, answer.Body)
	}
	csvRows(t, serve(t, h, "GET", tableURL(`{ visits { nodes { id } } }`, "csv"), ""))
	if len(n.operations) != 2 || n.operations[0].Code != "BAD_USER_INPUT" || n.operations[0].Quads >= 0 || n.operations[1].Quads <= 0 {
		t.Errorf("%+v", n.operations)
	}
}

// TestTableThatFails cuts the answer when something goes wrong after the first rows:
// nothing that looks whole may come.
func TestTableThatFails(t *testing.T) {
	h := seeded(t, Options{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(&failsLater{ResponseWriter: w}, r)
	}))
	defer server.Close()
	for _, format := range []string{"csv", "ndjson", "arrow", "parquet"} {
		response, err := http.Get(server.URL + tableURL(`{ claims { nodes { id facts { value } } } }`, format))
		if err != nil {
			continue // cut before the header
		}
		_, err = io.ReadAll(response.Body)
		if err == nil {
			t.Errorf("%s: the answer looks whole", format)
		}
		if err := response.Body.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestTableInBatches reads a table in more than one batch, and in smaller ones under a
// low limit of objects: the rows are the same, each once. A row that cannot be had in a
// later batch cuts the connection; in the first, it is an error with its status.
func TestTableInBatches(t *testing.T) {
	const q = `{ visits { nodes { id destination { id } visitors { id } } } }`
	whole := csvRows(t, serve(t, visitsHandler(t, 5_000, -1, 0), "GET", tableURL(q, "csv"), ""))
	seen := map[string]bool{}
	for _, row := range whole[1:] {
		seen[row[0]] = true
	}
	if len(whole) != 5001 || len(seen) != 5000 {
		t.Fatalf("%d rows, %d of them different", len(whole)-1, len(seen))
	}
	small := csvRows(t, serve(t, visitsHandler(t, 5_000, -1, 100), "GET", tableURL(q, "csv"), ""))
	if !slices.EqualFunc(whole, small, slices.Equal) {
		t.Error("smaller batches have other rows")
	}
	for _, format := range []string{"csv", "ndjson", "arrow", "parquet"} {
		server := httptest.NewServer(visitsHandler(t, 5_000, 4900, 0))
		response, err := http.Get(server.URL + tableURL(q, format))
		if err == nil {
			_, err = io.ReadAll(response.Body)
			if closing := response.Body.Close(); closing != nil {
				t.Error(closing)
			}
		}
		if err == nil {
			t.Errorf("%s: a table that was cut looks whole", format)
		}
		server.Close()
	}
	first := serve(t, visitsHandler(t, 5_000, 5, 0), "GET", tableURL(q, "csv"), "")
	if first.Code != http.StatusInternalServerError || !strings.Contains(first.Body.String(), "INTERNAL") {
		t.Errorf("broken in the first batch: %d %.200s", first.Code, first.Body)
	}
}

// failsLater is a connection that breaks after some bytes.
type failsLater struct {
	http.ResponseWriter
	written int
}

func (f *failsLater) Write(b []byte) (int, error) {
	if f.written += len(b); f.written > 1000 {
		return 0, errors.New("broken")
	}
	return f.ResponseWriter.Write(b)
}
