/** A small picture of a block, drawn from what it holds: its fields, sections, columns or steps. Says nothing to screen
    readers that the block's name and description don't. */
import './blocks.css'
import { memo } from 'preact/compat'
import type { ReactNode } from 'react'
import { read, type ColourRule, type Column, type Field, type Text } from '../core/documents.ts'
import { Icon } from './basics.tsx'

interface Drawn { offers: string; fields: readonly Omit<Field, 'uid'>[]; document?: Record<string, unknown> }
interface Section { label?: Text; columns: number; items: { field?: string; rows?: string }[] }
interface View { type: string; columns: (string | Column)[]; group_by?: string; colours?: ColourRule[]; board?: { by: string }; calendar?: { start: string; end?: string }; cards?: { chip?: string } }
interface State { type: string; label?: Text; outcome?: string; decide?: { mode: string }; timers?: unknown[]; return?: unknown; transitions?: { to: string }[]; cases?: { to: string }[]; otherwise?: { to: string }; outcomes?: { approved: { to: string } } }
interface Flow { initial: string; states: Record<string, State> }

const MODES: Record<string, string> = { any: 'user-check', all: 'users', sequential: 'list-ordered', groups: 'network' }

export const BlockPreview = memo(function BlockPreview({ block, language }: { block: Drawn; language: string }): ReactNode {
  const { offers, document, fields } = block
  const name = (key: string): string => read(fields.find(field => field.key === key)?.label, language, key)
  const inside = offers === 'form' ? (document!.tabs as { sections: Section[] }[]).flatMap(tab => tab.sections).map((section, at) => <FormSection key={at} section={section} name={name} language={language} />)
    : offers === 'view' ? <ViewPicture view={document as unknown as View} fields={fields} name={name} language={language} />
      : offers === 'workflow' ? <FlowPicture flow={document as unknown as Flow} language={language} />
        : <Boxes names={fields.map(field => read(field.label, language, field.key))} columns={2} />
  return <span className={`block-preview of-${offers}`} aria-hidden="true">{inside}</span>
})

function Boxes({ names, columns }: { names: readonly string[]; columns: number }): ReactNode {
  const shown = names.length > 6 ? names.slice(0, 5) : names
  return <span className={columns > 1 ? 'boxes two' : 'boxes'}>{shown.map((name, at) => <span key={at}><small>{name}</small><i /></span>)}{names.length > shown.length && <span><small>+{names.length - shown.length}</small></span>}</span>
}

function FormSection({ section, name, language }: { section: Section; name: (key: string) => string; language: string }): ReactNode {
  return <span className="part">{section.label !== undefined && <b>{read(section.label, language)}</b>}<Boxes names={section.items.flatMap(item => item.field ?? item.rows ?? []).map(name)} columns={section.columns} /></span>
}

/** Of a list its head and three rows, of a board its first columns, of a calendar two weeks, of cards two. */
function ViewPicture({ view, fields, name, language }: { view: View; fields: readonly Omit<Field, 'uid'>[]; name: (key: string) => string; language: string }): ReactNode {
  const columns = view.columns.map(column => name(typeof column === 'string' ? column : column.field)).slice(0, 4)
  const options = (key: string | undefined) => fields.find(field => field.key === key)?.options?.options ?? []
  if (view.type === 'board') return <span className="lanes">{options(view.board?.by).slice(0, 4).map((option, at) => <span key={option.key}><small data-colour={option.colour ?? 'grey'}>{read(option.label, language)}</small>{[...Array(3 - (at % 3))].map((_, card) => <i key={card} />)}</span>)}</span>
  if (view.type === 'calendar') return <span className="days">{[...Array(14)].map((_, day) => <i key={day} className={view.calendar?.end ? day > 1 && day < 6 ? 'busy' : '' : day % 5 === 2 ? 'busy' : ''} />)}</span>
  if (view.type === 'cards') return <span className="cards">{[0, 1].map(card => <span key={card}><b /><small data-colour={options(view.cards?.chip)[card]?.colour ?? 'grey'}>{read(options(view.cards?.chip)[card]?.label, language)}</small>{columns.slice(0, 2).map((column, at) => <small key={at}>{column}</small>)}</span>)}</span>
  return <span className="lines"><span>{columns.map((column, at) => <small key={at}>{column}</small>)}</span>{[0, 1, 2].map(row => <span key={row} data-colour={view.colours?.[row]?.colour} className={view.group_by && row === 0 ? 'group' : ''}>{view.group_by && row === 0 ? <small>{name(view.group_by)}</small> : columns.map((_, at) => <i key={at} />)}</span>)}</span>
}

/** The steps in the order in which they are come by, each with how it decides. */
function FlowPicture({ flow, language }: { flow: Flow; language: string }): ReactNode {
  const order = [flow.initial]
  for (const key of order) {
    const state = flow.states[key]!
    for (const to of [...(state.transitions ?? []).map(move => move.to), ...(state.cases ?? []).map(way => way.to), state.otherwise?.to, state.outcomes?.approved.to]) if (to && !order.includes(to)) order.push(to)
  }
  const steps = [...order.filter(key => flow.states[key]!.type !== 'final'), ...order.filter(key => flow.states[key]!.type === 'final').slice(0, 1)]
  return <span className="steps">{steps.slice(0, 6).map(key => {
    const state = flow.states[key]!
    const icon = state.type === 'approval' ? MODES[state.decide!.mode]! : state.type === 'choice' ? 'git-branch' : state.type === 'final' ? 'circle-check' : key === flow.initial ? 'play' : 'circle-dot'
    return <span key={key} className={`is-${state.type}`}><Icon name={icon} /><small>{read(state.label, language, key)}</small>{state.timers && <Icon name="bell" />}{state.return !== undefined && <Icon name="corner-up-left" />}</span>
  })}</span>
}
