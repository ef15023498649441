package access

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strings"
	"time"
)

// Key is an API key as it is kept: all but the secret.
type Key struct {
	ID      string    `json:"id"`   // part of the key's text, and no secret
	Name    string    `json:"name"` // whose it is, in the administrator's words
	Role    Role      `json:"role"`
	Hash    string    `json:"hash"` // SHA-256 of the key's text, in hex
	Made    time.Time `json:"made"`
	Revoked time.Time `json:"revoked,omitzero"` // it opens nothing any more
}

// prefix lets people, and programs that look for secrets in the wrong places, tell
// what a key is.
const prefix = "chancery_"

// idLength is that of a key's id, in characters of 5 bits.
const idLength = 10

// newKey makes a key: chancery_ID_SECRET. The text exists here and with whoever
// gets it, nowhere else.
//
// The hash is a plain SHA-256. Slow hashes as those for passwords make up for what
// people choose; a secret of 260 random bits is not found by guessing, however fast
// each guess is, and a slow hash at each request would be a way to hurt the server.
func newKey(name string, role Role, at time.Time) (text string, k Key) {
	id := rand.Text()[:idLength]
	text = prefix + id + "_" + rand.Text() + rand.Text()
	return text, Key{ID: id, Name: name, Role: role, Hash: hashOf(text), Made: at.UTC().Truncate(time.Second)}
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// idOf reads the id of a key's text; false: it is no key's.
func idOf(text string) (string, bool) {
	rest, ok := strings.CutPrefix(text, prefix)
	id, secret, cut := strings.Cut(rest, "_")
	return id, ok && cut && len(id) == idLength && secret != ""
}

// opens reports whether a text is this key's, in a time that does not depend on
// how much of it is right. Only ids, which are no secret, are looked up.
func (k Key) opens(text string) bool {
	return subtle.ConstantTimeCompare([]byte(hashOf(text)), []byte(k.Hash)) == 1 && k.Revoked.IsZero()
}
