package table

import (
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"chancery/graph"
	"chancery/seed/check"
)

var ruleKeys = []string{
	"each", "when", "key", "locator", "status", "confidence", "validTime", "source", "attributedTo", "entities", "leave",
}

// rule reads one item of claims.
func (p *parser) rule(n *yaml.Node) *rule {
	r := &rule{at: placeOf(n), status: graph.NoStatus}
	for _, e := range p.entries(n, "a claim", ruleKeys...) {
		switch e.key {
		case "each":
			r.each = p.eaches(e)
		case "when":
			r.when = p.conditions(e)
		case "leave":
			r.leave, _ = p.scalar(e.value, e.key)
		case "key":
			r.key = p.expression(e.value, e.key)
		case "locator":
			r.locator = p.expression(e.value, e.key)
		case "status":
			r.status = p.parseStatus(e.value)
		case "confidence":
			r.confidence = p.expression(e.value, e.key)
		case "validTime":
			r.validTime = p.expression(e.value, e.key)
		case "source":
			if x := p.expression(e.value, e.key); x != nil {
				r.source = &target{id: x, at: placeOf(e.value), name: e.key}
			}
		case "attributedTo":
			for _, item := range p.items(e.value) {
				if x := p.expression(item, e.key); x != nil {
					r.attributed = append(r.attributed, target{id: x, at: placeOf(item), name: e.key})
				}
			}
		case "entities":
			for _, one := range p.entries(e.value, "entities") {
				if x := p.entity(one); x != nil {
					r.entities = append(r.entities, x)
				}
			}
		}
	}
	switch {
	case n.Kind != yaml.MappingNode:
		return nil
	case r.leave != "" && (len(r.entities) > 0 || len(r.each) > 0 || r.key != nil):
		p.add(r.at, "leave", "rows that are left out make no claim; beside it stands nothing but when")
	case r.leave == "" && len(r.entities) == 0:
		p.add(r.at, "entities", "they are missing; write what the claim says, or leave: and why such rows are left out")
	}
	return r
}

// eaches reads each: {term: <terms>}.
func (p *parser) eaches(e entry) []each {
	var all []each
	for _, f := range p.entries(e.value, "each") {
		p.inEach = true
		x := p.expression(f.value, "each")
		p.inEach = false
		if x == nil || x.bad {
			continue
		}
		if len(x.parts) != 1 || x.parts[0].ref == nil {
			p.add(placeOf(f.value), "each", "%q is no list; write one value, as in <terms> or <ids | split ;>", x.text)
			continue
		}
		i := slices.Index(p.m.variables, f.key)
		if i < 0 {
			i = len(p.m.variables)
			p.m.variables = append(p.m.variables, f.key)
		}
		all = append(all, each{variable: i, list: x, at: f.at, name: f.key})
	}
	return all
}

// conditionForm cuts a condition: a value, and what is asked of it.
var conditionForm = regexp.MustCompile(`^(.*?)\s+(is not|is|not in|in|matches)\s+(.*)$`)

// conditions reads when: one condition, or a list of which all must hold.
func (p *parser) conditions(e entry) []condition {
	var all []condition
	for _, item := range p.items(e.value) {
		text, ok := p.scalar(item, "when")
		if !ok {
			continue
		}
		at := textPlace(item)
		end := 0
		if strings.HasPrefix(text, "<") {
			end = closing(text, 1) + 1
		}
		if end == 0 {
			p.add(at, "when", "a condition begins with a value, as in <section> is chiefs, <iso3>, <iso3> is empty, <kind> in common, official or <note> matches REGEX")
			continue
		}
		c := condition{value: p.parseExpr(text[:end], at)}
		m := conditionForm.FindStringSubmatch("x" + text[end:])
		switch {
		case strings.TrimSpace(text[end:]) == "":
			c.exists = true
		case m == nil || m[1] != "x":
			p.add(place{at.line, at.column + end}, "when", "%q is no condition; write is, is not, in, not in or matches, and what it is compared with", strings.TrimSpace(text[end:]))
			continue
		case m[3] == "empty" && strings.HasPrefix(m[2], "is"):
			c.exists, c.not = true, m[2] == "is"
		default:
			c.not = strings.Contains(m[2], "not")
			switch m[2] {
			case "is", "is not":
				c.holds = func(v string) bool { return v == m[3] }
			case "in", "not in":
				var options []string
				for s := range strings.SplitSeq(m[3], ",") {
					options = append(options, strings.TrimSpace(s))
				}
				c.holds = func(v string) bool { return slices.Contains(options, v) }
			case "matches":
				re, err := regexp.Compile(m[3])
				if err != nil {
					p.add(place{at.line, at.column + len(text) - len(m[3])}, "when", "%q is no regular expression: %v", m[3], err)
					continue
				}
				c.holds = re.MatchString
			}
		}
		all = append(all, c)
	}
	return all
}

// entity reads an entity: class, id and what is said of it.
func (p *parser) entity(e entry) *entity {
	x := &entity{name: e.key, at: e.at}
	if strings.ContainsAny(e.key, "/<> ") {
		p.add(e.at, e.key, "it is no name of an entity; write a short word, as in trip; the id goes below it")
	}
	for _, f := range p.entries(e.value, e.key) {
		switch f.key {
		case "class":
			x.classE, _ = p.scalar(f.value, f.key)
			x.classP = placeOf(f.value)
		case "id":
			x.id = p.expression(f.value, f.key)
		case "each":
			x.each = p.eaches(f)
		case "when":
			x.when = p.conditions(f)
		case "findBy":
			s, ok := p.scalar(f.value, f.key)
			if ok && s != "names" {
				p.add(placeOf(f.value), f.key, "%q is nothing that finds entities; identifiers always do, and findBy: names lets names do so too", s)
			}
			x.byName = true
		default:
			x.fields = append(x.fields, field{f.key, f.at, p.fieldValues(f)})
		}
	}
	if e.value.Kind != yaml.MappingNode {
		return nil
	}
	return x
}

// fieldValues reads the values of a field.
func (p *parser) fieldValues(f entry) []fieldValue {
	var all []fieldValue
	add := func(n *yaml.Node, scheme string) {
		if x := p.expression(n, f.key); x != nil {
			all = append(all, fieldValue{text: x.text, at: placeOf(n), expr: x, scheme: scheme})
		}
	}
	switch f.key {
	case check.ClassField: // unreachable: entity reads it
	case "identifiers":
		for _, s := range p.entries(f.value, "identifiers") {
			for _, item := range p.items(s.value) {
				add(item, s.key)
			}
		}
	case "names", "description":
		for _, item := range p.items(f.value) {
			if item.Kind != yaml.MappingNode {
				add(item, "")
				continue
			}
			v := fieldValue{at: placeOf(item)}
			for _, k := range p.entries(item, f.key, "text", "language", "kind") {
				x := p.expression(k.value, f.key)
				switch k.key {
				case "text":
					v.expr = x
				case "language":
					v.language = x
				case "kind":
					v.kind = x
				}
			}
			if v.expr == nil {
				p.add(v.at, f.key, "the text is missing; write it as in {text: <name>, language: en, kind: ALIAS}")
				continue
			}
			all = append(all, v)
		}
	default:
		for _, item := range p.items(f.value) {
			add(item, "")
		}
	}
	return all
}
