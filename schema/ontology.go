package schema

import "github.com/vektah/gqlparser/v2/ast"

// Ontology is the compiled schema: what clients see, and what each class and
// field stands for in the graph. It is immutable and safe for concurrent use.
type Ontology struct {
	Schema  *ast.Schema // the served SDL, merged and validated
	Version string      // of the served SDL, semantic versioning

	Classes []*Class // concrete ones in the order of the enum Class, then Claim, then the interfaces

	byName      map[string]*Class
	byIRI       map[string]*Class
	byEnum      map[string]*Class
	predicates  map[string]*Predicate
	connections map[string]*Class // VisitConnection and VisitEdge: Visit
	roots       map[string]*Root
	groups      map[string]map[string]*GroupKey // by enum and value
	names       map[string]*Predicate           // by value of the enum NameKind
	sdl         string
}

// Class is one GraphQL type of entities: an object type, or an interface that
// stands for all classes that implement it.
type Class struct {
	Name        string // Visit
	IRI         string // kg:Visit; empty for interfaces
	Enum        string // VISIT; empty for interfaces and Claim
	Key         string // visit: the singular root, and the key that narrows a filter to this class
	Description string
	Abstract    bool
	Members     []*Class // the concrete classes it stands for, in the order of Classes; itself when concrete
	Interfaces  []*Class // what it implements
	Fields      []*Field // in SDL order, inherited ones first
	Time        TimeModel
	// Yields marks a class that gives way to any other class that an entity has (Party, Thing).
	Yields bool

	byField map[string]*Field
}

// TimeModel says how a class's start and end are read.
type TimeModel uint8

const (
	Timeless TimeModel = iota
	Happens            // an event: without an end it ends within its start; without a start it has no time
	Lasts              // a tenure or membership: a missing bound is unknown
)

// Field is one field of a class.
type Field struct {
	Name  string
	Class *Class // that has it
	Def   *ast.FieldDefinition
	Kind  FieldKind
	Shape Shape
	// Required: the field's own type is non-null and it is Single.
	Required bool

	// Predicates that a relation or property reads: its own, then every kind of
	// it. Empty for Derived.
	Predicates []*Predicate
	Inverse    bool   // from object to subject
	Range      *Class // of a Relation, and of claims
	Value      Value  // of a Property
	Scheme     string // of an Identifier: iso3166-1-alpha-2
}

// FieldKind says where a field's values come from.
type FieldKind uint8

const (
	Derived    FieldKind = iota // by the engine's own rule for the field of that name: id, iri, name, names, claims, facts ...
	Relation                    // entities, along predicates
	Property                    // literals
	Identifier                  // the value of the identifier with the given scheme
)

// Shape is how many values a field shows, and how.
type Shape uint8

const (
	Single Shape = iota
	List
	Connection
)

// Value is the kind of a property's literals.
type Value uint8

const (
	Text Value = iota
	Enum
	Time // a TimeSpan, stored as EDTF
	Float
	Int
	Boolean
	Moment // a DateTime
)

// Predicate is a relation or property as it is stored.
type Predicate struct {
	IRI     string // compact: kg:visitor, schema:startDate
	Single  bool   // an entity shows one value of it
	Literal bool
}

// Root is a field of Query that names a class: one by id, or a connection.
type Root struct {
	Name  string
	Class *Class
	Many  bool // a connection
}

// Class returns the class of a GraphQL type name, or nil.
func (o *Ontology) Class(name string) *Class { return o.byName[name] }

// ClassByIRI returns the class of a compact IRI, or nil.
func (o *Ontology) ClassByIRI(iri string) *Class { return o.byIRI[iri] }

// ClassByEnum returns the class of a value of the enum Class, or nil.
func (o *Ontology) ClassByEnum(value string) *Class { return o.byEnum[value] }

// Predicate returns what is declared of a compact IRI, or nil.
func (o *Ontology) Predicate(iri string) *Predicate { return o.predicates[iri] }

// NodeClass returns the class that a connection or edge type (VisitConnection,
// VisitEdge) is of, or nil: FactConnection and ChangeConnection are of none.
func (o *Ontology) NodeClass(typeName string) *Class { return o.connections[typeName] }

// GroupKey returns what a value of a group enum (VisitGroup, VISITORS) counts
// by, or nil.
func (o *Ontology) GroupKey(enum, value string) *GroupKey { return o.groups[enum][value] }

// NamePredicate returns the predicate of names of one kind, by its value of the
// enum NameKind (PREFERRED: skos:prefLabel), or nil.
func (o *Ontology) NamePredicate(kind string) *Predicate { return o.names[kind] }

// SDL returns the text that Schema was read from, directives of the ontology
// included.
func (o *Ontology) SDL() string { return o.sdl }

// Root returns the root that a field of Query is, or nil.
func (o *Ontology) Root(name string) *Root { return o.roots[name] }

// Field returns the field of that name, or nil.
func (c *Class) Field(name string) *Field { return c.byField[name] }

// FieldOf returns the first field, in SDL order, that reads the predicate
// forwards as its own (not as a kind of it), or nil.
func (c *Class) FieldOf(iri string) *Field {
	for _, f := range c.Fields {
		if !f.Inverse && len(f.Predicates) > 0 && f.Predicates[0].IRI == iri {
			return f
		}
	}
	return nil
}

// Is reports whether every c is a d: the same class, or d an interface of it.
func (c *Class) Is(d *Class) bool {
	if c == d {
		return true
	}
	for _, i := range c.Interfaces {
		if i == d {
			return true
		}
	}
	return false
}
