// Package names finds entities by name: in any script, without regard to case,
// accents, punctuation or the order of words, forgiving of romanisation and of
// typing errors, and good enough for search as one types.
//
// A text is read into words (fold.go), each word in its own script and by its
// sound in Latin letters (latin.go and one file for each family of scripts). Two
// spellings of one sound meet in a looser key (loose.go). An [Index] is a few
// immutable segments, newest last; a segment keeps its words and its whole names
// in sorted tables (table.go) that are walked like tries: exactly, by prefix,
// within a few edits, or by consonants alone for scripts that leave vowels out.
// What a match is worth is all in score.go; it depends on the query and the name
// only, never on the other names or on how they came into the index.
//
// Chinese is read with the table of github.com/mozillazg/go-pinyin: MIT, kept up
// (its latest release is of July 2025), without dependencies. The table
// costs 0.8 MB of source, 1.8 MB of memory and 8 ms when the program starts; a
// short list of our own would miss the rare characters that names are made of.
// Japanese names in kanji are read as if they were Chinese, for want of readings:
// they are found as they are written, and not from their Latin spelling alone.
//
// The package knows text, not the graph: which names there are, who may see them
// and what an entity is are the caller's.
package names
