package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Trusted are documents that are known by their ids from the start.
type Trusted struct {
	byID  map[string]string
	texts map[string]bool
}

// ReadTrusted reads a manifest: an object of documents by id, as Relay's compiler
// and graphql-codegen write it, or Apollo's, {"operations": [{"id", "body"}]}.
func ReadTrusted(from io.Reader) (*Trusted, error) {
	text, err := io.ReadAll(from)
	if err != nil {
		return nil, err
	}
	t := &Trusted{byID: map[string]string{}, texts: map[string]bool{}}
	var apollo struct {
		Operations []struct{ ID, Body string }
	}
	if json.Unmarshal(text, &apollo) == nil && apollo.Operations != nil {
		for i, o := range apollo.Operations {
			if o.ID == "" || o.Body == "" {
				return nil, fmt.Errorf("operations[%d] needs an id and a body", i)
			}
			t.byID[o.ID] = o.Body
		}
	} else if err := json.Unmarshal(text, &t.byID); err != nil {
		return nil, fmt.Errorf("a manifest is an object of documents by id, or Apollo's with operations: %w", err)
	}
	if len(t.byID) == 0 {
		return nil, errors.New("the manifest has no document")
	}
	for id, document := range t.byID {
		if strings.TrimSpace(document) == "" {
			return nil, fmt.Errorf("the document %q is empty", id)
		}
		t.texts[document] = true
	}
	return t, nil
}

// named finds the documents that requests name instead of sending them.
type named struct {
	trusted *Trusted // nil: none
	only    bool     // nothing but trusted documents is answered
	kept    graphql.Cache[string]
}

const keptNames = 1000 // of documents of up to mostKeptBytes

func newNamed(trusted *Trusted, only bool) named {
	if trusted == nil {
		trusted = &Trusted{}
	}
	return named{trusted: trusted, only: only, kept: lru.New[string](keptNames)}
}

// resolve puts the document of a request that names one into it. A name is a
// trusted document's id, or the SHA-256 of a text that came along with it before:
// automatic persisted queries as Apollo has them.
func (n named) resolve(ctx context.Context, request *graphql.RawParams, id string) *gqlerror.Error {
	hash := ""
	if persisted, ok := request.Extensions["persistedQuery"].(map[string]any); ok {
		hash, _ = persisted["sha256Hash"].(string)
		if version := fmt.Sprint(persisted["version"]); hash == "" || version != "1" {
			return coded("PERSISTED_QUERY_NOT_SUPPORTED", "extensions.persistedQuery must have version 1 and sha256Hash")
		}
		hash = strings.ToLower(hash)
	}
	if id == "" {
		id = hash
	}
	if request.Query == "" {
		document, found := n.trusted.byID[id]
		if !found {
			document, found = n.trusted.byID[strings.TrimPrefix(id, "sha256:")]
		}
		if !found && !n.only {
			document, found = n.kept.Get(ctx, strings.TrimPrefix(id, "sha256:"))
		}
		if !found {
			// Clients of automatic persisted queries look for this very message.
			return coded("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
		}
		request.Query = document
		return nil
	}
	if n.only && !n.trusted.texts[request.Query] {
		return coded(forbidden, "this server answers trusted documents only: name one by its id")
	}
	if hash == "" {
		return nil
	}
	sum := sha256.Sum256([]byte(request.Query))
	if hash != hex.EncodeToString(sum[:]) {
		return coded("BAD_USER_INPUT", "extensions.persistedQuery.sha256Hash is not the SHA-256 of the query")
	}
	if !n.only && len(request.Query) <= mostKeptBytes {
		n.kept.Add(ctx, hash, request.Query)
	}
	return nil
}

// coded is an error with a code.
func coded(code, message string) *gqlerror.Error {
	return &gqlerror.Error{Message: message, Extensions: map[string]any{"code": code}}
}
