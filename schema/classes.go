package schema

import (
	"slices"
	"strings"
	"unicode"

	"github.com/vektah/gqlparser/v2/ast"
)

// addClasses finds the classes: in the order of the SDL those of entities, then
// the other ones (Claim), then the interfaces.
func (c *compiler) addClasses(doc *ast.SchemaDocument) {
	var entities, others, interfaces []*Class
	for _, def := range doc.Definitions {
		directive := def.Directives.ForName("class")
		if directive == nil && def.Name != node {
			for _, name := range def.Interfaces {
				if name == node || name == entity {
					c.fail(def.Name, "implements %s, so it needs @class", name)
					break
				}
			}
			continue
		}
		class := &Class{
			Name: def.Name, Description: def.Description,
			Abstract: def.Kind == ast.Interface,
			byField:  map[string]*Field{},
		}
		if def.Name != node {
			class.Key = strings.ToLower(def.Name[:1]) + def.Name[1:]
		}
		if directive != nil {
			class.IRI = text(directive, "iri")
			class.Yields = text(directive, "yields") == "true"
			class.Time = c.timeModel(def)
		}
		switch {
		case class.Abstract:
			if class.IRI != "" {
				c.fail(def.Name, "an interface has no IRI of its own: it stands for the classes that implement it")
			}
			interfaces = append(interfaces, class)
		case implements(def, entity):
			class.Enum = upperSnake(def.Name)
			c.o.byEnum[class.Enum] = class
			entities = append(entities, class)
		default:
			others = append(others, class)
		}
		if !class.Abstract {
			c.checkClassIRI(class)
		}
		c.o.byName[class.Name] = class
	}
	c.o.Classes = append(append(entities, others...), interfaces...)
	for _, class := range c.o.Classes {
		for _, name := range c.types[class.Name].Interfaces {
			i := c.o.byName[name]
			if i == nil {
				continue
			}
			class.Interfaces = append(class.Interfaces, i)
			if !class.Abstract {
				i.Members = append(i.Members, class)
			}
		}
		if !class.Abstract {
			class.Members = []*Class{class}
		}
	}
	c.checkClassEnum(entities)
}

// timeModel is the one that the class declares, or one of its interfaces.
func (c *compiler) timeModel(def *ast.Definition) TimeModel {
	for _, name := range append([]string{def.Name}, def.Interfaces...) {
		if d := c.types[name]; d != nil {
			if class := d.Directives.ForName("class"); class != nil {
				switch text(class, "time") {
				case "HAPPENS":
					return Happens
				case "LASTS":
					return Lasts
				}
			}
		}
	}
	return Timeless
}

func (c *compiler) checkClassIRI(class *Class) {
	switch {
	case class.IRI == "":
		c.fail(class.Name, "@class without an IRI")
	case !known(class.IRI):
		c.fail(class.Name, "@class: %q has no known prefix", class.IRI)
	case c.o.byIRI[class.IRI] != nil:
		c.fail(class.Name, "@class: %s is the IRI of %s already", class.IRI, c.o.byIRI[class.IRI].Name)
	default:
		c.o.byIRI[class.IRI] = class
	}
}

// checkClassEnum holds the enum Class to the classes of entities.
func (c *compiler) checkClassEnum(entities []*Class) {
	enum := c.types["Class"]
	if enum == nil {
		c.fail("Class", "there is no such enum")
		return
	}
	for _, class := range entities {
		if enum.EnumValues.ForName(class.Enum) == nil {
			c.fail(class.Name, "the enum Class has no value %s", class.Enum)
		}
	}
	for _, v := range enum.EnumValues {
		if c.o.byEnum[v.Name] == nil {
			c.fail("Class."+v.Name, "no class of entities has this name")
		}
	}
}

func implements(def *ast.Definition, iface string) bool {
	return slices.Contains(def.Interfaces, iface)
}

// upperSnake writes a type's name as a value of the enum Class: TradeRoute is
// TRADE_ROUTE.
func upperSnake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	return b.String()
}
