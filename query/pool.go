package query

import (
	"sync"
	"unsafe"
)

// mostPooled is how many bytes of memory a pool keeps for the next who needs some. What a
// large question took beyond that is the collector's at once, not two collections later.
const mostPooled = 16 << 20

// pool is memory of one kind that is worked in, forgotten and used again.
type pool[T any] struct {
	bytes func(*T) int // that it takes
	kept  sync.Pool
}

// get returns memory that holds anything; the zero T where there is none.
func (p *pool[T]) get() *T {
	if memory, ok := p.kept.Get().(*T); ok {
		return memory
	}
	return new(T)
}

// put gives memory back, which is kept unless it is large.
func (p *pool[T]) put(memory *T) {
	if p.bytes(memory) <= mostPooled {
		p.kept.Put(memory)
	}
}

// bytesOf is how many bytes a list has room for.
func bytesOf[T any](list []T) int { return cap(list) * int(unsafe.Sizeof(*new(T))) }
