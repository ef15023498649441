package naive

import (
	"github.com/vektah/gqlparser/v2/ast"

	"chancery/graph"
	"chancery/graph/edtf"
	"chancery/schema"
)

// The objects of an answer. around is what is around the object's fields: for an
// entity itself first.
type (
	queryRoot   struct{}
	entityValue struct {
		id     graph.ID
		around *surrounding
		class  *schema.Class
	}
	claimValue struct {
		*claim
		around *surrounding
	}
	factValue struct {
		statement
		around *surrounding
	}
	changeValue struct {
		*claim
		retraction bool
	}
	spanValue struct {
		edtf.Date
		claims []*claim // that give an entity this time; none: it is a claim's own
	}
)

// mostInList is how many a list that is no connection gives at most.
const mostInList = 1000

// typeOf is ResolveAbstractType, and for an object type that type.
func (r *run) typeOf(declared string, value any) string {
	if r.o.Schema.Types[declared].Kind == ast.Object {
		return declared
	}
	if v, ok := value.(entityValue); ok {
		return v.class.Name
	}
	return "Claim"
}

// resolve is ResolveFieldValue: nil, a leaf, an object above, or []any of these
// and of what is wrong with one element.
func (r *run) resolve(objectType string, value any, name string, def *ast.FieldDefinition, args map[string]any) (result any, bad fault) {
	switch v := value.(type) {
	case queryRoot:
		result, bad = r.rootField(name, def, args)
	case entityValue:
		result, bad = r.entityField(v, v.class.Field(name), def, args)
	case claimValue:
		result, bad = r.claimField(v, name, def, args)
	case factValue:
		result, bad = r.factField(v, name, def, args)
	case *page:
		result, bad = r.pageField(v, objectType, name, args)
	case edge:
		result = edgeField(v, objectType, name)
	case *group:
		result = r.groupField(v, name)
	case groupKey:
		result = r.groupKeyField(v, name)
	case changeValue:
		result = changeField(v, name)
	case *conflict:
		result = r.conflictField(v, name)
	case pathValue:
		result = r.pathField(v, name)
	case step:
		result = r.stepField(v, name)
	case Hit:
		result = r.hitField(v, name)
	case spanValue:
		result = spanField(v, name)
	case map[string]any: // Name, Identifier and PageInfo
		var known bool
		if result, known = v[name]; !known {
			panic(noRuleError{objectType, name})
		}
	default:
		panic(noRuleError{objectType, name})
	}
	if list, ok := result.([]any); ok && len(list) > mostInList && def.Name != "nodes" && def.Name != "edges" {
		return nil, listTooLong
	}
	return result, bad
}

// entity is the object of an id, or nil where it is none of the class.
func (r *run) entity(id graph.ID, class *schema.Class, around *surrounding) any {
	if id == 0 || !r.is(id, class) {
		return nil
	}
	return entityValue{id, &surrounding{id, around}, r.classes[id]}
}

// node is the entity or claim of an id, or nil.
func (r *run) node(id graph.ID, around *surrounding) any {
	if c := r.claimWith(func(c *claim) bool { return c.id == id }); c != nil {
		return claimValue{c, around}
	}
	return r.entity(id, r.o.Class("Node"), around)
}

// told is the entity that a fact is told of or names, as what it was if it is
// nothing any more.
func (r *run) told(id graph.ID, around *surrounding) any {
	if was := r.former[id]; r.classes[id] == nil && was != nil {
		return entityValue{id, &surrounding{id, around}, was}
	}
	return r.node(id, around)
}

func (r *run) rootField(name string, def *ast.FieldDefinition, args map[string]any) (any, fault) {
	if name == "nodes" {
		list := []any{}
		for _, v := range args["ids"].([]any) {
			id, ok := r.id(v.(string))
			if !ok {
				list = append(list, fault(unknownID))
				continue
			}
			list = append(list, r.node(id, nil))
		}
		return list, ""
	}
	switch name {
	case "node":
		return r.rootNode(nil, args)
	case "facts":
		return r.rootFacts(def, args)
	case "changes":
		return r.rootChanges(def, args)
	case "conflicts":
		return r.rootConflicts(args)
	case "resolve":
		return r.withIdentifier(args["scheme"].(string), args["value"].(string)), ""
	case "resolveAll":
		list := []any{}
		for _, value := range args["values"].([]any) {
			list = append(list, r.withIdentifier(args["scheme"].(string), value.(string)))
		}
		return list, ""
	case "search":
		return r.rootSearch(args)
	case "paths":
		return r.rootPaths(def, args)
	}
	switch root := r.o.Root(name); {
	case root == nil:
		panic(noRuleError{"Query", name})
	case root.Many:
		return r.rootPage(root.Class, def, args)
	default:
		return r.rootNode(root.Class, args)
	}
}

// rootNode is the entity or claim of an id, if it is of the class; nil: of any.
func (r *run) rootNode(class *schema.Class, args map[string]any) (any, fault) {
	id, ok := r.id(args["id"].(string))
	if !ok {
		return nil, unknownID
	}
	n := r.node(id, nil)
	switch n.(type) {
	case entityValue:
		if class != nil && !r.is(id, class) {
			return nil, ""
		}
	case claimValue:
		if class != nil && class.Name != "Claim" {
			return nil, ""
		}
	}
	return n, ""
}

// withIdentifier is the first entity, in the graph's own order, that a known claim
// gives the identifier.
func (r *run) withIdentifier(scheme, value string) any {
	var first graph.ID
	for _, f := range r.facts {
		if f.claim.isKnown && f.predicate == graph.Notation && f.term.Datatype == graph.Scheme+scheme && f.term.Text == value &&
			r.is(f.subject, r.o.Class("Entity")) && (first == 0 || f.subject < first) {
			first = f.subject
		}
	}
	return r.entity(first, r.o.Class("Entity"), nil)
}

func (r *run) entityField(v entityValue, field *schema.Field, def *ast.FieldDefinition, args map[string]any) (any, fault) {
	switch field.Kind {
	case schema.Derived:
		return r.derivedField(v, field.Name, def, args)
	case schema.Identifier:
		for _, text := range r.identifierTexts(v.id, field.Scheme) {
			return cited{text, r.sayingIdentifier(v.id, identifierOf{field.Scheme, text})}, ""
		}
		return nil, ""
	case schema.Property:
		return r.property(v.id, field), ""
	}
	if field.Shape == schema.Connection {
		return r.relationPage(v, field, def, args)
	}
	f := &filter{run: r}
	where := map[string]any(nil)
	if def.Arguments.ForName("where") != nil {
		where = f.where(def.Arguments.ForName("where").Type, args, v.around)
	}
	list := []any{}
	for _, l := range r.related(v.id, field) {
		if f.entityMeets(l.to, field.Range, where, v.around) {
			list = append(list, cited{r.entity(l.to, field.Range, v.around), l.claims})
		}
	}
	if field.Shape == schema.Single {
		if len(list) == 0 {
			return nil, ""
		}
		return list[0], ""
	}
	return list, f.bad
}

func (r *run) derivedField(v entityValue, name string, def *ast.FieldDefinition, args map[string]any) (any, fault) {
	language, _ := args["language"].(string)
	switch name {
	case "id":
		return r.names[v.id], ""
	case "iri":
		return r.baseIRI + r.names[v.id], ""
	case "name":
		n, ok := r.namingIn(v.id, language)
		if !ok {
			return r.nameIn(v.id, language), ""
		}
		return cited{n.text, r.sayingName(v.id, n)}, ""
	case "description":
		if n, ok := r.descriptionIn(v.id, language); ok {
			return cited{n.text, r.sayingDescription(v.id, n)}, ""
		}
		return nil, ""
	case "names":
		list := []any{}
		for _, n := range r.namesOf(v.id) {
			claims := r.sayingName(v.id, n)
			list = append(list, map[string]any{
				"text": cited{n.text, claims}, "kind": cited{nameKinds[n.rank].kind, claims},
				"language": cited{orNil(n.language), claims}, "script": cited{orNil(script(n.text)), claims},
			})
		}
		return list, ""
	case "identifiers":
		list := []any{}
		for _, i := range r.identifiersOf(v.id) {
			claims := r.sayingIdentifier(v.id, i)
			list = append(list, map[string]any{"scheme": cited{i.scheme, claims}, "value": cited{i.value, claims}})
		}
		return list, ""
	case "identifier":
		for _, i := range r.identifiersOf(v.id) {
			if i.scheme == args["scheme"] {
				return cited{i.value, r.sayingIdentifier(v.id, i)}, ""
			}
		}
		return nil, ""
	case "mergedFrom":
		return r.mergedFrom(v.id), ""
	case "claims":
		return r.claimPage(func(where map[string]any) []*claim { return r.claimsAbout(v.id, where) }, def, args, v.around)
	}
	panic(noRuleError{v.class.Name, name})
}

// property is the value that a property shows, as it is answered.
func (r *run) property(id graph.ID, field *schema.Field) any {
	list := []any{}
	for _, s := range r.literals(id, field) {
		if field.Value == schema.Time {
			list = append(list, span(s.term.Text, s.claims))
			continue
		}
		list = append(list, cited{propertyValue(field.Value, s.term.Text), s.claims})
	}
	if field.Shape == schema.List {
		return list
	}
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

func propertyValue(kind schema.Value, text string) any {
	switch kind {
	case schema.Float, schema.Int:
		if n := number(text); n != nil {
			return *n
		}
		return nil
	case schema.Boolean:
		return text == "true"
	}
	return text
}

// span is a TimeSpan, or nil for a text that is none.
func span(text string, claims []*claim) any {
	if d, err := edtf.Parse(text); err == nil {
		return spanValue{d, claims}
	}
	return nil
}

func spanField(v spanValue, name string) any {
	earliest, latest := v.Bounds()
	switch name {
	case "edtf":
		return cited{v.String(), v.claims}
	case "earliest":
		return cited{dayOrNil(earliest), v.claims}
	case "latest":
		return cited{dayOrNil(latest), v.claims}
	case "precision":
		return cited{v.Precision().String(), v.claims}
	}
	panic(noRuleError{"TimeSpan", name})
}

// dayOrNil is the day, or nil where a time is open.
func dayOrNil(d edtf.Day) any {
	if d == edtf.Past || d == edtf.Future {
		return nil
	}
	return d.String()
}

func orNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}
