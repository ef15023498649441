//go:build race

package local

// sparse: under the race detector the fault tests look at a part of all places,
// which without it they look at whole.
const sparse = true
