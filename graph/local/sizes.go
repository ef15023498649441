package local

// Segments returns how many segments the newest commit is read from. Each costs a
// look when something is looked up; they are merged in the background.
func (s *Store) Segments() int { return len(s.now.Load().segments) }
