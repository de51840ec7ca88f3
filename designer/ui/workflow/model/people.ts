/** Who acts: person rules by content. Authors choose people; which named rule says so is found or made here. */
import { freeKey } from '../../core/documents.ts'
import { same, set, type Path } from '../../core/paths.ts'
import type { Action, PersonRule, State, Who, Workflow } from './shapes.ts'

/** Every place that names a person rule: path and name. */
export function ruleUses(flow: Workflow): { path: Path; rule: string }[] {
  const found: { path: Path; rule: string }[] = []
  const who = (path: Path, list: Who | undefined): void => list?.forEach((name, index) => { if (name.startsWith('rule:')) found.push({ path: [...path, index], rule: name.slice(5) }) })
  const fallback = (path: Path, policy: State['policy']): void => {
    if (typeof policy?.on_empty === 'object') found.push({ path: [...path, 'on_empty', 'fallback'], rule: policy.on_empty.fallback })
  }
  const actions = (path: Path, list: Action[] | undefined): void => list?.forEach((action, index) => {
    for (const part of ['notify', 'cc'] as const) who([...path, index, part], action[part] as Who | undefined)
    who([...path, index, 'email', 'to'], (action.email as { to?: Who } | undefined)?.to)
  })
  who(['start', 'by'], flow.start?.by)
  who(['record', 'editors'], flow.record?.editors)
  fallback(['defaults'], flow.defaults)
  flow.global?.forEach((move, index) => { who(['global', index, 'by'], move.by); actions(['global', index, 'do'], move.do) })
  for (const [key, state] of Object.entries(flow.states)) {
    const at: Path = ['states', key]
    who([...at, 'owner'], state.owner)
    actions([...at, 'enter'], state.enter)
    actions([...at, 'exit'], state.exit)
    state.transitions?.forEach((item, index) => { who([...at, 'transitions', index, 'by'], item.by); actions([...at, 'transitions', index, 'do'], item.do) })
    state.cases?.forEach((item, index) => actions([...at, 'cases', index, 'do'], item.do))
    actions([...at, 'otherwise', 'do'], state.otherwise?.do)
    for (const [name, item] of Object.entries(state.outcomes ?? {})) actions([...at, 'outcomes', name, 'do'], item?.do)
    state.participants?.forEach((item, index) => found.push({ path: [...at, 'participants', index, 'rule'], rule: item.rule }))
    state.timers?.forEach((item, index) => {
      if (typeof item.do !== 'object') return
      for (const verb of ['transfer', 'add'] as const) if (verb in item.do) found.push({ path: [...at, 'timers', index, 'do', verb], rule: (item.do as Record<string, string>)[verb]! })
      if ('remind' in item.do) who([...at, 'timers', index, 'do', 'remind'], item.do.remind)
    })
    fallback([...at, 'policy'], state.policy)
  }
  return found
}

/** Person rules that nothing names any more are taken out. */
export function withoutUnusedRules(before: Workflow, flow: Workflow): Workflow {
  if (!flow.rules) return flow
  const used = new Set(ruleUses(flow).map(use => use.rule))
  const were = new Set(ruleUses(before).map(use => use.rule))
  // What was unused before stays: somebody may be about to use it.
  const gone = Object.keys(flow.rules).filter(name => were.has(name) && !used.has(name))
  if (!gone.length) return flow
  const rules = Object.fromEntries(Object.entries(flow.rules).filter(([name]) => !gone.includes(name)))
  return Object.keys(rules).length ? { ...flow, rules } : set(flow, ['rules'], undefined)
}

const baseName = (rule: PersonRule): string => {
  const value = rule.value && /^[a-z][a-z0-9_]*$/.test(rule.value) ? rule.value : ''
  if (rule.kind === 'role' || rule.kind === 'field') return value || rule.kind
  if (rule.kind === 'manager') return (rule.levels ?? 1) > 1 ? `manager_${rule.levels}` : 'manager'
  if (rule.kind === 'expr') return 'worked_out'
  return value ? `${rule.kind}_${value}` : rule.kind
}

/** The name of a rule that says this, made if there is none; the flow that has it. */
export function withRule(flow: Workflow, rule: PersonRule): { flow: Workflow; name: string } {
  const known = flow.rules ?? {}
  // People chosen by the initiator are chosen per rule: two steps must not share them unawares.
  const there = rule.kind === 'initiator_choice' ? undefined : Object.keys(known).find(name => same(known[name], rule))
  if (there) return { flow, name: there }
  const name = freeKey(baseName(rule), Object.keys(known))
  return { flow: set(flow, ['rules', name], rule), name }
}

/** Say at one place who acts. A rule that only this place uses is changed; a shared one stays, and another is used here. */
export function setRule(flow: Workflow, path: Path, rule: PersonRule): Workflow {
  const at = path.join('/')
  const here = ruleUses(flow).find(use => use.path.join('/') === at)
  const others = here && ruleUses(flow).some(use => use.rule === here.rule && use.path.join('/') !== at)
  const twin = Object.entries(flow.rules ?? {}).find(([name, known]) => name !== here?.rule && rule.kind !== 'initiator_choice' && same(known, rule))
  if (here && !others && !twin && flow.rules?.[here.rule]) return set(flow, ['rules', here.rule], rule)
  const made = twin ? { flow, name: twin[0] } : withRule(flow, rule)
  return withoutUnusedRules(flow, set(made.flow, path, made.name))
}
