package access

import "fmt"

// Role is what somebody may do. A higher one may do all that a lower one may.
type Role int

// The roles, from the lowest.
const (
	Nobody        Role = iota // may not even read
	Reader                    // queries and subscriptions
	Editor                    // mutations too
	Administrator             // the administrators' address too
)

var roleNames = [...]string{"none", "reader", "editor", "administrator"}

// String returns the role's name, as ParseRole reads it.
func (r Role) String() string { return roleNames[r] }

// ParseRole reads a role's name: none, reader, editor or administrator.
func ParseRole(name string) (Role, error) {
	for i, known := range roleNames {
		if name == known {
			return Role(i), nil
		}
	}
	return Nobody, fmt.Errorf("%q is no role: write reader, editor or administrator", name)
}

// MarshalText is ParseRole's other way.
func (r Role) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads a role's name.
func (r *Role) UnmarshalText(text []byte) (err error) {
	*r, err = ParseRole(string(text))
	return err
}
