/** Asks what becomes of the ways into the states that go. */
import { useState, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { Button, Dialog, SelectField } from '../parts/basics.tsx'
import { remove } from './commands.ts'
import { incoming, isOptional, obstacle, successor } from './model/remove.ts'
import { flatOrder } from './model/steps.ts'
import { edgeWords, joined } from './words.ts'
import { useWorld } from './world.ts'

const w = (code: string, values?: Record<string, string | number>): string => say(`designer.workflow.${code}`, values)

export function Removing({ keys, onClose }: { keys: readonly string[]; onClose: () => void }): ReactNode {
  const world = useWorld()
  const { flow, names, more } = world
  const gone = new Set(keys)
  const ways = incoming(flow, keys)
  const usual = successor(flow, keys[0]!, gone) ?? ''
  const [to, choose] = useState(usual)
  const [how, setHow] = useState<'lead' | 'drop'>('lead')
  const why = obstacle(flow, keys)
  const records = keys.reduce((sum, key) => sum + (more.counts[key] ?? 0), 0)
  const canDrop = ways.length > 0 && ways.every(isOptional)
  const what = joined(keys.map(names.state))
  const done = (): void => { onClose(); remove(world, keys, how === 'drop' ? null : to || undefined) }
  return <Dialog title={w('remove_title', { what })} onClose={onClose} {...(why ? {} : { onSubmit: done })} footer={<><Button label={say('cancel')} onClick={onClose} />{!why && <button type="submit" className="button danger" data-autofocus>{w('remove')}</button>}</>}>
    {why && <p className="problem">{w(`obstacle.${why}`)}</p>}
    {!why && ways.length === 0 && <p>{w('remove_unconnected')}</p>}
    {!why && ways.length > 0 && <>
      <p>{w('ways_in', { count: ways.length, ways: joined(ways.map(edge => `${names.state(edge.source)} · ${edgeWords(edge, flow)}`)) })}</p>
      {canDrop && <fieldset className="field removing-how"><legend>{w('ways_in_become')}</legend>
        <label className="check"><input type="radio" name="how" checked={how === 'lead'} onChange={() => setHow('lead')} /><span>{w('ways_lead')}</span></label>
        <label className="check"><input type="radio" name="how" checked={how === 'drop'} onChange={() => setHow('drop')} /><span>{w('ways_drop')}</span></label></fieldset>}
      {how === 'lead' && <SelectField label={w('lead_to')} value={to} options={flatOrder(flow).filter(key => !gone.has(key)).map(key => ({ value: key, label: names.state(key) }))} onChange={choose} />}
    </>}
    {!why && records > 0 && <p className="hint">{w('remove_records', { count: records })}</p>}
  </Dialog>
}
