/** All conditions and formulas of an app in one place: in words, with what is wrong, to be changed where they stand. */
import '../main.ts'
import './formulas.css'
import { useMemo, useState } from 'react'
import { type Address, type Text } from '../core/documents.ts'
import { get, type Path } from '../core/paths.ts'
import { within } from '../core/problems.ts'
import { fitting } from '../core/search.ts'
import { keywordsOf } from '../core/spelling.ts'
import type { Kind, Scope } from '../expressions/names.ts'
import { Check, Icon } from '../parts/basics.tsx'
import { ConditionField } from '../parts/condition.tsx'
import { mount, useDesigner } from '../parts/designer.tsx'
import { FormulaField } from '../parts/formula.tsx'
import { Frame } from '../parts/frame.tsx'
import { whereIs } from './where.ts'

interface Listed { address: Address; path: (string | number)[]; text: string; entity: string; scope: Scope; own: string | null; expects: Kind | null; summary: string; problem: string }

function Formulas() {
  const designer = useDesigner<{ expressions: Listed[] }>()
  const { draft, boot, read, say } = designer
  const [typed, type] = useState('')
  const [onlyWrong, wrong] = useState(false)
  const [chosen, choose] = useState(() => Number(new URLSearchParams(location.search).get('at') ?? -1))
  const listed = boot.more.expressions
  const told = {
    field: (entity: string, key: string): string => read(designer.field(entity, key)?.label, key),
    part: (key: string): string => { const code = `designer.expression.part_${key}`; const said = say(code); return said === code ? '' : said },
  }
  const lines = useMemo(() => listed.map((each, at) => {
    const document = draft.get(each.address)
    const name = document ? read(document.label as Text, document.key) : each.address
    const where = document ? whereIs(document, each.path, designer.language, told) : ''
    return { at, label: `${name} › ${where}`, name, where, value: each.text, keywords: `${each.summary} ${keywordsOf(document?.label as Text)}` }
  }), [listed, draft.version])
  const shown = fitting(typed, lines).filter(line => !onlyWrong || listed[line.at]!.problem)
  const here = listed[chosen]
  const line = lines[chosen]
  const text = here ? get(draft.get(here.address), here.path) as string | undefined : undefined
  const change = (to: string | undefined): void => {
    if (here) draft.edit(say('designer.expression.page_changed', { what: line!.where }), edits => edits.set(here.address, here.path as Path, to), { merge: `${here.address}/${here.path.join('/')}` })
  }
  const move = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    const buttons = [...(event.currentTarget as HTMLElement).querySelectorAll('button')]
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
    event.preventDefault()
    buttons[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus()
  }
  return <Frame title={say('designer.expression.page')} leftLabel={say('designer.expression.page')} findings={designer.findings.filter(finding => listed.some(each => each.address === finding.address))} left={<div className="formulas-list">
    <input className="input" type="search" aria-label={say('designer.expression.page_search')} placeholder={say('designer.expression.page_search')} value={typed} onInput={event => type(event.currentTarget.value)} />
    <Check label={say('designer.expression.page_problems')} value={onlyWrong} onChange={wrong} />
    <p className="muted" role="status">{say('designer.expression.page_count', { count: shown.length })}</p>
    <ul onKeyDown={event => move(event as unknown as KeyboardEvent)}>{shown.slice(0, 300).map(each => <li key={each.at}><button type="button" aria-current={each.at === chosen || undefined} onClick={() => choose(each.at)}>
      <strong>{each.where}</strong><small>{each.name}</small><span className={listed[each.at]!.problem ? 'wrong' : ''}>{listed[each.at]!.problem && <Icon name="circle-alert" />}{listed[each.at]!.problem || listed[each.at]!.summary}</span></button></li>)}</ul>
    {!shown.length && <p>{say('designer.expression.page_none')}</p>}
  </div>}>
    {here && line ? <section className="panel formulas-one"><header><h2>{line.where}</h2><span className="muted">{line.name}</span><span className="grow" /><a className="button small plain" href={`/design/${boot.app}/${here.address}`}><Icon name="pencil-ruler" /><span>{say('designer.expression.page_open')}</span></a></header>
      <div className="panel-body" key={chosen}>{here.expects === 'yes_no'
        ? <ConditionField label={line.where} value={text} onChange={change} entity={here.entity} scope={here.scope} {...(here.own ? { own: here.own } : {})} problems={within(designer.findings, here.address, here.path).map(finding => finding.message)} />
        : <FormulaField label={line.where} value={text} onChange={change} entity={here.entity} scope={here.scope} own={here.own ?? undefined} about={here.path.at(-1) === 'default' ? String(get(draft.get(here.address), [...here.path.slice(0, -1), 'key'])) : undefined} expects={here.expects ?? undefined} problems={within(designer.findings, here.address, here.path).filter(finding => !finding.code.startsWith('expression.')).map(finding => finding.message)} />}</div></section>
      : <p className="panel panel-body">{say('designer.expression.page_choose')}</p>}
  </Frame>
}

mount(() => <Formulas />)
