package sparql

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
)

// UnsaidError says that a condition cannot be said in SPARQL, and what kind of condition
// it is that cannot.
type UnsaidError struct{ Kind string }

func (e *UnsaidError) Error() string { return "sparql: cannot be said: " + e.Kind }

// Translator says conditions in SPARQL. The zero value of Ontology and Base is of no use.
type Translator struct {
	Ontology *schema.Ontology
	Base     string // that ids are relative to
	// ID returns the id of the entity that an id stands for: another one after a merge.
	// ok is false for one that was never seen.
	ID func(text string) (stays string, ok bool)

	variables int
}

// Select returns a query for what of a class meets a condition, as a document has it:
// ?x, each once, in no order. The error is an *UnsaidError.
func (t *Translator) Select(class *schema.Class, where any) (string, error) {
	condition, err := t.where(class, "?x", where)
	if err != nil {
		return "", err
	}
	return "SELECT DISTINCT ?x WHERE { " + t.memberOf("?x", class) + " FILTER(" + condition + ") }", nil
}

// Groups returns a query for how many of a class that meet a condition have each value
// of a key: ?k, unbound for none, and ?n. The error is an *UnsaidError.
func (t *Translator) Groups(class *schema.Class, where any, key *schema.GroupKey) (string, error) {
	condition, err := t.where(class, "?x", where)
	if err != nil {
		return "", err
	}
	var value string
	switch {
	case key.Field != nil && key.Field.Kind == schema.Relation && len(key.Through) == 0 && key.Field.Range.Name != "Claim":
		value = "OPTIONAL { " + t.pair(key.Field, "?x", "?k") + " }"
	case key.Value == "CLASS" && key.Field == nil:
		value = "GRAPH " + shownGraph + " { ?x " + classOf + " ?k }"
	default:
		return "", &UnsaidError{"groups by what is no relation and no class"}
	}
	return "SELECT ?k (COUNT(DISTINCT ?x) AS ?n) WHERE { " + t.memberOf("?x", class) + " FILTER(" + condition + ") " + value + " } GROUP BY ?k", nil
}

func (t *Translator) variable() string {
	t.variables++
	return fmt.Sprintf("?v%d", t.variables)
}

// memberOf is the pattern of what is of a class.
func (t *Translator) memberOf(x string, class *schema.Class) string {
	c := t.variable()
	members := make([]string, 0, len(class.Members))
	for _, m := range class.Members {
		members = append(members, iri(m.IRI))
	}
	return "GRAPH " + shownGraph + " { " + x + " " + classOf + " " + c + " } VALUES " + c + " { " + strings.Join(members, " ") + " }"
}

// pair is the pattern of what a relation leads to.
func (t *Translator) pair(f *schema.Field, x, y string) string {
	p, from, to := t.variable(), x, y
	if f.Inverse {
		from, to = y, x
	}
	return "GRAPH " + shownGraph + " { " + from + " " + p + " " + to + " } VALUES " + p + " { " + predicates(f) + " } " + t.memberOf(y, f.Range)
}

func (t *Translator) id(text any) (string, error) {
	stays, ok := t.ID(fmt.Sprint(text))
	if !ok {
		return "", &UnsaidError{"an id that was never seen, which is an error"}
	}
	return "<" + t.Base + stays + ">", nil
}

// where says a <Class>Where: an expression over x, which is bound.
func (t *Translator) where(class *schema.Class, x string, given any) (string, error) {
	object, ok := given.(map[string]any)
	if !ok {
		return "true", nil
	}
	parts := []string{"true"}
	for _, key := range sortedKeys(object) {
		if object[key] == nil {
			continue
		}
		part, err := t.condition(class, x, key, object[key])
		if err != nil {
			return "", err
		}
		parts = append(parts, part)
	}
	return "(" + strings.Join(parts, " && ") + ")", nil
}

func (t *Translator) condition(class *schema.Class, x, key string, value any) (string, error) {
	switch key {
	case "and", "or":
		parts := []string{map[string]string{"and": "true", "or": "false"}[key]}
		for _, each := range listOf(value) {
			part, err := t.where(class, x, each)
			if err != nil {
				return "", err
			}
			parts = append(parts, part)
		}
		return "(" + strings.Join(parts, map[string]string{"and": " && ", "or": " || "}[key]) + ")", nil
	case "not":
		part, err := t.where(class, x, value)
		return "!" + part, err
	case "id":
		return t.idFilter(x, value.(map[string]any))
	case "claims":
		return "", &UnsaidError{"claims: the denied and the retracted ones are in no export of a perspective"}
	}
	if f := class.Field(key); f != nil && f.Kind != schema.Derived {
		return t.field(class, f, x, value)
	}
	switch key {
	case "name":
		return t.text(value.(map[string]any), func(v string) string {
			p := t.variable()
			return "GRAPH " + shownGraph + " { " + x + " " + p + " " + v + " } VALUES " + p + " { " + t.namePredicates() + " }"
		})
	case "identifier":
		given := value.(map[string]any)
		v := t.variable()
		test := fmt.Sprintf("STR(DATATYPE(%s)) = %s", v, quoted(schema.Expand("kg:scheme/"+fmt.Sprint(given["scheme"]))))
		if given["in"] != nil {
			test += " && " + in("STR("+v+")", given["in"])
		}
		return "EXISTS { GRAPH " + shownGraph + " { " + x + " " + iri(graph.Notation) + " " + v + " } FILTER(" + test + ") }", nil
	case "class":
		var classes []any
		for _, each := range listOf(value) {
			classes = append(classes, schema.Expand(t.Ontology.ClassByEnum(fmt.Sprint(each)).IRI))
		}
		v := t.variable()
		return "EXISTS { GRAPH " + shownGraph + " { " + x + " " + classOf + " " + v + " } FILTER(" + in("STR("+v+")", classes) + ") }", nil
	case "within":
		top, err := t.id(value)
		return "(EXISTS { " + t.memberOf(top, class) + " } && EXISTS { GRAPH " + shownGraph + " { " + x + " <" + broader + class.Name + ">* " + top + " } })", err
	case "when":
		return t.when(class, x, value.(map[string]any))
	}
	for _, narrower := range t.Ontology.Classes {
		if narrower.Key == key {
			part, err := t.where(narrower, x, value)
			return "(EXISTS { " + t.memberOf(x, narrower) + " } && " + part + ")", err
		}
	}
	return "", &UnsaidError{"the key " + key}
}

func (t *Translator) idFilter(x string, given map[string]any) (string, error) {
	parts := []string{"true"}
	for _, key := range sortedKeys(given) {
		if given[key] == nil {
			continue
		}
		var ids []string
		for _, text := range listOf(given[key]) {
			id, err := t.id(text)
			if err != nil {
				return "", err
			}
			ids = append(ids, id)
		}
		switch {
		case len(ids) == 0:
			parts = append(parts, "false")
		case key == "not":
			parts = append(parts, x+" != "+ids[0])
		default:
			parts = append(parts, x+" IN ("+strings.Join(ids, ", ")+")")
		}
	}
	return "(" + strings.Join(parts, " && ") + ")", nil
}

// field says a condition on a stored field.
func (t *Translator) field(class *schema.Class, f *schema.Field, x string, value any) (string, error) {
	if f.Kind == schema.Relation {
		if f.Range.Name == "Claim" {
			return "", &UnsaidError{"claims: the denied and the retracted ones are in no export of a perspective"}
		}
		if f.Shape != schema.Single {
			return t.list(f, x, value.(map[string]any))
		}
		y := t.variable()
		part, err := t.where(f.Range, y, value)
		return "EXISTS { " + t.pair(f, x, y) + " FILTER(" + part + ") }", err
	}
	shown := func(v string) string {
		if f.Kind == schema.Identifier {
			return "GRAPH " + shownGraph + " { " + x + " <" + schemeIs + f.Scheme + "> " + v + " }"
		}
		p := t.variable()
		return "GRAPH " + shownGraph + " { " + x + " " + p + " " + v + " } VALUES " + p + " { " + predicates(f) + " }"
	}
	if f.Kind == schema.Property && !f.Predicates[0].Single {
		return "", &UnsaidError{"a text of many values"}
	}
	v := t.variable()
	switch {
	case f.Kind == schema.Identifier || f.Value == schema.Text:
		return t.text(value.(map[string]any), shown)
	case f.Value == schema.Enum:
		return "EXISTS { " + shown(v) + " FILTER(" + in("STR("+v+")", value) + ") }", nil
	case f.Value == schema.Boolean:
		return "EXISTS { " + shown(v) + " FILTER(STR(" + v + ") = \"" + fmt.Sprint(value) + "\") }", nil
	case f.Value == schema.Float || f.Value == schema.Int:
		return t.number(value.(map[string]any), shown)
	case f.Value == schema.Time:
		return t.time(class, f, x, value.(map[string]any), shown)
	}
	return "", &UnsaidError{"the key " + f.Name}
}

// list says the quantifiers of a relation.
func (t *Translator) list(f *schema.Field, x string, given map[string]any) (string, error) {
	parts := []string{"true"}
	// some says that there are n different ones that meet a condition.
	some := func(where any, n int) (string, error) {
		if n <= 0 {
			return "true", nil
		}
		var pattern, different []string
		last := ""
		for range n {
			y := t.variable()
			part, err := t.where(f.Range, y, where)
			if err != nil {
				return "", err
			}
			pattern = append(pattern, t.pair(f, x, y)+" FILTER("+part+")")
			if last != "" {
				different = append(different, "FILTER(STR("+last+") < STR("+y+"))")
			}
			last = y
		}
		return "EXISTS { " + strings.Join(slices.Concat(pattern, different), " ") + " }", nil
	}
	for _, key := range sortedKeys(given) {
		if given[key] == nil {
			continue
		}
		var part string
		var err error
		switch key {
		case "some", "none":
			if part, err = some(given[key], 1); key == "none" {
				part = "!" + part
			}
		case "every":
			y := t.variable()
			var inner string
			inner, err = t.where(f.Range, y, given[key])
			part = "!EXISTS { " + t.pair(f, x, y) + " FILTER(!" + inner + ") }"
		case "atLeast", "atMost":
			if given["distinct"] != nil {
				return "", &UnsaidError{"a count of different values"}
			}
			n := int(number(given[key]))
			if key == "atMost" {
				n++
			}
			if part, err = some(given["some"], n); key == "atMost" {
				part = "!(" + part + ")"
			}
		case "distinct":
			continue
		}
		if err != nil {
			return "", err
		}
		parts = append(parts, part)
	}
	return "(" + strings.Join(parts, " && ") + ")", nil
}

// text says a TextFilter over the values that a pattern gives.
func (t *Translator) text(given map[string]any, values func(v string) string) (string, error) {
	parts := []string{"true"}
	there := func(test func(v string) string) string {
		v := t.variable()
		return "EXISTS { " + values(v) + " FILTER(" + test(v) + ") }"
	}
	one := func(v string) string { return "true" }
	equal := func(to any) func(v string) string {
		return func(v string) string { return in("STR("+v+")", to) }
	}
	for _, key := range sortedKeys(given) {
		value := given[key]
		if value == nil {
			continue
		}
		switch key {
		case "eq", "in":
			parts = append(parts, there(equal(value)))
		case "not":
			parts = append(parts, there(one), "!"+there(equal(value)))
		case "exists":
			part := there(one)
			if value == false {
				part = "!" + part
			}
			parts = append(parts, part)
		default:
			return "", &UnsaidError{"startsWith and contains, which fold texts by a rule of ours"}
		}
	}
	return "(" + strings.Join(parts, " && ") + ")", nil
}

// number says a NumberFilter.
func (t *Translator) number(given map[string]any, values func(v string) string) (string, error) {
	parts := []string{"true"}
	for _, key := range sortedKeys(given) {
		value := given[key]
		if value == nil {
			continue
		}
		v := t.variable()
		if key == "exists" {
			part := "EXISTS { " + values(v) + " }"
			if value == false {
				part = "!" + part
			}
			parts = append(parts, part)
			continue
		}
		sign := map[string]string{"eq": "=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}[key]
		parts = append(parts, fmt.Sprintf("EXISTS { %s FILTER(%s %s %g) }", values(v), v, sign, number(value)))
	}
	return "(" + strings.Join(parts, " && ") + ")", nil
}

func (t *Translator) namePredicates() string {
	var out []string
	for _, kind := range t.Ontology.Schema.Types["NameKind"].EnumValues {
		out = append(out, iri(t.Ontology.NamePredicate(kind.Name).IRI))
	}
	return strings.Join(out, " ")
}

// day returns the day of a reference to one day; else why that cannot be said.
func day(reference any) (edtf.Day, error) {
	given := reference.(map[string]any)
	text, ok := given["date"].(string)
	switch {
	case given["within"] != nil:
		return 0, &UnsaidError{"a distance between times"}
	case given["enclosing"] == true || !ok:
		return 0, &UnsaidError{"a time beside that of an event"}
	}
	d, err := edtf.Parse(text)
	if err != nil {
		return 0, &UnsaidError{"a date that is none, which is an error"}
	}
	from, to := d.Bounds()
	if from != to || d.IsInterval() {
		return 0, &UnsaidError{"a time beside a rough date or a stretch"}
	}
	return from, nil
}

// in says that a text is one of some.
func in(text string, among any) string {
	list := listOf(among)
	if len(list) == 0 {
		return "false"
	}
	parts := make([]string, len(list))
	for i, each := range list {
		parts[i] = quoted(fmt.Sprint(each))
	}
	return text + " IN (" + strings.Join(parts, ", ") + ")"
}

func listOf(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	return []any{v}
}

func number(v any) float64 {
	switch v := v.(type) {
	case int64:
		return float64(v)
	case float64:
		return v
	}
	return 0
}

func quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err) // unreachable: any string can be written
	}
	return string(b)
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
