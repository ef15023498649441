package local

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
)

const (
	manifestName = "MANIFEST"
	nextManifest = "MANIFEST.next"
	lockName     = "LOCK"
)

// manifest names the files that count. Quads and terms up to Commit are in
// them; later commits are in the logs from Log on.
type manifest struct {
	Commit   uint64         `json:"commit"`
	Size     uint64         `json:"quads"`
	Terms    counts         `json:"terms"`
	Seed     uint64         `json:"seed"`
	Log      uint64         `json:"log"`
	Next     uint64         `json:"next"` // no file has this number or a higher one, but for logs
	Segments []segmentEntry `json:"segments"`
	Files    []termsEntry   `json:"dictionary"`
	Kept     []keptEntry    `json:"kept,omitempty"`
	Purged   uint64         `json:"purged,omitempty"` // the commit that was purged last
}

// The first line has format, checksum and length of the second, which is JSON.
const manifestLine = "chancery-store %d %08x %d\n"

// write replaces the manifest; when it returns without error that is durable.
func (m *manifest) write(fsys fileSystem) error {
	body, err := json.Marshal(m)
	if err != nil {
		return err // unreachable: all fields are numbers
	}
	body = append(body, '\n')
	data := append(fmt.Appendf(nil, manifestLine, formatNumber, checksum(body), len(body)), body...)
	if err := writeFile(fsys, nextManifest, data); err != nil {
		return err
	}
	if err := fsys.Rename(nextManifest, manifestName); err != nil {
		return err
	}
	return fsys.Sync()
}

// readManifest returns nil without error when there is none.
func readManifest(fsys fileSystem) (*manifest, error) {
	mapped, err := fsys.Map(manifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // a store that is to be made has none
	}
	if err != nil {
		return nil, err
	}
	data := bytes.Clone(mapped.bytes)
	runtime.KeepAlive(mapped)
	line, body, _ := bytes.Cut(data, []byte("\n"))
	var format, length int
	var sum uint32
	if n, err := fmt.Sscanf(string(line)+"\n", manifestLine, &format, &sum, &length); err != nil || n != 3 {
		return nil, &CorruptError{manifestName, 0, "its first line is not that of a manifest"}
	}
	if format > formatNumber {
		return nil, fmt.Errorf("%w: the manifest has format %d, this program knows %d", ErrNewerFormat, format, formatNumber)
	}
	if want := fmt.Sprintf(manifestLine, format, sum, length); string(line)+"\n" != want || length != len(body) || checksum(body) != sum {
		return nil, &CorruptError{manifestName, int64(len(line) + 1), "its checksum or its length is wrong"}
	}
	m := &manifest{}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(m); err != nil {
		return nil, &CorruptError{manifestName, int64(len(line) + 1), err.Error()}
	}
	return m, m.check()
}

// check refuses a dictionary whose parts do not follow one another.
func (m *manifest) check() error {
	var at counts
	for _, f := range m.Files {
		if f.First != at {
			return &CorruptError{manifestName, 0, fmt.Sprintf("%s begins at terms %v, not %v", f.file(), f.First, at)}
		}
		for i := range at {
			at[i] += f.Count[i]
		}
	}
	if at != m.Terms {
		return &CorruptError{manifestName, 0, fmt.Sprintf("its files have terms up to %v, not %v", at, m.Terms)}
	}
	return nil
}

// names lists the files that the manifest names, logs left out.
func (m *manifest) names() map[string]bool {
	names := map[string]bool{}
	for _, s := range m.Segments {
		for o := range orderCount {
			names[s.file(o)] = true
		}
	}
	for _, f := range m.Files {
		names[f.file()] = true
	}
	for _, e := range m.Kept {
		names[e.file()] = true
	}
	return names
}
