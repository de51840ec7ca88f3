/** Property panels from described options: what a field type, an action or a view says of itself is drawn here. */
import { useMemo, type ReactNode } from 'react'
import { plainNumber } from '../../../runtime/ui/shared/number.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { type ChoiceOption, type EntityDocument, type Field, type RoleDocument, type Text, type WorkflowDocument } from '../core/documents.ts'
import { keywordsOf } from '../core/spelling.ts'
import { numberExample } from '../expressions/number_example.ts'
import { targetOf, type Scope } from '../expressions/names.ts'
import { Check, Labelled, TextField, WordsField } from './basics.tsx'

import { ConditionField } from './condition.tsx'
import { useDesigner, type Designer, type OptionShape } from './designer.tsx'
import { FormulaField } from './formula.tsx'
import { later } from './later.tsx'
import { Pick, PickMany, type PickOption } from './pick.tsx'
import './options.css'

const ChoiceList = later(() => import('./choice_list_editor.tsx'), part => part.ChoiceListEditor)

export interface OptionPanelProps {
  shapes: readonly OptionShape[]
  values: Readonly<Record<string, unknown>>
  /** `undefined`: the option is left out of the document, its default counts. */
  onChange: (key: string, value: unknown) => void
  /** The entity at hand: whose fields are named, whose names expressions use. */
  entity: string
  /** The workflow at hand, for names of states. */
  workflow?: string
  scope?: Scope
  problems?: (key: string) => string[]
}

/** What an editor is given. */
interface Given { shape: OptionShape; value: unknown; change: (to: unknown) => void; panel: OptionPanelProps; designer: Designer; problems: string[] }

export function OptionPanel(panel: OptionPanelProps): ReactNode {
  const designer = useDesigner()
  return <div className="options-panel stack">{panel.shapes.filter(shape => isAsked(shape.key, panel)).map(shape => <OptionField key={shape.key} shape={shape} panel={panel} designer={designer} />)}</div>
}

/** Some options make others pointless: a roll-up is over own rows or over another entity, a count needs no field. */
function isAsked(key: string, { shapes, values }: OptionPanelProps): boolean {
  if (values[key] !== undefined) return true
  if (key === 'entity' || key === 'via') return !values.rows
  if (key === 'rows') return !values.entity
  if (key === 'field') return !('function' in values) || values.function !== 'count'
  const ofFormula = shapes.find(shape => shape.key === 'result')
  if (!ofFormula) return true
  const result = values.result ?? ofFormula.default
  return key === 'currency' ? result === 'money' : key !== 'scale' || result === 'number' || result === 'money'
}

function OptionField({ shape, panel, designer }: { shape: OptionShape; panel: OptionPanelProps; designer: Designer }): ReactNode {
  const value = panel.values[shape.key]
  const change = (to: unknown): void => {
    // What is as by default need not stand in the document.
    const isLeftOut = to === undefined || to === '' || (!shape.required && JSON.stringify(to) === JSON.stringify(shape.default))
    panel.onChange(shape.key, isLeftOut ? undefined : to)
  }
  const Editor = EDITORS[shape.type]
  // The key stands for the option's own state: another field selected is another editor.
  return Editor ? <Editor shape={shape} value={value} change={change} panel={panel} designer={designer} problems={panel.problems?.(shape.key) ?? []} />
    : <p className="problem">{say('designer.options.no_editor', { type: shape.type })}</p>
}

const text = (value: unknown): string => value === undefined || value === null ? '' : String(value)
const list = (value: unknown): string[] => Array.isArray(value) ? value.map(String) : []
const common = ({ shape, problems }: Given): { label: string; problems: string[]; help?: string } => ({ label: shape.label, problems, ...(shape.help ? { help: shape.help } : {}) })
const started = (given: Given): unknown => given.value ?? given.shape.default

function TextOption(given: Given): ReactNode {
  return <TextField {...common(given)} value={text(given.value)} placeholder={text(given.shape.default)} onChange={given.change} />
}

/** A number kept as JSON number (`integer`) or as text (so that no digit is lost). What is no number stays in the box, marked. */
function NumberOption(given: Given & { whole: boolean }): ReactNode {
  const { shape, value, whole } = given
  const { minimum, maximum } = (shape.settings ?? {}) as { minimum?: number; maximum?: number }
  const shown = text(value)
  const wrong = shown !== '' && !(whole ? /^-?\d{1,15}$/ : /^-?\d{1,14}(\.\d{1,4})?$/).test(shown) ? [say(whole ? 'designer.options.whole_number' : 'designer.options.number')]
    : shown !== '' && ((minimum !== undefined && Number(shown) < minimum) || (maximum !== undefined && Number(shown) > maximum)) ? [say('designer.options.between', { minimum: minimum ?? '', maximum: maximum ?? '' })] : []
  return <Labelled label={shape.label} help={shape.help} problems={[...wrong, ...given.problems]}>{ids =>
    <input {...ids} className="input number" inputMode="decimal" autoComplete="off" placeholder={text(shape.default)} value={shown}
      onInput={event => { const to = plainNumber(event.currentTarget.value.trim()); given.change(whole && /^-?\d{1,15}$/.test(to) ? Number(to) : to) }} />}</Labelled>
}

const YesNoOption = (given: Given): ReactNode => <Check label={given.shape.label} help={given.shape.help ?? ''} value={Boolean(started(given))} onChange={given.change} />

function DateOption(given: Given): ReactNode {
  return <Labelled label={given.shape.label} help={given.shape.help} problems={given.problems}>{ids =>
    <input {...ids} className="input" type="date" value={text(given.value)} max="9999-12-31" onInput={event => given.change(event.currentTarget.value)} />}</Labelled>
}

function offered(given: Given): ChoiceOption[] { return ((given.shape.settings?.options ?? []) as ChoiceOption[]) }
function choiceOptions(given: Given): PickOption[] {
  return offered(given).map(option => ({ value: option.key, label: given.designer.read(option.label, option.key), keywords: keywordsOf(option.label) }))
}

function ChoiceOptionField(given: Given): ReactNode {
  const options = choiceOptions(given)
  if (options.length > 8) return <Pick {...common(given)} value={text(started(given)) || undefined} options={options} onChange={given.change} {...(given.shape.required ? {} : { empty: say('designer.nothing') })} />
  return <Labelled label={given.shape.label} help={given.shape.help} problems={given.problems}>{ids =>
    <select {...ids} className="input" value={text(started(given))} onChange={event => given.change(event.currentTarget.value)}>
      {!given.shape.required && given.shape.default === undefined && <option value="">{say('designer.nothing')}</option>}
      {options.map(option => <option key={option.value} value={option.value}>{option.label}</option>)}</select>}</Labelled>
}

const ChoicesOption = (given: Given): ReactNode => <PickMany {...common(given)} values={list(started(given))} options={choiceOptions(given)} onChange={to => given.change(to)} />

const LabelOption = (given: Given): ReactNode => <WordsField label={given.shape.label} value={given.value as Text | undefined} onChange={given.change} {...(given.shape.help ? { help: given.shape.help } : {})} />

const ChoiceListOption = (given: Given): ReactNode => <ChoiceList label={given.shape.label} value={(given.value ?? []) as ChoiceOption[]} onChange={given.change} problems={given.problems} {...(given.shape.help ? { help: given.shape.help } : {})} />

/** A name from a list; one that isn't there (any more) stays and is marked by the check. */
function NameOption({ options, ...given }: Given & { options: PickOption[] }): ReactNode {
  const value = text(given.value)
  const all = value && !options.some(option => option.value === value) ? [{ value, label: value, note: say('designer.options.gone') }, ...options] : options
  return <Pick {...common(given)} required={given.shape.required} value={value} options={all} onChange={to => given.change(to || undefined)} empty={say('designer.nothing')} />
}

const EntityOption = (given: Given): ReactNode => <NameOption {...given} options={given.designer.draft.all<EntityDocument>('entity').map(entity =>
  ({ value: entity.key, label: given.designer.read(entity.label, entity.key), note: entity.key, keywords: keywordsOf(entity.label, entity.plural), icon: entity.icon }))} />

const RoleOption = (given: Given): ReactNode => <NameOption {...given} options={given.designer.draft.all<RoleDocument>('role').map(role =>
  ({ value: role.key, label: given.designer.read(role.label, role.key), note: role.key, keywords: keywordsOf(role.label) }))} />

function StateOption(given: Given): ReactNode {
  const workflow = given.designer.draft.get<WorkflowDocument>(`workflow/${given.panel.workflow ?? given.designer.boot.key}`)
  return <NameOption {...given} options={Object.entries(workflow?.states ?? {}).map(([key, state]) => ({ value: key, label: given.designer.read(state.label as Text | undefined, key), note: key, keywords: keywordsOf(state.label as Text | undefined) }))} />
}

function registered(given: Given, part: 'templates' | 'webhooks', label: string): PickOption[] {
  const app = given.designer.draft.all('app')[0]
  return Object.entries((app?.[part] ?? {}) as Record<string, Record<string, Text>>).map(([key, each]) => ({ value: key, label: given.designer.read(each[label], key), note: key, keywords: keywordsOf(each[label]) }))
}
const TemplateOption = (given: Given): ReactNode => <NameOption {...given} options={registered(given, 'templates', 'subject')} />
const WebhookOption = (given: Given): ReactNode => <NameOption {...given} options={registered(given, 'webhooks', 'label')} />

/** Whose fields an option names: the entity's own, or those of what another option leads to. */
export function fieldsFor(entities: (key: string) => EntityDocument | undefined, entity: string, key: string, values: Readonly<Record<string, unknown>>): Field[] {
  const own = entities(entity)?.fields.filter(field => !field.retired) ?? []
  const other = (name: unknown): Field[] => entities(String(name))?.fields.filter(field => !field.retired) ?? []
  const find = (name: unknown): Field | undefined => own.find(field => field.key === name)
  if (key === 'rows') return own.filter(field => field.type === 'rows')
  // A rollup's way leads from the other entity to this one, a mirror's from this one to the other.
  if (key === 'via') return values.entity ? other(values.entity).filter(field => targetOf(field) === entity) : own.filter(field => field.type === 'reference')
  if (key !== 'field') return own
  if (values.rows) return other(find(values.rows)?.options?.entity)
  return values.entity ? other(values.entity) : values.via ? other(targetOf(find(values.via))) : own
}

function FieldOption(given: Given): ReactNode {
  const { designer, panel, shape } = given
  const fields = useMemo(() => fieldsFor(key => designer.draft.get<EntityDocument>(`entity/${key}`), panel.entity, shape.key, panel.values), [designer.draft.version, panel.entity, shape.key, panel.values])
  return <NameOption {...given} options={fields.map(field => ({ value: field.key, label: designer.read(field.label, field.key), note: field.key, keywords: keywordsOf(field.label), icon: designer.fieldType(field.type)?.icon }))} />
}

function ExpressionOption(given: Given): ReactNode {
  const { shape, panel, problems } = given
  const expects = shape.settings?.expects as string | undefined
  const props = { label: shape.label, value: given.value as string | undefined, onChange: given.change, entity: panel.entity, problems, ...(panel.scope ? { scope: panel.scope } : {}), ...(shape.help ? { help: shape.help } : {}) }
  return expects === 'yes_no' ? <ConditionField {...props} /> : <FormulaField {...props} />
}

function PatternOption(given: Given): ReactNode {
  return <TextField {...common(given)} mono value={text(given.value)} placeholder="[A-Z]{2}-[0-9]{4}" onChange={given.change} />
}

/** A running number's pattern, its parts at hand, and what the next number would look like. */
function NumberPatternOption(given: Given): ReactNode {
  const pattern = text(given.value ?? given.shape.default)
  const example = numberExample(pattern, new Date())
  const wrong = 'problem' in example ? [say(`designer.options.pattern_${example.problem}`)] : []
  return <div className="number-pattern">
    <TextField {...common(given)} mono problems={[...wrong, ...given.problems]} value={text(given.value)} placeholder={text(given.shape.default)} onChange={given.change} />
    <div className="line parts">{['{YYYY}', '{YY}', '{MM}', '{DD}', '{0000}'].map(part => <button type="button" className="button small" key={part} aria-label={say('designer.options.pattern_add', { part: say(`designer.options.part_${part.slice(1, -1).toLowerCase()}`) })} title={say(`designer.options.part_${part.slice(1, -1).toLowerCase()}`)} onClick={() => given.change(text(given.value) + part)}><code>{part}</code></button>)}</div>
    {'shown' in example && <p className="muted" role="status">{say('designer.options.pattern_next', { number: example.shown })}</p>}
  </div>
}

const CURRENCIES = ['CNY', 'USD', 'EUR', 'HKD', 'JPY', 'GBP', 'TWD', 'KRW', 'SGD', 'AUD', 'CAD', 'CHF', 'SEK', 'DKK', 'NOK', 'INR', 'THB', 'MYR', 'VND', 'IDR', 'PHP', 'RUB', 'BRL', 'MXN', 'ZAR', 'AED', 'SAR', 'TRY', 'PLN', 'CZK', 'HUF', 'NZD', 'MOP']
function CurrencyOption(given: Given): ReactNode {
  const names = useMemo(() => [new Intl.DisplayNames(given.designer.language, { type: 'currency' }), new Intl.DisplayNames(given.designer.language === 'en' ? 'zh-CN' : 'en', { type: 'currency' })], [given.designer.language])
  const own = given.designer.draft.all('app')[0]?.currency
  const options = CURRENCIES.map(code => ({ value: code, label: `${names[0]!.of(code)} (${code})`, keywords: names[1]!.of(code) }))
  return <NameOption {...given} options={options} shape={{ ...given.shape, help: own && !given.value ? say('designer.options.app_currency', { currency: String(own) }) : given.shape.help ?? '' }} />
}

/** File name endings, typed freely: "pdf, .DWG" is ".pdf" and ".dwg". */
function EndingsOption(given: Given): ReactNode {
  const endings = list(given.value)
  const put = (typed: string): void => {
    const made = typed.split(/[\s,，;；、]+/).map(each => each.toLowerCase().replace(/^\*?\.?/, '.')).filter(each => /^\.[a-z0-9]{1,10}$/.test(each))
    given.change([...new Set([...endings, ...made])])
  }
  const groups = { pictures: ['.jpg', '.jpeg', '.png', '.gif', '.webp'], office: ['.pdf', '.doc', '.docx', '.xls', '.xlsx', '.ppt', '.pptx'], drawings: ['.dwg', '.dxf', '.step', '.stp', '.igs'] }
  return <div>
    <Labelled label={given.shape.label} help={given.shape.help} problems={given.problems}>{ids => <span className="several">
      {endings.map(ending => <span className="picked" key={ending}><code>{ending}</code><button type="button" aria-label={say('remove', { label: ending })} onClick={() => given.change(endings.filter(each => each !== ending))}>×</button></span>)}
      <input {...ids} className="input" autoComplete="off" placeholder=".pdf" onKeyDown={event => {
        const box = event.currentTarget
        if ((event.key === 'Enter' || event.key === ',' || event.key === ' ') && box.value.trim() && !event.isComposing) { event.preventDefault(); put(box.value); box.value = '' }
        else if (event.key === 'Backspace' && !box.value && endings.length) given.change(endings.slice(0, -1))
      }} onBlur={event => { if (event.currentTarget.value.trim()) { put(event.currentTarget.value); event.currentTarget.value = '' } }} /></span>}</Labelled>
    <div className="line parts">{Object.entries(groups).map(([key, more]) => <button type="button" className="button small" key={key} onClick={() => put(more.join(' '))}>{say(`designer.options.endings_${key}`)}</button>)}</div>
  </div>
}

const whole = (given: Given): ReactNode => <NumberOption {...given} whole />
const exact = (given: Given): ReactNode => <NumberOption {...given} whole={false} />

/** The editor of each type that an option may have; a contract test holds this table against the engine's registry. */
const EDITORS: Readonly<Record<string, (given: Given) => ReactNode>> = {
  text: TextOption, long_text: given => <TextField {...common(given)} lines={4} value={text(given.value)} onChange={given.change} />, email: TextOption, phone: TextOption, url: TextOption,
  integer: whole, rating: whole, decimal: exact, money: exact, percent: exact, constant_number: exact,
  yes_no: YesNoOption, choice: ChoiceOptionField, choices: ChoicesOption, date: DateOption,
  label: LabelOption, choice_list: ChoiceListOption, endings: EndingsOption, currency: CurrencyOption,
  text_pattern: PatternOption, number_pattern: NumberPatternOption, expression: ExpressionOption,
  field_name: FieldOption, entity_name: EntityOption, role_name: RoleOption, state_name: StateOption, template_name: TemplateOption, webhook_name: WebhookOption,
}
