package query

import "testing"

// TestPools: memory that a large question took is not kept, of any of them.
func TestPools(t *testing.T) {
	const many = mostPooled/4 + 1 // of the least that any of them holds, 4 bytes
	numbers := numbersRoom.get()
	*numbers = make([]uint32, many)
	numbersRoom.put(numbers)
	if got := cap(*numbersRoom.get()); got >= many {
		t.Errorf("numbers: %d are kept", got)
	}
	rows := rowsRoom.get()
	*rows = make([]row, many)
	rowsRoom.put(rows)
	if got := cap(*rowsRoom.get()); got >= many {
		t.Errorf("rows: %d are kept", got)
	}
	w := wordRooms.get()
	w.spare = make([]uint64, many)
	wordRooms.put(w)
	if got := cap(wordRooms.get().spare); got >= many {
		t.Errorf("words: %d are kept", got)
	}
	links := scratch.get()
	links.Ends = append(links.Ends[:0], make([]int, many)...)
	scratch.put(links)
	if got := cap(scratch.get().Ends); got >= many {
		t.Errorf("links: %d are kept", got)
	}
}
