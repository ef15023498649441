package commands

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"chancery/api/admin"
	"chancery/graph/local"
)

// InDirectory says of an error of opening a graph's directory what to do about it.
func InDirectory(dir string, err error) error {
	switch {
	case errors.Is(err, local.ErrLocked):
		return fmt.Errorf("%s: %w: stop the program that has it open, or ask it through its administrators' address (--admin)", dir, err)
	case errors.Is(err, local.ErrNotStore):
		return fmt.Errorf("%s: %w: name an empty directory, or one that is not there", dir, err)
	case errors.Is(err, local.ErrNotEmpty):
		return fmt.Errorf("%w: name one that is empty or not there", err)
	case errors.Is(err, local.ErrNewerFormat):
		return fmt.Errorf("%s: %w: use the release that wrote it, or a later one", dir, err)
	}
	return fmt.Errorf("%s: %w", dir, err)
}

// Check reads a graph's directory whole.
type Check struct {
	Data string `arg:"" optional:"" name:"dir" default:"chancery.data" env:"CHANCERY_DATA" help:"The graph's directory. Default: ${default}."`
}

// Run prints that all is well, or is an error that says what is wrong where.
func (c *Check) Run(env *Env) error {
	if err := local.Check(c.Data); err != nil {
		return InDirectory(c.Data, err)
	}
	_, err := fmt.Fprintf(env.Stdout, "%s: all checksums and invariants hold\n", c.Data)
	return err
}

// Backup copies a graph.
type Backup struct {
	adminKey
	To    string `arg:"" help:"Directory to make; it must be empty or not there."`
	Data  string `placeholder:"DIR" default:"chancery.data" env:"CHANCERY_DATA" help:"The graph's directory, when no server has it open. Default: ${default}."`
	Admin string `placeholder:"ADDR" env:"CHANCERY_ADMIN" help:"Have the server with this administrators' address write the backup, on its own machine, while it goes on."`
}

// Run returns when the copy has been written and checked.
func (c *Backup) Run(ctx context.Context, env *Env) error {
	to, err := filepath.Abs(c.To)
	if err != nil {
		return err
	}
	if c.Admin != "" {
		err = ask(ctx, c.Admin, c.Key, "/backup", admin.BackupRequest{To: to}, &struct{}{})
	} else {
		err = c.offline(ctx, to)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.Stdout, "%s: written and checked\n", to)
	return err
}

func (c *Backup) offline(ctx context.Context, to string) (err error) {
	// Opening what is not there would make it.
	if names, err := os.ReadDir(c.Data); err != nil || len(names) == 0 {
		return cmp.Or(err, fmt.Errorf("%s: the directory is empty: there is nothing to back up", c.Data))
	}
	store, err := local.Open(c.Data, local.Options{})
	if err != nil {
		return InDirectory(c.Data, err)
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if err := store.Backup(ctx, to); err != nil {
		return InDirectory(to, err)
	}
	return nil
}

// Restore makes a graph's directory from a backup.
type Restore struct {
	From string `arg:"" help:"The backup's directory."`
	Data string `placeholder:"DIR" default:"chancery.data" env:"CHANCERY_DATA" help:"Directory to make; it must be empty or not there. Default: ${default}."`
}

// Run returns when the copy has been written and checked.
func (c *Restore) Run(ctx context.Context, env *Env) error {
	if err := local.Restore(ctx, c.From, c.Data); err != nil {
		return InDirectory(c.From, err)
	}
	_, err := fmt.Fprintf(env.Stdout, "%[1]s: restored and checked\n"+
		"API keys are no part of a backup, and %[1]s has none: whoever reaches it on this machine may edit. Make new ones (chancery keys add NAME --role editor --data %[1]s), "+
		"or copy the keys.json that you had into it.\n", c.Data)
	return err
}
