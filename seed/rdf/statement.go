package rdf

import "chancery/graph"

// Statement is a triple or, if Graph is not zero, a quad.
//
// IRIs and datatypes are absolute and written out, unlike the compact ones in
// which the graph stores some. The text of a Blank is its label without "_:". A
// Literal without Datatype is an xsd:string or, with Language, an
// rdf:langString, so both datatypes are never given.
type Statement struct {
	Subject, Predicate, Object graph.Term
	Graph                      graph.Term // zero in the default graph

	// Line is where the statement's object begins in the file, from 1; 0 in
	// JSON-LD. Writers ignore it.
	Line int
}

// The IRIs that the syntaxes themselves use.
const (
	rdfNS         = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	rdfType       = rdfNS + "type"
	rdfFirst      = rdfNS + "first"
	rdfRest       = rdfNS + "rest"
	rdfNil        = rdfNS + "nil"
	rdfJSON       = rdfNS + "JSON"
	rdfLangString = rdfNS + "langString"

	xsdNS      = "http://www.w3.org/2001/XMLSchema#"
	xsdString  = xsdNS + "string"
	xsdInteger = xsdNS + "integer"
	xsdDecimal = xsdNS + "decimal"
	xsdDouble  = xsdNS + "double"
	xsdBoolean = xsdNS + "boolean"
)
