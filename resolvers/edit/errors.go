package edit

import (
	"chancery/query"
	"chancery/seed/check"
)

// Errors are what is wrong with the input of one mutation, in the order in which
// it was checked.
type Errors = check.List[*query.Error] //nolint:errname // several, as one

// mostListed is how many errors a client is told at once.
const mostListed = 50

func listed(all Errors) Errors { return all[:min(len(all), mostListed)] }
