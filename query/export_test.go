package query

// AlwaysLead has the engine make timelines, and read pages from them, wherever it can,
// however few objects there are.
func (e *Engine) AlwaysLead() { e.alwaysLead = true }

// AlwaysHelp has the engine look at nodes in parts wherever it can, however few they
// are, whatever the number of processors.
func (e *Engine) AlwaysHelp() { e.helpers = newHelpers(3, 1) }

// Helping is how many helpers are at work.
func (e *Engine) Helping() int { return len(e.helpers.tokens) }

// Helpers has the engine have so many helpers, who help with what is worth it.
func (e *Engine) Helpers(n int) { e.helpers = newHelpers(n, worthHelp) }

// GoStraight has the engine choose nothing.
func (e *Engine) GoStraight() { e.straight = true }
