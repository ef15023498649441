package commands

import (
	"context"
	"fmt"
	"time"

	"chancery/api/admin"
)

// Erase asks a running server to erase.
type Erase struct {
	adminKey
	Admin    string   `placeholder:"ADDR" default:"127.0.0.1:8081" env:"CHANCERY_ADMIN" help:"The server's administrators' address. Default: ${default}."`
	Reason   string   `required:"" help:"Why; it is kept in the note that stays, and must not repeat what is erased."`
	Claims   []string `name:"claim" placeholder:"ID" help:"A claim to erase; may be repeated."`
	Entities []string `name:"entity" placeholder:"ID" help:"An entity to erase, with every fact about it or naming it; may be repeated."`
}

// Run prints the note that stays.
func (c *Erase) Run(ctx context.Context, env *Env) error {
	var answer admin.EraseResponse
	request := admin.EraseRequest{Claims: c.Claims, Entities: c.Entities, Reason: c.Reason}
	if err := ask(ctx, c.Admin, c.Key, "/erase", request, &answer); err != nil {
		return err
	}
	_, err := fmt.Fprintf(env.Stdout, "erased at %s; what stays is the note %s\n", answer.At.Format(time.RFC3339), answer.Note)
	return err
}
