package graph

// Place is what a column has at a node, as some claims see it: its only object, 0
// where it has none; Sole is false where that cannot be told. See [Column.Only].
type Place struct {
	To   ID
	Sole bool
}

// Places sets places to what Only says of each of the nodes; there are as many.
//
// The rows of many nodes are fetched from memory together, so that this is several
// times as fast as asking for one after the other where they lie far apart.
func (c Column) Places(places []Place, nodes []ID, claims *Set) {
	places = places[:len(nodes)]
	for from := 0; from < len(nodes); from += placesAtOnce {
		to := min(from+placesAtOnce, len(nodes))
		part, of := places[from:to], nodes[from:to]
		// Nothing here waits for the row before. Reading them again then waits for none.
		for i, node := range of {
			part[i].To = c.rows.at(node).To
		}
		for i, node := range of {
			part[i].To, part[i].Sole = c.Only(node, claims)
		}
	}
}

// placesAtOnce is how many rows fit well into the fastest cache.
const placesAtOnce = 256
