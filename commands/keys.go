package commands

import (
	"fmt"
	"path/filepath"
	"text/tabwriter"
	"time"

	"chancery/api/access"
	"chancery/graph/local"
)

// Keys makes, lists and revokes API keys.
type Keys struct {
	Add    AddKey    `cmd:"" help:"Make a key and print it, once."`
	List   ListKeys  `cmd:"" help:"List the keys, without their secrets."`
	Revoke RevokeKey `cmd:"" help:"Have a key open nothing any more. A running server notices at once."`
}

// keysFile is where keys are kept.
type keysFile struct {
	Keys string `placeholder:"PATH" env:"CHANCERY_KEYS" help:"The file of keys. Default: keys.json in the graph's directory."`
	Data string `placeholder:"DIR" default:"chancery.data" env:"CHANCERY_DATA" help:"The graph's directory. Default: ${default}."`
}

func (f keysFile) path() string {
	if f.Keys != "" {
		return f.Keys
	}
	return filepath.Join(f.Data, access.FileName)
}

// AddKey makes a key.
type AddKey struct {
	keysFile
	Name string `arg:"" help:"Whose it is, or what for: \"Jane's notebook\". Whoever may read the graph sees it, as recordedBy of the claims that are recorded with the key."`
	Role string `enum:"reader,editor,administrator" default:"reader" help:"What it may do: ${enum}; each may do what those before it may. Default: ${default}."`
}

// Run prints the key, alone on standard output.
func (c *AddKey) Run(env *Env) error {
	role, err := access.ParseRole(c.Role)
	if err != nil {
		return err
	}
	if c.Keys == "" {
		if err := local.MakeDirectory(c.Data); err != nil {
			return err
		}
	}
	before, err := access.List(c.path())
	if err != nil {
		return err
	}
	text, key, err := access.Add(c.path(), c.Name, role, env.Now())
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(env.Stdout, text); err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.Stderr, "made the key %s for %q, role %s, in %s. It is shown this once: only its hash is kept.\n", key.ID, key.Name, key.Role, c.path())
	if err == nil && len(before) == 0 {
		_, err = fmt.Fprintln(env.Stderr, "It is the first: from now on a server that goes by this file asks everybody for a key, also one that runs, unless --anonymous says otherwise.")
	}
	return err
}

// ListKeys lists keys.
type ListKeys struct{ keysFile }

// Run prints a table, in the order in which the keys were made.
func (c *ListKeys) Run(env *Env) error {
	keys, err := access.List(c.path())
	if err != nil {
		return err
	}
	if len(keys) == 0 {
		_, err := fmt.Fprintf(env.Stderr, "%s has no keys\n", c.path())
		return err
	}
	table := tabwriter.NewWriter(env.Stdout, 0, 0, 2, ' ', 0)
	line := func(cells ...any) {
		if err == nil {
			_, err = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", cells...)
		}
	}
	line("ID", "ROLE", "MADE", "REVOKED", "NAME")
	for _, k := range keys {
		revoked := "-"
		if !k.Revoked.IsZero() {
			revoked = k.Revoked.Format(time.RFC3339)
		}
		line(k.ID, k.Role.String(), k.Made.Format(time.RFC3339), revoked, k.Name)
	}
	if err != nil {
		return err
	}
	return table.Flush()
}

// RevokeKey revokes a key.
type RevokeKey struct {
	keysFile
	ID string `arg:"" name:"id" help:"The key's id, as keys list shows it: the part between the two underscores."`
}

// Run says what was revoked.
func (c *RevokeKey) Run(env *Env) error {
	key, err := access.Revoke(c.path(), c.ID, env.Now())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.Stdout, "revoked: %s, role %s, of %q\n", key.ID, key.Role, key.Name)
	return err
}
