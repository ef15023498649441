package access_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"chancery/api/access"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// add makes a key in a file.
func add(t *testing.T, path string, role access.Role) (text string, k access.Key) {
	t.Helper()
	text, k, err := access.Add(path, "somebody", role, noon)
	if err != nil {
		t.Fatal(err)
	}
	return text, k
}

func TestKeysAreMadeFoundAndRevoked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	file, err := access.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if ever, err := file.Any(); ever || err != nil {
		t.Error("there are keys before there is a file")
	}
	text, made := add(t, path, access.Editor)
	other, _ := add(t, path, access.Reader)
	if text == other {
		t.Fatal("two keys are the same")
	}
	found, err := file.Find(text)
	if err != nil || found != made || found.Role != access.Editor {
		t.Errorf("%+v %v, want %+v: a file that is open notices new keys", found, err, made)
	}
	kept, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, secret, _ := strings.Cut(strings.TrimPrefix(text, "chancery_"), "_")
	if len(secret) != 52 || strings.Contains(string(kept), secret) {
		t.Errorf("the secret %q is not of 260 bits, or is in the file: %s", secret, kept)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v, want only the owner to read it", info.Mode(), err)
	}
	for name, wrong := range map[string]string{
		"nothing": "", "no key": "x", "an id alone": "chancery_" + made.ID, "another secret": "chancery_" + made.ID + "_" + strings.Repeat("A", 52),
		"an id nobody has": "chancery_AAAAAAAAAA_" + secret, "more after it": text + "A", "its beginning": text[:len(text)-1],
	} {
		if _, err := file.Find(wrong); !errors.Is(err, access.ErrUnknownKey) {
			t.Errorf("%s: %v, want ErrUnknownKey", name, err)
		}
	}

	if _, err := access.Revoke(path, made.ID, noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, err := file.Find(text); !errors.Is(err, access.ErrUnknownKey) {
		t.Errorf("%v, want ErrUnknownKey of a key that was revoked", err)
	}
	if _, err := file.Find(other); err != nil {
		t.Errorf("the other key: %v", err)
	}
	again, err := access.Revoke(path, made.ID, noon.Add(2*time.Hour))
	if err != nil || !again.Revoked.Equal(noon.Add(time.Hour)) {
		t.Errorf("revoked again: %+v %v, want it to stay as it was", again, err)
	}
	if _, err := access.Revoke(path, "nope", noon); err == nil || !strings.Contains(err.Error(), "nope") {
		t.Errorf("revoking an id nobody has: %v", err)
	}
	if list, err := access.List(path); err != nil || len(list) != 2 || list[0].ID != made.ID {
		t.Errorf("%+v %v, want both, in order", list, err)
	}
}

func TestOneChangeAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	if err := os.WriteFile(path+".new", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := access.Add(path, "x", access.Reader, noon); err == nil || !strings.Contains(err.Error(), "another chancery keys") {
		t.Errorf("%v, want it refused while another change is under way", err)
	}
	if _, err := os.Stat(path + ".new"); err != nil {
		t.Errorf("the other's file is gone: %v", err)
	}
	for _, bad := range []struct {
		name string
		role access.Role
	}{{"", access.Reader}, {" ", access.Reader}, {"x", access.Nobody}} {
		if _, _, err := access.Add(path, bad.name, bad.role, noon); err == nil {
			t.Errorf("%+v was made", bad)
		}
	}
}

// TestAFileThatIsSpoilt opens nothing.
func TestAFileThatIsSpoilt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	text, _ := add(t, path, access.Reader)
	file, err := access.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, spoilt := range []string{"{", `{"keys":[{"id":"x"}]}`, `{"keys":[{"id":"x","role":"king"}]}`} {
		if err := os.WriteFile(path, []byte(spoilt), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := file.Find(text); err == nil || errors.Is(err, access.ErrUnknownKey) {
			t.Errorf("%s: %v, want the fault", spoilt, err)
		}
		if _, err := access.OpenFile(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: opened with %v", spoilt, err)
		}
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := file.Find(text); !errors.Is(err, access.ErrUnknownKey) {
		t.Errorf("%v, want that a key of a file that is gone is unknown", err)
	}
}

// request is one from an address.
func request(from string, header ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1/graphql", nil)
	r.RemoteAddr = from
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	return r
}

// refused is the reason of an error, or 0.
func refused(err error) access.Reason {
	if why, ok := errors.AsType[*access.RefusalError](err); ok {
		return why.Reason
	}
	return 0
}

func TestGate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	reader, _ := add(t, path, access.Reader)
	file, err := access.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return noon }
	strict := access.NewGate(access.Options{Keys: file, Now: now})
	local := access.NewGate(access.Options{Keys: file, Anonymous: access.Editor, Local: true, Now: now})
	elsewhere := request("127.0.0.1:5")
	elsewhere.Host = "evil.example"
	withKey := request("127.0.0.1:5", "Authorization", "bearer "+reader)
	withKey.Host = "evil.example"
	for _, test := range []struct {
		name string
		gate *access.Gate
		r    *http.Request
		need access.Role
		want access.Reason
	}{
		{"no key", strict, request("10.0.0.1:5"), access.Reader, access.NoKey},
		{"no key where none is needed", local, request("127.0.0.1:5"), access.Editor, 0},
		{"another name for this machine", local, elsewhere, access.Reader, access.BadHost},
		{"the same with a key", local, withKey, access.Reader, 0},
		{"a key", strict, request("10.0.0.1:5", "Authorization", "Bearer "+reader), access.Reader, 0},
		{"a key of a low role", strict, request("10.0.0.1:5", "Authorization", "Bearer "+reader), access.Editor, access.TooLow},
		{"a key of a low role where anybody may", local, request("127.0.0.1:5", "Authorization", "Bearer "+reader), access.Editor, access.TooLow},
		{"a wrong key", strict, request("10.0.0.1:5", "Authorization", "Bearer "+reader+"x"), access.Reader, access.BadKey},
		{"a wrong key where none is needed", local, request("127.0.0.1:5", "Authorization", "Bearer x"), access.Reader, access.BadKey},
		{"another scheme", strict, request("10.0.0.1:5", "Authorization", "Basic "+reader), access.Reader, access.BadKey},
	} {
		c, err := test.gate.Admit(test.r)
		if err == nil {
			err = test.gate.Need(c, test.need, "to do it")
		}
		if refused(err) != test.want || err != nil && strings.Contains(err.Error(), reader) {
			t.Errorf("%s: %v, want reason %d", test.name, err, test.want)
		}
	}
}

func TestRates(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	one, _ := add(t, path, access.Reader)
	two, _ := add(t, path, access.Reader)
	file, err := access.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	now := noon
	proxies, err := access.ParseProxies([]string{"10.0.0.0/8", "192.0.2.7"})
	if err != nil {
		t.Fatal(err)
	}
	gate := access.NewGate(access.Options{
		Keys: file, Anonymous: access.Reader, Proxies: proxies, Now: func() time.Time { return now },
		Rates: access.Rates{Key: 2, Address: 1},
	})
	// spend makes requests until one is refused, and returns how many were not.
	spend := func(r *http.Request) int {
		for n := 0; ; n++ {
			_, err := gate.Admit(r)
			if refused(err) == access.TooMany {
				return n
			}
			if n > 100 {
				t.Fatal("no end of requests")
			}
		}
	}
	key := func(text, from string) *http.Request { return request(from, "Authorization", "Bearer "+text) }
	for _, step := range []struct {
		name string
		r    *http.Request
		want int
	}{
		{"an address", request("198.51.100.1:1"), 5},
		{"the same, another port", request("198.51.100.1:2"), 0},
		{"another address", request("198.51.100.2:1"), 5},
		{"a key from an address that has spent", key(one, "198.51.100.1:1"), 10},
		{"the same key from elsewhere", key(one, "198.51.100.3:1"), 0},
		{"another key", key(two, "198.51.100.1:1"), 10},
		{"a guess counts as its address's", key("chancery_AAAAAAAAAA_B", "198.51.100.3:1"), 5},
		{"what the guesses left", request("198.51.100.3:1"), 0},
		{"IPv6", request("[2001:db8::1]:1"), 5},
		{"the same network", request("[2001:db8::ffff]:1"), 0},
		{"another network", request("[2001:db8:0:1::1]:1"), 5},
		{"IPv4 in IPv6", request("[::ffff:198.51.100.1]:1"), 0},
		{"behind a proxy", request("10.1.1.1:1", "X-Forwarded-For", "198.51.100.9"), 5},
		{"behind two, with a lie before", request("10.1.1.1:1", "X-Forwarded-For", "203.0.113.1, 198.51.100.9, 192.0.2.7"), 0},
		{"a lie of no proxy", request("198.51.100.1:1", "X-Forwarded-For", "203.0.113.1"), 0},
		{"a proxy's own", request("10.1.1.1:1"), 5},
	} {
		if got := spend(step.r); got != step.want {
			t.Errorf("%s: %d requests were let in, want %d", step.name, got, step.want)
		}
	}
	_, err = gate.Admit(request("198.51.100.1:1"))
	if why, ok := errors.AsType[*access.RefusalError](err); !ok || why.After != time.Second {
		t.Errorf("%v, want to be told to come back in a second", err)
	}
	now = now.Add(3 * time.Second)
	if got := spend(request("198.51.100.1:1")); got != 3 {
		t.Errorf("3 seconds later: %d requests, want 3", got)
	}
	if _, err := access.ParseProxies([]string{"proxy.example"}); err == nil {
		t.Error("a name was taken for an address")
	}
}

func TestLoopbackHost(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "localhost:8080": true, "127.0.0.1": true, "127.1.2.3:80": true, "[::1]:80": true, "[::1]": true,
		"evil.example": false, "localhost.evil.example": false, "192.0.2.1:80": false, "": false,
	} {
		if access.LoopbackHost(host) != want {
			t.Errorf("%q: want %v", host, want)
		}
	}
}

// TestUntilKeys makes the first key while the gate is in use.
func TestUntilKeys(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	file, err := access.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	g := access.NewGate(access.Options{Keys: file, Anonymous: access.Editor, UntilKeys: true, Local: true, Now: func() time.Time { return noon }})
	role := func() access.Role {
		t.Helper()
		c, err := g.Admit(request("127.0.0.1:1"))
		if err != nil {
			t.Fatal(err)
		}
		return c.Role
	}
	before, err := g.Admit(request("127.0.0.1:1"))
	if err != nil || before.Role != access.Editor || !g.Still(before) {
		t.Errorf("while there is no key: %+v %v", before, err)
	}
	text, made := add(t, path, access.Reader)
	if got := role(); got != access.Nobody || g.Still(before) {
		t.Errorf("once there is one: %v; who came before may go on: %v", got, g.Still(before))
	}
	if c, err := g.Admit(request("127.0.0.1:1", "Authorization", "Bearer "+text)); err != nil || c.Role != access.Reader || !g.Still(c) {
		t.Errorf("the key itself: %+v %v", c, err)
	}
	if _, err := access.Revoke(path, made.ID, noon); err != nil {
		t.Fatal(err)
	}
	if got := role(); got != access.Nobody {
		t.Errorf("once it was revoked: %v", got)
	}
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err := g.Admit(request("127.0.0.1:1")); err == nil || c.Role != access.Nobody {
		t.Errorf("a file that cannot be read: %+v %v", c, err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if got := role(); got != access.Nobody {
		t.Errorf("once the file is gone: %v", got)
	}
}

func TestEditor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	_, k := add(t, path, access.Editor)
	if got, want := (access.Caller{Key: k}).Editor(), "key "+k.ID+" (somebody)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := (access.Caller{Role: access.Editor}).Editor(); got != "" {
		t.Errorf("without a key: %q", got)
	}
}
