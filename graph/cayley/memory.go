package cayley

import (
	"context"
	"runtime"
	"runtime/metrics"
	"time"
)

// lookEvery is how often the memory is looked at: a script can allocate about a
// gigabyte a second.
const lookEvery = 5 * time.Millisecond

// watchMemory ends a script with a *LimitError when the process has grown by more
// than limit bytes. The function that it returns ends the watch.
func watchMemory(limit int64, end context.CancelCauseFunc) (stop func()) {
	done, stopped := make(chan struct{}), make(chan struct{})
	begin := inUse()
	go func() {
		defer close(stopped)
		ticker := time.NewTicker(lookEvery)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
			}
			if inUse()-begin <= limit {
				continue
			}
			runtime.GC() // what is over may be garbage
			if inUse()-begin > limit {
				end(&LimitError{Limit: "Memory", Bytes: limit})
				return
			}
		}
	}()
	return func() { close(done); <-stopped }
}

// inUse is the memory of the heap's objects, dead ones not yet found included, and
// of stacks. It stops nothing.
func inUse() int64 {
	samples := []metrics.Sample{
		{Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/memory/classes/heap/stacks:bytes"},
	}
	metrics.Read(samples)
	return int64(samples[0].Value.Uint64() + samples[1].Value.Uint64())
}
