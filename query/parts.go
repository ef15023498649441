package query

import "sync"

// helpers lend the processors that requests leave idle to those that look at many nodes:
// as many goroutines as there are tokens, for all requests together, so that many clients
// at once have no more goroutines than requests and processors.
type helpers struct {
	tokens chan struct{}
	worth  int // how many elements are worth a part
}

func newHelpers(n, worth int) helpers { return helpers{make(chan struct{}, n), worth} }

// worthHelp is how many nodes are worth a part: what columns have of fewer is looked up
// in tens of microseconds, and a helper takes some to start. See BenchmarkParts.
const worthHelp = 1 << 14

// inParts does something with the elements of a list of n, from one up to another, in
// parts that follow each other: all of them itself, unless they are worth the help of
// others and there are some who are free. It returns when all is done; the error is that
// of the first part that has one.
//
// What is done must not depend on how the list is parted, nor share what it changes.
func (h helpers) inParts(n int, do func(from, to int) error) error {
	wanted := min(n/h.worth, cap(h.tokens)+1)
	ends := []int{n}
	for len(ends) < wanted && h.take() {
		ends = append(ends, n)
	}
	if len(ends) == 1 {
		return do(0, n)
	}
	for i := range ends {
		ends[i] = n * (i + 1) / len(ends)
	}
	errs, panics := make([]error, len(ends)), make([]any, len(ends))
	var all sync.WaitGroup
	for i := 1; i < len(ends); i++ {
		all.Go(func() {
			defer func() {
				<-h.tokens
				panics[i] = recover() // raised again where it can be told of
			}()
			errs[i] = do(ends[i-1], ends[i])
		})
	}
	func() {
		defer all.Wait()
		errs[0] = do(0, ends[0])
	}()
	for i := range ends {
		if panics[i] != nil {
			panic(panics[i])
		}
	}
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// take takes a token, if there is one.
func (h helpers) take() bool {
	select {
	case h.tokens <- struct{}{}:
		return true
	default:
		return false
	}
}
