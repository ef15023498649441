package graph

// Place is what a column has at a node, as some claims see it: its only object, 0
// where it has none; Sole is false where that cannot be told. See [Column.Only].
type Place struct {
	To   ID
	Sole bool
}

// Places sets places to what Only says of each of the nodes; there are as many.
// Cost: as of Numbers.
func (c Column) Places(places []Place, nodes []ID, claims *Set) {
	var numbers [placesAtOnce]uint32
	for len(nodes) > 0 {
		of := nodes[:min(len(nodes), placesAtOnce)]
		c.Numbers(numbers[:], of, claims)
		for i := range of {
			if n := numbers[i]; n != Unsure {
				places[i] = Place{c.Object(n), true}
			} else {
				places[i] = Place{}
			}
		}
		nodes, places = nodes[len(of):], places[len(of):]
	}
}

// placesAtOnce is how many rows fit well into the fastest cache.
const placesAtOnce = 256
