package table

import (
	"path"
	"strings"

	"chancery/graph"
	"chancery/schema"
	"chancery/seed/table/format"
)

// Mapping says how the rows of a table become claims. It is immutable, has been
// checked against the ontology, and is safe for concurrent use; [Load] makes one.
type Mapping struct {
	file     string
	dataset  dataset
	patterns []string // of files, as path.Match has them
	format   format.Options
	status   graph.Status // of claims that have none of their own
	lookups  map[string]map[string]string

	shared []*entity // said once each, in claims of their own
	rules  []*rule
	refs   []*ref // all of them, by slot

	variables []string // of each, by slot
	checks    int      // facts whose values are held to their kind
}

// dataset is the source that the table is.
type dataset struct {
	id, title, description, licence, url, published string
	publisher, partOf                               agent
	partial                                         bool
}

// agent is the publisher or the collection of a dataset.
type agent struct{ id, name string }

// File is the name that the mapping was read under.
func (m *Mapping) File() string { return m.file }

// Dataset is the id of the data set, as claims have it: claim/DATASET/KEY.
func (m *Mapping) Dataset() string { return m.dataset.id }

// Partial reports whether each file is only a part of its data set, so that what it
// lacks is not gone.
func (m *Mapping) Partial() bool { return m.dataset.partial }

// Format is the name of the format that the mapping says its files have, or "".
func (m *Mapping) Format() string { return m.format.Name }

// Source is the id of the source that makes the claims: source/DATASET.
func (m *Mapping) Source() string { return "source/" + m.dataset.id }

// Title is the title of the data set.
func (m *Mapping) Title() string { return m.dataset.title }

// Matches reports whether the mapping is for a file of this name. A pattern of one
// part is for the file's own name, one of several for as many last parts of its
// path: us-history/*_travels.tsv. The ending of a compressed file counts as not there.
func (m *Mapping) Matches(file string) bool {
	for _, ending := range []string{".gz", ".zst", ".zip", ".bz2", ".xz"} {
		file = strings.TrimSuffix(file, ending)
	}
	parts := strings.Split(strings.ReplaceAll(file, `\`, "/"), "/")
	for _, pattern := range m.patterns {
		n := strings.Count(pattern, "/") + 1
		if n > len(parts) {
			continue
		}
		if ok, err := path.Match(pattern, strings.Join(parts[len(parts)-n:], "/")); ok && err == nil {
			return true
		}
	}
	return false
}

// rule makes one claim of a row, or one of each element of a list in it.
type rule struct {
	at         place
	each       []each
	when       []condition
	leave      string // why rows that meet the conditions are left out; no claim is made then
	key        *expr  // nil: a hash of the row
	locator    *expr
	status     graph.Status
	confidence *expr
	validTime  *expr
	source     *target // nil: the data set
	attributed []target
	entities   []*entity
}

// each makes a variable run through a list.
type each struct {
	variable int
	list     *expr
	at       place
	name     string
}

// condition is one part of when: all of them must hold.
type condition struct {
	value  *expr
	not    bool
	holds  func(value string) bool
	exists bool // only whether there is a value
}

// entity is something that rows speak of.
type entity struct {
	name   string // in the mapping
	at     place
	shared bool
	number int     // of a shared one, among them
	cell   *ref    // the one column that a shared one's id and conditions hang on; nil: several
	base   *entity // of a rule's entity that adds facts to a shared one; nil: it is its own
	class  *schema.Class
	id     *expr
	each   []each
	when   []condition
	byName bool // names find it in the graph
	facts  []factSpec
	needs  []need // what the class requires

	fields []field // as they are written
	classE string
	classP place
}

// need is a relation that a class requires.
type need struct{ field, predicate string }

// field is a field of an entity as it is written.
type field struct {
	name   string
	at     place
	values []fieldValue
}

type fieldValue struct {
	text     string
	at       place
	expr     *expr
	language *expr
	kind     *expr
	scheme   string
}

// target is what a relation leads to: an entity of the mapping, or an id.
type target struct {
	entity *entity
	id     *expr
	at     place
	name   string
}

// factSpec makes facts of one field.
type factSpec struct {
	field    string
	template graph.Fact
	value    *expr
	target   *target
	language *expr
	kind     *expr
	kinds    map[string]string // predicates of kinds of names
	check    func(string) (string, error)
	number   int // of check, in the mapping
	// lookup is the scheme of an identifier that finds the entity.
	lookup string
	name   bool
	nation bool // leads to the nation that names are looked up within
}
