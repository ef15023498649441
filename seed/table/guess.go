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

// guess is what a row may be about.
type guess struct {
	class      string
	why        string // added to what is said of the class
	start, end *column
	actors     []actor
}

// classWords are words in the names of files and columns that tell what a row is about.
var classWords = []struct {
	class string
	words []string
}{
	{"VISIT", []string{"visit", "visits", "travel", "travels", "trip", "trips", "journey", "journeys"}},
	{"MEETING", []string{"meeting", "meetings", "talks"}},
	{"LETTER", []string{"letter", "letters"}},
	{"DEAL", []string{"treaty", "treaties", "agreement", "agreements", "deal", "deals"}},
	{"ROLL_CALL", []string{"vote", "votes", "voting", "rollcall", "rollcalls", "resolution", "resolutions"}},
	{"GATHERING", []string{"conference", "conferences", "forum", "gathering", "gatherings"}},
}

// guess guesses by words in the file's name, then in those of columns. Two columns of
// actors and a date are a meeting. A date alone is no event: laws, births and prices have
// dates too.
func (l *look) guess(file string) guess {
	g := guess{class: "THING"}
	if g.start, g.end = l.times(); g.start != nil {
		g.actors = l.actors()
	}
	if g.start == nil {
		return g
	}
	for _, name := range append([]string{file}, l.names...) {
		c := column{name: name}
		for _, of := range classWords {
			if g.class == "THING" && c.hasWord(of.words...) {
				g.class = of.class
			}
		}
	}
	if g.class == "THING" && len(g.actors) > 1 {
		g.class, g.why = "MEETING", "; this is a guess"
	}
	if g.class == "VISIT" && g.destination() == "" {
		g.class, g.why = "THING", "; a VISIT needs a destination"
	}
	return g
}

// destination is the nation of a visit: the only one that rows name, once each.
func (g *guess) destination() (found string) {
	for i := range g.actors {
		if a := &g.actors[i]; g.class == "VISIT" && a.class == "NATION" {
			if found != "" || a.column.many || a.column.list() != "" {
				return ""
			}
			found = a.entity
		}
	}
	return found
}

// relation is what leads to the participants, but for the destination.
func (g *guess) relation() string {
	if g.class == "VISIT" {
		return "visitors"
	}
	return "participants"
}

// also says what a visit has instead of participants.
func (g *guess) also() string {
	if g.class == "VISIT" {
		return ""
	}
	return " # of a VISIT: visitors, destination, hosts"
}

// participants are the entities that took part, but for the destination.
func (g *guess) participants() (names []string) {
	for i := range g.actors {
		if g.class != "VISIT" || g.actors[i].class == "PERSON" {
			names = append(names, g.actors[i].entity)
		}
	}
	return names
}

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
