/** What the app is called, which languages it speaks, where and in which money it counts. */
import type { ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import type { AppDocument, Language } from '../core/documents.ts'
import { within } from '../core/problems.ts'
import { SelectField, TextField, WordsField } from '../parts/basics.tsx'
import { useDesigner } from '../parts/designer.tsx'
import { Pick } from '../parts/pick.tsx'

const ZONES = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : []
const MONEY = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('currency') : []

export function Settings({ app }: { app: AppDocument }): ReactNode {
  const designer = useDesigner()
  const { draft, place, language } = designer
  const put = (key: string, value: unknown, name: string): void => { draft.edit(say('designer.did_setting', { what: name }), edits => edits.set(place, [key], value), { merge: `app-${key}` }) }
  const problems = (key: string): string[] => within(designer.findings, place, [key]).map(finding => finding.message)
  const languages = new Intl.DisplayNames([language], { type: 'language' })
  const money = new Intl.DisplayNames([language], { type: 'currency' })
  return <section className="panel" id="settings" aria-labelledby="overview-settings"><header><h2 id="overview-settings">{say('designer.settings')}</h2></header>
    <div className="panel-body stack">
      <WordsField label={say('designer.name')} value={app.label} required onChange={to => put('label', to, say('designer.name'))} problems={problems('label')} />
      <WordsField label={say('designer.description')} value={app.description} lines={2} onChange={to => put('description', to || undefined, say('designer.description'))} />
      <div className="overview-fields">
        <SelectField label={say('designer.default_language')} value={app.default_language} options={app.languages.map(each => ({ value: each, label: languages.of(each) ?? each }))} onChange={to => put('default_language', to as Language, say('designer.default_language'))} problems={problems('default_language')} />
        <Pick label={say('designer.currency')} value={app.currency} options={MONEY.map(each => ({ value: each, label: `${each} ${money.of(each) ?? ''}` }))} onChange={to => put('currency', to, say('designer.currency'))} problems={problems('currency')} />
        <Pick label={say('designer.timezone')} value={app.timezone} options={ZONES.map(each => ({ value: each, label: each }))} onChange={to => put('timezone', to, say('designer.timezone'))} problems={problems('timezone')} />
        <TextField label={say('designer.key')} value={app.key} mono disabled onChange={() => {}} help={say('designer.app_key_help')} />
      </div>
    </div></section>
}
