package resolvers

import (
	"context"
	"testing"
)

type counting int64

func (c counting) QuadsRead() int64 { return int64(c) }

func TestQuadsRead(t *testing.T) {
	if n, counted := QuadsRead(t.Context()); n != 0 || counted {
		t.Errorf("%d of no query", n)
	}
	if n, counted := QuadsRead(context.WithValue(t.Context(), operationKey{}, counting(7))); n != 7 || !counted {
		t.Errorf("%d, %v, want 7", n, counted)
	}
}
