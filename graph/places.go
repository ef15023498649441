package graph

// Place is what a column has at a node: its only link, if Sole; see [Column.At].
type Place struct {
	Link
	Sole bool
}

// Places sets places to what At says of each of the nodes; there are as many.
//
// The rows of many nodes are fetched from memory together, so that this is several
// times as fast as asking for one after the other where they lie far apart.
func (c Column) Places(places []Place, nodes []ID) {
	places = places[:len(nodes)]
	for from := 0; from < len(nodes); from += placesAtOnce {
		to := min(from+placesAtOnce, len(nodes))
		part, of := places[from:to], nodes[from:to]
		// Nothing here waits for the row before. Reading them again then waits for none.
		for i, node := range of {
			part[i].Link = c.rows.at(node)
		}
		for i, node := range of {
			part[i].Link, part[i].Sole = c.At(node)
		}
	}
}

// placesAtOnce is how many rows fit well into the fastest cache.
const placesAtOnce = 256
