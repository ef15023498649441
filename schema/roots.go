package schema

import (
	"maps"
	"slices"
	"strings"
)

// addConnections finds the connection, edge and group types.
func (c *compiler) addConnections() {
	for _, name := range slices.Sorted(maps.Keys(c.types)) {
		of, ok := strings.CutSuffix(name, "Connection")
		if !ok || c.types[of] == nil || c.types[of+"Edge"] == nil {
			continue
		}
		class := c.o.byName[of]
		if class != nil {
			c.o.connections[name], c.o.connections[of+"Edge"] = class, class
		}
		if class == nil {
			class = c.o.byName["Claim"] // a Change's groups are those of its claim
		}
		if enum := c.types[of+"Group"]; enum != nil {
			c.o.groups[enum.Name] = map[string]*GroupKey{}
			for _, v := range enum.EnumValues {
				c.o.groups[enum.Name][v.Name] = c.groupKey(class, enum.Name, v)
			}
		}
	}
}

// addRoots finds the fields of Query that name a class.
func (c *compiler) addRoots() {
	query := c.types["Query"]
	if query == nil {
		c.fail("Query", "there is no such type")
		return
	}
	for _, f := range query.Fields {
		class := c.o.byName[f.Type.Name()]
		switch {
		case f.Type.Elem != nil:
		case class != nil && class.Name != node && len(f.Arguments) == 1 && f.Arguments[0].Name == "id":
			c.o.roots[f.Name] = &Root{Name: f.Name, Class: class}
		case c.o.connections[f.Type.Name()] != nil:
			c.o.roots[f.Name] = &Root{Name: f.Name, Class: c.o.connections[f.Type.Name()], Many: true}
		}
	}
}
