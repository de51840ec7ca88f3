/** The workflow in words: who acts, when, where to; as cards, labels and announcements say it. */
import { language, say } from '../../../runtime/ui/shared/texts.ts'
import { read, type Field, type Text } from '../core/documents.ts'
import { spanOf } from './model/durations.ts'
import type { Edge, PersonRule, State, StateKind, Timer, Who, Workflow } from './model/shapes.ts'

export interface Names {
  state: (key: string) => string
  role: (key: string) => string
  field: (key: string) => string
  person: (login: string) => string
  department: (key: string) => string
}

const w = (code: string, values?: Record<string, string | number>): string => say(`designer.workflow.${code}`, values)
export const joined = (items: readonly string[]): string => items.join(language().startsWith('zh') ? '、' : ', ')
export const text = (label: Text | undefined, or = ''): string => read(label, language(), or)

export const ICONS: Record<StateKind, string> = { input: 'pencil', choice: 'split', approval: 'user-check', final: 'flag' }
export function iconOf(flow: Workflow, key: string): string {
  const state = flow.states[key]
  if (!state) return 'triangle-alert'
  if (key === flow.initial) return 'play'
  if (state.type === 'final') return state.outcome === 'approved' ? 'circle-check' : 'circle-x'
  if (state.type === 'approval' && ((state.participants?.length ?? 0) > 1 || state.decide?.mode !== 'any')) return 'users'
  return ICONS[state.type]
}

export const kindWords = (kind: StateKind): string => w(`kind.${kind}`)
export const outcomeWords = (outcome: string): string => w(`outcome.${outcome}`)

export function ruleWords(rule: PersonRule | undefined, names: Names): string {
  if (!rule) return w('rule.missing')
  const value = rule.value ?? ''
  const of = rule.of ?? 'initiator'
  const whose = of === 'initiator' || of === 'owner' || of === 'previous_actor' ? w(`of.${of}`) : names.field(of)
  switch (rule.kind) {
    case 'user': return names.person(value)
    case 'role': return w('rule.role', { name: names.role(value) })
    case 'department': return w('rule.department', { name: names.department(value) })
    case 'manager': return (rule.levels ?? 1) === 1 ? w('rule.manager', { of: whose }) : w('rule.manager_of_level', { of: whose, count: rule.levels ?? 1 })
    case 'manager_chain': return w('rule.manager_chain', { of: whose, count: rule.levels ?? 20 })
    case 'department_head': return w('rule.department_head', { of: whose })
    case 'field': return w('rule.field', { name: names.field(value) })
    case 'expr': return w('rule.expr')
    default: return w(`rule.${rule.kind}`)
  }
}

export function whoWords(who: Who | undefined, flow: Workflow, names: Names): string {
  if (!who?.length) return w('nobody_named')
  return joined(who.map(item => {
    const [kind, key = ''] = item.split(/:(.*)/s)
    if (kind === 'role') return w('rule.role', { name: names.role(key) })
    if (kind === 'rule') return ruleWords(flow.rules?.[key], names)
    if (kind === 'user') return names.person(key)
    return w(`who.${kind}`)
  }))
}

/** Who acts in a state, for its card. */
export function actorWords(state: State, flow: Workflow, names: Names): string {
  if (state.type === 'approval') {
    const people = (state.participants ?? []).map(item => ruleWords(flow.rules?.[item.rule], names))
    if (!people.length) return w('nobody_named')
    const mode = state.decide?.mode ?? 'any'
    return mode === 'any' && people.length === 1 ? people[0]! : `${joined([...new Set(people)])} · ${w(`mode.${mode}`)}`
  }
  if (state.type === 'input') return whoWords([...new Set(state.owner?.length ? state.owner : (state.transitions ?? []).flatMap(item => item.by))], flow, names)
  if (state.type === 'choice') return w('automatic')
  return outcomeWords(state.outcome ?? 'approved')
}

export function durationWords(duration: string): string {
  const { amount, unit } = spanOf(duration)
  return w(`span.${unit}`, { count: amount })
}

export function timerWords(timer: Timer, flow: Workflow, names: Names): string {
  const after = typeof timer.after === 'string' ? durationWords(timer.after)
    : timer.after.minus ? w('timer.before_field', { field: names.field(timer.after.field), span: durationWords(timer.after.minus) })
      : timer.after.plus ? w('timer.after_field', { field: names.field(timer.after.field), span: durationWords(timer.after.plus) }) : names.field(timer.after.field)
  const act = typeof timer.do === 'string' ? w(`timer.${timer.do}`)
    : 'remind' in timer.do ? w('timer.remind', { who: whoWords(timer.do.remind, flow, names) })
      : 'add' in timer.do ? w('timer.add', { who: ruleWords(flow.rules?.[timer.do.add], names) })
        : 'transfer' in timer.do ? w('timer.transfer', { who: ruleWords(flow.rules?.[timer.do.transfer], names) }) : w('timer.to', { state: names.state(timer.do.to) })
  return w('timer.line', { after, act })
}

/** The nearest time at which something happens by itself other than a reminder; else the first reminder. */
export function deadline(state: State): { timer: Timer; isReminder: boolean } | undefined {
  const isReminder = (timer: Timer): boolean => typeof timer.do === 'object' && 'remind' in timer.do
  const found = (state.timers ?? []).find(timer => !isReminder(timer)) ?? state.timers?.[0]
  return found && { timer: found, isReminder: isReminder(found) }
}

export function edgeWords(edge: Edge, flow: Workflow): string {
  switch (edge.via) {
    case 'transition': case 'global': return text(edge.label, edge.name)
    case 'case': return w('case_number', { number: edge.name })
    case 'otherwise': return w('otherwise')
    case 'outcome': return w(`edge.${edge.name}`)
    case 'timer': { const timer = flow.states[edge.source]?.timers?.[Number(edge.path[3])]; return timer && typeof timer.after === 'string' ? w('timer.overdue', { span: durationWords(timer.after) }) : w('timer.due') }
    default: return w('edge.return')
  }
}

export function edgeSentence(edge: Edge, flow: Workflow, names: Names, condition?: string): string {
  const values = { what: edgeWords(edge, flow), from: names.state(edge.source), to: names.state(edge.target) }
  return condition ? w('edge_sentence_when', { ...values, when: condition }) : w('edge_sentence', values)
}

/** A plain condition in words without asking the server; the text itself where it is more than that. */
export function conditionWords(when: string | undefined, fields: readonly Field[]): string {
  if (!when) return ''
  if (when.trim() === 'true') return w('word.always')
  const labels = new Map(fields.map(field => [field.key, field]))
  const shown = when.replace(/"(?:[^"\\]|\\.)*"|\b[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*\b(?!\s*\()|<=|>=|<>|!=|=+|[<>]/gi, (part, at: number) => {
    if (part.startsWith('"')) {
      const before = when.slice(0, at).match(/([a-z][a-z0-9_]*)\s*(?:=+|<>|!=|in)\s*[[(]?(?:"[^"]*",\s*)*$/i)?.[1]
      const option = labels.get(before ?? '')?.options?.options?.find(each => each.key === part.slice(1, -1))
      return option ? text(option.label) : part
    }
    if (part === 'and' || part === 'or' || part === 'not') return w(`word.${part}`)
    if (part === 'true' || part === 'false') return w(`word.${part}`)
    return ({ '<=': '≤', '>=': '≥', '!=': '≠', '<>': '≠', '==': '=' } as Record<string, string>)[part] ?? (labels.has(part) ? text(labels.get(part)!.label) : part)
  })
  return shown.replace(/\b(\d{4,})\b/g, number => Number(number).toLocaleString(language()))
}
