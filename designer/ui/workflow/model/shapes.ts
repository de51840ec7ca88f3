/** The workflow document as its designer reads it (engine/definitions/json_schema/workflow.json). */
import type { Text } from '../../core/documents.ts'
import type { Path } from '../../core/paths.ts'

export type Who = string[]
export type Action = Record<string, unknown>
export type StateKind = 'input' | 'choice' | 'approval' | 'final'
export type Outcome = 'approved' | 'rejected' | 'withdrawn' | 'cancelled' | 'expired'
export type OutcomeName = 'approved' | 'rejected' | 'expired'

export interface FormRights { view?: string; edit?: string[]; require?: string[]; hide?: string[]; comment?: 'optional' | 'on_reject' | 'always' }
export interface Target { to: string; do?: Action[] }
export interface Transition extends Target { on: string; label?: Text; by: Who; when?: string; form?: FormRights; confirm?: boolean }
export interface Case extends Target { when: string }
export interface Participant { rule: string; group?: string; need?: number; form?: FormRights }
export interface Decide { mode: 'any' | 'all' | 'sequential' | 'groups'; reject_at?: 'first' | 'all' | 'impossible'; wait_for_all?: boolean }
export interface Policy {
  on_empty?: 'refuse' | 'admin' | 'skip' | 'reject' | { fallback: string }
  on_initiator?: 'allow' | 'skip' | 'manager' | 'department_head' | 'forbid'
  dedupe?: 'none' | 'adjacent' | 'round'
  on_inactive?: 'manager' | 'admin' | 'skip' | 'keep'
  allow?: ('transfer' | 'return' | 'cc' | 'comment')[]
  remind_every?: string
  bind_to_record_version?: boolean
}
export interface ReturnPolicy { to: string[]; resume?: 'rerun' | 'direct' | 'ask'; direct_to?: 'returner' | 'step'; rerun_if_changed?: string[]; max?: number; on_max?: 'reject' | 'admin' }
export type TimerDo = 'approve' | 'reject' | { remind: Who } | { transfer: string } | { add: string } | { to: string }
export interface Timer {
  id: string; after: string | { field: string; plus?: string; minus?: string }; clock?: 'elapsed'
  since?: 'entered' | 'assigned' | 'submitted'; repeat?: { every: string; max: number }; do: TimerDo
}
export type RuleKind = 'user' | 'role' | 'department' | 'manager' | 'manager_chain' | 'department_head' | 'field' | 'previous_actor' | 'initiator' | 'initiator_choice' | 'expr'
export interface PersonRule { kind: RuleKind; value?: string; of?: string; levels?: number; until?: string; exclude?: ('initiator' | 'previous_actors' | 'step_actors')[]; order?: 'given' | 'level' | 'name' }

export interface State {
  type: StateKind; label?: Text; status?: string; enter?: Action[]; exit?: Action[]; form?: FormRights; timers?: Timer[]
  owner?: Who; transitions?: Transition[]
  hit?: 'unique' | 'first'; cases?: Case[]; otherwise?: Target
  participants?: Participant[]; decide?: Decide; policy?: Policy; return?: ReturnPolicy; outcomes?: Partial<Record<OutcomeName, Target>>
  outcome?: Outcome
}

export interface GlobalMove extends Target { on: string; label?: Text; by: Who; from?: string[]; until?: 'first_decision' | 'final'; when?: string }
export interface Example { name?: string; record: Record<string, unknown>; initiator?: string; decisions?: string[]; visits: string[] }
export type Point = readonly [number, number]

export interface Workflow {
  kind: 'workflow'; key: string; uid: string; schema: number; dsl: string; label: Text; entity: string; status_field: string; initial: string; timezone?: string
  states: Record<string, State>; rules?: Record<string, PersonRule>; defaults?: Policy; global?: GlobalMove[]; examples?: Example[]
  record?: { lock?: 'all' | 'none'; open_fields?: string[]; editors?: Who; on_change?: { fields: string[]; when?: string; do: string }[]; on_delete?: 'forbid' | 'cancel' }
  start?: { by?: Who; when?: string; one_open_per_record?: boolean }
  limits?: { max_auto_steps?: number; max_rounds?: number }
  layout?: Record<string, Point>
}

export type Via = 'transition' | 'case' | 'otherwise' | 'outcome' | 'timer' | 'return' | 'global'

/** A way from one state to another; `path` is its place in the document, `id` the path as text. */
export interface Edge { id: string; source: string; target: string; via: Via; name: string; path: Path; label?: Text | undefined; when?: string | undefined }
