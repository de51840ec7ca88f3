/** Rights of roles as the matrix shows and changes them. Pure: documents in, documents out. */
import type { EntityDocument, EntityGrants, Field, Grant, RoleDocument } from '../core/documents.ts'

export const VERBS = ['read', 'create', 'change', 'remove'] as const
export type Verb = typeof VERBS[number]
export const SCOPES = ['none', 'own', 'department', 'department_and_below', 'all'] as const
export type Scope = typeof SCOPES[number] | 'rule'
export const RIGHTS = ['hidden', 'read', 'write'] as const
export type Right = typeof RIGHTS[number]

/** The entity whose grants count: an owned row's are those of its owner, however far up. */
export function governing(entities: ReadonlyMap<string, EntityDocument>, key: string): string {
  let found = key
  for (let step = 0; step < 20; step++) {
    const owner = entities.get(found)?.part_of
    if (!owner || !entities.has(owner)) return found
    found = owner
  }
  return found
}

/** Entities by label, each followed by its owned rows. */
export function inOrder(entities: readonly EntityDocument[], name: (entity: EntityDocument) => string): EntityDocument[] {
  const known = new Set(entities.map(entity => entity.key))
  const byName = [...entities].sort((one, other) => name(one).localeCompare(name(other)))
  const below = (owner: EntityDocument, seen: ReadonlySet<string>): EntityDocument[] => byName.filter(entity => entity.part_of === owner.key && !seen.has(entity.key))
    .flatMap(entity => [entity, ...below(entity, new Set([...seen, entity.key]))])
  return byName.filter(entity => !entity.part_of || !known.has(entity.part_of)).flatMap(entity => [entity, ...below(entity, new Set([entity.key]))])
}

export const grantOf = (role: RoleDocument, entity: string): EntityGrants => role.entities[entity] ?? {}

/** For which records a role allows a verb; what isn't said is forbidden. */
export function scopeOf(role: RoleDocument, entity: string, verb: Verb): Scope {
  const grant = grantOf(role, entity)
  if (verb === 'create') return grant.create ? 'all' : 'none'
  const given: Grant | undefined = grant[verb]
  return given === undefined ? 'none' : typeof given === 'string' ? given : 'rule'
}

export function ruleOf(role: RoleDocument, entity: string, verb: Verb): string {
  const given = verb === 'create' ? undefined : grantOf(role, entity)[verb]
  return typeof given === 'object' ? given.rule : ''
}

/** The role with one verb's scope changed; "rule" needs the rule's text, and creating knows yes and no only. */
export function withScope(role: RoleDocument, entity: string, verb: Verb, scope: Scope, rule = ''): RoleDocument {
  if (scopeOf(role, entity, verb) === scope && (scope !== 'rule' || ruleOf(role, entity, verb) === rule)) return role
  const value = verb === 'create' ? scope !== 'none' : scope === 'rule' ? { rule } : scope
  return { ...role, entities: { ...role.entities, [entity]: { ...grantOf(role, entity), [verb]: value } } }
}

/** What a role says about a field: named for itself, or as the others. */
export function rightOf(role: RoleDocument, entity: string, field: string): { right: Right; isNamed: boolean } {
  const grant = grantOf(role, entity)
  const named = grant.fields?.[field]
  return named ? { right: named, isNamed: true } : { right: grant.otherwise ?? 'write', isNamed: false }
}

/** The role with a field's right changed; undefined: as the other fields. `field` "" stands for the others themselves. */
export function withRight(role: RoleDocument, entity: string, field: string, right: Right | undefined): RoleDocument {
  const grant = grantOf(role, entity)
  if (field === '') return { ...role, entities: { ...role.entities, [entity]: { ...grant, otherwise: right ?? 'write' } } }
  const { [field]: before, ...others } = grant.fields ?? {}
  if (before === right) return role
  // A field that was named keeps its place.
  const fields = right === undefined ? others : before === undefined ? { ...others, [field]: right } : { ...grant.fields, [field]: right }
  const { fields: _, ...rest } = grant
  return { ...role, entities: { ...role.entities, [entity]: Object.keys(fields).length ? { ...rest, fields } : rest } }
}

/** Does a role say anything about an entity's fields beyond the default? Counts by right. */
export function fieldCounts(role: RoleDocument, entity: EntityDocument): Record<Right, number> {
  const found: Record<Right, number> = { hidden: 0, read: 0, write: 0 }
  for (const field of entity.fields) if (!field.retired) found[rightOf(role, entity.key, field.key).right]++
  return found
}

const DERIVED = new Set(['formula', 'mirror', 'rollup', 'number', 'created_by', 'created_on', 'changed_by', 'changed_on'])

/** Fields that nobody writes, whatever a role says: "computed", "workflow", or undefined. */
export function fixedBy(field: Field, statusFields: ReadonlySet<string>): 'computed' | 'workflow' | undefined {
  return DERIVED.has(field.type) ? 'computed' : statusFields.has(field.key) ? 'workflow' : undefined
}

/** Can holders of the role see any record at all? */
export const readsAnything = (role: RoleDocument): boolean => Object.keys(role.entities).some(entity => scopeOf(role, entity, 'read') !== 'none')

/** How wide a scope is; a rule is between nothing and everything. */
export const widthOf = (scope: Scope): number => scope === 'rule' ? 2 : SCOPES.indexOf(scope)

/** A new role that may do nothing yet, or one that may do what another may. */
export function newRole(key: string, uid: string, label: RoleDocument['label'], from?: RoleDocument): RoleDocument {
  const { design, description, entities } = from ?? { design: undefined, description: undefined, entities: {} }
  return { kind: 'role', key, uid, schema: 1, label, ...(description ? { description } : {}), ...(design ? { design } : {}), entities }
}
