package graph

import "testing"

// TestObjectsOnce commits thousands of quads with few objects: the column's list of
// objects grows by none of them, neither when it is made nor commit by commit.
func TestObjectsOnce(t *testing.T) {
	edit := editColumn(&columnRows{})
	object := func(i int) ID { return InSpace(Nodes, uint64(i%700)) }
	label := func(i int) ID { return InSpace(Claims, uint64(i)) }
	for i := range 5000 {
		edit.add(InSpace(Nodes, uint64(1000+i)), Link{To: object(i), Label: label(i)})
	}
	rows := &edit.columnRows
	for i := range 5000 { // a commit each: a node with one quad, and one with more and more
		edit := editColumn(rows)
		edit.add(InSpace(Nodes, uint64(6000+i)), Link{To: object(i), Label: label(5000 + i)})
		edit.add(InSpace(Nodes, 999), Link{To: object(i / 100), Label: label(10_000 + i)})
		rows = &edit.columnRows
	}
	if n := len(rows.objects); n != 701 {
		t.Errorf("700 objects are listed as %d", n-1)
	}
	for i := range 5000 {
		if e := rows.at(InSpace(Nodes, uint64(6000+i))); rows.objects[e.object] != object(i) {
			t.Fatalf("node %d has another object", 6000+i)
		}
	}
}

// TestObjectNumbersOfAnotherState goes on twice from one state: what the first has
// appended is nothing to the second.
func TestObjectNumbersOfAnotherState(t *testing.T) {
	base := editColumn(&columnRows{})
	node := func(i int) ID { return InSpace(Nodes, uint64(i)) }
	for i := range 100 {
		base.add(node(i), Link{To: node(1000 + i), Label: InSpace(Claims, 1)})
	}
	for round := range 2 {
		edit := editColumn(&base.columnRows)
		for i := range 100 {
			edit.add(node(200+i), Link{To: node(2000 + (i+round*50)%150), Label: InSpace(Claims, 1)})
		}
		for i := range 100 {
			if to := edit.objects[edit.at(node(200+i)).object]; to != node(2000+(i+round*50)%150) {
				t.Fatalf("round %d: node %d has %v", round, 200+i, to)
			}
		}
	}
}
