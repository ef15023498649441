package local

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
)

// memFS is a fileSystem in memory that knows what is synced, that can be cloned
// as a crash would leave it, and that fails on demand.
type memFS struct {
	mu      sync.Mutex
	names   map[string]*inode
	durable map[string]*inode // names as of the last Sync
	locked  bool
	ops     int
	// before is called before each operation that changes something; its error is
	// the operation's. A write is cut in half then, if short.
	before func(op int, what string) error
	short  bool
}

type inode struct{ data, synced []byte }

func newMemFS() *memFS {
	return &memFS{names: map[string]*inode{}, durable: map[string]*inode{}}
}

func (m *memFS) op(what string) error {
	m.ops++
	if m.before != nil {
		return m.before(m.ops, what)
	}
	return nil
}

// hook sets before while a store may be running.
func (m *memFS) hook(before func(op int, what string) error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.before = before
}

// crash returns what is left when the machine stops: kept of 100 parts of what
// was not synced, chosen by the dice. It is called by before, or while nothing runs.
func (m *memFS) crash(kept int, rng *rand.Rand) *memFS {
	keep := func() bool { return rng.IntN(100) < kept }
	after := newMemFS()
	clones := map[*inode]*inode{}
	clone := func(n *inode) *inode {
		if clones[n] == nil {
			c := &inode{data: slices.Clone(n.data)}
			const sector = 64
			for at := 0; at < max(len(n.data), len(n.synced)); at += sector {
				if keep() {
					continue
				}
				old := n.synced[min(at, len(n.synced)):min(at+sector, len(n.synced))]
				if at+len(old) > len(c.data) {
					c.data = append(c.data, make([]byte, at+len(old)-len(c.data))...)
				}
				clear(c.data[at:min(at+sector, len(c.data))])
				copy(c.data[at:], old)
			}
			// What was not there before is a hole at most, or not there at all.
			if len(n.synced) < len(n.data) && !keep() {
				end := len(n.synced)
				if kept > 0 {
					end += rng.IntN(len(n.data) - end)
				}
				c.data = c.data[:end]
			}
			c.synced = slices.Clone(c.data)
			clones[n] = c
		}
		return clones[n]
	}
	all := maps.Clone(m.durable)
	maps.Copy(all, m.names)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		n := m.durable[name]
		if now := m.names[name]; now != n && keep() {
			n = now
		}
		if n != nil {
			after.names[name] = clone(n)
		}
	}
	after.durable = maps.Clone(after.names)
	return after
}

// copy returns the files as they are, all of it durable.
func (m *memFS) copy() *memFS { return m.crash(100, rand.New(rand.NewPCG(0, 0))) }

// crashNow is crash, from outside before, keeping nothing that was not synced.
func (m *memFS) crashNow() *memFS {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.crash(0, rand.New(rand.NewPCG(1, 1)))
}

// killed returns what a process that is killed leaves: all of it, and what is
// not synced is so still.
func (m *memFS) killed() *memFS {
	after := newMemFS()
	clones := map[*inode]*inode{}
	clone := func(names map[string]*inode) map[string]*inode {
		out := map[string]*inode{}
		for name, n := range names {
			if clones[n] == nil {
				clones[n] = &inode{slices.Clone(n.data), slices.Clone(n.synced)}
			}
			out[name] = clones[n]
		}
		return out
	}
	after.names, after.durable = clone(m.names), clone(m.durable)
	return after
}

func (m *memFS) get(name string) (*inode, error) {
	n := m.names[name]
	if n == nil {
		return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
	}
	return n, nil
}

func (m *memFS) Create(name string) (file, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.op("create " + name); err != nil {
		return nil, err
	}
	if m.names[name] != nil {
		m.names[name].data = nil
		return &memFile{m, m.names[name], name, false}, nil
	}
	m.names[name] = &inode{}
	return &memFile{m, m.names[name], name, false}, nil
}

func (m *memFS) Append(name string) (file, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, err := m.get(name)
	return &memFile{m, n, name, false}, err
}

func (m *memFS) Map(name string) (*mapping, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, err := m.get(name)
	if err != nil {
		return nil, err
	}
	return newMapping(bytes.Clone(n.data), nil), nil
}

func (m *memFS) Truncate(name string, size int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, err := m.get(name)
	if err != nil {
		return err
	}
	if err := m.op("truncate " + name); err != nil {
		return err
	}
	n.data = slices.Clone(n.data[:size])
	n.synced = slices.Clip(n.data)
	return nil
}

func (m *memFS) Rename(from, to string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, err := m.get(from)
	if err != nil {
		return err
	}
	if err := m.op("rename " + from); err != nil {
		return err
	}
	m.names[to] = n
	delete(m.names, from)
	return nil
}

func (m *memFS) Remove(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, err := m.get(name); err != nil {
		return err
	}
	if err := m.op("remove " + name); err != nil {
		return err
	}
	delete(m.names, name)
	return nil
}

func (m *memFS) List() ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(maps.Keys(m.names)), nil
}

func (m *memFS) Sync() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.op("sync directory"); err != nil {
		return err
	}
	m.durable = maps.Clone(m.names)
	return nil
}

func (m *memFS) Lock() (io.Closer, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.locked {
		return nil, ErrLocked
	}
	m.locked = true
	return unlocker{m}, nil
}

type unlocker struct{ m *memFS }

func (u unlocker) Close() error {
	u.m.mu.Lock()
	defer u.m.mu.Unlock()
	u.m.locked = false
	return nil
}

type memFile struct {
	fs     *memFS
	node   *inode
	name   string
	closed bool
}

func (f *memFile) Write(b []byte) (int, error) {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	if f.closed {
		return 0, fs.ErrClosed
	}
	if err := f.fs.op("write " + f.name); err != nil {
		n := 0
		if f.fs.short {
			n = len(b) / 2
		}
		f.node.data = append(f.node.data, b[:n]...)
		return n, err
	}
	f.node.data = append(f.node.data, b...)
	return len(b), nil
}

func (f *memFile) Sync() error {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	if f.closed {
		return fs.ErrClosed
	}
	if err := f.fs.op("sync " + f.name); err != nil {
		return err
	}
	// Files are only appended to, and Truncate makes a new array.
	f.node.synced = slices.Clip(f.node.data)
	return nil
}

func (f *memFile) Truncate(size int64) error {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	if err := f.fs.op("truncate " + f.name); err != nil {
		return err
	}
	f.node.data = slices.Clone(f.node.data[:min(size, int64(len(f.node.data)))])
	return nil
}

func (f *memFile) Close() error {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	if f.closed {
		return fs.ErrClosed
	}
	f.closed = true
	return nil
}
