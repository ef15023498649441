//go:build !race

package local

const sparse = false
