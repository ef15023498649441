package table

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"

	"chancery/seed/table/format"
	"chancery/seed/table/value"
)

// lookAt is how many records Init looks at.
const lookAt = 2000

// Init looks at the first 2,000 records of a file and writes a first mapping for it,
// with what it found of each column in comments. The mapping can be loaded as it is:
// it makes one claim of each row, about one entity. name is the file's; its ending
// tells the format.
//
// The error is that of reading r or writing w, or tells that the file has no records.
func Init(w io.Writer, name string, r io.Reader) error {
	for _, ending := range []string{".gz", ".zst"} {
		name = strings.TrimSuffix(name, ending)
	}
	kind := format.ByEnding(name)
	if kind == "" {
		return fmt.Errorf("%s: its ending tells no format; the endings are csv, tsv, jsonl, json and yaml", name)
	}
	options := format.Options{Name: kind}
	start := bufio.NewReaderSize(r, 64<<10)
	switch {
	case kind == "csv":
		options.Delimiter = delimiter(start)
	case kind == "json":
		var lines bool
		if start, lines = isLines(start); lines {
			options.Name = "jsonl"
		}
	}
	in, err := format.Open(start, options)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	l := &look{columns: map[string]*column{}}
	for _, c := range in.Columns() {
		l.column(c)
	}
	for l.records < lookAt {
		rec, err := in.Next()
		var bad *format.RecordError
		switch {
		case errors.Is(err, io.EOF):
			if l.records == 0 {
				return fmt.Errorf("%s: it has no records", name)
			}
			return l.write(w, name, options)
		case errors.As(err, &bad):
			continue
		case err != nil:
			return fmt.Errorf("%s: %w", name, err)
		}
		l.take(rec, in.Columns())
	}
	return l.write(w, name, options)
}

// isLines reports whether a file of JSON has an object on each of its first lines, and
// returns what reads the file on.
func isLines(r *bufio.Reader) (*bufio.Reader, bool) {
	for {
		start, err := r.Peek(r.Size()) // an error comes again when the file is read
		first, rest, _ := bytes.Cut(bytes.TrimPrefix(start, []byte("\ufeff")), []byte("\n"))
		rest = bytes.TrimSpace(rest)
		if !bytes.HasPrefix(first, []byte("{")) || len(rest) > 0 || err != nil || r.Size() >= format.MaxLine {
			return r, bytes.HasPrefix(first, []byte("{")) && bytes.HasPrefix(rest, []byte("{")) && json.Valid(first)
		}
		r = bufio.NewReaderSize(r, 4*r.Size()) // the first line is longer
	}
}

// delimiter guesses what stands between the cells of CSV by the first line; 0: a comma.
func delimiter(r *bufio.Reader) rune {
	first, _ := r.Peek(r.Size()) // an error comes again when the file is read
	if i := bytes.IndexByte(first, '\n'); i >= 0 {
		first = first[:i]
	}
	found, most := rune(0), bytes.Count(first, []byte(","))
	for _, c := range ";\t|" {
		if n := bytes.Count(first, []byte(string(c))); n > most {
			found, most = c, n
		}
	}
	return found
}

// refTo writes a column's name as it stands between < and >.
func refTo(name string) string {
	if strings.ContainsAny(name, `|<>"\`) || strings.HasPrefix(name, "#") {
		return strconv.Quote(name)
	}
	return name
}

// pick returns the first column that a test takes, or nil.
func (l *look) pick(test func(*column) bool) *column {
	for _, name := range l.names {
		if c := l.columns[name]; c.filled > 0 && test(c) {
			return c
		}
	}
	return nil
}

// write writes the mapping.
func (l *look) write(w io.Writer, name string, options format.Options) error {
	for _, c := range l.columns {
		c.settle()
	}
	out := bufio.NewWriter(w)
	line := func(format string, args ...any) { fmt.Fprintf(out, format+"\n", args...) }
	base := path.Base(strings.ToValidUTF8(strings.ReplaceAll(name, `\`, "/"), "*"))
	id := value.Slug(strings.TrimSuffix(base, path.Ext(base)))
	if id == "" {
		id = "my-data"
	}
	title := value.Words(strings.TrimSuffix(base, path.Ext(base)))
	if title == "" {
		title = id
	}

	line("# A first mapping for %s, made by looking at %d of its records. It can be", short(base, 60), l.records)
	line("# used as it is; what it lacks are the right class, relations, and who says all this.")
	line("# docs/mappings.md explains every line.")
	line("#")
	line("# The columns:")
	for _, n := range l.names {
		line("#   %s: %s", short(n, 60), l.columns[n].about(l.records))
	}
	line("")
	line("dataset:")
	line("  id: %s # never changes: claims are called claim/%s/…", id, id)
	line("  title: %s", strconv.Quote(title))
	line("  # publisher: {id: organization/example, name: Example}")
	line("  # licence: CC0 1.0")
	line("  # url: https://example.org/data")
	line("files: %s", quoted(strings.NewReplacer("[", `\[`, "?", `\?`).Replace(base)))
	if options.Delimiter == 0 {
		line("format: %s", options.Name)
	} else {
		line("format: {name: %s, delimiter: %q}", options.Name, string(options.Delimiter))
	}
	line("status: REPORTED # or CONFIRMED, if the publisher can know it at first hand; ASSESSED, if it judges")
	line("")
	g := l.guess(base)
	if len(g.actors) > 0 {
		line("entities: # what many rows speak of")
		for i := range g.actors {
			g.actors[i].write(line, id)
		}
		line("")
	}
	line("claims:")
	key := l.key()
	indent := "  - "
	if key != nil {
		part := refTo(key.name)
		if !key.inID {
			part += " | slug"
		}
		line("%skey: %s # the same in every edition of the file", indent, quoted("<"+part+">"))
		indent = "    "
	} else {
		line("    # No column tells the rows apart, so a hash of the row is the key. Better is what stays the")
		line("    # same in the next edition, as in key: <country>/<year>")
		if near := l.pick(func(c *column) bool {
			return c.inID && c.filled == l.records && len(c.distinct)*10 >= l.records*9 && !c.mostly(c.dates)
		}); near != nil {
			line("    # or key: %s, which has %d different values in %d records: all but the first of a value are rejected", quoted("<"+refTo(near.name)+">"), len(near.distinct), l.records)
		}
	}
	line("%sentities:", indent)
	l.entity(line, id, key, g)
	return out.Flush()
}

// key chooses the column that tells rows apart.
func (l *look) key() *column {
	unique := func(c *column) bool { return c.unique(l.records) && c.longest <= 80 }
	for _, test := range []func(*column) bool{
		func(c *column) bool { return unique(c) && c.inID && c.has("id", "key", "code") },
		func(c *column) bool { return unique(c) && c.inID && !c.mostly(c.dates) },
		func(c *column) bool { return unique(c) && !c.mostly(c.dates) && slugsDiffer(c) },
	} {
		if c := l.pick(test); c != nil {
			return c
		}
	}
	return nil
}

func slugsDiffer(c *column) bool {
	seen := map[string]bool{}
	for v := range c.distinct {
		s := value.Slug(v)
		if s == "" || seen[s] {
			return false
		}
		seen[s] = true
	}
	return true
}

// times chooses the columns of start and end; nil: there is none.
func (l *look) times() (start, end *column) {
	date := func(words ...string) *column {
		return l.pick(func(c *column) bool {
			function, ok := c.isDate()
			return ok && function != "" && c.has(words...)
		})
	}
	const later = "end until closed left depart birth death born died"
	start = date("start", "from", "since", "begin", "opened", "arriv")
	if start == nil {
		start = l.pick(func(c *column) bool { _, ok := c.isDate(); return ok && !c.has(strings.Fields(later)...) })
	}
	if end = date("end", "until", "closed", "left", "depart"); end == start {
		end = nil
	}
	for _, name := range l.names { // one that says of nothing more than that it goes on
		if c := l.columns[name]; end == nil && c != start && c.filled == 0 && len(c.open) > 0 && c.isEnd() {
			end = c
		}
	}
	if end == nil && start != nil && start.spans > 0 {
		end = start
	}
	return start, end
}

// entity writes the entity that a row is about.
func (l *look) entity(line func(string, ...any), id string, key *column, g guess) {
	kind, unsure := "event", ""
	if g.class == "THING" {
		kind, unsure = "thing", "# "
	}
	row := "<#key>"
	line("      it:")
	line("        class: %s # VISIT, PERSON, NATION, ORGANIZATION, TENURE …: what a row is about%s", g.class, g.why)
	line("        id: %s/%s/%s", kind, id, row)
	name := l.pick(func(c *column) bool {
		return c.has("name", "title", "label") && c.longest <= 200 && !c.mostly(c.numbers)
	})
	if name != nil {
		line("        name: %s", quoted("<"+refTo(name.name)+">"))
	} else {
		line("        name: %s", quoted(value.Words(id)+" <#row>"))
	}
	if g.class == "THING" && (g.start != nil || len(g.actors) > 0) {
		line("        # A THING has no more. With the class of an event, or another that has them:")
	}
	if g.start != nil {
		line("        %sstart: %s", unsure, when(g.start, "item 1"))
	}
	if g.end != nil {
		line("        %send: %s", unsure, when(g.end, "item -1"))
	}
	if destination := g.destination(); destination != "" {
		line("        destination: %s", destination)
	}
	if names := g.participants(); len(names) > 0 {
		line("        %s%s: [%s]%s", unsure, g.relation(), strings.Join(names, ", "), g.also())
	}
	var identifiers []string
	for _, n := range l.names {
		if c := l.columns[n]; c.scheme() != "" && c != key && !slices.ContainsFunc(g.actors, func(a actor) bool { return a.column == c }) {
			identifiers = append(identifiers, fmt.Sprintf("%s: %s", c.scheme(), quoted("<"+refTo(n)+">")))
		}
	}
	if key != nil {
		line("        identifiers: {%s: %s}", schemeName(id), quoted("<"+refTo(key.name)+">"))
	}
	if len(identifiers) > 0 {
		line("      # A nation or person that the row names is an entity of its own, found by its codes:")
		line("      # nation:")
		line("      #   class: NATION")
		line("      #   id: nation/%s/%s", id, row)
		line("      #   identifiers:")
		for _, one := range identifiers {
			line("      #     %s", one)
		}
	}
}

// when writes how a column's dates are read, and of a stretch which of its ends.
func when(c *column, end string) string {
	function, ok := c.isDate()
	if !ok { // one that says of nothing more than that it goes on
		function = "date"
	}
	if strings.HasPrefix(function, "dates") {
		function += " | " + end
	}
	functions := c.without()
	if len(c.open) > 0 {
		functions += " | open " + strings.Join(c.open, " ")
	}
	return quoted("<" + refTo(c.name) + functions + " | " + function + ">")
}

// schemeName makes the name of a catalogue out of a data set's id.
func schemeName(id string) string { return strings.ReplaceAll(id, "~", "-") }

// quoted puts quotes around a text that YAML would read otherwise.
func quoted(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(s)
	}
	if strings.ContainsAny(s, "{}[],") { // which mean something within a list
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	}
	out, err := yaml.Marshal(s)
	if err != nil {
		return strconv.Quote(s) // unreachable: any text can be written
	}
	return strings.TrimSuffix(string(out), "\n")
}
