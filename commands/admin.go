package commands

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"chancery/api/admin"
)

// adminKey is the flag of commands that ask a running server's administrators'
// address.
type adminKey struct {
	Key string `placeholder:"KEY" env:"CHANCERY_KEY" help:"An administrator's key, where the running server has keys. Better in the environment: other users of the machine see a command's flags."`
}

// authorize has a request pass at an administrators' address.
func authorize(r *http.Request, key string) {
	r.Header.Set(admin.Header, "command")
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
}

// ask posts a request to a server's administrators' address and reads the answer.
func ask(ctx context.Context, address, key, path string, request, answer any) error {
	body, err := json.Marshal(request)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	authorize(r, key)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("no server answers there; start one with --admin %s: %w", address, err)
	}
	defer response.Body.Close()
	var text json.RawMessage
	if err := json.NewDecoder(response.Body).Decode(&text); err != nil {
		return fmt.Errorf("%s gave no answer of ours: %w", address, err)
	}
	var refusal struct {
		Error string `json:"error"`
	}
	if err := json.Unmarshal(text, &refusal); err == nil && refusal.Error != "" {
		return errors.New(refusal.Error)
	}
	if err := json.Unmarshal(text, answer); err != nil {
		return fmt.Errorf("%s gave no answer of ours: %w", address, err)
	}
	return nil
}
