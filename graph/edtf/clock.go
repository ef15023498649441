package edtf

// timeOfDay reads hh:mm, hh:mm:ss or hh:mm:ss.fff and the zone: Z, ±hh, ±hh:mm, or
// none, which is UTC. It gives the number of days, -1 to 1, by which UTC's date
// differs from the date written. 24:00:00 is the next day's start, as in ISO 8601.
// A leap second is not read.
func (p *parser) timeOfDay() Day {
	const hint = "; write a time as in 10:00:00Z or 10:00:00+05:30"
	start := p.pos
	hour := p.number("hour", 0, 24)
	p.expect(':', hint)
	minute := p.number("minute", 0, 59)
	second, fraction := 0, false
	if p.take(':') {
		second = p.number("second", 0, 59)
		if p.take('.') {
			digits := p.pos
			for p.pos < p.end && isDigit(p.in[p.pos]) {
				fraction = fraction || p.in[p.pos] != '0'
				p.pos++
			}
			if p.pos == digits {
				p.fail(p.pos, "the second's fraction has no digits"+hint)
			}
		}
	}
	if hour == 24 && (minute != 0 || second != 0 || fraction) {
		p.fail(start, "a day ends at 24:00:00; write the next day's time")
	}
	return Day(floorDiv(int64(hour*60+minute-p.zone()), 24*60))
}

// zone reads a zone's shift from UTC, in minutes.
func (p *parser) zone() int {
	start, sign := p.pos, 1
	switch {
	case p.take('Z'):
		return 0
	case p.take('-'):
		sign = -1
	case p.take('+'):
	default:
		return 0
	}
	shift := 60 * p.number("zone hour", 0, 14)
	if p.take(':') {
		shift += p.number("zone minute", 0, 59)
	}
	if shift > 14*60 || sign < 0 && shift > 12*60 {
		p.fail(start, "the zone is not between -12:00 and +14:00")
	}
	return sign * shift
}
