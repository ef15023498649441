package query

// AlwaysLead has the engine read pages from the index of dates wherever it can,
// however few objects there are.
func (e *Engine) AlwaysLead() { e.alwaysLead = true }

// GoStraight has the engine choose nothing.
func (e *Engine) GoStraight() { e.straight = true }
