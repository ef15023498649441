package main

import (
	"encoding/json"
	"path/filepath"
	"testing"
)

const ftmEntities = `{"id":"p1","caption":"Ivan Testov","schema":"Person","datasets":["list-a","list-b"],"properties":{"name":["Ivan Testov","Testov Ivan"],"nationality":["by"],"birthDate":["1970-02"]}}
{"id":"o1","caption":"Test Bank","schema":"Company","datasets":["list-a"],"referents":["o1-old"],"properties":{"name":["Test Bank"],"jurisdiction":["by"],"leiCode":["5493001KJTIIGC8Y1R12"]}}
{"id":"s1","caption":"","schema":"Sanction","datasets":["list-a"],"properties":{"entity":["o1"],"authority":["Council of Examples"],"program":["EX-1"],"startDate":["2022-03-04"]}}
{"id":"w1","schema":"Ownership","properties":{"owner":["p1"],"asset":["o1"],"percentage":["51"]}}
{"id":"d1","schema":"Directorship","properties":{"director":["p1"],"organization":["o1"],"role":["Chairman"],"startDate":["2019"]}}
{"id":"m1","schema":"Membership","properties":{"member":["p2"],"organization":["o1"]}}
{"id":"f1","schema":"Family","properties":{"person":["p1"],"relative":["p2"],"relationship":["sister"]}}
{"id":"p2","caption":"Anna Testova","schema":"Person","properties":{"name":["Anna Testova"]}}
{"id":"t1","caption":"Minister of Examples","schema":"Position","properties":{"name":["Minister of Examples"],"country":["by"]}}
{"id":"c1","schema":"Occupancy","properties":{"holder":["p2"],"post":["t1"],"startDate":["2020-01-02"]}}
{"id":"v1","caption":"MV Test","schema":"Vessel","properties":{"name":["MV Test"]}}
{"id":"w2","schema":"Ownership","properties":{"owner":["o1-old"],"asset":["v1"]}}
`

const ftmStatements = `canonical_id,entity_id,prop,prop_type,schema,value,dataset,lang,original_value,external,first_seen,last_seen,id
p1,a-1,name,name,Person,Ivan Testov,list-a,,,f,2022-01-01,2022-01-01,st1
p1,b-1,name,name,Person,Ivan Testov,list-b,,,f,2022-01-01,2022-01-01,st2
p1,b-1,birthDate,date,Person,1970-02-03,list-b,,,f,2022-01-01,2022-01-01,st3
p1,b-1,country,country,Person,by,list-b,,,f,2022-01-01,2022-01-01,st4
p1,b-1,country,country,Person,eu,list-b,,,f,2022-01-01,2022-01-01,st5
p1,b-1,gender,gender,Person,male,list-b,,,f,2022-01-01,2022-01-01,st6
`

// TestImportFollowTheMoney: entities and what is between them have their classes, in
// whatever order they come; of statements, each is its data set's.
func TestImportFollowTheMoney(t *testing.T) {
	in := importer{t: t, dir: t.TempDir()}
	data := filepath.Join(in.dir, "data")
	out, err := command(t, "import", "--json", "--to", data, in.write("entities.ftm.json", []byte(ftmEntities)), in.write("statements.csv", []byte(ftmStatements)))
	if err != nil {
		t.Fatal(err, out)
	}
	var r struct {
		Files []struct{ Left map[string]int }
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	if left := r.Files[1].Left; left["the property has no field"] != 1 || left["the country is no nation"] != 1 || len(left) != 2 {
		t.Errorf("of the statements, left out: %v", left)
	}
	s := start(t, "--store", "local", "--data", data)
	const ask = `{
		sanctions { nodes { target { id } imposedBy { name } program start { edtf } } }
		ownerships { nodes { owner { name } asset { __typename name } share } }
		memberships(where: {organization: {identifier: {scheme: "ftm", in: ["o1"]}}}) { nodes { member { name __typename } title } }
		ties { nodes { from { name } to { name } role } }
		tenures(where: {person: {identifier: {scheme: "ftm", in: ["p2"]}}}) { nodes { office { name nation { id } } start { edtf } } }
		people(where: {identifier: {scheme: "ftm", in: ["p1"]}}) { nodes { name nationality { id } born { edtf } } }
		claims(where: {source: {id: {eq: "source/ftm/list-b"}}}) { totalCount }
	}`
	const want = `{"sanctions":{"nodes":[{"target":{"id":"organization/ftm/o1"},"imposedBy":[{"name":"Council of Examples"}],"program":"EX-1","start":{"edtf":"2022-03-04"}}]},` +
		`"ownerships":{"nodes":[{"owner":{"name":"Ivan Testov"},"asset":{"__typename":"Organization","name":"Test Bank"},"share":"51"},` +
		`{"owner":{"name":"Test Bank"},"asset":{"__typename":"Thing","name":"MV Test"},"share":null}]},` +
		`"memberships":{"nodes":[{"member":{"name":"Ivan Testov","__typename":"Person"},"title":"Chairman"},{"member":{"name":"Anna Testova","__typename":"Person"},"title":null}]},` +
		`"ties":{"nodes":[{"from":{"name":"Ivan Testov"},"to":{"name":"Anna Testova"},"role":"sister"}]},` +
		`"tenures":{"nodes":[{"office":{"name":"Minister of Examples","nation":{"id":"nation/by"}},"start":{"edtf":"2020-01-02"}}]},` +
		`"people":{"nodes":[{"name":"Ivan Testov","nationality":[{"id":"nation/by"}],"born":{"edtf":"1970-02-03"}}]},"claims":{"totalCount":3}}`
	if got := s.ask(t, ask); string(got.Data) != want {
		t.Errorf("got %s %v\nwant %s", got.Data, got.Errors, want)
	}
}
