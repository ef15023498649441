// Package value reads the values that stand in the cells of tables: dates of
// many kinds, numbers, years, names. Nothing is guessed: what can be read in two
// ways, and what no calendar has, is refused with a remedy.
package value
