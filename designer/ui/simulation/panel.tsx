/** Trying a workflow of the draft out: choose a record or type values, choose a person, step through. Nothing is written.

    The script so far goes to the server with each step; the server answers with the whole way, so that going back
    is taking a step off. When the draft changes, the same script runs again. */
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { announce } from '../../../runtime/ui/shared/announce.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { ask, Refused } from '../core/server.ts'
import { Button, Check, Icon, SelectField, TextField } from '../parts/basics.tsx'
import { useDesigner, useSettled } from '../parts/designer.tsx'
import type { Edge, FieldShown, Script, Start, Told, Turn } from './answers.ts'
import { ManyRuns } from './many.tsx'
import { ServerSearch, type Chosen } from './search.tsx'
import { Way } from './way.tsx'
import './simulation.css'

export interface SimulationPanelProps {
  /** The workflow's key. */
  workflow: string
  /** Told which states and which steps between them the simulation has taken; empty lists when it begins anew. */
  onHighlight?: (states: readonly string[], transitions: readonly Edge[]) => void
}

export function SimulationPanel({ workflow, onHighlight }: SimulationPanelProps): ReactNode {
  const designer = useDesigner()
  const base = `/design/${designer.boot.app}/simulate`
  const [tab, setTab] = useState<'one' | 'many'>('one')
  const [start, setStart] = useState<Start | null>(null)
  const [record, setRecord] = useState<Chosen | null>(null)
  const [person, setPerson] = useState<Chosen | null>(null)
  const [values, setValues] = useState<Record<string, string | boolean>>({})
  const [fills, setFills] = useState(true)
  const [turns, setTurns] = useState<Turn[]>([])
  const [running, setRunning] = useState(false)
  const [told, setTold] = useState<Told | null>(null)
  const [trouble, setTrouble] = useState<{ message: string; path: string[] }[]>([])
  const asking = useRef<AbortController | undefined>(undefined)
  const version = useSettled(designer.draft.version, 700)
  const script: Script = { workflow, record: record?.id ?? null, values, person: person?.id ?? null, turns, fills }
  const wanted = useSettled(JSON.stringify(script), 120)

  useEffect(() => {
    void (async () => {
      try { await designer.saving.flush(); setStart(await ask<Start>(`${base}/${workflow}/start`)); setTrouble([]) } catch (error) { if (error instanceof Refused) setTrouble([{ message: error.message, path: [] }]) }
    })()
  }, [workflow, version])

  useEffect(() => {
    if (!running) return
    void (async () => {
      asking.current?.abort()
      const mine = asking.current = new AbortController()
      try {
        await designer.saving.flush()
        const answer = await ask<Told>(base, JSON.parse(wanted), { signal: mine.signal })
        setTold(answer)
        setTrouble([])
        onHighlight?.(answer.taken.states, answer.taken.edges)
        announce(spoken(answer))
      } catch (error) {
        if (error instanceof Refused) setTrouble((error.problems.length ? error.problems : [{ message: error.message, path: [] }]).map(problem => ({ message: problem.message, path: problem.path.map(String) })))
      }
    })()
    return () => asking.current?.abort()
  }, [running, wanted, version])

  const again = (): void => { setRunning(false); setTurns([]); setTold(null); onHighlight?.([], []) }
  const take = (turn: Turn): void => setTurns([...turns.slice(0, told?.refused ? told.refused.turn : undefined), turn])
  const back = (): void => setTurns(turns.slice(0, told?.refused ? told.refused.turn : -1))
  const problemsOf = (key: string): string[] => trouble.filter(each => each.path[0] === 'values' && each.path[1] === key).map(each => each.message)
  const general = trouble.filter(each => each.path[0] !== 'values')

  return <section className="simulation" aria-label={say('designer.simulation.title')}>
    <div className="sim-tabs" role="tablist" aria-label={say('designer.simulation.title')}>{(['one', 'many'] as const).map(each =>
      <button type="button" role="tab" key={each} id={`sim-tab-${each}`} aria-selected={tab === each} aria-controls={`sim-${each}`} tabIndex={tab === each ? 0 : -1}
        onKeyDown={event => { if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') { const other = tab === 'one' ? 'many' : 'one'; setTab(other); setTimeout(() => document.getElementById(`sim-tab-${other}`)?.focus()) } }}
        onClick={() => setTab(each)}>{say(`designer.simulation.tab_${each}`)}</button>)}</div>
    {general.map(each => <p className="note bad" role="alert" key={each.message}><Icon name="circle-alert" /><span>{each.message}</span></p>)}
    {tab === 'many'
      ? <div role="tabpanel" id="sim-many" aria-labelledby="sim-tab-many"><ManyRuns workflow={workflow} version={version} onHighlight={onHighlight} /></div>
      : <div role="tabpanel" id="sim-one" aria-labelledby="sim-tab-one" className="sim-one">
        <details className="sim-given" open={!running}>
          <summary>{say('designer.simulation.given')}{running && <span className="quiet"> {record?.title ?? say('designer.simulation.typed')}</span>}</summary>
          {start?.can_choose && <ServerSearch label={say('designer.simulation.record', { entity: start.entity })} address={`${base}/${workflow}/records`} value={record} onChange={to => { setRecord(to); setTurns([]) }} help={say('designer.simulation.record_help')} />}
          <ServerSearch label={say('designer.simulation.person')} address={`${base}/${workflow}/people`} value={person} onChange={to => { setPerson(to); setTurns([]) }} help={say('designer.simulation.person_help')} />
          {start && start.fields.length > 0 && <fieldset className="sim-values"><legend>{record ? say('designer.simulation.values_over') : say('designer.simulation.values')}</legend>
            {start.fields.map(field => <Typed key={field.key} field={field} address={`${base}/${workflow}/people`} value={values[field.key]} problems={problemsOf(field.key)}
              onChange={to => { const { [field.key]: _, ...others } = values; setValues(to === undefined ? others : { ...others, [field.key]: to }) }} />)}</fieldset>}
          <Check label={say('designer.simulation.fills')} value={fills} onChange={setFills} help={say('designer.simulation.fills_help')} />
          {!running && <Button tone="primary" icon="play" label={say('designer.simulation.begin')} onClick={() => { setTurns([]); setRunning(true) }} />}
        </details>
        {running && told && <>
          <Way told={told} onTurn={take} />
          <div className="sim-foot"><Button small icon="undo-2" label={say('designer.simulation.back')} disabled={!turns.length} onClick={back} />
            <Button small icon="rotate-ccw" label={say('designer.simulation.again')} onClick={again} /></div>
        </>}
      </div>}
  </section>
}

function Typed({ field, value, problems, onChange, address }: { field: FieldShown; value: string | boolean | undefined; problems: string[]; onChange: (to: string | boolean | undefined) => void; address: string }): ReactNode {
  const [person, setPerson] = useState<Chosen | null>(null)
  if (field.options.length) return <SelectField label={field.label} value={String(value ?? '')} options={field.options} empty={say('designer.simulation.as_is')} problems={problems} onChange={to => onChange(to || undefined)} />
  if (field.kind === 'yes_no') return <SelectField label={field.label} value={value === undefined ? '' : String(value)} empty={say('designer.simulation.as_is')} problems={problems}
    options={[{ value: 'true', label: say('designer.simulation.yes') }, { value: 'false', label: say('designer.simulation.no') }]} onChange={to => onChange(to === '' ? undefined : to === 'true')} />
  if (field.type === 'user') return <ServerSearch label={field.label} address={address} value={person} onChange={to => { setPerson(to); onChange(to?.id) }} />
  if (field.kind === 'reference') return null
  return <TextField label={field.label} value={String(value ?? '')} problems={problems} onChange={to => onChange(to.trim() === '' ? undefined : field.kind === 'number' ? to.replaceAll(',', '').replaceAll('，', '').trim() : to)} />
}

function spoken(told: Told): string {
  if (told.refused) return told.refused.problems.map(problem => problem.message).join(' ')
  const { state, seats } = told.here
  return seats.length ? say('designer.simulation.at_asked', { state: state.label, people: seats.map(seat => seat.name).join(', ') }) : say('designer.simulation.at', { state: state.label })
}
