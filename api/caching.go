package api

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/99designs/gqlgen/graphql"
)

// tag is the ETag of an answer to a GET: it changes with the commit that is read,
// the perspective, the question, the media type and the start of the server, which
// may be another version. It is weak, because packing changes the bytes.
func tag(epoch, basis, media string, request *graphql.RawParams) string {
	// Maps are encoded in the order of their keys, so the same question has the same text.
	text, err := json.Marshal([]any{epoch, basis, media, request.Query, request.OperationName, request.Variables, request.Extensions})
	if err != nil {
		panic("api: a request that was JSON is none: " + err.Error())
	}
	sum := sha256.Sum256(text)
	return `W/"` + hex.EncodeToString(sum[:16]) + `"`
}

// matches reports whether If-None-Match names the tag.
func matches(r *http.Request, tag string) bool {
	for _, line := range r.Header.Values("If-None-Match") {
		for one := range strings.SplitSeq(line, ",") {
			one = strings.TrimSpace(one)
			if one == "*" || strings.TrimPrefix(one, "W/") == strings.TrimPrefix(tag, "W/") {
				return true
			}
		}
	}
	return false
}

// notModified says that the client has the answer already.
func notModified(w http.ResponseWriter, tag string) {
	header := w.Header()
	header.Set("ETag", tag)
	header.Set("Cache-Control", keepAndAsk)
	header.Add("Vary", "Accept")
	w.WriteHeader(http.StatusNotModified)
}

// Any answer may be outdated by the next commit. One with a tag may be kept and
// asked about again; nobody keeps any other.
const (
	keepAndAsk = "no-cache"
	keepNot    = "no-store"
)
