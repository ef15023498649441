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
	var entries [placesAtOnce]entry
	for len(nodes) > 0 {
		of := nodes[:min(len(nodes), placesAtOnce)]
		// Nothing here waits for the row before.
		for i, node := range of {
			entries[i] = c.rows.at(node)
		}
		part := places[:len(of)]
		for i, node := range of {
			if p := &part[i]; c.tells(node) {
				p.To, p.Sole = c.only(node, entries[i], claims)
			} else {
				*p = Place{}
			}
		}
		nodes, places = nodes[len(of):], places[len(of):]
	}
}

// placesAtOnce is how many rows fit well into the fastest cache.
const placesAtOnce = 256
