package query

import (
	"fmt"
	"time"
)

// Basis names all that the operation's answer depends on besides the request: the
// commit that is read, and the perspective as it is used. Two operations with one
// request and one basis have the same answer. Cost: O(1).
func (op *Operation) Basis() string {
	v := op.view
	return fmt.Sprintf("%d %s %s", v.Commit(), v.KnownAt.Format(time.RFC3339Nano), state(v, true))
}
