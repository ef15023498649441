package rdf

import (
	"fmt"
	"slices"
	"strings"

	"github.com/piprate/json-gold/ld"
)

// contextLoader gives the library the contexts of Options, and nothing else.
// They are parsed when they are first used.
type contextLoader struct {
	texts     map[string][]byte
	parsed    map[string]any
	sound     map[string]bool // those that are known not to include themselves
	languages *languages
	left      int // loads for the element that is being read
}

// missingContextError names a context that is not at hand.
type missingContextError struct{ iri string }

func (e *missingContextError) Error() string {
	return fmt.Sprintf("context %s is not at hand, and nothing is fetched from the network: give a file with it for this IRI", e.iri)
}

func newContextLoader(texts map[string][]byte, l *languages) *contextLoader {
	return &contextLoader{texts: texts, parsed: map[string]any{}, sound: map[string]bool{}, languages: l}
}

func (l *contextLoader) parse(iri string) (any, error) {
	if document, ok := l.parsed[iri]; ok {
		return document, nil
	}
	document, err := decodeJSON(l.texts[iri])
	if err != nil {
		return nil, fmt.Errorf("context %s: %s", iri, jsonReason(err))
	}
	l.languages.protect(document)
	l.parsed[iri] = document
	return document, nil
}

// check refuses contexts that include themselves: the library would not end.
func (l *contextLoader) check(iri string, path []string) error {
	if l.sound[iri] {
		return nil
	}
	if slices.Contains(path, iri) {
		return fmt.Errorf("context %s includes itself: %s", iri, strings.Join(append(path, iri), " → "))
	}
	document, err := l.parse(iri)
	if err != nil {
		return err
	}
	path = append(slices.Clip(path), iri)
	base := parseReference(iri)
	eachInclusion(document, func(name string) {
		name = base.resolve(name)
		if _, ok := l.texts[name]; ok && err == nil {
			err = l.check(name, path)
		}
	})
	l.sound[iri] = err == nil
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
	if _, ok := l.texts[iri]; !ok {
		return nil, &missingContextError{iri}
	}
	if err := l.check(iri, nil); err != nil {
		return nil, err
	}
	document, err := l.parse(iri)
	if err != nil {
		return nil, err
	}
	document = ld.CloneDocument(document) // the library writes into what it is given
	return &ld.RemoteDocument{DocumentURL: iri, Document: document}, nil
}
