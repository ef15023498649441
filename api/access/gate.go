package access

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

// Options are what a gate goes by.
type Options struct {
	Keys *File // nil: none
	// Anonymous is what requests without a key may do.
	Anonymous Role
	// UntilKeys has Anonymous hold only while Keys never had a key: from the first
	// one on, nobody may do anything without one.
	UntilKeys bool
	// Local has requests without a key answered only if they name a loopback host:
	// see [LoopbackHost].
	Local   bool
	Rates   Rates
	Proxies Proxies
	Now     func() time.Time // required
}

// Gate tells who asks and whether they may.
type Gate struct {
	Options
	meters *meters
}

// NewGate returns a gate.
func NewGate(o Options) *Gate { return &Gate{o, newMeters(o.Rates)} }

// Caller is who asks. The zero Caller may do nothing.
type Caller struct {
	Key     Key // the zero one: none was shown
	Role    Role
	Address netip.Addr
}

// Name tells callers apart: the key's id, else the address.
func (c Caller) Name() string {
	if c.Key.ID != "" {
		return c.Key.ID
	}
	return c.Address.String()
}

// Editor is who a claim is recorded by: the id of the caller's key, and whose it is.
// Without a key it is empty.
func (c Caller) Editor() string {
	if c.Key.ID == "" {
		return ""
	}
	return "key " + c.Key.ID + " (" + c.Key.Name + ")"
}

// Reason is why somebody is refused.
type Reason int

// The reasons.
const (
	NoKey   Reason = iota + 1 // none was shown, and one is needed
	BadKey                    // the key is unknown, revoked or none
	BadHost                   // the request names a host that is not answered
	TooLow                    // the role may not do this
	TooMany                   // requests
)

// RefusalError is somebody refused. Its message is for them.
type RefusalError struct {
	Reason Reason
	After  time.Duration // of TooMany: when to come back
	text   string
}

func (r *RefusalError) Error() string { return r.text }

// Admit tells who sent a request, and counts it. Where nobody may do anything
// without a key, a caller without one is let in with the role Nobody: see
// [Gate.Need].
//
// The error is a *RefusalError, or why keys cannot be read.
func (g *Gate) Admit(r *http.Request) (Caller, error) {
	anybody, err := g.anybody()
	if err != nil {
		return Caller{}, err
	}
	c := Caller{Role: anybody, Address: g.Proxies.remote(r)}
	text := r.Header.Get("Authorization")
	if text == "" && g.Local && anybody > Nobody && !LoopbackHost(r.Host) {
		return Caller{}, &RefusalError{Reason: BadHost, text: fmt.Sprintf("without a key, requests are answered only to a loopback address, not to %.100q: send a key, or have the server started with --anonymous", r.Host)}
	}
	if text != "" {
		if c, err = g.show(c, text); err != nil {
			return Caller{}, err
		}
	}
	return c, g.Spend(c)
}

// anybody is what requests without a key may do now. The error is why that cannot be
// told.
func (g *Gate) anybody() (Role, error) {
	if !g.UntilKeys || g.Keys == nil {
		return g.Anonymous, nil
	}
	if ever, err := g.Keys.Any(); err != nil || ever {
		return Nobody, err
	}
	return g.Anonymous, nil
}

// Show gives a caller the role of a key, which is shown as an Authorization header
// is: "Bearer chancery_…". The error is as Admit's.
func (g *Gate) Show(c Caller, authorization string) (Caller, error) {
	c.Key, c.Role = Key{}, Nobody
	return g.show(c, authorization)
}

func (g *Gate) show(c Caller, authorization string) (Caller, error) {
	scheme, text, _ := strings.Cut(authorization, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return c, &RefusalError{Reason: BadKey, text: "the Authorization must be a key: Bearer chancery_…"}
	}
	k, err := Key{}, ErrUnknownKey
	if g.Keys != nil {
		k, err = g.Keys.Find(strings.TrimSpace(text))
	}
	if errors.Is(err, ErrUnknownKey) {
		if err := g.Spend(c); err != nil { // guesses count as the address's
			return c, err
		}
		return c, &RefusalError{Reason: BadKey, text: "the key is unknown or was revoked"}
	}
	if err != nil {
		return c, err
	}
	c.Key, c.Role = k, k.Role
	return c, nil
}

// Spend counts a request. The error is a *RefusalError for one too many.
func (g *Gate) Spend(c Caller) error {
	if wait := g.meters.spend(c, g.Now()); wait > 0 {
		who := "from this address"
		if c.Key.ID != "" {
			who = "with this key"
		}
		return &RefusalError{Reason: TooMany, After: wait, text: "too many requests " + who + ": come back in " + wait.Round(time.Millisecond).String()}
	}
	return nil
}

// Still reports whether a caller may do what it could when it came: its key was not
// revoked since; without a key, that none is asked for still.
func (g *Gate) Still(c Caller) bool {
	if c.Key.ID != "" {
		return g.Keys.valid(c.Key.ID)
	}
	anybody, err := g.anybody()
	return err == nil && anybody >= c.Role
}

// Need returns a *RefusalError for a caller with a lower role than is needed to do
// something, as in "to edit".
func (*Gate) Need(c Caller, role Role, to string) error {
	switch {
	case c.Role >= role:
		return nil
	case c.Key.ID == "":
		return &RefusalError{Reason: NoKey, text: fmt.Sprintf("%s, send the key of %s: Authorization: Bearer chancery_…", to, article(role))}
	}
	return &RefusalError{Reason: TooLow, text: fmt.Sprintf("the key %s is of %s: %s, send that of %s", c.Key.ID, article(c.Role), to, article(role))}
}

func article(r Role) string {
	if r == Reader {
		return "a reader"
	}
	return "an " + r.String()
}

type callerKey struct{}

// With keeps the caller in a context.
func With(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// From returns the caller that With kept; the zero Caller if there is none.
func From(ctx context.Context) Caller {
	c, _ := ctx.Value(callerKey{}).(Caller)
	return c
}
