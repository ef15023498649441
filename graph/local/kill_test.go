package local

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"chancery/graph"
)

var kills = flag.Int("kills", 30, "how often the kill test kills its child")

// childDir is set for the child that the kill test runs: the test binary itself.
const childDir = "CHANCERY_KILL_TEST_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := commitForEver(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// commitForEver makes numbered commits and says each number once it is acknowledged.
func commitForEver(dir string) error {
	s, err := Open(dir, Options{FlushQuads: 100})
	if err != nil {
		return err
	}
	for i := int(s.Snapshot().Commit()); ; i++ {
		var b graph.Batch
		addSome(&b, i)
		snap, err := s.Commit(context.Background(), &b)
		if err != nil {
			return err
		}
		if _, err := fmt.Println(snap.Commit()); err != nil {
			return err
		}
		// What is kept and what is purged may be cut off anywhere, too.
		switch i % 60 {
		case 10, 35:
			err = s.Keep(context.Background(), "ledger", snap.Commit(), func(w io.Writer) error {
				_, err := fmt.Fprintf(w, "kept at %d", snap.Commit())
				return err
			})
		case 20:
			err = s.Purge(context.Background())
		}
		if err != nil {
			return err
		}
	}
}

// TestKill kills a child that commits, at random times, and looks what is there:
// nothing that it had acknowledged may be missing, nothing half there.
func TestKill(t *testing.T) {
	const perDir = 10
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 2))
	var dir string
	total := 0
	for kill := range *kills {
		if kill%perDir == 0 {
			dir = filepath.Join(t.TempDir(), strconv.Itoa(kill))
		}
		acked := killAfter(t, dir, rng.IntN(40))
		if err := Check(dir); err != nil {
			t.Fatalf("kill %d: %v", kill, err)
		}
		s, err := Open(dir, Options{FlushQuads: 100})
		if err != nil {
			t.Fatalf("kill %d: %v", kill, err)
		}
		n := int(s.Snapshot().Commit())
		if n < acked || n > acked+1 {
			t.Fatalf("kill %d: commit %d is there, and %d was acknowledged", kill, n, acked)
		}
		if got := dump(t, s.Snapshot()); !maps.Equal(got, expectedAfter(n)) {
			t.Fatalf("kill %d: commit %d has %d quads that are not its own", kill, n, len(got))
		}
		checkKept(t, s, 0, fmt.Sprint("kill ", kill))
		total += n
		// Every other time the log is left as the kill has left it.
		if kill%2 == 0 {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			continue
		}
		s.abandon(t)
	}
	t.Logf("%d kills, %d commits found", *kills, total)
}

// TestSecondProcess: a store that another process has open is refused, until
// that process is gone, however it went.
func TestSecondProcess(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	child, lines := startChild(t, dir)
	if !lines.Scan() {
		t.Fatal("the child says nothing")
	}
	if _, err := Open(dir, Options{}); !errors.Is(err, ErrLocked) {
		t.Errorf("opening what another process has open gave %v", err)
	}
	if err := Check(dir); !errors.Is(err, ErrLocked) {
		t.Errorf("checking what another process has open gave %v", err)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := child.Wait(); err == nil {
		t.Fatal("the child ended by itself")
	}
	openFor(t, dir, Options{})
}

// killAfter runs the child until it has acknowledged n commits of its own, kills
// it, and returns the last number that it has said.
func killAfter(t *testing.T, dir string, n int) (acked int) {
	t.Helper()
	child, lines := startChild(t, dir)
	var err error
	for said := 0; lines.Scan(); said++ {
		if acked, err = strconv.Atoi(lines.Text()); err != nil {
			t.Fatal(err)
		}
		if said == n {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := child.Wait(); err == nil {
		t.Fatal("the child ended by itself")
	}
	return acked
}

// startChild runs this program as the child, which says the number of each
// commit on a line.
func startChild(t *testing.T, dir string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), self)
	child.Env = append(os.Environ(), childDir+"="+dir)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	return child, bufio.NewScanner(out)
}

// abandon lets go of a store as the end of the process would.
func (s *Store) abandon(t *testing.T) {
	t.Helper()
	close(s.stop)
	s.background.Wait()
	if err := s.log.file.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.lock.Close(); err != nil {
		t.Fatal(err)
	}
}
