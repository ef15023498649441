// Package commands are the program's commands besides serve: each a struct whose
// fields are its flags and whose Run does it.
package commands

import (
	"io"
	"time"
)

// Env is what a command knows of the outside.
type Env struct {
	Stdin  io.Reader // what import - reads
	Stdout io.Writer // what the command is asked for
	Stderr io.Writer // progress and logs
	Now    func() time.Time
}
