package access

import (
	"math"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// Rates are how many requests a second are answered; 0: any number. Five seconds'
// worth of them, and at least five, may come at once.
type Rates struct {
	Key     float64 // with one key
	Address float64 // without a key, from one address
}

// mostCallers is how many callers are remembered. Whoever comes back after that many
// others begins anew.
const mostCallers = 100_000

// meters hold a limiter for each caller.
type meters struct {
	rates Rates
	of    *lru.Cache[string, *rate.Limiter]
}

func newMeters(r Rates) *meters {
	of, err := lru.New[string, *rate.Limiter](mostCallers)
	if err != nil {
		panic(err) // unreachable: the size is above 0
	}
	return &meters{rates: r, of: of}
}

// spend takes note of a request. Above 0, it is one too many, and that is how long
// to wait for the next.
func (m *meters) spend(c Caller, now time.Time) time.Duration {
	perSecond := m.rates.Address
	if c.Key.ID != "" {
		perSecond = m.rates.Key
	}
	if perSecond <= 0 {
		return 0
	}
	limiter, known := m.of.Get(c.Name())
	if !known {
		limiter = rate.NewLimiter(rate.Limit(perSecond), int(math.Ceil(5*max(perSecond, 1))))
		if other, added, _ := m.of.PeekOrAdd(c.Name(), limiter); added {
			limiter = other
		}
	}
	reserved := limiter.ReserveN(now, 1)
	wait := reserved.DelayFrom(now)
	if wait > 0 {
		reserved.CancelAt(now)
	}
	return wait
}
