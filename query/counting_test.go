package query_test

import (
	"fmt"
	"strings"
	"testing"

	"chancery/schema"
)

// TestCompareCounts asks random graphs for counts and nothing else: of each class,
// and along each relation that has pages, of one entity and of many, in the default
// perspective and in others. Each is asked twice, as counts are kept.
func TestCompareCounts(t *testing.T) {
	first := seedOf(t)
	o := load(t)
	for n := range uint64(6) {
		w := newBothByTurns(t, o, first+n)
		for _, field := range o.Schema.Query.Fields {
			root := o.Root(field.Name)
			if root == nil || !root.Many {
				continue
			}
			c, plural := root.Class, field.Name
			documents := []string{
				fmt.Sprintf(`{ a: %s { totalCount } b: %[1]s(first: 0) { totalCount } c: %[1]s(where: {}) { totalCount pageInfo { hasNextPage } } d: %[1]s(last: 2, orderBy: [{id: ASC}]) { totalCount __typename } }`, plural),
				fmt.Sprintf(`query @perspective(minConfidence: 0.6) { %s { totalCount } }`, plural),
			}
			var counts []string
			for _, f := range c.Fields {
				if f.Kind == schema.Relation && f.Shape == schema.Connection {
					counts = append(counts, fmt.Sprintf(`%s { totalCount } f%[1]s: %[1]s(first: 0) { totalCount }`, f.Name))
				}
			}
			if len(counts) > 0 {
				of := "id " + strings.Join(counts, " ")
				documents = append(documents, fmt.Sprintf(`{ list: %s(first: 3) { nodes { %s } } }`, plural, of),
					fmt.Sprintf(`{ list: %s(first: 1) { nodes { %s } } }`, plural, of),
					fmt.Sprintf(`query @perspective(minConfidence: 0.6) { list: %s(first: 1) { nodes { %s } } }`, plural, of))
			}
			for _, d := range documents {
				for range 2 {
					if diff := w.differ(request{Document: d}); diff != "" {
						t.Errorf("graph %d: %s\n%s\n%s", first+n, d, diff, w.answers(request{Document: d}))
					}
				}
			}
		}
	}
}
