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

// ask posts a request to a server's administrators' address and reads the answer.
func ask(ctx context.Context, address, path string, request, answer any) error {
	body, err := json.Marshal(request)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(admin.Header, "command")
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
