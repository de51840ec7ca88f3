/** Conditions that every saved record must meet: a list to the left, the chosen one to edit. Seventy of them stay usable. */
import { memo, useMemo, useRef, useState, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { freeKey, type Rule, type Text } from '../core/documents.ts'
import { within } from '../core/problems.ts'
import { fitting } from '../core/search.ts'
import { keywordsOf } from '../core/spelling.ts'
import { Button, Icon, TextField, WordsField } from '../parts/basics.tsx'
import { ConditionField } from '../parts/condition.tsx'
import { PickMany } from '../parts/pick.tsx'
import type { Board } from './board.ts'
import { Problem } from './panel.tsx'

const text = (code: string, values: Record<string, string | number> = {}): string => say(`designer.entity.${code}`, values)

export function Rules({ board }: { board: Board }): ReactNode {
  const { designer, entity } = board
  const rules = entity.rules ?? []
  const [typed, type] = useState('')
  const list = useRef<HTMLUListElement>(null)
  const name = (rule: Rule): string => designer.read(rule.message) || rule.key
  const found = useMemo(() => fitting(typed, rules.map((rule, at) => ({ at, label: name(rule), value: rule.key, keywords: `${keywordsOf(rule.message)} ${rule.check} ${rule.when ?? ''}` }))).map(each => each.at), [typed, rules])
  const at = Math.min(board.look.rule, rules.length - 1)
  const rule = rules[at]
  const edit = (label: string, to: Rule[], merge?: string): void => { designer.draft.edit(label, edits => edits.set(board.place, ['rules'], to.length ? to : undefined), merge ? { merge } : {}) }
  const put = (key: keyof Rule, value: unknown): void => {
    const { [key]: _, ...rest } = rule!
    edit(text('did_rule', { rule: name(rule!) }), rules.map((each, index) => index === at ? (value === undefined ? rest : { ...rule!, [key]: value }) as Rule : each), `rule ${at} ${key}`)
  }
  const focus = (place: number): void => { setTimeout(() => list.current?.querySelector<HTMLElement>(`[data-rule="${place}"]`)?.focus()) }
  const add = (): void => {
    const made: Rule = { key: freeKey('rule', rules.map(each => each.key)), check: 'true', message: board.labelFor(text('new_rule_message')) }
    edit(text('did_add_rule'), [...rules, made])
    board.set({ rule: rules.length })
    board.tell(text('rule_added', { count: rules.length + 1 }))
  }
  const drop = (): void => {
    edit(text('did_drop_rule', { rule: name(rule!) }), rules.filter((_, index) => index !== at))
    board.tell(text('rule_removed', { rule: name(rule!) }))
    board.set({ rule: Math.max(0, at - 1) })
    focus(Math.max(0, at - 1))
  }
  const move = (step: -1 | 1): void => {
    const to = at + step
    if (to < 0 || to >= rules.length) return
    const changed = [...rules]
    changed.splice(to, 0, ...changed.splice(at, 1))
    edit(text('did_move_rule'), changed)
    board.set({ rule: to })
    board.tell(text('rule_moved', { position: to + 1, count: rules.length }))
    focus(to)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const place = found.indexOf(at)
    const next = { ArrowDown: found[place + 1], ArrowUp: found[place - 1], Home: found[0], End: found.at(-1) }[event.key]
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) { event.preventDefault(); event.stopPropagation(); if (!typed) move(event.key === 'ArrowUp' ? -1 : 1) }
    else if (next !== undefined && !event.altKey) { event.preventDefault(); board.set({ rule: next }); focus(next) }
    else if (event.key === 'Delete' && rule) { event.preventDefault(); event.stopPropagation(); drop() }
  }
  const worst = new Map<number, 'error' | 'warning'>()
  for (const finding of within(designer.findings, board.place, ['rules'])) { const place = Number(finding.path[1]); if (finding.level === 'error' || !worst.has(place)) worst.set(place, finding.level) }
  const fields = useMemo(() => entity.fields.filter(field => !field.retired).map(field => ({ value: field.key, label: board.name(field), keywords: keywordsOf(field.label), icon: designer.fieldType(field.type)?.icon })), [entity.fields])
  const here = within(designer.findings, board.place, ['rules', at])
  const problems = (...path: string[]): string[] => within(here, board.place, ['rules', at, ...path]).map(finding => finding.message)
  return <div className="rules">
    <section className="rules-list panel" aria-label={text('rules')}>
      <header><h2>{text('rules')} <span className="badge quiet">{rules.length}</span></h2><span className="grow" /><Button small icon="plus" label={text('add_rule')} onClick={add} /></header>
      {rules.length > 8 && <label className="search-line"><Icon name="search" /><span className="sr">{text('find_rule')}</span><input className="input" type="search" value={typed} placeholder={text('find_rule')} onInput={event => type(event.currentTarget.value)} /></label>}
      <ul ref={list} role="listbox" aria-label={text('rules')} onKeyDown={event => onKeyDown(event as unknown as KeyboardEvent)}>{found.map(place =>
        <RuleLine key={place} place={place} label={name(rules[place]!)} check={rules[place]!.check} isAt={place === at} level={worst.get(place) ?? ''} choose={() => board.set({ rule: place })} />)}</ul>
      {!rules.length && <p className="empty-line">{text('no_rules')}</p>}
    </section>
    {rule && <section key={at} className="rule-form panel" aria-label={name(rule)}>
      <header><h2 className="clip">{name(rule)}</h2><span className="grow" /><Button small tone="plain" icon="arrow-up" shown={false} label={text('rule_up')} disabled={at === 0} onClick={() => move(-1)} /><Button small tone="plain" icon="arrow-down" shown={false} label={text('rule_down')} disabled={at === rules.length - 1} onClick={() => move(1)} /><Button small tone="plain" icon="trash-2" shown={false} label={text('remove_rule')} onClick={drop} /></header>
      <div className="panel-body stack">
        {here.filter(finding => finding.path.length < 3).map(finding => <Problem key={finding.message} finding={finding} />)}
        <ConditionField label={text('rule_when')} help={text('rule_when_help')} value={rule.when} entity={entity.key} scope="rule" problems={problems('when')} none={text('rule_always')} onChange={to => put('when', to)} />
        <ConditionField label={text('rule_check')} help={text('rule_check_help')} value={rule.check} entity={entity.key} scope="rule" problems={problems('check')} onChange={to => put('check', to ?? 'true')} />
        <WordsField label={text('rule_message')} help={text('rule_message_help')} value={rule.message} required onChange={(to: Text) => put('message', to)} problems={problems('message')} />
        <PickMany label={text('rule_fields')} help={text('rule_fields_help')} values={rule.fields ?? []} options={fields} problems={problems('fields')} onChange={to => put('fields', to.length ? to : undefined)} />
        <TextField label={text('key')} mono value={rule.key} help={text('rule_key_help')} problems={problems('key')} onChange={to => put('key', to)} />
      </div>
    </section>}
  </div>
}

const RuleLine = memo(function RuleLine({ place, label, check, isAt, level, choose }: { place: number; label: string; check: string; isAt: boolean; level: string; choose: () => void }): ReactNode {
  return <li role="option" data-rule={place} aria-selected={isAt} tabIndex={isAt ? 0 : -1} onClick={choose}><span className="clip">{label}</span><code className="clip">{check}</code>{level && <span className={`row-problem ${level}`}><Icon name={level === 'error' ? 'circle-alert' : 'triangle-alert'} /><span className="sr">{text(`has_${level}`)}</span></span>}</li>
}, (before, after) => before.label === after.label && before.check === after.check && before.isAt === after.isAt && before.level === after.level && before.place === after.place)
