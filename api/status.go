package api

import (
	"net/http"

	"github.com/99designs/gqlgen/graphql"

	"chancery/resolvers"
)

// statuses are the HTTP statuses of answers without data, by the code of their
// first error; what is not here is 400.
var statuses = map[string]int{
	resolvers.Internal: http.StatusInternalServerError,
	resolvers.Timeout:  http.StatusServiceUnavailable,
	unauthenticated:    http.StatusUnauthorized,
	forbidden:          http.StatusForbidden,
	rateLimited:        http.StatusTooManyRequests,
	"CONFLICT":         http.StatusConflict,
	overload:           http.StatusServiceUnavailable,
}

// statusOf follows the GraphQL-over-HTTP specification: an answer with data, null
// or not, is 200. One without is an error of HTTP too where the client takes
// application/graphql-response+json; as application/json it is 200 all the same,
// because clients of that type take another status for a proxy's, unless the
// server is at fault.
func statusOf(response *graphql.Response, media string) int {
	if len(response.Data) > 0 || len(response.Errors) == 0 {
		return http.StatusOK
	}
	status, known := statuses[resolvers.Code(response.Errors[0])]
	if !known {
		status = http.StatusBadRequest
	}
	if media == jsonType && status < http.StatusInternalServerError {
		return http.StatusOK
	}
	return status
}
