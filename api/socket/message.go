package socket

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// Protocol is the subprotocol's name.
const Protocol = "graphql-transport-ws"

// Close codes of the protocol.
const (
	badRequest         = 4400 // a message that is none
	unauthorized       = 4401 // a subscription before the connection was acknowledged
	forbidden          = 4403 // by the payload of connection_init
	wrongSubprotocol   = 4406
	initTimeout        = 4408
	subscriberExists   = 4409 // an id that is in use
	tooManyInits       = 4429
	internalFault      = 4500
	mostReasonBytes    = 123 // of a close frame
	emptyObjectOrNull  = "must be an object, null or left out"
	nonEmptyTextWanted = "must be a string that is not empty"
)

// Request is an operation that a client asks for. Numbers of Variables and
// Extensions are json.Number.
type Request struct {
	Query         string
	DocumentID    string // that stands for the query
	OperationName string
	Variables     map[string]any
	Extensions    map[string]any
}

// message is one message of a client, checked.
type message struct {
	kind    string
	id      string          // of subscribe and complete
	payload json.RawMessage // of ping, as it was; nil: none
	request Request         // of subscribe
}

// readMessage reads a client's message. The error says what is wrong with it.
func readMessage(text []byte) (message, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil || fields == nil {
		return message{}, errors.New("a message must be a JSON object")
	}
	var m message
	if !isText(fields["type"], &m.kind) {
		return m, errors.New("a message must have a type, which is a string")
	}
	switch m.kind {
	case "connection_init", "ping", "pong":
		if payload := fields["payload"]; !isNone(payload) {
			if payload[0] != '{' {
				return m, fmt.Errorf("the payload of %s %s", m.kind, emptyObjectOrNull)
			}
			m.payload = payload
		}
		return m, nil
	case "complete", "subscribe":
		if !isText(fields["id"], &m.id) || m.id == "" {
			return m, fmt.Errorf("the id of %s %s", m.kind, nonEmptyTextWanted)
		}
		if m.kind == "complete" {
			return m, nil
		}
		var err error
		m.request, err = readRequest(fields["payload"])
		return m, err
	}
	return m, fmt.Errorf("no client sends a message of type %.40q", m.kind)
}

func readRequest(payload json.RawMessage) (r Request, err error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(payload, &fields); err != nil || fields == nil {
		return r, errors.New("the payload of subscribe must be an object")
	}
	if query := fields["query"]; !isNone(query) && !isText(query, &r.Query) {
		return r, errors.New("the payload's query must be a string")
	}
	if name := fields["operationName"]; !isNone(name) && !isText(name, &r.OperationName) {
		return r, errors.New("the payload's operationName must be a string, null or left out")
	}
	if id := fields["documentId"]; !isNone(id) && !isText(id, &r.DocumentID) {
		return r, errors.New("the payload's documentId must be a string")
	}
	for name, into := range map[string]*map[string]any{"variables": &r.Variables, "extensions": &r.Extensions} {
		if isNone(fields[name]) {
			continue
		}
		decoder := json.NewDecoder(bytes.NewReader(fields[name]))
		decoder.UseNumber()
		if decoder.Decode(into) != nil {
			return r, fmt.Errorf("the payload's %s %s", name, emptyObjectOrNull)
		}
	}
	if r.Query == "" && r.DocumentID == "" && r.Extensions == nil { // by extensions a document can be named
		return r, fmt.Errorf("the payload's query %s", nonEmptyTextWanted)
	}
	return r, nil
}

func isNone(value json.RawMessage) bool { return len(value) == 0 || string(value) == "null" }

func isText(value json.RawMessage, into *string) bool {
	return len(value) > 0 && value[0] == '"' && json.Unmarshal(value, into) == nil
}

// reply is a message to the client; payload is JSON, empty for none.
func reply(kind, id string, payload []byte) []byte {
	out := []byte(`{"type":"` + kind + `"`)
	if id != "" {
		quoted, err := json.Marshal(id)
		if err != nil {
			panic(err) // unreachable: any string is JSON
		}
		out = append(append(out, `,"id":`...), quoted...)
	}
	if len(payload) > 0 {
		out = append(append(out, `,"payload":`...), payload...)
	}
	return append(out, '}')
}
