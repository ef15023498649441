package check

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/validator/core"

	"chancery/graph"
	"chancery/schema"
)

// enumNames lists the values of an enum of the schema.
func enumNames(o *schema.Ontology, enum string) []string {
	var all []string
	if def := o.Schema.Types[enum]; def != nil {
		for _, v := range def.EnumValues {
			all = append(all, v.Name)
		}
	}
	return all
}

func classNames(o *schema.Ontology) []string {
	var all []string
	for _, c := range o.Classes {
		if c.Enum != "" {
			all = append(all, c.Enum)
		}
	}
	return all
}

// fieldNames lists what a claim can state of a class.
func fieldNames(c *schema.Class) []string {
	all := []string{ClassField}
	for _, f := range c.Fields {
		if !f.Inverse && (f.Kind != schema.Derived || stated(f.Name)) {
			all = append(all, f.Name)
		}
	}
	return all
}

// stated reports whether a derived field rests on what claims state under its name.
func stated(field string) bool {
	switch field {
	case "name", "names", "description", "identifiers":
		return true
	}
	return false
}

// suggest ends a message about a wrong word: with what is like it, or else with
// all that there is.
func suggest(given string, options []string) string {
	if len(given) <= longestWord {
		if near := core.SuggestionList(given, options); len(near) > 0 {
			return fmt.Sprintf("; did you mean %s?", near[0])
		}
	}
	return "; there are " + list(options, "and")
}

// longestWord bounds what is compared with the options: the cost grows with its square.
const longestWord = 64

// list writes words as a, b or c.
func list(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " " + last + " " + words[len(words)-1]
}

// rangeText names a class for messages, an interface with its members.
func rangeText(c *schema.Class) string {
	if !c.Abstract || len(c.Members) > 8 {
		return c.Name
	}
	var members []string
	for _, m := range c.Members {
		members = append(members, m.Name)
	}
	return c.Name + " (" + list(members, "or") + ")"
}

func predicates(c *schema.Class) []string {
	var all []string
	for _, f := range c.Fields {
		if !f.Inverse && len(f.Predicates) > 0 && !slices.Contains(all, f.Predicates[0].IRI) {
			all = append(all, f.Predicates[0].IRI)
		}
	}
	return all
}

func classIRIs(o *schema.Ontology) []string {
	var all []string
	for _, c := range o.Classes {
		if c.Enum != "" {
			all = append(all, c.IRI)
		}
	}
	return all
}

// show writes a term for messages.
func show(t graph.Term) string {
	switch {
	case t.Kind != graph.Literal:
		return t.Text
	case t.Language != "":
		return strconv.Quote(t.Text) + " (" + t.Language + ")"
	}
	return strconv.Quote(t.Text)
}

// article puts a or an before a class's name.
func article(name string) string {
	switch name[0] {
	case 'A', 'E', 'I', 'O', 'U':
		return "an " + name
	}
	return "a " + name
}
