// Package access says who may do what, and how often: API keys with roles, kept in
// a file as hashes, and rates for each key and each address.
//
// It knows HTTP's Authorization header and remote addresses, and no GraphQL. Who
// asks it decides what a role is needed for, and how a refusal is told.
package access
