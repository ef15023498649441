package tables

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// parseDay reads a day as the engine writes it, -0043-03-15 or Y12000-01-01, and
// returns the days from 1970 to it; false where 32 bits do not hold them.
func parseDay(text string) (int32, bool) {
	text = strings.TrimPrefix(text, "Y")
	before := len(text) - len("-01-01")
	if before < 1 {
		return 0, false
	}
	year, err1 := strconv.Atoi(text[:before])
	month, err2 := strconv.Atoi(text[before+1 : before+3])
	day, err3 := strconv.Atoi(text[before+4:])
	if err1 != nil || err2 != nil || err3 != nil || year < -5_800_000 || year > 5_800_000 {
		return 0, false
	}
	days := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Unix() / 86400 // whole days: midnights divide evenly
	return int32(days), days >= math.MinInt32 && days <= math.MaxInt32
}
