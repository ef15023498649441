package local

import (
	"encoding/binary"
	"fmt"
)

// Every binary file begins with 32 bytes: magic (8), format (4), kind (4),
// number (8), zero (4), CRC32C of the 28 bytes before (4).
const fileHeader = tableHeader

func newHeader(magic string, kind uint32, number uint64) []byte {
	h := append(make([]byte, 0, fileHeader), magic...)
	h = binary.LittleEndian.AppendUint32(h, formatNumber)
	h = binary.LittleEndian.AppendUint32(h, kind)
	h = binary.LittleEndian.AppendUint64(h, number)
	h = binary.LittleEndian.AppendUint32(h, 0)
	return binary.LittleEndian.AppendUint32(h, checksum(h))
}

// checkHeader compares a file's beginning with what it must be.
func checkHeader(name string, data []byte, magic string, kind uint32, number uint64) error {
	bad := func(at int64, reason string) error { return &CorruptError{name, at, reason} }
	if len(data) < fileHeader {
		return bad(int64(len(data)), "it is too short for its header")
	}
	if checksum(data[:fileHeader-4]) != binary.LittleEndian.Uint32(data[fileHeader-4:]) {
		return bad(0, "the header's checksum is wrong")
	}
	if string(data[:8]) != magic {
		return bad(0, fmt.Sprintf("it begins with %q, not %q", data[:8], magic))
	}
	if format := binary.LittleEndian.Uint32(data[8:]); format > formatNumber {
		return fmt.Errorf("%w: %s has format %d, this program knows %d", ErrNewerFormat, name, format, formatNumber)
	}
	if got := binary.LittleEndian.Uint32(data[12:]); got != kind {
		return bad(12, fmt.Sprintf("it is of kind %d, not %d", got, kind))
	}
	if got := binary.LittleEndian.Uint64(data[16:]); got != number {
		return bad(16, fmt.Sprintf("it says that it is number %d", got))
	}
	return nil
}
