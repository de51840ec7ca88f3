/** The names that an expression may use, with labels, kinds and what can be chosen: read off the draft's documents.
    What a name means is decided by the server; this list is for choosing and completing. */
import { read, type ChoiceOption, type EntityDocument, type Field, type Text } from '../core/documents.ts'

export type Kind = 'text' | 'number' | 'yes_no' | 'date' | 'datetime' | 'reference' | 'list' | 'file' | 'rows' | 'any' | 'null'

/** Where the expression stands; the server's `engine.definitions.names.Scope`. */
export type Scope = 'formula' | 'default' | 'rule' | 'choose' | 'sum' | 'form' | 'list' | 'workflow' | 'change' | 'person' | 'template'

export interface Name {
  name: string
  label: string
  /** The label's words in all languages, for finding and for spelling. */
  words: Text[]
  kind: Kind
  /** The field type's key, or '' for what is no field. */
  type: string
  choices?: readonly ChoiceOption[]
  /** What a reference leads to: an entity's key, "@user" or "@department". */
  target?: string
  /** The entity that the field belongs to, where it is a field. */
  entity?: string
}

/** Extra names of a place, by name: a kind, or a kind with a label. */
export type Extra = Readonly<Record<string, Kind | { kind: Kind; label?: string; choices?: ChoiceOption[]; target?: string }>>

export interface World {
  entities: ReadonlyMap<string, EntityDocument>
  kinds: ReadonlyMap<string, { kind: string; is_derived: boolean }>
  language: string
  /** Words for what is no field: `designer.expression.name_<root>` and so on. */
  say: (code: string, values?: Record<string, string | number>) => string
  roles: readonly { key: string; label: Text }[]
}

const ROOTS: Record<Scope, readonly string[]> = {
  formula: [], default: ['actor'], rule: ['old', 'actor'], choose: ['record', 'actor'], sum: [], form: ['old', 'actor'], list: ['actor'],
  workflow: ['actor', 'initiator'], change: ['old', 'actor', 'initiator'], person: ['person', 'actor', 'initiator'], template: ['actor', 'initiator', 'link'],
}
const ACTOR: [string, Kind, string?][] = [['id', 'reference', '@user'], ['department', 'reference', '@department'], ['roles', 'list'], ['name', 'text'], ['language', 'text']]
const PERSON: [string, Kind, string?][] = [['id', 'reference', '@user'], ['name', 'text'], ['login', 'text'], ['email', 'text'], ['title', 'text'], ['department', 'reference', '@department'], ['manager', 'reference', '@user']]
const DEPARTMENT: [string, Kind, string?][] = [['id', 'reference', '@department'], ['key', 'text'], ['parent', 'reference', '@department'], ['head', 'reference', '@user']]
const SYSTEM: [string, Kind, string?][] = [['created_by', 'reference', '@user'], ['created_on', 'datetime'], ['changed_by', 'reference', '@user'], ['changed_on', 'datetime']]
const RESULTS: Record<string, Kind> = { text: 'text', number: 'number', money: 'number', yes_no: 'yes_no', date: 'date', datetime: 'datetime' }

/** The field that a computed field shows the values of; itself for others. */
function source(world: World, entity: EntityDocument, field: Field, depth = 0): Field {
  if (depth > 6) return field
  const options = (field.options ?? {}) as Record<string, string | undefined>
  const find = (owner: EntityDocument | undefined, key: string | undefined): Field | undefined => owner?.fields.find(each => each.key === key && !each.retired)
  let owner: EntityDocument | undefined
  if (field.type === 'mirror') owner = world.entities.get(targetOf(find(entity, options.via)) ?? '')
  else if (field.type === 'rollup' && options.function !== 'count') owner = world.entities.get((options.rows ? (find(entity, options.rows)?.options?.entity as string | undefined) : options.entity) ?? '')
  const shown = find(owner, options.field)
  return owner && shown ? source(world, owner, shown, depth + 1) : field
}

export function targetOf(field: Field | undefined): string | undefined {
  if (!field) return undefined
  if (field.type === 'reference') return field.options?.entity as string | undefined
  if (field.type === 'user') return '@user'
  return field.type === 'department' ? '@department' : undefined
}

/** What kind of value a formula gives. */
export const resultOf = (formula: Field): Kind => RESULTS[String(formula.options?.result ?? 'number')] ?? 'any'

export function kindOf(world: World, entity: EntityDocument, field: Field): Kind {
  const shown = source(world, entity, field)
  if (shown.type === 'formula') return resultOf(shown)
  return (world.kinds.get(shown.type)?.kind ?? 'any') as Kind
}

function named(world: World, entity: EntityDocument, field: Field, prefix: string, labels: readonly string[], words: readonly Text[]): Name {
  const shown = source(world, entity, field)
  const choices = shown.options?.options
  const target = targetOf(shown)
  return {
    name: prefix + field.key, label: [...labels, read(field.label, world.language, field.key)].join(' › '), words: [...words, field.label], kind: kindOf(world, entity, field), type: shown.type,
    entity: entity.key, ...(choices ? { choices } : {}), ...(target ? { target } : {}),
  }
}

/** The names directly inside an entity, a user or a department. */
export function inside(world: World, target: string, prefix: string, labels: readonly string[] = [], words: readonly Text[] = []): Name[] {
  const plain = (list: [string, Kind, string?][], code: string): Name[] => list.map(([key, kind, to]) => {
    const label = world.say(`designer.expression.${code}_${key}`)
    return { name: prefix + key, label: [...labels, label].join(' › '), words: [...words, label], kind, type: '', ...(to ? { target: to } : {}) }
  })
  if (target === '@user') return plain(PERSON, 'person')
  if (target === '@department') return plain(DEPARTMENT, 'department')
  const entity = world.entities.get(target)
  if (!entity) return []
  return [...entity.fields.filter(field => !field.retired).map(field => named(world, entity, field, prefix, labels, words)), ...plain(SYSTEM, 'system')]
}

/** Names to choose from at a place: own fields, what the place's roots offer, and one step through each reference. */
export function namesAt(world: World, entity: string, scope: Scope, given: { own?: string | undefined; extra?: Extra | undefined; steps?: boolean } = {}): Name[] {
  const own = inside(world, entity, '')
  const found = [...own]
  const root = (name: string): string => world.say(`designer.expression.root_${name}`)
  for (const name of ROOTS[scope]) {
    if (name === 'actor') found.push(...ACTOR.map(([key, kind, target]): Name => {
      const label = world.say(`designer.expression.actor_${key}`)
      return { name: `actor.${key}`, label, words: [label], kind, type: '', ...(target ? { target } : {}),
        ...(key === 'roles' ? { choices: world.roles.map(role => ({ key: role.key, label: role.label })) } : {}) }
    }))
    else if (name === 'initiator' || name === 'person') found.push(...inside(world, '@user', `${name}.`, [root(name)], [root(name)]))
    else if (name === 'record') found.push(...inside(world, given.own ?? entity, 'record.', [root('record')], [root('record')]))
    else if (name === 'old') {
      found.push({ name: 'is_new()', label: world.say('designer.expression.is_new'), words: [world.say('designer.expression.is_new')], kind: 'yes_no', type: '' })
      found.push(...inside(world, entity, 'old.', [root('old')], [root('old')]))
    } else if (name === 'link') found.push({ name: 'link', label: world.say('designer.expression.link'), words: [], kind: 'text', type: '' })
  }
  for (const [name, what] of Object.entries(given.extra ?? {})) {
    const more = typeof what === 'string' ? { kind: what } : what
    const label = more.label ?? name
    found.push({ name, label, words: [label], type: '', ...more })
  }
  if (given.steps !== false) for (const each of own) if (each.target && each.kind === 'reference') {
    found.push(...inside(world, each.target, `${each.name}.`, [each.label], each.words).filter(step => step.name !== `${each.name}.id`))
  }
  return found
}

/** What a name stands for, however many steps it takes; undefined where it leads nowhere. */
export function findName(world: World, names: readonly Name[], name: string): Name | undefined {
  const there = names.find(each => each.name === name)
  if (there) return there
  const cut = name.lastIndexOf('.')
  if (cut < 0) return undefined
  const before = findName(world, names, name.slice(0, cut))
  if (!before?.target) return undefined
  return inside(world, before.target, `${before.name}.`, [before.label], before.words).find(each => each.name === name)
}
