package resolvers

import "context"

// counter is an operation that counts what it reads.
type counter interface{ QuadsRead() int64 }

// QuadsRead returns how many quads were read for a query so far, by the context
// that the executor's DispatchOperation returned. It is false for what is no query,
// and where nobody counts.
func QuadsRead(ctx context.Context) (quads int64, counted bool) {
	op, counted := ctx.Value(operationKey{}).(counter)
	if !counted {
		return 0, false
	}
	return op.QuadsRead(), true
}
