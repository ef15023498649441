// Asks oxigraph. Each line of standard input is one graph and what is asked of it,
// as JSON: {"nquads": "...", "update": "...", "queries": ["SELECT ..."]}; each line of
// standard output has the answers: a list of solutions for each query, a solution as
// an object of what its variables are bound to.

import { createInterface } from 'node:readline'
import { Store } from 'oxigraph'

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { nquads, update, queries } = JSON.parse(line)
  const store = new Store()
  store.load(nquads, { format: 'application/n-quads' })
  store.update(update)
  const answers = queries.map((query) => {
    try {
      return store.query(query).map((solution) => Object.fromEntries([...solution].map(([name, term]) => [name, term.value])))
    } catch (e) {
      throw new Error(`${e.message ?? e}: ${query}`)
    }
  })
  console.log(JSON.stringify(answers))
}
