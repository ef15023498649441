// Package canon makes RDF graphs comparable: it labels their blank nodes by
// what is said of them, after W3C's RDF Dataset Canonicalization (RDFC-1.0).
// Graphs that differ in labels and order alone give the same text.
package canon

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strings"

	"chancery/graph"
	"chancery/seed/rdf"
)

// Options say how to canonicalize.
type Options struct {
	Hash func() hash.Hash // nil: SHA-256, as the standard has it

	// MaxSteps limits the work on blank nodes that look alike: one step is one
	// visit of a node. It grows exponentially in graphs made for the purpose.
	// 0: 1,000 for each blank node, at least 100,000.
	MaxSteps int
}

// ErrTooAlike is wrapped by the error that ends work on a graph whose blank
// nodes cannot be told apart within Options.MaxSteps.
var ErrTooAlike = errors.New("blank nodes look too much alike")

// NQuads gives the statements as canonical N-Quads: sorted, without duplicates,
// blank nodes called c14n0, c14n1, …
//
// Cost: memory for all of it; O(n log n) where blank nodes differ in what is
// said of them.
func NQuads(statements []rdf.Statement, o Options) ([]byte, error) {
	labels, err := Labels(statements, o)
	if err != nil {
		return nil, err
	}
	lines := make([]string, len(statements))
	for i, s := range statements {
		for _, t := range [...]*graph.Term{&s.Subject, &s.Object, &s.Graph} {
			if t.Kind == graph.Blank {
				t.Text = labels[t.Text]
			}
		}
		lines[i] = string(rdf.AppendNQuad(nil, &s))
	}
	slices.Sort(lines)
	return []byte(strings.Join(slices.Compact(lines), "")), nil
}

// Equal reports whether two lists of statements are the same dataset: equal but
// for order, duplicates and the labels of blank nodes.
func Equal(a, b []rdf.Statement, o Options) (bool, error) {
	textA, err := NQuads(a, o)
	if err != nil {
		return false, err
	}
	textB, err := NQuads(b, o)
	return string(textA) == string(textB), err
}

// Labels gives the canonical label of each blank node, by its label.
func Labels(statements []rdf.Statement, o Options) (map[string]string, error) {
	c := &canonicalizer{
		newHash:   o.Hash,
		mentions:  map[string][]*rdf.Statement{},
		first:     map[string]string{},
		canonical: issuer{prefix: "c14n"},
		left:      o.MaxSteps,
	}
	if c.newHash == nil {
		c.newHash = sha256.New
	}
	c.collect(statements)
	if c.left == 0 {
		c.left = max(100_000, 1_000*len(c.mentions))
	}
	if err := c.run(); err != nil {
		return nil, err
	}
	return c.canonical.given, nil
}

// canonicalizer is the canonicalization state of RDFC-1.0, section 4.2.
type canonicalizer struct {
	newHash   func() hash.Hash
	mentions  map[string][]*rdf.Statement // blank node → quads that mention it
	first     map[string]string           // blank node → first-degree hash
	canonical issuer
	left      int // steps
}

// collect fills mentions, each quad once.
func (c *canonicalizer) collect(statements []rdf.Statement) {
	type quad struct{ s, p, o, g graph.Term }
	seen := map[quad]bool{}
	for i := range statements {
		s := &statements[i]
		var nodes []string
		for _, t := range [...]graph.Term{s.Subject, s.Object, s.Graph} {
			if t.Kind == graph.Blank && !slices.Contains(nodes, t.Text) {
				nodes = append(nodes, t.Text)
			}
		}
		if nodes == nil {
			continue
		}
		q := quad{s.Subject, s.Predicate, s.Object, s.Graph}
		if seen[q] {
			continue
		}
		seen[q] = true
		for _, n := range nodes {
			c.mentions[n] = append(c.mentions[n], s)
		}
	}
}

// run is the canonicalization algorithm, section 4.4.3, steps 3 to 5.
func (c *canonicalizer) run() error {
	byHash := map[string][]string{}
	for n := range c.mentions {
		h := c.firstDegree(n)
		c.first[n] = h
		byHash[h] = append(byHash[h], n)
	}
	hashes := make([]string, 0, len(byHash))
	for h := range byHash {
		hashes = append(hashes, h)
	}
	slices.Sort(hashes)
	for _, h := range hashes {
		if nodes := byHash[h]; len(nodes) == 1 {
			c.canonical.issue(nodes[0])
		}
	}
	for _, h := range hashes {
		if err := c.alike(byHash[h]); err != nil {
			return err
		}
	}
	return nil
}

// alike labels nodes of the same first-degree hash.
func (c *canonicalizer) alike(nodes []string) error {
	if len(nodes) == 1 {
		return nil
	}
	slices.Sort(nodes) // the order does not matter to the result, but to the steps
	var paths []result
	for _, n := range nodes {
		if c.canonical.has(n) {
			continue
		}
		temporary := issuer{prefix: "b"}
		temporary.issue(n)
		path, err := c.nDegree(n, temporary)
		if err != nil {
			return err
		}
		paths = append(paths, path)
	}
	slices.SortStableFunc(paths, func(a, b result) int { return strings.Compare(a.hash, b.hash) })
	for _, path := range paths {
		for _, n := range path.issuer.order {
			c.canonical.issue(n)
		}
	}
	return nil
}

// firstDegree is Hash First Degree Quads, section 4.6.
func (c *canonicalizer) firstDegree(node string) string {
	var lines []string
	for _, s := range c.mentions[node] {
		masked := *s
		for _, t := range [...]*graph.Term{&masked.Subject, &masked.Object, &masked.Graph} {
			if t.Kind != graph.Blank {
				continue
			}
			if t.Text == node {
				t.Text = "a"
			} else {
				t.Text = "z"
			}
		}
		lines = append(lines, string(rdf.AppendNQuad(nil, &masked)))
	}
	slices.Sort(lines)
	return c.hash(strings.Join(lines, ""))
}

// result is a hash and the labels that were issued to find it.
type result struct {
	hash   string
	issuer issuer
}

// nDegree is Hash N-Degree Quads, section 4.8.
func (c *canonicalizer) nDegree(node string, from issuer) (result, error) {
	related := map[string][]string{}
	for _, s := range c.mentions[node] {
		for _, at := range [...]struct {
			term     graph.Term
			position string
		}{{s.Subject, "s"}, {s.Object, "o"}, {s.Graph, "g"}} {
			if at.term.Kind == graph.Blank && at.term.Text != node {
				h := c.relatedHash(at.term.Text, s, from, at.position)
				related[h] = append(related[h], at.term.Text)
			}
		}
	}
	hashes := make([]string, 0, len(related))
	for h := range related {
		hashes = append(hashes, h)
	}
	slices.Sort(hashes)
	var text strings.Builder
	for _, h := range hashes {
		text.WriteString(h)
		best, err := c.bestPath(related[h], from)
		if err != nil {
			return result{}, err
		}
		text.WriteString(best.hash)
		from = best.issuer
	}
	return result{c.hash(text.String()), from}, nil
}

// relatedHash is Hash Related Blank Node, section 4.7.
func (c *canonicalizer) relatedHash(node string, s *rdf.Statement, from issuer, position string) string {
	text := position
	if position != "g" {
		text += "<" + s.Predicate.Text + ">"
	}
	switch {
	case c.canonical.has(node):
		text += "_:" + c.canonical.given[node]
	case from.has(node):
		text += "_:" + from.given[node]
	default:
		text += c.first[node]
	}
	return c.hash(text)
}

// bestPath tries the nodes in every order and gives the least path, as a
// result's hash.
func (c *canonicalizer) bestPath(nodes []string, from issuer) (result, error) {
	var best result
	slices.Sort(nodes)
	for order := range permutations(nodes) {
		path, ok, err := c.path(order, from.clone(), best.hash)
		if err != nil {
			return best, err
		}
		if ok && (best.hash == "" || path.hash < best.hash) {
			best = path
		}
	}
	return best, nil
}

// path is steps 5.4.1 to 5.4.5 of section 4.8; ok is false if the path is no
// better than best.
func (c *canonicalizer) path(order []string, from issuer, best string) (result, bool, error) {
	if c.left--; c.left < 0 {
		return result{}, false, fmt.Errorf("%w: given up before labels were found for %d of %d; "+
			"give them IRIs or telling properties, or raise the limit of steps",
			ErrTooAlike, len(c.mentions)-len(c.canonical.order), len(c.mentions))
	}
	var path strings.Builder
	worse := func() bool { return best != "" && path.Len() >= len(best) && path.String() > best }
	var further []string
	for _, n := range order {
		path.WriteString("_:")
		if c.canonical.has(n) {
			path.WriteString(c.canonical.given[n])
			continue
		}
		if !from.has(n) {
			further = append(further, n)
		}
		path.WriteString(from.issue(n))
		if worse() {
			return result{}, false, nil
		}
	}
	for _, n := range further {
		next, err := c.nDegree(n, from)
		if err != nil {
			return result{}, false, err
		}
		path.WriteString("_:" + from.issue(n) + "<" + next.hash + ">")
		from = next.issuer
		if worse() {
			return result{}, false, nil
		}
	}
	return result{path.String(), from}, true, nil
}

func (c *canonicalizer) hash(text string) string {
	h := c.newHash()
	h.Write([]byte(text)) // never fails
	return hex.EncodeToString(h.Sum(nil))
}
