package schema

import "github.com/vektah/gqlparser/v2/ast"

// GroupKey is what one value of a group enum (VisitGroup.VISITORS_NATIONALITY)
// counts by.
type GroupKey struct {
	Enum  string // VisitGroup
	Value string // VISITORS_NATIONALITY

	// Field is where the values are read: visitors. It is a field of the
	// connection's class; in ClaimGroup of Claim, and in ChangeGroup of the
	// change's claim. It is nil for what no field shows, which Value then names:
	// CLASS, FIELD (the name of a fact's field) and KIND (of a change).
	Field *Field
	// Through are the fields to follow from there, one after the other:
	// nationality.
	Through []*Field
	// Period is that into which the times of a Time or Moment fall.
	Period Period
}

// Last returns the field whose values make the groups: the end of Through, or
// Field, or nil.
func (k *GroupKey) Last() *Field {
	if n := len(k.Through); n > 0 {
		return k.Through[n-1]
	}
	return k.Field
}

// Period is a calendar period.
type Period uint8

const (
	NoPeriod Period = iota // the value itself
	Year                   // 2018
	Quarter                // 2018-Q2
	Month                  // 2018-05
	Day                    // 2018-05-13
)

// periods are the values of the enum GroupPeriod.
var periods = map[string]Period{"YEAR": Year, "QUARTER": Quarter, "MONTH": Month, "DAY": Day}

// groupKey reads what a value of a group enum counts by, from the class on.
func (c *compiler) groupKey(class *Class, enum string, v *ast.EnumValueDefinition) *GroupKey {
	at := enum + "." + v.Name
	k := &GroupKey{Enum: enum, Value: v.Name}
	d := v.Directives.ForName("key")
	if d == nil {
		c.fail(at, "@key is missing")
		return k
	}
	name := text(d, "field")
	if name == "" {
		return k
	}
	steps := append([]string{name}, texts(d, "through")...)
	for i, step := range steps {
		if class == nil {
			c.fail(at, "@key: %s leads to no class", steps[i-1])
			return k
		}
		f := class.Field(step)
		if f == nil || f.Kind == Derived {
			c.fail(at, "@key: %s has no field %q to group by", class.Name, step)
			return k
		}
		if i == 0 {
			k.Field = f
		} else {
			k.Through = append(k.Through, f)
		}
		class = f.Range
	}
	last := k.Last()
	dated := last.Kind == Property && (last.Value == Time || last.Value == Moment)
	if p := text(d, "period"); p != "" {
		k.Period = periods[p]
		if !dated {
			c.fail(at, "@key: %s is no time, so it has no period", last.at())
		}
	} else if dated {
		c.fail(at, "@key: %s is a time, so it needs a period", last.at())
	}
	return k
}
