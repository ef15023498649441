package table

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"chancery/seed/table/value"
)

// actor is a column whose texts name nations or people, by the look of its name.
type actor struct {
	column *column
	entity string // what the mapping calls it
	class  string
	kind   string  // that ids begin with
	named  *column // of a nation that is told by its code: the column of its name
}

var (
	nationWords = []string{"country", "nation"}
	personWords = []string{"ambassador", "minister", "president", "secretary", "envoy", "person", "visitor", "delegate", "official", "leader"}
)

// mostActors is how many columns are taken to name actors.
const mostActors = 6

// actors are the columns that name who took part in what a row tells.
func (l *look) actors() []actor {
	var all []actor
	for _, name := range l.names {
		c := l.columns[name]
		if c.filled == 0 || c.scheme() != "" && c.iso() == "" || c.mostly(c.numbers) || c.longest > 120 || len(all) == mostActors {
			continue
		}
		if _, date := c.isDate(); date || c.hasWord("id", "code", "url", "link", "type", "count") {
			continue
		}
		a := actor{column: c, entity: value.Slug(name)}
		switch {
		case a.entity == "" || a.entity == "it" || slices.ContainsFunc(all, func(b actor) bool { return b.entity == a.entity }):
			continue
		case c.has(nationWords...) || c.iso() != "":
			a.class, a.kind = "NATION", "nation"
		case c.has(personWords...):
			a.class, a.kind = "PERSON", "person"
		default:
			continue
		}
		all = append(all, a)
	}
	return joined(all)
}

// joined makes one of the only column of nations' codes and the only one of their names.
func joined(all []actor) []actor {
	var codes, names []int
	for i := range all {
		switch {
		case all[i].column.iso() != "":
			codes = append(codes, i)
		case all[i].class == "NATION":
			names = append(names, i)
		}
	}
	if len(codes) != 1 || len(names) != 1 || all[codes[0]].column.many || all[names[0]].column.many {
		return all
	}
	all[codes[0]].named = all[names[0]].column
	return slices.Delete(all, names[0], names[0]+1)
}

// write writes the entity.
func (a *actor) write(line func(string, ...any), id string) {
	text := refTo(a.column.name) + a.column.without()
	line("  %s:", a.entity)
	between := a.column.list()
	if between != "" {
		text += " | split " + between
	}
	if between != "" || a.column.many {
		line("    each:")
		line("      one: %s", quoted("<"+text+">"))
		text = "one"
	}
	line("    class: %s", a.class)
	if field := a.column.iso(); field != "" {
		line("    id: %s", quoted("nation/<"+text+" | alpha2 | lower>"))
		line("    %s: %s # finds the nation, if the graph has it", field, quoted("<"+text+">"))
		if a.named != nil {
			line("    name: %s", quoted("<"+refTo(a.named.name)+a.named.without()+">"))
		}
		return
	}
	line("    id: %s", quoted(fmt.Sprintf("%s/%s/<%s | slug>", a.kind, id, text)))
	line("    name: %s", quoted("<"+text+">"))
	line("    findBy: names # who has this name in the graph already is the same")
}

// iso is the field of a nation that the column's codes are of, or "".
func (c *column) iso() string {
	switch c.scheme() {
	case "iso3166-1-alpha-2":
		return "isoAlpha2"
	case "iso3166-1-alpha-3":
		return "isoAlpha3"
	}
	return ""
}

// hasWord is has for whole words: id is none of president.
func (c *column) hasWord(words ...string) bool {
	parts := strings.FieldsFunc(strings.ToLower(c.name), func(r rune) bool { return !unicode.IsLetter(r) })
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(parts, w) })
}

// list is what stands between the elements of the column's lists, or "".
func (c *column) list() string {
	for _, between := range []string{";", "|"} {
		if c.lists[between]*10 >= c.filled {
			return between
		}
	}
	return ""
}
