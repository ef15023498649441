package commands

import "testing"

// TestDatasets: RDF files of one name are of different data sets, each the same every time.
func TestDatasets(t *testing.T) {
	var d datasets
	of := map[string]string{
		"x/notes.ttl": "x-notes", "./y/notes.ttl": "y-notes", "y/people.nt": "people",
		"z/a/same.ttl": "z-a-same-ttl", "z/a/same.nt": "z-a-same-nt", "/w/a/same.nt": "w-a-same",
	}
	for path := range of {
		d.add(path)
	}
	for path, want := range of {
		if got := d.of(path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
}
