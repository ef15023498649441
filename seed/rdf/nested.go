package rdf

import "chancery/graph"

// maxDepth limits how deep [ and ( may be nested.
const maxDepth = 1000

// bracket reads [ … ] and reports whether it was empty. If it is the object of a
// statement, that is handed on first.
func (p *parser) bracket(of *Statement) (anonymous bool, node graph.Term, err error) {
	l := &p.lexer
	opened := l.mark()
	node = graph.Term{Kind: graph.Blank, Text: p.blanks.generate()}
	if of != nil {
		of.Object = node
		if err := p.yield(*of); err != nil {
			return false, node, err
		}
	}
	if err := p.enter(); err != nil {
		return false, node, err
	}
	defer p.leave()
	l.pos++
	if err := l.space(); err != nil {
		return false, node, err
	}
	if l.peek() == ']' {
		l.pos++
		return true, node, nil
	}
	if err := p.predicateObjects(node, false, ']'); err != nil {
		return false, node, err
	}
	if l.peek() != ']' {
		return false, node, l.fault(l.pos, `"]" is missing, before %s: "[" stands at line %d`, l.found(), opened.line)
	}
	l.pos++
	return false, node, nil
}

// collection reads ( … ), like bracket.
func (p *parser) collection(of *Statement) (graph.Term, error) {
	l := &p.lexer
	opened := l.mark()
	if err := p.enter(); err != nil {
		return graph.Term{}, err
	}
	defer p.leave()
	l.pos++
	var head, cell graph.Term
	for {
		if err := l.space(); err != nil {
			return head, err
		}
		c := l.peek()
		if c < 0 {
			return head, l.fault(l.pos, `")" is missing: "(" stands at line %d`, opened.line)
		}
		next := graph.Ref(rdfNil)
		if c != ')' {
			next = graph.Term{Kind: graph.Blank, Text: p.blanks.generate()}
		}
		// Link the new cell: from the cell before, from the statement, or not at all.
		var link *Statement
		if head.Kind != 0 {
			link = &Statement{Subject: cell, Predicate: graph.Ref(rdfRest), Graph: p.graph, Line: l.line}
		} else {
			head, link = next, of
		}
		if link != nil {
			link.Object = next
			if err := p.yield(*link); err != nil {
				return head, err
			}
		}
		if c == ')' {
			l.pos++
			return head, nil
		}
		cell = next
		if err := p.object(&Statement{Subject: cell, Predicate: graph.Ref(rdfFirst), Graph: p.graph}); err != nil {
			return head, err
		}
	}
}

func (p *parser) enter() error {
	if p.depth++; p.depth > maxDepth {
		return p.lexer.fault(p.lexer.pos, "more than %d [ and ( within each other", maxDepth)
	}
	return nil
}

func (p *parser) leave() { p.depth-- }
