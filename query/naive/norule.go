package naive

import "fmt"

// noRuleError is the panic of a field or an input key that the schema has and this
// package has no rule for.
type noRuleError struct{ typeName, key string }

func (n noRuleError) Error() string {
	return fmt.Sprintf("naive: no rule for %s.%s: answer it in query/naive, so that it is compared", n.typeName, n.key)
}
