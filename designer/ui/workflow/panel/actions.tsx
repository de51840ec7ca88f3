/** What happens by itself: actions on entering, on leaving, or on the way. */
import type { ReactNode } from 'react'
import { say } from '../../../../runtime/ui/shared/texts.ts'
import { freeKey } from '../../core/documents.ts'
import { get, insert, move as moveIn, set, type Path } from '../../core/paths.ts'
import { within } from '../../core/problems.ts'
import { Button, Menu, TextField } from '../../parts/basics.tsx'
import { keywordsOf, type OptionShape } from '../../parts/designer.tsx'
import { FormulaField } from '../../parts/formula.tsx'
import { OptionPanel } from '../../parts/options.tsx'
import { Pick } from '../../parts/pick.tsx'
import { withoutUnusedRules } from '../model/people.ts'
import type { Action } from '../model/shapes.ts'
import { text } from '../words.ts'
import { useWorld, type ActionShape, type World } from '../world.ts'
import { WhoField } from './people.tsx'

const w = (code: string, values?: Record<string, string | number>): string => say(`designer.workflow.${code}`, values)
const ICONS: Record<string, string> = { set: 'square-function', create: 'plus', notify: 'bell', email: 'mail', webhook: 'globe', cc: 'copy' }
/** Keys that hold lists of people, and those that hold maps of names to expressions. */
const PEOPLE = new Set(['notify', 'cc', 'to'])
const MAPS = new Set(['set', 'values', 'body'])

/** A new action with what it can't be without. */
function begin(shape: ActionShape, world: World): Action {
  const app = world.designer.draft.all('app')[0] as { templates?: Record<string, unknown>; webhooks?: Record<string, unknown> } | undefined
  const template = Object.keys(app?.templates ?? {})[0]
  if (shape.key === 'set') { const field = world.fields.find(each => each.key !== world.flow.status_field && ['date', 'datetime', 'text', 'long_text', 'yes_no'].includes(each.type)); return { set: { [field?.key ?? 'field']: field?.type === 'date' ? 'today()' : field?.type === 'datetime' ? 'now()' : field?.type === 'yes_no' ? 'true' : '""' } } }
  if (shape.key === 'create') return { create: world.designer.draft.all('entity').find(each => each.key !== world.flow.entity && !each.part_of)?.key ?? world.flow.entity }
  if (shape.key === 'notify') return { notify: ['initiator'], ...(template ? { template } : {}) }
  if (shape.key === 'email') return { email: { to: ['initiator'], template: template ?? 'template' } }
  if (shape.key === 'webhook') return { webhook: Object.keys(app?.webhooks ?? {})[0] ?? 'webhook' }
  return { [shape.key]: ['initiator'] }
}

export function Actions({ path, legend }: { path: Path; legend: string }): ReactNode {
  const world = useWorld()
  const { flow, edit, more, problems, designer } = world
  const actions = (get(flow, path) ?? []) as Action[]
  const label = w('did.action')
  const shapeOf = (action: Action): ActionShape | undefined => more.actions.find(shape => shape.key in action)
  return <fieldset className="actions"><legend>{legend}</legend>
    {actions.map((action, index) => {
      const shape = shapeOf(action)
      const found = within(problems, designer.place, [...path, index])
      return <details className="action" key={index} open={actions.length === 1 || found.length > 0}><summary>{shape?.label ?? Object.keys(action)[0]}</summary>
        {shape?.help && <p className="hint">{shape.help}</p>}
        {found.map(problem => <p className={`problem ${problem.level}`} key={problem.message}>{problem.message}</p>)}
        {shape && <ActionFields shape={shape} action={action} path={[...path, index]} />}
        <div className="row-tools">
          <Button small tone="plain" icon="arrow-up" shown={false} label={w('earlier')} disabled={index === 0} onClick={() => edit(label, before => moveIn(before, path, index, index - 1))} />
          <Button small tone="plain" icon="arrow-down" shown={false} label={w('later')} disabled={index === actions.length - 1} onClick={() => edit(label, before => moveIn(before, path, index, index + 2))} />
          <Button small tone="plain" icon="trash-2" shown={false} label={w('remove_action', { what: shape?.label ?? '' })} onClick={() => edit(label, before => withoutUnusedRules(before, set(before, actions.length > 1 ? [...path, index] : path, undefined)))} />
        </div></details>
    })}
    <Menu icon="plus" small shown label={w('add_action')} items={more.actions.map(shape => ({ label: shape.label, icon: ICONS[shape.key] ?? 'zap', act: () => { edit(label, before => insert(before, path, actions.length, begin(shape, world))) } }))} />
  </fieldset>
}

function ActionFields({ shape, action, path }: { shape: ActionShape; action: Action; path: Path }): ReactNode {
  const world = useWorld()
  const { edit, flow } = world
  // An e-mail's options stand one level deeper than those of the others.
  const base: Path = shape.key === 'email' ? [...path, 'email'] : path
  const values = (shape.key === 'email' ? action.email : action) as Record<string, unknown>
  const label = w('did.action')
  const put = (key: string, value: unknown): void => { edit(label, before => set(before, [...base, key], value), { merge: `action-${base.join('/')}-${key}` }) }
  const target = shape.key === 'create' ? String(action.create) : flow.entity
  const draw = (option: OptionShape): ReactNode => {
    if (PEOPLE.has(option.key)) return <WhoField key={option.key} label={option.label} value={values[option.key] as string[]} onChange={who => who.length > 0 && put(option.key, who)} />
    if (MAPS.has(option.key)) return <MapFields key={option.key} label={option.label} value={(values[option.key] ?? {}) as Record<string, string>} entity={shape.key === 'webhook' ? undefined : target} onChange={map => put(option.key, Object.keys(map).length ? map : undefined)} />
    return <OptionPanel key={option.key} shapes={[named(option)]} values={values} entity={flow.entity} workflow={flow.key} scope="workflow" onChange={(key, value) => { if (value !== undefined || !option.required) put(key, value) }} />
  }
  return <div className="stack">{shape.options.map(draw)}</div>
}

/** Channels in words. */
const named = (option: OptionShape): OptionShape => option.key !== 'channels' ? option
  : { ...option, settings: { ...option.settings, options: (option.settings?.options as { key: string }[]).map(each => ({ ...each, label: w(`channel.${each.key}`) })) } }

/** Names with an expression each: fields to set, values of a new record, the body of a message. */
function MapFields({ label, value, entity, onChange }: { label: string; value: Record<string, string>; entity: string | undefined; onChange: (map: Record<string, string>) => void }): ReactNode {
  const { designer, flow } = useWorld()
  const fields = ((entity ? designer.draft.get(`entity/${entity}`) as { fields?: { key: string; label: never; type: string; retired?: boolean }[] } | undefined : undefined)?.fields ?? []).filter(field => !field.retired && (entity !== flow.entity || field.key !== flow.status_field) && !designer.fieldType(field.type)?.is_derived && !designer.fieldType(field.type)?.is_system)
  const entries = Object.entries(value)
  const rename = (from: string, to: string): void => { if (to && !(to in value)) onChange(Object.fromEntries(entries.map(([key, text]) => [key === from ? to : key, text]))) }
  const add = (): void => onChange({ ...value, [entity ? fields.find(field => !(field.key in value))?.key ?? 'field' : freeKey('value', Object.keys(value))]: '""' })
  return <fieldset className="map-fields"><legend>{label}</legend>{entries.map(([key, expression]) => <div key={key} className="map-row">
    {entity ? <Pick label={w('field')} value={key} options={fields.map(field => ({ value: field.key, label: text(field.label, field.key), note: field.key, keywords: keywordsOf(field.label, field.key), icon: designer.fieldType(field.type)?.icon }))} onChange={to => rename(key, to)} />
      : <TextField label={w('name')} value={key} mono onChange={to => rename(key, to.toLowerCase().replace(/[^a-z0-9_]/g, '_').replace(/^[^a-z]+/, ''))} />}
    <FormulaField label={w('value')} value={expression} entity={flow.entity} scope="workflow" onChange={to => onChange({ ...value, [key]: to ?? '' })} />
    <Button small tone="plain" icon="x" shown={false} label={w('remove_value', { name: key })} onClick={() => onChange(Object.fromEntries(entries.filter(([other]) => other !== key)))} />
  </div>)}<Button small icon="plus" label={w('add_value')} onClick={add} /></fieldset>
}
