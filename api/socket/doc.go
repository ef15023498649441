// Package socket speaks graphql-transport-ws, the protocol of GraphQL over
// WebSocket, on the server's side:
// https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
//
// It knows messages and close codes, and no GraphQL: whoever mounts the handler
// runs the operations. gqlgen's own transport sends none of the close codes, and
// never closes a socket that says nothing.
package socket
