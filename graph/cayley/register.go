package cayley

import (
	"context"

	upstream "github.com/cayleygraph/cayley/graph"

	"chancery/graph"
)

// Opener opens or makes a store. The path is empty for stores that live in memory.
type Opener func(ctx context.Context, path string) (graph.Store, error)

// Register makes a kind of store known to Cayley by name: its NewQuadStore then
// returns a *Live over what open gives. Only a persistent store takes a path.
//
// Cayley's registry is global and has no lock: call Register from main or a test's
// start, before anything else uses Cayley.
// The error is ErrRegistered.
func Register(name string, persistent bool, open Opener) error {
	if upstream.IsRegistered(name) {
		return ErrRegistered
	}
	upstream.RegisterQuadStore(name, upstream.QuadStoreRegistration{
		IsPersistent: persistent,
		NewFunc: func(path string, opts upstream.Options) (upstream.QuadStore, error) {
			if err := checkOptions(opts); err != nil {
				return nil, err
			}
			store, err := open(context.Background(), path)
			if err != nil {
				return nil, err
			}
			return NewLive(store), nil
		},
		InitFunc: func(string, upstream.Options) error { return nil }, // open makes what is not there
	})
	return nil
}

// checkOptions refuses every option but the two that Cayley means for its writer
// and passes to the store as well.
func checkOptions(opts upstream.Options) error {
	for name := range opts {
		if name != "ignore_duplicate" && name != "ignore_missing" {
			return &OptionError{Name: name}
		}
	}
	return nil
}
