// Prints the table ../npm-edtf.tsv: input, earliest day, latest day, as npm edtf has
// them, ".." where it has infinity or nothing.
//
//	npm ci && node bounds.mjs > ../npm-edtf.tsv
//
// The inputs cover levels 0 and 1, but for what npm edtf 4.11.1 gets wrong or reads
// otherwise:
//   - seasons: it has the year's quarters (2001-21 is January to March);
//   - Y-years: it counts in milliseconds, which end near the year 275760;
//   - sets (level 2): {..} and [..] with both ends closed;
//   - negative years with unspecified digits: it mistakes -000X for 000X and turns
//     the bounds of -2004-XX round;
//   - 29 February of common years and of year 0, which it moves to 1 March;
//   - intervals whose ends start on one day (2004/2004-06), which it refuses;
//   - centuries (19), which EDTF has only as 19XX;
//   - zones written without a colon (+0530), which is basic format;
//   - intervals between dates with unspecified digits, which it has at level 2.
process.env.TZ = 'UTC' // what a time without a zone is read in
const { default: edtf, parse } = await import('edtf')

const years = ['0000', '0001', '0050', '0099', '0100', '0476', '1582', '1600', '1900', '1969',
  '1970', '1999', '2000', '2024', '2025', '2100', '9999', '-0001', '-0044', '-0100', '-0401', '-9999']
const months = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12']
const days = ['2025-01-01', '2025-01-31', '2024-02-29', '2000-02-29', '-0004-02-29',
  '2025-02-28', '1900-02-28', '2025-04-30', '2025-12-31', '1969-12-31', '1970-01-01', '0099-12-31',
  '-0044-03-15', '-0333-06-14', '9999-12-31', '2025-11-06', '1582-10-10']
const times = ['00:00:00', '10:10:10', '23:59:59', '24:00:00', '10:10', '24:00', '09:05:07.250']
const zones = ['', 'Z', '+00:00', '+01', '-05', '+05:30', '-03:30', '+12:45', '+14:00', '-12:00', '-00:30']
const qualifiers = ['?', '~', '%']

function * inputs () {
  // Level 0: dates, dates with a time.
  yield * years
  for (const y of ['2024', '2025', '1900', '2000', '-0004', '-0044', '0000']) {
    for (const m of months) yield `${y}-${m}`
  }
  yield * days
  for (const d of ['2004-01-01', '2024-02-29', '2025-12-31', '-0333-06-14']) {
    for (const t of times) for (const z of zones) yield `${d}T${t}${z}`
  }

  // Level 1: qualifiers of the whole date.
  for (const q of qualifiers) {
    for (const y of years) yield y + q
    for (const d of days) yield d.slice(0, -3) + q
    for (const d of days) yield d + q
  }

  // Level 1: unspecified digits.
  for (const y of ['000X', '004X', '197X', '199X', '201X', '999X']) yield y
  for (const y of ['00XX', '15XX', '19XX', '20XX', '99XX', 'XXXX']) yield y
  yield * ['XXXX-XX', 'XXXX-XX-XX']
  for (const y of ['0000', '0476', '1900', '2000', '2004', '2025', '9999']) {
    yield * [`${y}-XX`, `${y}-XX-XX`]
    for (const m of months) if (`${y}-${m}` !== '0000-02') yield `${y}-${m}-XX`
  }

  // Levels 0 and 1: intervals of every two precisions, open, unknown and qualified.
  const ends = ['-0044', '0014-08', '1964', '1984-06', '2004-02-01', '2004-02-29', '2005-02', '2005-02-08',
    '2006', '2024-02-29T23:30:00-05:00', '9999-12-31']
  for (const [i, start] of ends.entries()) {
    for (const end of ends.slice(i + 1)) yield `${start}/${end}`
    if (start.includes('T')) continue
    for (const q of qualifiers) {
      yield * [`${start}${q}/..`, `${start}${q}/`, `../${start}${q}`, `/${start}${q}`]
    }
    for (const [j, end] of ends.slice(i + 1).entries()) {
      if (end.includes('T')) continue
      const q = qualifiers[j % 3]
      yield * [`${start}${q}/${end}`, `${start}/${end}${q}`, `${start}${q}/${end}${qualifiers[(i + j) % 3]}`]
    }
  }
  for (const end of ends) yield * [`${end}/..`, `${end}/`, `../${end}`, `/${end}`]
  yield * ['../..', '/..', '../', '/']
}

const two = n => String(n).padStart(2, '0')
function day (milliseconds) {
  if (milliseconds === null || !Number.isFinite(milliseconds)) return '..'
  const t = new Date(milliseconds)
  const y = t.getUTCFullYear()
  return `${y < 0 ? '-' : ''}${String(Math.abs(y)).padStart(4, '0')}-${two(t.getUTCMonth() + 1)}-${two(t.getUTCDate())}`
}

for (const input of new Set(inputs())) {
  parse(input, { level: 1 }) // throws where it is of a higher level
  const date = edtf(input)
  process.stdout.write(`${input}\t${day(date.min)}\t${day(date.max)}\n`)
}
