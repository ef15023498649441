package graph

// chunk has the records of chunkSize claims, equal ones once: of those that an import
// brings in, nothing differs in thousands.
type chunk struct {
	records []Record          // each different, one at least
	numbers *[chunkSize]uint8 // of each claim's record among them; nil: all have the first
}

// chunkSize is a multiple of a set's words, and no more than a number can tell apart.
const chunkSize = 256

// noClaims is a chunk of what is no claim.
var noClaims = &chunk{records: make([]Record, 1)}

// packed returns a chunk of the records.
func packed(records *[chunkSize]Record) *chunk {
	c := &chunk{records: append(make([]Record, 0, 1), records[0])}
	var numbers [chunkSize]uint8
	var known map[Record]uint8 // the number of each, once there are several
	for i := 1; i < chunkSize; i++ {
		r := &records[i]
		if numbers[i] = numbers[i-1]; *r == c.records[numbers[i]] {
			continue
		}
		if known == nil {
			known = map[Record]uint8{c.records[0]: 0}
		}
		number, ok := known[*r]
		if !ok {
			number = uint8(len(c.records))
			known[*r] = number
			c.records = append(c.records, *r)
		}
		numbers[i] = number
	}
	if len(c.records) > 1 {
		c.records = append(make([]Record, 0, len(c.records)), c.records...)
		c.numbers = &numbers
	}
	return c
}

// at returns the record of one of the claims, read-only.
func (c *chunk) at(i int) *Record {
	if c.numbers == nil {
		return &c.records[0]
	}
	return &c.records[c.numbers[i]]
}

// unpacked returns a copy of the records that may be written to.
func (c *chunk) unpacked() *[chunkSize]Record {
	records := new([chunkSize]Record)
	for i := range records {
		records[i] = *c.at(i)
	}
	return records
}

// those adds the claims to a set whose records meet a condition; begin is the first
// one's sequence. What is no claim never meets it.
func (c *chunk) those(begin int, set *Set, meets func(*Record) bool) {
	var met [chunkSize]bool // by number
	some := false
	for i := range c.records {
		met[i] = c.records[i].Exists && meets(&c.records[i])
		some = some || met[i]
	}
	switch {
	case !some:
	case c.numbers == nil: // the ledger has them all
		for word := begin / 64; word < (begin+chunkSize)/64; word++ {
			set.words[word] = ^uint64(0)
		}
	default:
		for i, number := range c.numbers {
			if met[number] {
				set.words[(begin+i)/64] |= 1 << (i % 64)
			}
		}
	}
}
