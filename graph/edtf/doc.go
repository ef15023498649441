// Package edtf reads rough dates and reasons about them.
//
// Sources say "last month", "before the end of the year", "2015". [Parse] reads
// such dates in the Extended Date/Time Format (ISO 8601-2 and the Library of
// Congress's specification of 2019-02-04): levels 0 and 1 wholly, and from
// level 2 sets and the lone "..". A [Date] is a set of possible days, given by
// its bounds; a [Stretch] of time has a rough start and a rough end. So a
// question about them has three answers, which [Readings] tells apart: true on
// every reading ([Definite]), on some ([Possible]), on none.
//
// What a level allows is not always clear. This is what is read here:
//
//   - A time of day may leave out its seconds, and an interval may end on a
//     date-time. A zone is Z, ±hh or ±hh:mm; without one the time is UTC's. The
//     day of a date-time is UTC's day.
//   - Seasons are the meteorologists' of the northern hemisphere: 21 is March to
//     May, 22 June to August, 23 September to November, and 24 December to the
//     end of February of the following year.
//   - A qualifier (? ~ %) may follow any date without a time, also a season, a
//     Y-year or unspecified digits; of the whole, not of a part.
//   - X stands for rightmost digits: one to four of the year, a whole month, a
//     whole day; right of an X is nothing but X.
//   - A Y-year has five to nine digits.
//   - An interval runs between any two dates, neither of them a set.
//   - A set's members are dates without a time and ranges a..b, in any order; the
//     first may be ..b and the last a.. . "[a,b]" (one of them) and "{a,b}" (all of
//     them) have the same bounds.
//   - A century ("19") or a decade ("198") is not EDTF: 19XX and 198X are.
//
// Days are counted in the proleptic Gregorian calendar, with a year 0.
// The package reads no clock, keeps no state and knows nothing of claims.
package edtf
