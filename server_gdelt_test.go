package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
)

// gdeltEvent is a row of GDELT's events without a heading: of 61 columns in edition 2.0, of
// 58 or 57 in 1.0. Ghana consults Togo at Lomé, where the geographies are.
func gdeltEvent(id, columns int) string {
	edition2 := columns == 61
	geo := []string{"4", "Lome, Maritime, Togo", "TO", "TO24", "6.1319", "1.22279", "-2000001"}
	if edition2 {
		geo = []string{"4", "Lome, Maritime, Togo", "TO", "TO24", "21000", "6.1319", "1.22279", "-2000001"}
	}
	cells := []string{fmt.Sprint(id), "20150218", "201502", "2015", "2015.1315"}
	cells = append(cells, "GHAGOV", "GHANA", "GHA", "", "", "", "", "GOV", "", "")
	cells = append(cells, "TGO", "TOGO", "TGO", "", "", "", "", "", "", "")
	cells = append(cells, "1", "040", "040", "04", "1", "1.0", "10", "1", "10", "2.5")
	for range 3 {
		cells = append(cells, geo...)
	}
	cells = append(cells, "20150218230000", "https://news.example/"+fmt.Sprint(id))
	return strings.Join(cells[:columns], "\t") + "\n"
}

func gdeltMention(event int, outlet string) string {
	return strings.Join([]string{
		fmt.Sprint(event), "20150218230000", "20150218230000", "1", outlet, "https://" + outlet + "/a", "3", "-1", "20", "30", "1", "80", "900", "-1.5", "", "",
	}, "\t") + "\n"
}

func zipped(t *testing.T, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i, text := range files {
		f, err := w.Create(fmt.Sprint("inner-", i))
		if err == nil {
			_, err = io.WriteString(f, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestImportGDELT: files as they are published, of all editions, come in by one command and the
// mapping that is brought along; later files add to them.
func TestImportGDELT(t *testing.T) {
	in := importer{t: t, dir: t.TempDir()}
	data := filepath.Join(in.dir, "data")
	take := func(files ...string) report {
		t.Helper()
		out, err := command(t, append([]string{"import", "--json", "--to", data}, files...)...)
		if err != nil {
			t.Fatal(err, out)
		}
		var r report
		if err := json.Unmarshal([]byte(out), &r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	folder := filepath.Dir(in.write("gdelt/20150218230000.export.CSV.zip", zipped(t, gdeltEvent(1, 61)+gdeltEvent(2, 61))))
	in.write("gdelt/20150218230000.mentions.CSV.zip", zipped(t, gdeltMention(1, "one.example")+gdeltMention(1, "two.example")+gdeltMention(2, "one.example")))
	in.write("gdelt/20130401.export.CSV.zip", zipped(t, gdeltEvent(3, 58)))
	in.write("gdelt/200601.export.CSV", []byte(gdeltEvent(4, 57)))
	if r := take(folder); r.Claims["rejected"] != 0 || len(r.Files) != 4 {
		t.Errorf("imported: %+v", r)
	}
	if r := take(folder); r.Commits != 0 {
		t.Errorf("imported again: %+v", r)
	}
	later := in.write("20150218231500.export.CSV.zip", zipped(t, gdeltEvent(5, 61)))
	if r := take(later); r.Claims["retracted"] != 0 || r.Claims["recorded"] != 1 {
		t.Errorf("a later file: %+v", r)
	}
	s := start(t, "--store", "local", "--data", data)
	const ask = `{ interactions(where: {identifier: {scheme: "gdelt-event"}}) { totalCount }
		loud: interactions(where: {claims: {distinct: PUBLISHER, atLeast: 3}}) { nodes { id start { edtf } actor { identifiers { value } } places { latitude } } } }`
	const want = `{"interactions":{"totalCount":5},"loud":{"nodes":[` +
		`{"id":"event/gdelt/1","start":{"edtf":"2015-02-18"},"actor":{"identifiers":[{"value":"GHAGOV"}]},"places":[{"latitude":6.1319}]}]}}`
	if got := s.ask(t, ask); string(got.Data) != want {
		t.Errorf("asked: %s %v, want %s", got.Data, got.Errors, want)
	}
}

// TestImportDamagedZip: an archive that is not whole, or not one file, is told.
func TestImportDamagedZip(t *testing.T) {
	in := importer{t: t, dir: t.TempDir()}
	whole := zipped(t, "<https://example.org/a> <https://example.org/b> \"c\" .\n")
	damaged := bytes.Clone(whole)
	damaged[bytes.Index(damaged, []byte("PK\x07\x08"))+4] ^= 1
	for _, test := range []struct {
		text []byte
		says string
	}{
		{whole, ""},
		{damaged, "checksum"},
		{whole[:60], "unexpected EOF"},
		{zipped(t, "", ""), "several files"},
	} {
		_, err := command(t, "import", "--to", filepath.Join(in.dir, "data"), in.write("a.nt.zip", test.text))
		if (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) {
			t.Errorf("an archive of %d bytes: %v, want %q", len(test.text), err, test.says)
		}
	}
}

// TestImportByMappingOfPath: a mapping given by its path is read there, with what stands
// beside it, and its faults are told under that path.
func TestImportByMappingOfPath(t *testing.T) {
	in := newImporter(t)
	table := in.write("visits.csv", []byte(visitsTable))
	bad := in.write("deep/visits.yaml", []byte(strings.Replace(visitsMapping, "destination", "destinatoin", 1)))
	_, err := command(t, "import", table, "--mapping", bad, "--to", filepath.Join(in.dir, "data"))
	if err == nil || !strings.Contains(err.Error(), bad+":") || !strings.Contains(err.Error(), "did you mean destination") {
		t.Errorf("a bad mapping: %v", err)
	}
}
