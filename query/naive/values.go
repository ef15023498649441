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
		result = r.pageField(v, name)
	case edge:
		result = r.edgeField(v, name)
	case edtf.Date:
		result = dateField(v, name)
	case map[string]any: // Name, Identifier and PageInfo
		result = v[name]
	default:
		panic("naive: " + objectType + " is no type that it knows")
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
			id, ok := r.ids[v.(string)]
			if !ok {
				list = append(list, fault(unknownID))
				continue
			}
			list = append(list, r.node(id, nil))
		}
		return list, ""
	}
	root := r.o.Root(name)
	if name != "node" && (root == nil || root.Many) {
		return r.rootPage(r.o.NodeClass(def.Type.Name()), def, args)
	}
	id, ok := r.ids[args["id"].(string)]
	if !ok {
		return nil, unknownID
	}
	n := r.node(id, nil)
	switch n.(type) {
	case entityValue:
		if name != "node" && !r.is(id, root.Class) {
			return nil, ""
		}
	case claimValue:
		if name != "node" && name != "claim" {
			return nil, ""
		}
	}
	return n, ""
}

func (r *run) entityField(v entityValue, field *schema.Field, def *ast.FieldDefinition, args map[string]any) (any, fault) {
	switch field.Kind {
	case schema.Derived:
		return r.derivedField(v, field.Name, def, args)
	case schema.Identifier:
		for _, text := range r.identifierTexts(v.id, field.Scheme) {
			return text, ""
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
			list = append(list, r.entity(l.to, field.Range, v.around))
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
		return r.nameIn(v.id, language), ""
	case "description":
		if text, ok := r.descriptionIn(v.id, language); ok {
			return text, ""
		}
		return nil, ""
	case "names":
		list := []any{}
		for _, n := range r.namesOf(v.id) {
			list = append(list, map[string]any{
				"text": n.text, "kind": nameKinds[n.rank].kind,
				"language": orNil(n.language), "script": orNil(script(n.text)),
			})
		}
		return list, ""
	case "identifiers":
		list := []any{}
		for _, i := range r.identifiersOf(v.id) {
			list = append(list, map[string]any{"scheme": i.scheme, "value": i.value})
		}
		return list, ""
	case "mergedFrom":
		return []any{}, "" // nothing merges yet
	case "claims":
		return r.claimPage(func(where map[string]any) []*claim { return r.claimsAbout(v.id, where) }, def, args, v.around)
	}
	panic("naive: no rule for the field " + name)
}

// property is the value that a property shows, as it is answered.
func (r *run) property(id graph.ID, field *schema.Field) any {
	list := []any{}
	for _, t := range r.literals(id, field) {
		list = append(list, propertyValue(field.Value, t.Text))
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
	case schema.Time:
		if d, err := edtf.Parse(text); err == nil {
			return d
		}
		return nil
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

func dateField(d edtf.Date, name string) any {
	earliest, latest := d.Bounds()
	switch name {
	case "edtf":
		return d.String()
	case "earliest":
		if earliest > edtf.Past {
			return earliest.String()
		}
	case "latest":
		if latest < edtf.Future {
			return latest.String()
		}
	case "precision":
		return d.Precision().String()
	}
	return nil
}

func orNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}
