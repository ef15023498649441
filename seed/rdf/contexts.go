package rdf

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/piprate/json-gold/ld"
)

// contextLoader gives the library the contexts of Options, and nothing else.
type contextLoader struct {
	contexts map[string]any
	checked  map[string]bool
	left     int // loads for the element that is being read
}

// missingContextError names a context that is not at hand.
type missingContextError struct{ iri string }

func (e *missingContextError) Error() string {
	return fmt.Sprintf("context %s is not at hand, and nothing is fetched from the network: give a file with it for this IRI", e.iri)
}

func newContextLoader(contexts map[string][]byte, l *languages) (*contextLoader, error) {
	loader := &contextLoader{contexts: make(map[string]any, len(contexts)), checked: map[string]bool{}}
	for _, iri := range slices.Sorted(maps.Keys(contexts)) {
		document, err := decodeJSON(contexts[iri])
		if err != nil {
			return nil, fmt.Errorf("context %s: %s", iri, jsonReason(err))
		}
		l.protect(document)
		loader.contexts[iri] = document
	}
	return loader, nil
}

// check refuses contexts that include themselves: the library would not end.
func (l *contextLoader) check(iri string, path []string) error {
	if slices.Contains(path, iri) {
		return fmt.Errorf("context %s includes itself: %s", iri, strings.Join(append(path, iri), " → "))
	}
	path = append(slices.Clip(path), iri)
	base := parseReference(iri)
	var err error
	eachInclusion(l.contexts[iri], func(name string) {
		for _, iri := range []string{name, base.resolve(name)} {
			if _, ok := l.contexts[iri]; ok && err == nil {
				err = l.check(iri, path)
			}
		}
	})
	return err
}

// eachInclusion calls f for each context that a document of one includes at
// once. Those within a term's definition come when the term is used.
func eachInclusion(document any, f func(string)) {
	object, _ := document.(map[string]any)
	for _, context := range asList(object["@context"]) {
		switch context := context.(type) {
		case string:
			f(context)
		case map[string]any:
			if name, ok := context["@import"].(string); ok {
				f(name)
			}
		}
	}
}

// LoadDocument is ld.DocumentLoader.
func (l *contextLoader) LoadDocument(iri string) (*ld.RemoteDocument, error) {
	if l.left--; l.left < 0 {
		return nil, fmt.Errorf("context %s is used over and over: does it include itself?", iri)
	}
	document, ok := l.contexts[iri]
	if !ok {
		return nil, &missingContextError{iri}
	}
	if !l.checked[iri] {
		if err := l.check(iri, nil); err != nil {
			return nil, err
		}
		l.checked[iri] = true
	}
	document = ld.CloneDocument(document) // the library writes into what it is given
	return &ld.RemoteDocument{DocumentURL: iri, Document: document}, nil
}
