//go:build amd64 || arm64 || loong64 || ppc64le || riscv64

package local

import "unsafe"

// word returns eight bytes as a number. verifyBlock has found that they are
// there: with a look at each of them unpacking takes twice as long.
func word(b []byte, at uint) uint64 {
	return *(*uint64)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(b)), at))
}
