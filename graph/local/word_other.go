//go:build !(amd64 || arm64 || loong64 || ppc64le || riscv64)

package local

import "encoding/binary"

// word returns eight bytes as a number.
func word(b []byte, at uint) uint64 { return binary.LittleEndian.Uint64(b[at:]) }
