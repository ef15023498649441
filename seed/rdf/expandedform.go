package rdf

import "strings"

// isExpanded reports whether a document is in expanded form already, as our own
// writers write it: then nothing needs to be expanded, which is five times
// faster and keeps IRIs and language tags that the library would not take. It is
// strict: what it does not know for expanded is left to the library.
func isExpanded(document any) bool {
	switch document := document.(type) {
	case []any:
		return allExpanded(document, isExpandedNode)
	default:
		return isExpandedNode(document)
	}
}

func allExpanded(values any, is func(any) bool) bool {
	list, ok := values.([]any)
	if !ok {
		return false
	}
	for _, value := range list {
		if !is(value) {
			return false
		}
	}
	return true
}

func isExpandedNode(v any) bool {
	node, ok := v.(map[string]any)
	if !ok || !isExpandedID(node["@id"]) || len(node) == 1 {
		return false
	}
	for key, value := range node {
		switch {
		case key == "@id":
		case key == "@type":
			ok = allExpanded(value, isExpandedID)
		case key == "@graph":
			ok = allExpanded(value, isExpandedNode)
		default:
			ok = checkIRI(key) == "" && allExpanded(value, isExpandedValue)
		}
		if !ok {
			return false
		}
	}
	return true
}

func isExpandedID(v any) bool {
	id, ok := v.(string)
	return ok && (strings.HasPrefix(id, "_:") || checkIRI(id) == "")
}

// isExpandedValue accepts a reference, a literal or a list.
func isExpandedValue(v any) bool {
	object, _ := v.(map[string]any)
	switch len(object) {
	case 1:
		if list, ok := object["@list"]; ok {
			return allExpanded(list, isExpandedValue)
		}
		_, text := object["@value"].(string)
		return text || isExpandedID(object["@id"])
	case 2:
		_, text := object["@value"].(string)
		datatype, typed := object["@type"].(string)
		language, tagged := object["@language"].(string)
		return text && (typed && checkIRI(datatype) == "" || tagged && isLanguage(language) && !strings.HasPrefix(language, languageMark))
	}
	return false
}
