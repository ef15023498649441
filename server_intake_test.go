package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// TestAwkwardFiles: whatever a file is, the import says what is wrong, where, and what to do,
// and takes nothing of what it cannot trust.
func TestAwkwardFiles(t *testing.T) {
	in := newImporter(t)
	table := strings.Replace(visitsTable, "some day", "2020-01-02", 1)
	zipped := func(names ...string) []byte {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for _, name := range names {
			f, err := w.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(name, "/") {
				if _, err := io.WriteString(f, table); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	long := table
	for i := range 2_000 {
		long += fmt.Sprintf("%d,Jane Example,kz,2021-05-%02d\n", 10+i, 1+i%28)
	}
	gz := packed(t, long, func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil })
	damaged := slices.Clone(gz)
	damaged[len(damaged)/2] ^= 0xff
	utf16 := func(text string) []byte {
		var b []byte
		for _, c := range []byte(text) {
			b = append(b, c, 0)
		}
		return b
	}
	for _, test := range []struct {
		name     string
		text     []byte
		recorded int    // claims
		says     string // "": all is well
	}{
		{"bom.csv", []byte("\ufeff" + table), 6, ""},
		{"crlf.csv", []byte(strings.ReplaceAll(table, "\n", "\r\n")), 6, ""},
		{"quoted.csv", []byte(strings.Replace(table, "John Example", "\"John\nExample\"", 1)), 6, ""},
		{"weeks.csv", []byte(strings.Replace(table, "2019-12-12", "2019-W50-4", 1)), 6, ""},
		{"cr.csv", []byte(strings.ReplaceAll(table, "\n", "\r")), 0, "its lines end with CR alone"},
		{"semicolons.csv", []byte(strings.ReplaceAll(table, ",", ";")), 0, `delimiter: ";"`},
		{"utf16.csv", utf16(table), 0, "is UTF-16"},
		{"empty.csv", nil, 0, "the file is empty"},
		{"twice.csv", []byte(strings.Replace(table, "country,from", "from,from", 1)), 0, `the column "from" twice`},
		{"ragged.csv", []byte(strings.Replace(table, "uz,14 December 2019", "uz", 1)), 5, "ragged.csv:3, row 2: it has 3 cells and the heading has 4"},
		{"day-number.csv", []byte(strings.Replace(table, "2019-12-12", "43811", 1)), 5, "day-number.csv:2, row 1, column from: claim/example-visits/1: \"43811\" is no date; it may be a spreadsheet's number for 2019-12-12"},
		{"nul.csv", []byte(strings.Replace(table, "John", "Jo\x00hn", 1)), 4, "nul.csv:4, row 3: claim/example-visits/person/example/jo-hn-example: names"},
		{"huge.csv", []byte(strings.Replace(table, "John", strings.Repeat("J", 1<<20), 1)), 4, "huge.csv:4, row 3, column minister: the cell has 1048584 bytes"},
		{"endless.csv", []byte(strings.Replace(table, "3,John", "3,\"John", 1) + strings.Repeat("x,y,z\n", 3<<20)), 4, "longer than 16 MiB: look for a quote"},
		{"one.csv.zip", zipped("dir/", "dir/a.csv"), 6, ""},
		{"two.csv.zip", zipped("a.csv", "b.csv"), 0, "the zip archive has several files"},
		{"none.csv.zip", zipped(), 0, "the zip archive has no file"},
		{"book.xlsx", zipped("[Content_Types].xml", "xl/workbook.xml"), 0, "save its sheet as CSV"},
		{"cut.csv.gz", gz[:len(gz)/2], 0, "cut.csv.gz: nothing of it was taken: it is packed with gzip, and is cut off or damaged"},
		{"damaged.csv.gz", damaged, 0, "nothing of it was taken"},
		{"unknown", []byte(table), 0, "give it with --format"},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := in.write(test.name, test.text)
			args := []string{"import", file, "--mapping", in.mapping, "--to", filepath.Join(t.TempDir(), "data")}
			if strings.HasSuffix(test.name, ".xlsx") {
				args = append(args, "--format", "csv")
			}
			out, err := command(t, args...)
			if (test.says == "") != (err == nil) {
				t.Errorf("%v\n%s", err, out)
			}
			if all := fmt.Sprint(out, err); !strings.Contains(all, test.says) {
				t.Errorf("no %q in\n%s", test.says, all)
			}
			if want := fmt.Sprintf(", %d recorded", test.recorded); out != "" && !strings.Contains(out, want) {
				t.Errorf("not%s in\n%s", want, out)
			}
		})
	}
}

// TestHiddenRows: rows that a wrong quote swallows are not taken for gone.
func TestHiddenRows(t *testing.T) {
	in := newImporter(t)
	data := filepath.Join(in.dir, "data")
	table := strings.Replace(visitsTable, "some day", "2020-01-02", 1)
	if r, err := in.imports(in.write("visits.csv", []byte(table)), "--to", data); err != nil || r.Claims["recorded"] != 6 {
		t.Fatalf("%+v, %v", r, err)
	}
	for _, quote := range []string{"2,\"Jane", "2,Jane Example,\"uz"} { // to the end, whatever is there
		r, err := in.imports(in.write("visits.csv", []byte(strings.Replace(strings.Replace(table, "2,Jane Example,uz", quote+",uz", 1), "\n3,John", "\n3,\"John", 1))), "--to", data, "--max-rejects", "9")
		if err == nil || !strings.Contains(err.Error(), "rows may have gone into it") || r.Claims["retracted"] != 0 {
			t.Errorf("%s: %+v, %v", quote, r.Claims, err)
		}
	}
	if r, err := in.imports(in.write("visits.csv", []byte(table)), "--to", data); err != nil || r.Claims["unchanged"] != 6 || r.Commits != 0 {
		t.Errorf("put right: %+v, %v", r, err)
	}
}

// TestPipeInFolder: what might never end is left out of a folder.
func TestPipeInFolder(t *testing.T) {
	in := newImporter(t)
	dir := filepath.Dir(in.write("folder/visits.csv", []byte(visitsTable)))
	in.write("folder/README", []byte("hello"))
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.csv"), 0o600); err != nil {
		t.Skip("no pipes here: left out:", err)
	}
	if r, err := in.imports(dir, "--to", filepath.Join(in.dir, "data"), "--max-rejects", "1"); err != nil || r.Claims["recorded"] != 4 || len(r.Files) != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestLeftOutOfImport: a sparing field's fault is no rejection; it is told all the same, and can
// be what an import fails by.
func TestLeftOutOfImport(t *testing.T) {
	in := newImporter(t)
	in.mapping = in.write("sparing.yaml", []byte(strings.Replace(visitsMapping, "<from | date>", "<from | date | sparing>", 1)))
	table := in.write("visits.csv", []byte(visitsTable))
	address := freeAddress(t)
	start(t, "--admin", address)
	for _, to := range []string{filepath.Join(in.dir, "data"), "http://" + address} {
		details := filepath.Join(in.dir, "details.jsonl")
		out, err := command(t, "import", table, "--mapping", in.mapping, "--to", to, "--report", details)
		if err != nil {
			t.Error(err)
		}
		for _, want := range []string{
			", 0 rejected\n", "values: 1 left out of claims that stand without them\n",
			"visits.csv:4, row 3, column from: claim/example-visits/3: start of the visit: \"some day\" is no date",
		} {
			if !strings.Contains(out, want) {
				t.Errorf("%s: no %q in\n%s", to, want, out)
			}
		}
		text, err := os.ReadFile(details)
		if err != nil || strings.Count(string(text), "\n") != 2 || !strings.HasPrefix(string(text), `{"leftOut":{"place":{`) || !strings.Contains(string(text), `"valuesLeftOut":1,`) {
			t.Errorf("%s: %s, %v", to, text, err)
		}
		for most, ok := range map[string]bool{"0": false, "1": true} {
			if _, err := in.imports(table, "--to", to, "--max-left-out", most); ok != (err == nil) {
				t.Errorf("%s, --max-left-out %s: %v", to, most, err)
			}
		}
	}
}

// TestSameFileTwiceAtOnce: a running server takes one file from two at the same time as if
// one came after the other.
func TestSameFileTwiceAtOnce(t *testing.T) {
	in := newImporter(t)
	text := strings.Replace(visitsTable, "3,John Example,kz,some day\n", "", 1)
	for i := range 5_000 {
		text += fmt.Sprintf("%d,Person %d,kz,2021-05-%02d\n", 10+i, i, 1+i%28)
	}
	table := in.write("visits.csv", []byte(text))
	address := freeAddress(t)
	start(t, "--admin", address)
	var recorded, unchanged [2]int
	var errs [2]error
	var both sync.WaitGroup
	for i := range 2 {
		both.Go(func() {
			r, err := in.imports(table, "--to", "http://"+address)
			recorded[i], unchanged[i], errs[i] = r.Claims["recorded"], r.Claims["unchanged"], err
		})
	}
	both.Wait()
	const all = 2*5_000 + 4
	if errs[0] != nil || errs[1] != nil || recorded[0]+recorded[1] != all || unchanged[0]+unchanged[1] != all {
		t.Errorf("recorded %d, unchanged %d, want %d; %v", recorded, unchanged, all, errs)
	}
	if r, err := in.imports(table, "--to", "http://"+address); err != nil || r.Commits != 0 || r.Claims["unchanged"] != all {
		t.Errorf("again: %+v, %v", r, err)
	}
}
