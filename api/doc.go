// Package api serves Chancery over HTTP: GraphQL at /graphql by the
// GraphQL-over-HTTP specification, as streams of events, and over WebSockets
// (package socket), health at /healthz and /readyz, how new the
// sources are at /freshness, and the browser pages at /.
//
// It bounds what a request may cost before the request is validated (limits.go),
// and writes answers to the wire without encoding them again (response.go). What
// an error looks like is decided in package resolvers; this package gives it an
// HTTP status (status.go).
package api
