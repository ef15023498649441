package table_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chancery/schema"
	"chancery/seed/intake"
	"chancery/seed/table"
)

const visits = `visit;id,country,iso3,start date,end date,who,notes
1,Kazakhstan,KAZ,31/12/2019,02/01/2020,A; B,"met, talked"
2,Uzbekistan,UZB,03/04/2020,,A,
3,Tajikistan,TJK,05/06/2020,05/06/2020,C,x
`

// TestInit holds the first mapping of a small file to what it was.
func TestInit(t *testing.T) {
	var b strings.Builder
	if err := table.Init(&b, "data/My visits.csv.gz", strings.NewReader(visits)); err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/init.yaml"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("got:\n%s\nwant:\n%s", b.String(), want)
	}
	if claims, rejected := follow(t, ontology(t), b.String(), "My visits.csv", visits); claims != 3+3 || len(rejected) > 0 {
		t.Errorf("%d claims, rejected: %v", claims, rejected)
	}
}

// TestInitAlmost: a column that nearly tells rows apart is named, and one that says of
// nothing more than that it goes on is an end.
func TestInitAlmost(t *testing.T) {
	data := "Ref,Ambassador,Date,Until\n"
	for i := range 20 {
		data += fmt.Sprintf("A-%02d,Jane Example,%d March 2020,%s\n", max(i, 1), i+1, []string{"present", "", "-"}[i%3])
	}
	data += "B-01,Jane Example,Spring 2022,\n"
	var b strings.Builder
	if err := table.Init(&b, "audiences.csv", strings.NewReader(data)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"or key: <Ref>, which has 20 different values in 21 records", "end: <Until | none - | open present | date>", "no end where it is present"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("there is no %q in\n%s", want, &b)
		}
	}
	if claims, rejected := follow(t, ontology(t), b.String(), "audiences.csv", data); claims != 21 || len(rejected) > 0 {
		t.Errorf("%d claims, rejected: %v", claims, rejected)
	}
}

// follow reads a file by a mapping and counts the claims, without that of the source.
func follow(t *testing.T, o *schema.Ontology, mapping, name, data string) (claims int, rejected []string) {
	t.Helper()
	m, err := table.Parse("m.yaml", strings.NewReader(mapping), nil, o)
	if err != nil {
		t.Fatalf("%v\n%s", err, mapping)
	}
	err = m.Open(name, strings.NewReader(data)).Read(t.Context(), func(intake.Entry) error { claims++; return nil },
		func(r intake.Rejection) error {
			rejected = append(rejected, r.Place.String()+": "+r.Reason)
			return nil
		})
	if err != nil {
		t.Fatalf("%v\n%s", err, mapping)
	}
	return claims - 1, rejected
}

func TestInitDelimiter(t *testing.T) {
	const data = "id;name, first;since\n1;A;2010-12-02\n2;B;2011\n"
	var b strings.Builder
	if err := table.Init(&b, "x.csv", strings.NewReader(data)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `format: {name: csv, delimiter: ";"}`) {
		t.Error(b.String())
	}
	if claims, rejected := follow(t, ontology(t), b.String(), "x.csv", data); claims != 2 || len(rejected) > 0 {
		t.Errorf("%d claims, rejected: %v", claims, rejected)
	}
}

// TestInitMessy: a table with dates of all kinds, some of them in figures, and with marks
// for what is unknown needs no repair but where it is wrong.
func TestInitMessy(t *testing.T) {
	const data = `Link,Ambassador,Sending country,Receiving country,Arrived,Left
https://example.org/1,Ana Pereira,Brazil,Kenya,2 November 2007,?
https://example.org/2,Li Okoth,Kenya,Brazil; Togo,25/01/2003,2003-01-28
https://example.org/3,Omar N'Guessan,Togo,Brazil,c. 2016,n/a
https://example.org/4,Ana Pereira,Brazil,Togo; Kenya,"May 16, 1997",
https://example.org/5,Ana Pereira,Brazil,Togo,31 February 2016,
https://example.org/6,Ana Pereira,Brazil,Togo,January 2006,
` + "https://example.org/7,A,Brazil,Togo,2001,\nhttps://example.org/8,A,Brazil,Togo,2001,\nhttps://example.org/9,A,Brazil,Togo,2001,\n" +
		"https://example.org/10,A,Brazil,Togo,2001,\nhttps://example.org/11,A,Brazil,Togo,2001,\nhttps://example.org/12,A,Brazil,Togo,2001,\n" +
		"https://example.org/13,A,Brazil,Togo,2001,\nhttps://example.org/14,A,Brazil,Togo,2001,\nhttps://example.org/15,A,Brazil,Togo,2001,\n" +
		"https://example.org/16,A,Brazil,Togo,2001,\nhttps://example.org/17,A,Brazil,Togo,2001,\nhttps://example.org/18,A,Brazil,Togo,2001,\n" +
		"https://example.org/19,A,Brazil,Togo,2001,\nhttps://example.org/20,A,Brazil,Togo,2001,\n"
	var b strings.Builder
	if err := table.Init(&b, "x.csv", strings.NewReader(data)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"start: <Arrived | date dmy>", "end: <Left | none ? n/a | date>", "participants: [ambassador, sending-country, receiving-country]",
		"one: <Receiving country | split ;>",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in\n%s", want, b.String())
		}
	}
	// Nineteen rows, four people, and three nations under the two names of their entities.
	if claims, rejected := follow(t, ontology(t), b.String(), "x.csv", data); claims != 19+4+3 || len(rejected) != 1 || !strings.Contains(rejected[0], "31 February 2016") {
		t.Errorf("%d claims, rejected: %v\n%s", claims, rejected, b.String())
	}
}

// TestInitClass: a date alone makes no event of a row, and words tell what it is.
func TestInitClass(t *testing.T) {
	for _, test := range []struct{ file, data, want, not string }{
		{"laws.csv", "id,title,date\n1,A,2010-12-02\n2,B,2011-12-02\n", "class: THING", "class: MEETING"},
		{"laws.csv", "id,title,date\n1,A,2010-12-02\n2,B,2011-12-02\n", "        # start: <date | date>", "        start:"},
		{"un-votes.csv", "id,title,date\n1,A,2010-12-02\n", "class: ROLL_CALL", ""},
		{"x.csv", "id,Treaty,date\n1,A,2010-12-02\n", "class: DEAL", ""},
		{"x.csv", "id,minister,country,date\n1,A,Kenya,2010-12-02\n", "class: MEETING", ""},
		{"trips.csv", "id,minister,country,days\n1,A,Kenya,3–5 May 2018\n2,A,Togo,7 May 2018\n", "destination: country", "participants"},
		{"trips.csv", "id,minister,country,days\n1,A,Kenya,3–5 May 2018\n2,A,Togo,7 May 2018\n", "start: <days | dates | item 1>", ""},
		{"trips.csv", "id,minister,country,days\n1,A,Kenya,3–5 May 2018\n2,A,Togo,7 May 2018\n", "end: <days | dates | item -1>", ""},
		{"list.json", "{\"id\": 1}\n{\"id\": 2}\n", "format: jsonl", ""},
		{"list.json", "{\"a\": {\"id\": 1}}\n", "format: json\n", ""},
		{"trips.csv", "id,minister,date\n1,A,2018-05-03\n", "class: THING", "destination:"},
		{"list.json", "\ufeff{\"id\": 1}\n{\"id\": 2}\n", "format: jsonl", ""},
		{"list.json", "{\"id\": 1, \"x\": \"" + strings.Repeat("x", 1<<18) + "\"}\n{\"id\": 2}\n", "format: jsonl", ""},
		{"list.json", "{\"id\": {\"x\": \"" + strings.Repeat("x", 1<<18) + "\"}}\n", "format: json\n", ""},
		// Stretches in figures tell their order only where a day is above 12.
		{"x.csv", "id,minister,country,days\n1,A,Togo,03/04/2019 - 05/04/2019\n", "cannot be told apart: dates dmy or dates mdy", ""},
		{"x.csv", "id,minister,country,days\n1,A,Togo,03/04/2019 - 05/04/2019\n2,A,Togo,04/03/2019 - 04/25/2019\n", "dates: dates mdy", "told apart"},
		{"x.csv", "id,minister,country,days\n1,A,Togo,04/03/2019 - 04/25/2019\n2,A,Togo,03/04/2019 - 05/04/2019\n", "start: <days | dates mdy | item 1>", "told apart"},
		{"x.csv", "id,minister,country,days\n1,A,Togo,13/04/2019 - 15/04/2019\n2,A,Togo,03/04/2019\n", "start: <days | dates dmy | item 1>", "told apart"},
		{"x.csv", "id,minister,country,days\n1,A,Togo,2018-05-03/2018-05-05\n2,A,Togo,2018-05-03/..\n3,A,Togo,2018-05-03/\n", "end: <days | dates | item -1>", ""},
		// What stands for no end does so in times alone.
		{"x.csv", "id,minister,country,date\n1,A,Togo,2018-05-03\n2,Incumbent,Togo,2018-05-03\n", "name: <minister>", "open"},
		{"x.csv", "id,minister,country,date,status\n1,A,Togo,2018-05-03,Current\n2,B,Togo,2018-05-03,Current\n", "status: the same in each record; as in Current", "end:"},
		{"x.csv", "id,minister,country,date,attendance\n1,A,Togo,2018-05-03,present\n2,B,Togo,2018-05-03,\n", "attendance: empty in 1 of 2", "end:"},
		{"x.csv", "id,minister,country,date,status\n1,A,Togo,2018-05-03,Current\n2,B,Togo,2018-05-03,Former\n", "status: different in each record", "no end"},
		{"x.csv", "id,minister,country,date,termEnd\n1,A,Togo,2018-05-03,present\n2,B,Togo,2018-05-03,\n", "end: <termEnd | open present | date>", ""},
		{"x.csv", "id,minister,country,date,Departure\n1,A,Togo,2018-05-03,present\n2,B,Togo,2018-05-03,2018-05-04\n", "end: <Departure | open present | date>", ""},
	} {
		var b strings.Builder
		if err := table.Init(&b, test.file, strings.NewReader(test.data)); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), test.want) || test.not != "" && strings.Contains(b.String(), test.not) {
			t.Errorf("%s: want %q and not %q in\n%s", test.file, test.want, test.not, b.String())
		}
		if claims, rejected := follow(t, ontology(t), b.String(), test.file, test.data); claims == 0 || len(rejected) > 0 {
			t.Errorf("%s: %d claims, rejected: %v\n%s", test.file, claims, rejected, b.String())
		}
	}
}

func TestInitRefuses(t *testing.T) {
	for name, data := range map[string]string{
		"x.doc": "a", "x.csv": "", "y.csv": "a,b\n", "x.json": "1", "x.jsonl": "{", "z.csv": "a,a\n1,2\n", "u.tsv": "a\n\xff\n",
		"a.json": "[{\"a\":1}]]", "b.json": "{\"a\":{\"b\":1}}}", "c.json": "[{\"a\":1}] x", "d.json": "[{\"a\":1}][",
	} {
		var b strings.Builder
		if err := table.Init(&b, name, strings.NewReader(data)); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v\n%s", name, err, b.String())
		}
	}
}

// TestInitShared makes a first mapping for each of the shared data sets; it can be
// used, and rejects little.
func TestInitShared(t *testing.T) {
	var all []string
	for _, ending := range []string{"tsv", "csv", "yaml", "json", "jsonl"} {
		more, err := filepath.Glob("../../../shared/data/*/*." + ending)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, more...)
	}
	if len(all) == 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("the shared data sets are not at hand")
		}
		t.Skip("the shared data sets are not at hand, so no mapping is made for them")
	}
	o := ontology(t)
	for _, file := range all {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if len(data) > 300<<10 {
			continue // the others are like them
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			var b strings.Builder
			if err := table.Init(&b, file, strings.NewReader(string(data))); err != nil {
				t.Fatal(err)
			}
			claims, rejected := follow(t, o, b.String(), file, string(data))
			if claims == 0 || len(rejected)*20 > claims {
				t.Errorf("%d claims, %d rejected, the first: %v\n%s", claims, len(rejected), rejected[:min(3, len(rejected))], b.String())
			}
		})
	}
}
