/** What every part of the workflow designer works with: the flow, its names, its problems, what is selected, and edits. */
import { createContext, useContext, useMemo } from 'react'
import { announce } from '../../../runtime/ui/shared/announce.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { freeKey, read, type ChoiceOption, type EntityDocument, type Field, type RoleDocument, type Text } from '../core/documents.ts'
import type { Finding } from '../core/problems.ts'
import { same } from '../core/paths.ts'
import { useDesigner, type Designer, type OptionShape } from '../parts/designer.tsx'
import { graphProblems, peopleProblems, SAID_AT_ONCE, type People } from './model/checks.ts'
import type { Words } from './model/change.ts'
import type { State, StateKind, Workflow } from './model/shapes.ts'
import { ruleWords, type Names } from './words.ts'

export interface ActionShape { key: string; label: string; help: string; is_later: boolean; options: OptionShape[] }
export interface More {
  people: { login: string; name: string; title: string }[]
  holders: Record<string, number>
  departments: { key: string; name: string; level: number; count: number }[]
  without_manager: { count: number; names: string[] }
  counts: Record<string, number>
  actions: ActionShape[]
  words: Words
}

/** What is selected: states, or one way, or nothing (the workflow itself). Restored by undo. */
export interface Selection { states: readonly string[]; edge: string | undefined }
export const NOTHING: Selection = { states: [], edge: undefined }

export interface EditOptions {
  /** New states: they get a status of their own in the entity, in the same step. */
  made?: readonly string[]
  select?: Selection
  merge?: string
  /** Said instead of the label; nothing where it is empty. */
  said?: string
  /** New fields of the entity that the states name. */
  fields?: readonly Field[]
}

export interface World {
  designer: Designer<More>
  more: More
  flow: Workflow
  entity: EntityDocument | undefined
  fields: readonly Field[]
  statuses: readonly ChoiceOption[]
  roles: readonly RoleDocument[]
  names: Names
  problems: readonly Finding[]
  selection: Selection
  select: (selection: Selection) => void
  edit: (label: string, change: (flow: Workflow) => Workflow | undefined, options?: EditOptions) => boolean
}

const Context = createContext<World | undefined>(undefined)
export const WorldProvider = Context.Provider
export function useWorld(): World {
  const found = useContext(Context)
  if (!found) throw new Error('no workflow around this part')
  return found
}

const COLOURS: Record<StateKind, string> = { approval: 'orange', input: 'blue', choice: 'grey', final: 'green' }

let onPage: Designer<More> | undefined

/** The world as it is at this moment; for handlers of parts that are drawn anew only when they look different. */
export const currentWorld = (): World => makeWorld(onPage!)

/** The world of the page's workflow, made anew after each edit. */
export function useMakeWorld(): World {
  const designer = useDesigner<More>()
  onPage = designer
  return useMemo(() => makeWorld(designer), [designer.draft.version, designer.findings])
}

let last: { flow: Workflow; entity: EntityDocument | undefined; findings: readonly Finding[]; names: Names; problems: readonly Finding[] } | undefined

/** The world as it is at this moment: for keys that come faster than the page is drawn. */
export function makeWorld(designer: Designer<More>): World {
  const more = designer.boot.more
  const flow = designer.draft.get(designer.place) as unknown as Workflow
  const entity = designer.draft.get<EntityDocument>(`entity/${flow.entity}`)
  const fields = entity?.fields ?? []
  const roles = designer.draft.all<RoleDocument>('role')
  const statuses = fields.find(field => field.key === flow.status_field)?.options?.options ?? []
  const language = designer.language
  if (last?.flow !== flow || last.entity !== entity || last.findings !== designer.findings) {
    const names: Names = {
      state: key => flow.states[key] ? read(flow.states[key]!.label, language, key) : key,
      role: key => read(roles.find(role => role.key === key)?.label, language, key),
      field: key => read(fields.find(field => field.key === key)?.label, language, key),
      person: login => more.people.find(person => person.login === login)?.name ?? login,
      department: key => more.departments.find(each => each.key === key)?.name ?? key,
    }
    last = { flow, entity, findings: designer.findings, names, problems: findings(designer, flow, names) }
  }
  return { designer, more, flow, entity, fields, statuses, roles, names: last.names, problems: last.problems, selection: selectionOf(designer, flow), select: to => designer.draft.setFocus(to as never), edit: editor(designer) }
}

function selectionOf(designer: Designer<More>, flow: Workflow): Selection {
  const focus = designer.draft.focus as unknown as Selection | null
  if (!focus?.states) return NOTHING
  return { states: focus.states.filter(key => flow.states[key]), edge: focus.edge }
}

function findings(designer: Designer<More>, flow: Workflow, names: Names): Finding[] {
  const { place } = designer
  const { more } = designer.boot
  const people: People = { holders: more.holders, departments: more.departments, logins: new Set(more.people.map(person => person.login)), complete: more.people.length < 1000 }
  const own = [...graphProblems(flow, names.state), ...peopleProblems(flow, people, names.state, rule => ruleWords(rule, names))].map((problem): Finding => ({
    code: `designer.workflow.problem.${problem.code}`, level: problem.level, address: place, path: [...problem.path], message: say(`designer.workflow.problem.${problem.code}`, problem.values),
  }))
  const asks = Object.values(flow.rules ?? {}).some(rule => (rule.kind === 'manager' || rule.kind === 'manager_chain') && (rule.of ?? 'initiator') === 'initiator')
  if (asks && more.without_manager.count) {
    own.push({ code: 'designer.workflow.problem.without_manager', level: 'warning', address: place, path: ['rules'],
      message: say('designer.workflow.problem.without_manager', { count: more.without_manager.count, names: more.without_manager.names.join(designer.language === 'zh-CN' ? '、' : ', ') }) })
  }
  // What is said here at once need not be said by the server as well. A path may be gone since the last check.
  const theirs = designer.findings.filter(finding => finding.address === place && !SAID_AT_ONCE.has(finding.code) && (finding.path[0] !== 'states' || flow.states[String(finding.path[1])]))
  return [...own, ...theirs]
}

function editor(designer: Designer<More>): World['edit'] {
  return (label, change, options = {}) => {
    const place = designer.place
    const before = designer.draft.get(place) as unknown as Workflow
    // Worked out first: what was made, and what to select and say, is known only then.
    const changed = change(before)
    if (!changed || changed === before) return false
    const done = designer.draft.edit(label, edits => {
      let after = changed
      if (options.fields?.length) edits.change<EntityDocument>(`entity/${before.entity}`, entity => ({ ...entity, fields: [...entity.fields, ...options.fields!] }))
      for (const key of options.made ?? []) {
        const state: State | undefined = after.states[key]
        if (!state || state.type === 'choice' || state.status) continue
        const colour = state.type === 'final' ? (state.outcome === 'approved' ? 'green' : state.outcome === 'rejected' ? 'red' : 'grey') : COLOURS[state.type]
        const status = addStatus(designer, edits, after, key, state.label ?? key, colour)
        if (status) after = { ...after, states: { ...after.states, [key]: { ...state, status } } }
      }
      edits.change(place, () => after as never)
    }, { ...(options.merge ? { merge: options.merge } : {}), ...(options.select ? { focus: options.select as never } : {}) })
    if (done && !options.merge && options.said !== '') announce(options.said ?? label)
    return done
  }
}

type Edits = Parameters<Parameters<Designer['draft']['edit']>[1]>[0]

/** A new option of the status field for a state; its key. */
export function addStatus(_: Designer<More>, edits: Edits, flow: Workflow, base: string, label: Text, colour: string): string | undefined {
  const place = `entity/${flow.entity}` as const
  const entity = edits.get<EntityDocument>(place)
  const index = entity?.fields.findIndex(field => field.key === flow.status_field) ?? -1
  if (index < 0) return undefined
  const options = entity!.fields[index]!.options?.options ?? []
  const key = freeKey(base, options.map(option => option.key))
  edits.insert(place, ['fields', index, 'options', 'options'], options.length, { key, label, colour })
  return key
}

/** A state's name; its status is called the same as long as it was, and no other state shows it. */
export function rename(world: World, key: string, to: Text): void {
  const { designer, flow } = world
  designer.draft.edit(say('designer.workflow.did.rename', { state: world.names.state(key) }), edits => {
    const before = (edits.get(designer.place) as unknown as Workflow).states[key]!
    const label = withWords(before.label, flow.states[key]?.label, to)
    edits.set(designer.place, ['states', key, 'label'], label)
    const place = `entity/${flow.entity}` as const
    const entity = edits.get<EntityDocument>(place)
    const field = entity?.fields.findIndex(item => item.key === flow.status_field) ?? -1
    const option = field < 0 ? -1 : entity!.fields[field]!.options?.options?.findIndex(item => item.key === before.status) ?? -1
    const isShared = Object.entries(flow.states).some(([other, state]) => other !== key && state.status === before.status)
    if (option >= 0 && !isShared && same(entity!.fields[field]!.options!.options![option]!.label, before.label)) edits.set(place, ['fields', field, 'options', 'options', option, 'label'], label)
  }, { merge: `label-${key}` })
}

/** The words that were typed, in the label as it is by now: the page may not have been drawn since the last word. */
function withWords(now: Text | undefined, shown: Text | undefined, typed: Text): Text {
  if (typeof typed === 'string' || typeof now !== 'object') return typed
  const changed = Object.entries(typed).filter(([language, words]) => words !== (typeof shown === 'object' ? shown[language as 'en'] : shown))
  return { ...now, ...Object.fromEntries(changed) }
}
