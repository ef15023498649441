package commands

import (
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"chancery/seed/intake"
)

// progress shows how far an import is: a line that changes on a terminal, else a
// line each few seconds.
type progress struct {
	env      *Env
	terminal bool
	total    int64 // bytes; 0: not known
	bytes    atomic.Int64
	began    time.Time
	told     time.Time
	shows    bool // a line of the terminal is not ended
}

const (
	toldOnTerminal = 200 * time.Millisecond
	toldElsewhere  = 5 * time.Second
)

func newProgress(env *Env, total int64) *progress {
	now := env.Now()
	return &progress{env: env, terminal: IsTerminal(env.Stderr), total: total, began: now, told: now}
}

// tell is called after each batch.
func (p *progress) tell(at intake.Progress) {
	now := p.env.Now()
	each := toldElsewhere
	if p.terminal {
		each = toldOnTerminal
	}
	if now.Sub(p.told) < each {
		return
	}
	p.told = now
	spent := now.Sub(p.began)
	line := fmt.Sprintf("%s: %d claims read, %d rejected, %.0f a second", at.File, at.Read, at.Rejected, float64(at.Read)/spent.Seconds())
	if done := p.bytes.Load(); p.total > 0 && done > 0 {
		left := time.Duration(float64(spent) * float64(p.total-done) / float64(done)).Round(time.Second)
		line = fmt.Sprintf("%3d%% %s, %v left", 100*done/p.total, line, left)
	}
	if !p.terminal {
		fmt.Fprintln(p.env.Stderr, line)
		return
	}
	p.shows = true
	fmt.Fprintf(p.env.Stderr, "\r\x1b[K%s", line)
}

func (p *progress) end() {
	if p.shows {
		fmt.Fprint(p.env.Stderr, "\r\x1b[K")
	}
}

// IsTerminal reports whether what is written there is seen by somebody at once.
func IsTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
