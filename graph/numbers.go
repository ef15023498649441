package graph

// A column has each of its objects once, by number: what is asked about many nodes is
// worked out once for each object, and a list by number tells it.

// Unsure is the number that stands for what a column cannot tell.
const Unsure = various

// Objects returns one more than the greatest number of an object.
func (c Column) Objects() int { return len(c.rows.objects) }

// Object returns the object with a number; 0 for number 0, which is none. Different
// numbers may have the same object, where one was merged into another.
func (c Column) Object(number uint32) ID { return c.view.merges.stays(c.rows.objects[number]) }

// number is the number of what Only tells of a node.
func (c Column) number(node ID, claims *Set) uint32 {
	if !c.tells(node) {
		return Unsure
	}
	switch e := c.rows.at(node); {
	case e.object == various:
		return Unsure
	case e.object == 0:
		return 0
	case e.several() && !c.says(c.rows.run(node, e), claims),
		!e.several() && !claims.has(uint64(e.claim)):
		return 0
	default:
		return e.object
	}
}

// Numbers sets numbers, of which there are as many, to those of what Only says of each
// of the nodes: 0 for no object, Unsure for what it cannot tell.
//
// Cost: a look at each node, of which none waits for the one before; less where nodes
// are all alike, as events of one class are: see [Plain].
func (c Column) Numbers(numbers []uint32, nodes []ID, claims *Set) {
	numbers = numbers[:len(nodes)]
	if plain := c.Plain(claims); plain != nil {
		plain.numbers(numbers, nodes)
	} else {
		for i := range numbers {
			numbers[i] = Unsure
		}
	}
	for i, n := range numbers {
		if n == Unsure {
			numbers[i] = c.number(nodes[i], claims)
		}
	}
}

// samePage returns the first nodes that are on one page; ok is false where there is
// no such page.
func (c Column) samePage(nodes []ID) (of []ID, page int, ok bool) {
	n, first := 1, nodes[0]/columnPage
	for n < len(nodes) && nodes[n]/columnPage == first {
		n++
	}
	page, _ = place(nodes[0])
	return nodes[:n], page, nodes[0].Space() == Nodes && page < len(c.rows.pages) && !c.rows.pages[page].empty()
}

// Lone puts the nodes apart: to lone it appends those that have one quad at most by the
// predicate, whatever claim says it, and to others the rest, both in their order.
// Cost: as of Numbers.
func (c Column) Lone(lone, others, nodes []ID) (_, _ []ID) {
	for len(nodes) > 0 {
		of, page, ok := c.samePage(nodes)
		nodes = nodes[len(of):]
		if ok && c.view.merges == nil && c.rows.briefs[page].alone {
			lone = append(lone, of...)
			continue
		}
		for _, node := range of {
			if c.tells(node) && !c.rows.at(node).several() {
				lone = append(lone, node)
			} else {
				others = append(others, node)
			}
		}
	}
	return lone, others
}
