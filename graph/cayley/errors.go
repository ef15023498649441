package cayley

import (
	"errors"
	"fmt"
	"time"

	"github.com/cayleygraph/quad"
)

// Sentinels.
var (
	// ErrReadOnly is what a pinned snapshot says to a writer.
	ErrReadOnly = errors.New("cayley: a pinned snapshot cannot be written to")
	// ErrForeignRef is a reference that is none of this store's, or of a node where a quad's is needed.
	ErrForeignRef = errors.New("cayley: not a reference that this store gave out")
	// ErrWriterClosed is a quad written after Close.
	ErrWriterClosed = errors.New("cayley: the quad writer is closed")
	// ErrRegistered is a second store under one name.
	ErrRegistered = errors.New("cayley: a store with this name is already registered")
)

// ValueError is a value that no term stands for.
type ValueError struct{ Value quad.Value }

func (e *ValueError) Error() string {
	return fmt.Sprintf("cayley: a value of type %T cannot be stored: %v", e.Value, e.Value)
}

// OptionError is an option that a registered store does not have.
type OptionError struct{ Name string }

func (e *OptionError) Error() string {
	return fmt.Sprintf("cayley: unknown option %q: stores take none", e.Name)
}

// ScriptError is what is wrong with a Gizmo script: it does not parse, it threw,
// or it used a method wrongly. Err unwraps to the store's error when that is what
// the script ran into.
type ScriptError struct{ Err error }

func (e *ScriptError) Error() string { return "gizmo: " + e.Err.Error() }

func (e *ScriptError) Unwrap() error { return e.Err }

// LimitError is a Gizmo script that was ended at one of its limits. Limit and the
// field that is set say which.
type LimitError struct {
	Limit   string // a field of GizmoLimits
	Time    time.Duration
	Results int
	Bytes   int64
	Depth   int
}

func (e *LimitError) Error() string {
	switch e.Limit {
	case "Time":
		return fmt.Sprintf("gizmo: the script ran longer than %v", e.Time)
	case "Results":
		return fmt.Sprintf("gizmo: the script gave more than %d results", e.Results)
	case "Memory":
		return fmt.Sprintf("gizmo: the process grew by more than %d bytes while the script ran", e.Bytes)
	case "Depth":
		return fmt.Sprintf("gizmo: calls or values are nested deeper than %d", e.Depth)
	}
	return fmt.Sprintf("gizmo: the script is longer than %d bytes", e.Bytes)
}

// PanicError is a fault of Cayley's or of its engine's that a script has brought
// out. It is for the log, not for who asked.
type PanicError struct {
	Value any
	Stack string
}

func (e *PanicError) Error() string { return fmt.Sprintf("gizmo: panic: %v", e.Value) }
