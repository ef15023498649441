package local

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
)

// A log file: header, then records. A record: magic (4), length of the payload
// (4), the length up to which the log was known to be durable when the record
// was written (8), CRC32C of those two and the payload (4), payload.
const (
	logMagic     = "CHNCYLOG"
	recordMagic  = 0x43524c43
	recordHeader = 20
	maxRecord    = 1 << 30
)

func logName(number uint64) string { return fmt.Sprintf("%06d.log", number) }

// log is the file that commits are appended to. It is for one goroutine at a time.
type log struct {
	number  uint64
	file    file
	durable uint64 // length that is synced
}

// createLog starts a log; the directory is synced too.
func createLog(fsys fileSystem, number uint64) (*log, error) {
	f, err := fsys.Create(logName(number))
	if err != nil {
		return nil, err
	}
	l := &log{number: number, file: f, durable: fileHeader}
	if _, err = f.Write(newHeader(logMagic, 0, number)); err == nil {
		if err = f.Sync(); err == nil {
			err = fsys.Sync()
		}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return l, nil
}

// append writes payloads as records and syncs the file once. After an error the
// log is cut back to where it was, if that can be done still.
func (l *log) append(payloads [][]byte) error {
	size := 0
	for _, p := range payloads {
		size += recordHeader + len(p)
	}
	buf := make([]byte, 0, size)
	for _, p := range payloads {
		buf = appendRecord(buf, l.durable, p)
	}
	_, err := l.file.Write(buf)
	if err == nil {
		err = l.file.Sync()
	}
	if err != nil {
		// What was not acknowledged must not come back, so far as it lies with us.
		if cutErr := l.file.Truncate(int64(l.durable)); cutErr != nil {
			return errors.Join(err, cutErr)
		}
		return errors.Join(err, l.file.Sync())
	}
	l.durable += uint64(len(buf))
	return nil
}

func appendRecord(dst []byte, durable uint64, payload []byte) []byte {
	dst = binary.LittleEndian.AppendUint32(dst, recordMagic)
	summed := len(dst)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(payload)))
	dst = binary.LittleEndian.AppendUint64(dst, durable)
	sum := checksum(dst[summed:])
	dst = binary.LittleEndian.AppendUint32(dst, extend(sum, payload))
	return append(dst, payload...)
}

// parseRecord returns the record at the beginning of data, if a whole one is there.
func parseRecord(data []byte) (payload []byte, durable uint64, ok bool) {
	if len(data) < recordHeader || binary.LittleEndian.Uint32(data) != recordMagic {
		return nil, 0, false
	}
	length := binary.LittleEndian.Uint32(data[4:])
	if length > maxRecord || uint64(length) > uint64(len(data)-recordHeader) {
		return nil, 0, false
	}
	payload = data[recordHeader : recordHeader+int(length)]
	if extend(checksum(data[4:16]), payload) != binary.LittleEndian.Uint32(data[16:]) {
		return nil, 0, false
	}
	return payload, binary.LittleEndian.Uint64(data[8:]), true
}

// readLog yields the payloads of a log and returns how long it is whole.
//
// The first record that is not whole ends the log if nothing that was
// acknowledged can lie there: a crash leaves any part of what was not synced. A
// whole record further on that was written when the log was durable beyond the
// broken place proves that acknowledged data is damaged: a *CorruptError. So
// does anything broken in a log that is not the last.
func readLog(fsys fileSystem, number uint64, last bool, yield func(payload []byte, at int64) error) (whole, size int64, err error) {
	name := logName(number)
	m, err := fsys.Map(name)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, 0, &CorruptError{name, 0, "it is not there, and the manifest names it"}
	}
	if err != nil {
		return 0, 0, err
	}
	defer runtime.KeepAlive(m)
	data := m.bytes
	size = int64(len(data))
	if err := checkHeader(name, data, logMagic, 0, number); err != nil {
		if errors.Is(err, ErrNewerFormat) || !last || provenBeyond(data, 0) >= 0 {
			return 0, size, err
		}
		return 0, size, nil
	}
	at := int64(fileHeader)
	for at < size {
		payload, _, ok := parseRecord(data[at:])
		if !ok {
			proof := provenBeyond(data, at)
			switch {
			case proof >= 0:
				return at, size, &CorruptError{name, at, fmt.Sprintf("a record is broken that was durable when the one at %d was written", proof)}
			case !last:
				return at, size, &CorruptError{name, at, "a record is broken, and a later log is there"}
			}
			return at, size, nil
		}
		if err := yield(payload, at); err != nil {
			return at, size, err
		}
		at += recordHeader + int64(len(payload))
	}
	return at, size, nil
}

// provenBeyond looks for a whole record after the broken place that was written
// when the log was durable beyond it, and returns where it is, or -1.
func provenBeyond(data []byte, broken int64) int64 {
	for at := broken + 1; at+recordHeader <= int64(len(data)); at++ {
		if binary.LittleEndian.Uint32(data[at:]) != recordMagic {
			continue
		}
		if _, durable, ok := parseRecord(data[at:]); ok && durable > uint64(broken) && durable <= uint64(at) {
			return at
		}
	}
	return -1
}
