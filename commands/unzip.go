package commands

import (
	"bufio"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"strings"
)

// unzip reads the one file of a ZIP archive as it comes, without its directory at the
// end: so from standard input too. Formats: APPNOTE.TXT 6.3, sections 4.3.7 and 4.3.9.
//
// The reader's error is also that of a checksum that is wrong, and of an archive with
// a second file, after the first was read.
func unzip(in *bufio.Reader) (io.Reader, error) {
	var header struct {
		Signature             uint32
		Version, Flags        uint16
		Method                uint16
		Time, Date            uint16
		CRC, Packed, Unpacked uint32
		Name, Extra           uint16
	}
	for folder := true; folder; { // the file comes after its folders
		if err := binary.Read(in, binary.LittleEndian, &header); err != nil {
			return nil, fmt.Errorf("the zip archive ends at once: %w", err)
		}
		name := make([]byte, int(header.Name)+int(header.Extra))
		if _, err := io.ReadFull(in, name); err != nil {
			return nil, fmt.Errorf("the zip archive ends at once: %w", err)
		}
		file := string(name[:header.Name])
		if file == "[Content_Types].xml" || file == "mimetype" { // what OOXML and ODF begin with
			return nil, errWorkbook
		}
		folder = strings.HasSuffix(file, "/") && header.Packed == 0 && header.Flags&(1<<3) == 0
	}
	const (
		encrypted  = 1 << 0
		sizesAfter = 1 << 3
	)
	u := &unzipped{in: in, sum: crc32.NewIEEE(), want: header.CRC, after: header.Flags&sizesAfter != 0}
	switch {
	case header.Flags&encrypted != 0:
		return nil, errors.New("the zip archive is encrypted: unpack it first")
	case header.Method == 8:
		u.file = flate.NewReader(in) // it reads not a byte too many of a *bufio.Reader
	case header.Method == 0 && !u.after && header.Packed != 1<<32-1:
		u.file = io.LimitReader(in, int64(header.Packed))
	default:
		return nil, fmt.Errorf("the zip archive is packed by method %d: unpack it first", header.Method)
	}
	return u, nil
}

var errWorkbook = errors.New("it is a workbook of a spreadsheet: save its sheet as CSV, in UTF-8, and import that")

// unzipped is the first file of an archive.
type unzipped struct {
	in    *bufio.Reader
	file  io.Reader
	sum   hash.Hash32
	want  uint32
	after bool // the checksum stands after the file
	err   error
}

// Read implements io.Reader.
func (u *unzipped) Read(p []byte) (int, error) {
	if u.err != nil {
		return 0, u.err
	}
	n, err := u.file.Read(p)
	u.sum.Write(p[:n]) // it never fails: hash.Hash says so
	if errors.Is(err, io.EOF) {
		if u.err = u.end(); u.err == nil {
			u.err = io.EOF
		}
		return n, u.err
	}
	if err != nil {
		u.err = fmt.Errorf("the zip archive is cut off or damaged: fetch it again: %w", err)
	}
	return n, u.err
}

// end checks the checksum, and that no file follows.
func (u *unzipped) end() error {
	if u.after {
		head, err := u.in.Peek(16)
		if err != nil {
			return fmt.Errorf("the zip archive is cut off: fetch it again: %w", err)
		}
		if string(head[:4]) == "PK\x07\x08" {
			u.want = binary.LittleEndian.Uint32(head[4:])
			_, err = u.in.Discard(16)
		} else { // the signature may be missing
			u.want = binary.LittleEndian.Uint32(head)
			_, err = u.in.Discard(12)
		}
		if err != nil {
			return err // unreachable: the bytes are in the buffer
		}
	}
	if u.want != u.sum.Sum32() {
		return errors.New("the zip archive is damaged: the checksum is wrong")
	}
	if head, err := u.in.Peek(4); err == nil && string(head) == "PK\x03\x04" {
		return errors.New("the zip archive has several files: unpack it into a folder, and import that")
	}
	return nil
}
