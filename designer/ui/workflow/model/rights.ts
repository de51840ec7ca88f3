/** What a field is in a state: hidden, to read, to edit, required; the same answer as the running workflow gives. */
import * as paths from '../../core/paths.ts'
import type { Path } from '../../core/paths.ts'
import type { FormRights, State, Workflow } from './shapes.ts'

export type Right = 'hide' | 'read' | 'edit' | 'require'
export const RIGHTS: readonly Right[] = ['hide', 'read', 'edit', 'require']

/** A column of the matrix: a state, or one of its participants, whose rights come on top of the state's. */
export interface Column { state: string; participant: number | undefined }

export function columnsOf(flow: Workflow, order: readonly string[]): Column[] {
  return order.flatMap(state => {
    const { type, participants = [] } = flow.states[state]!
    if (type !== 'input' && type !== 'approval') return []
    return [{ state, participant: undefined }, ...(participants.length > 1 ? participants.map((_, participant) => ({ state, participant })) : [])]
  })
}

const has = (list: readonly string[] | undefined, field: string): boolean => list?.includes(field) ?? false

/** Whether people work freely on the record here: nothing is locked (engine/workflow/instances.py, own_lock). */
export const isFree = (flow: Workflow, key: string): boolean => {
  const state = flow.states[key]!
  return flow.record?.lock === 'none' || state.type === 'final' || (state.type === 'input' && (key === flow.initial || !state.form?.edit?.length))
}

/** What the form of a step says, joined with that of a participant. */
function joined(state: State, participant: number | undefined): FormRights {
  const own = state.form ?? {}
  const more = participant === undefined ? {} : state.participants?.[participant]?.form ?? {}
  const both = (part: 'edit' | 'require' | 'hide'): string[] => [...(own[part] ?? []), ...(more[part] ?? [])]
  return { edit: both('edit'), require: both('require'), hide: both('hide') }
}

export function rightOf(flow: Workflow, column: Column, field: string): Right {
  const state = flow.states[column.state]!
  const form = joined(state, column.participant)
  if (has(form.hide, field)) return 'hide'
  if (has(form.require, field)) return 'require'
  const moves = state.type === 'input' ? (state.transitions ?? []).flatMap(move => [...(move.form?.edit ?? []), ...(move.form?.require ?? [])]) : []
  return isFree(flow, column.state) || has(form.edit, field) || has(moves, field) || has(flow.record?.open_fields, field) ? 'edit' : 'read'
}

/** Rights that may be chosen: where nothing is locked, everything can be edited; what the record leaves open can't be closed. */
export function choicesOf(flow: Workflow, column: Column, field: string): readonly Right[] {
  if (flow.states[column.state]!.type === 'input' && column.participant === undefined) {
    // Fields of an input state are asked for by its moves; the initial state locks nothing.
    return isFree(flow, column.state) ? ['hide', 'edit'] : has(flow.record?.open_fields, field) ? ['hide', 'edit'] : ['hide', 'read', 'edit']
  }
  return has(flow.record?.open_fields, field) ? ['hide', 'edit', 'require'] : RIGHTS
}

/** Set a right; lists stay in order and go when they are empty. */
export function setRight(flow: Workflow, column: Column, field: string, right: Right): Workflow {
  const at: Path = column.participant === undefined ? ['states', column.state, 'form'] : ['states', column.state, 'participants', column.participant, 'form']
  const form = (paths.get(flow, at) ?? {}) as FormRights
  const isOpen = has(flow.record?.open_fields, field)
  const put = (list: string[] | undefined, on: boolean): string[] | undefined => {
    const left = (list ?? []).filter(each => each !== field)
    const next = on ? (has(list, field) ? list! : [...left, field]) : left
    return next.length ? next : undefined
  }
  const free = isFree(flow, column.state)
  const edit = put(form.edit, right === 'require' ? !isOpen : right === 'edit' && !isOpen && !free)
  const next = { ...form, edit, require: put(form.require, right === 'require'), hide: put(form.hide, right === 'hide') }
  const kept = Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined))
  return paths.set(flow, at, Object.keys(kept).length ? kept : undefined)
}

/** From a state that locks nothing to one where only these fields are open, and back. */
export const setClosed = (flow: Workflow, key: string, open: readonly string[] | undefined): Workflow => paths.set(flow, ['states', key, 'form', 'edit'], open?.length ? [...open] : undefined)
