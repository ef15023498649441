// The answers that graphql-js, GraphQL's reference implementation, gives to the
// scripts of the folder above. It executes them over data.json by the schema
// that Chancery serves; what a field shows is read from the schema's directives.
//
//   node reference.mjs         prints the answers: {"aliases.txt": {"data": ..., "errors": ...}}
//   node reference.mjs write   writes them into the scripts
//
// It knows of filters only that `enclosing: true` needs something around it.

import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  GraphQLError, buildSchema, execute, getDirectiveValues, getNamedType, getNullableType, isAbstractType,
  isListType, parse, validate,
} from 'graphql'

const here = dirname(fileURLToPath(import.meta.url))
const scripts = join(here, '..')
const schema = buildSchema(readFileSync(join(here, '../../../../schema/generated.graphql'), 'utf8'))
const MOST_IN_LIST = 1000
const USUAL_PAGE = 20

// ---- what the directives say ----

const says = (field, name) => getDirectiveValues(schema.getDirective(name), field.astNode)
const fieldsOf = (type) => Object.values(schema.getType(type).getFields())

// kinds: by predicate, those that are kinds of it.
const kinds = new Map()
for (const type of Object.values(schema.getTypeMap())) {
  for (const field of type.getFields && type.astNode ? Object.values(type.getFields()) : []) {
    const edge = field.astNode?.kind === 'FieldDefinition' && says(field, 'edge')
    if (edge?.kindOf) kinds.set(edge.kindOf, (kinds.get(edge.kindOf) ?? new Set()).add(edge.iri))
  }
}
const withKinds = (iri) => [iri, ...kinds.get(iri) ?? []]
const isOf = (className, type) =>
  type.name === className || (isAbstractType(type) && schema.getPossibleTypes(type).some((t) => t.name === className))
const isTimed = (className) =>
  ['Tenure', 'Membership'].includes(className) || isOf(className, schema.getType('Event'))

// ---- the data ----

const entities = JSON.parse(readFileSync(join(scripts, 'data.json'), 'utf8')).flatMap((e) =>
  e.many ? Array.from({ length: e.many }, (_, i) => ({ id: e.id + i, class: e.class })) : [e])
const byID = new Map(entities.map((e) => [e.id, e]))
const many = (id) => (byID.has(id) ? [id] : entities.map((e) => e.id).filter((other) => other.startsWith(id)))

// triples: what entities say of each other.
const triples = []
for (const e of entities) {
  for (const field of fieldsOf(e.class)) {
    const edge = says(field, 'edge')
    if (!edge || edge.inverse || e[field.name] === undefined) continue
    for (const to of [e[field.name]].flat().flatMap(many)) triples.push({ from: e.id, iri: edge.iri, to })
  }
}

// ---- resolvers ----

const wrong = (code, message) => new GraphQLError(message, { extensions: { code } })

// object is an entity as it stands in the answer: with what is around it.
const object = (id, around) => id && { ...byID.get(id), around }
const find = (id) => {
  if (!byID.has(id)) throw wrong('UNKNOWN_ID', `no entity ${id} is known`)
  return object(id)
}

function needsSurrounding(value) {
  return value !== null && typeof value === 'object' &&
    Object.entries(value).some(([key, inner]) => (key === 'enclosing' && inner === true) || needsSurrounding(inner))
}

function checkFilter(where, around) {
  if (!needsSurrounding(where)) return
  for (let e = around; e; e = e.around) if (isTimed(e.class)) return
  throw wrong('BAD_USER_INPUT', 'there is no event, tenure or membership around')
}

function related(source, field, edge) {
  const range = getNamedType(field.type).name.replace(/Connection$/, '')
  const iris = withKinds(edge.iri)
  const ids = triples.filter((t) => iris.includes(t.iri) && (edge.inverse ? t.to : t.from) === source.id)
    .map((t) => (edge.inverse ? t.from : t.to))
  return entities.filter((e) => ids.includes(e.id) && isOf(e.class, schema.getType(range)))
    .map((e) => object(e.id, source))
}

function page(nodes, args) {
  const { first, last } = args
  if ((first != null && last != null) || first < 0 || last < 0) throw wrong('BAD_USER_INPUT', 'first or last, from 0 on')
  const from = last != null ? Math.max(0, nodes.length - last) : 0
  const to = last != null ? nodes.length : Math.min(nodes.length, first ?? USUAL_PAGE)
  const shown = nodes.slice(from, to)
  return {
    nodes: shown, edges: shown.map((node) => ({ node })), totalCount: nodes.length,
    pageInfo: { hasPreviousPage: from > 0, hasNextPage: to < nodes.length },
  }
}

function entityField(source, args, field) {
  const connection = getNamedType(field.type).name.endsWith('Connection')
  const edge = says(field, 'edge')
  if (edge) {
    checkFilter(args.where, source)
    const found = related(source, field, edge)
    if (connection) return page(found, args)
    if (!isListType(getNullableType(field.type))) return found[0] ?? null
    if (found.length > MOST_IN_LIST) throw wrong('LIST_TOO_LONG', `${found.length} in a list`)
    return found
  }
  if (says(field, 'literal')) {
    const iri = says(field, 'literal').iri
    const stored = fieldsOf(source.class).find((f) => says(f, 'literal')?.iri === iri && source[f.name] !== undefined)
    const value = stored && source[stored.name]
    if (getNamedType(field.type).name === 'TimeSpan' && value) {
      return { edtf: value, earliest: value, latest: value, precision: 'DAY' } // days are all there is
    }
    return value ?? (isListType(getNullableType(field.type)) ? [] : null)
  }
  const names = source.names ?? []
  switch (field.name) {
    case 'name':
      return (names.find((n) => n.language === args.language) ?? names.find((n) => n.language === 'en') ??
        names[0] ?? { text: source.id.split('/').pop() }).text
    case 'names':
      return names
    case 'identifiers':
    case 'mergedFrom':
      return []
    case 'description':
      return null
  }
  return source[field.name]
}

function rootField(args, field) {
  const type = getNamedType(field.type)
  if (field.name === 'nodes') {
    return args.ids.map((id) => {
      try {
        return find(id)
      } catch (e) {
        return e // an error in the place of an element is the element's own
      }
    })
  }
  if (type.name.endsWith('Connection')) {
    checkFilter(args.where)
    const of = schema.getType(type.name.replace(/Connection$/, ''))
    return page(entities.filter((e) => isOf(e.class, of)).map((e) => object(e.id)), args)
  }
  const found = find(args.id)
  return isOf(found.class, type) ? found : null
}

function fieldResolver(source, args, _context, info) {
  const field = info.parentType.getFields()[info.fieldName]
  if (info.parentType === schema.getQueryType()) return rootField(args, field)
  return source.class ? entityField(source, args, field) : source[info.fieldName]
}

// ---- the scripts ----

// read splits a script into its parts: -- document --, -- variables --, -- answer --.
function read(name) {
  const parts = {}
  const [head, ...rest] = readFileSync(join(scripts, name), 'utf8').split(/^-- (\w+) --\n/m)
  for (let i = 0; i < rest.length; i += 2) parts[rest[i]] = rest[i + 1]
  return { head, ...parts }
}

function answer(script) {
  const document = parse(script.document)
  const invalid = validate(schema, document)
  if (invalid.length > 0) throw invalid[0]
  const { data, errors = [] } = execute({
    schema, document, fieldResolver, typeResolver: (value) => value.class,
    variableValues: JSON.parse(script.variables ?? '{}'),
  })
  return {
    data,
    errors: errors.map((e) => ({ path: e.path, code: e.extensions.code ?? 'INTERNAL' })),
  }
}

const answers = {}
for (const name of readdirSync(scripts).filter((n) => n.endsWith('.txt')).sort()) {
  const script = read(name)
  try {
    answers[name] = answer(script)
  } catch (e) {
    throw new Error(`${name}: ${e.message}`, { cause: e })
  }
  if (process.argv[2] === 'write') {
    const variables = script.variables ? `-- variables --\n${script.variables}` : ''
    const text = JSON.stringify(answers[name], null, 2)
    writeFileSync(join(scripts, name), `${script.head}-- document --\n${script.document}${variables}-- answer --\n${text}\n`)
  }
}
if (process.argv[2] !== 'write') console.log(JSON.stringify(answers))
