/** The preview: the real page over the draft, on a screen of any size, as anybody, in any state. */
import { useEffect, useState, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import type { WorkflowDocument } from '../core/documents.ts'
import { Button, SelectField } from '../parts/basics.tsx'
import { RecordPick } from '../parts/value.tsx'
import type { Board } from './board.ts'

const DEVICES = [['desktop', 'monitor'], ['tablet', 'tablet'], ['phone', 'smartphone']] as const
/** In the list of roles: look as one person. */
const PERSON = '@person'
const NAMES = { 'zh-CN': '中文', en: 'English' }

export function Preview({ board }: { board: Board }): ReactNode {
  const { designer } = board
  const [device, setDevice] = useState<string>('desktop')
  const [role, setRole] = useState('')
  const [state, setState] = useState('')
  const [language, setLanguage] = useState<string>(designer.language)
  const [saves, setSaves] = useState(0)
  const [user, setUser] = useState('')
  const [data, setData] = useState('')
  const [record, setRecord] = useState('')
  const flow = designer.draft.all<WorkflowDocument>('workflow').find(each => each.entity === board.entityKey)
  useEffect(() => {
    let before = designer.saving.state
    void designer.saving.flush().then(() => setSaves(count => count + 1))
    return designer.saving.subscribe(() => { const now = designer.saving.state; if (now === 'saved' && before !== 'saved') setSaves(count => count + 1); before = now })
  }, [])
  const address = `/design/${designer.boot.app}/preview/${board.form.key}?${new URLSearchParams({ device, ...(role === PERSON ? { user } : { role }), state, language, record: data === 'chosen' ? record : data, saves: String(saves) })}`
  return <div className={`preview ${device}`}>
    <div className="preview-bar" role="toolbar" aria-label={say('designer.form.preview')}>
      <span className="segments" role="group" aria-label={say('designer.form.device')}>{DEVICES.map(([value, icon]) => <button type="button" key={value} aria-pressed={device === value} onClick={() => setDevice(value)} title={say(`designer.form.device_${value}`)}><svg className="icon" aria-hidden="true"><use href={`${document.querySelector('use')?.getAttribute('href')?.split('#')[0] ?? ''}#${icon}`} /></svg><span>{say(`designer.form.device_${value}`)}</span></button>)}</span>
      <SelectField label={say('designer.form.preview_role')} value={role} empty={say('designer.form.preview_anybody')} options={[...board.roles.map(each => ({ value: each.key, label: designer.read(each.label, each.key) })), { value: PERSON, label: say('designer.preview.person') }]} onChange={setRole} />
      {role === PERSON && <RecordPick label={say('designer.preview.person')} target="@user" value={user} onChange={setUser} />}
      {flow && <SelectField label={say('designer.form.preview_state')} value={state} empty={say('designer.form.preview_new')} options={Object.entries(flow.states).filter(([, each]) => each.type !== 'choice').map(([key, each]) => ({ value: key, label: designer.read(each.label as string, key) }))} onChange={setState} />}
      {designer.boot.languages.length > 1 && <SelectField label={say('designer.form.preview_language')} value={language} options={designer.boot.languages.map(value => ({ value, label: NAMES[value] }))} onChange={setLanguage} />}
      <SelectField label={say('designer.preview.which')} value={data} options={[{ value: '', label: say('designer.preview.newest') }, { value: 'none', label: say('designer.preview.new') }, { value: 'chosen', label: say('designer.preview.chosen') }]} onChange={setData} />
      {data === 'chosen' && <RecordPick label={say('designer.preview.record')} target={board.entityKey} value={record} onChange={setRecord} />}
      <Button icon="refresh-cw" label={say('designer.form.preview_again')} shown={false} tone="plain" onClick={() => setSaves(saves + 1)} />
    </div>
    {saves > 0 && <div className="preview-screen"><iframe key={device} title={say('designer.form.preview_title', { form: designer.read(board.form.label), device: say(`designer.form.device_${device}`) })} src={address} /></div>}
  </div>
}
