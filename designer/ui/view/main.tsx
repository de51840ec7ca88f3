/** The view designer: columns and fields to the left, the real view in the middle, settings to the right. */
import '../main.ts'
import '../../../runtime/ui/styles/boards.css'
import './view.css'
import { useState, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import type { ViewDocument } from '../core/documents.ts'
import type { Shortcut } from '../core/shortcuts.ts'
import { mount } from '../parts/designer.tsx'
import { Icon } from '../parts/basics.tsx'
import { Frame, showPanel } from '../parts/frame.tsx'
import { Columns, PANEL } from './columns.tsx'
import * as model from './model.ts'
import { Panel } from './panel.tsx'
import { Preview, type Device } from './preview.tsx'
import { commands, useStudio, type Studio } from './studio.ts'

const DEVICES: readonly [Device, string][] = [['desktop', 'monitor'], ['tablet', 'tablet'], ['phone', 'smartphone']]

function ViewDesigner(): ReactNode {
  const studio = useStudio()
  const [device, setDevice] = useState<Device>(innerWidth < 700 ? 'phone' : 'desktop')
  const { designer, view } = studio
  const go = (path: readonly (string | number)[]): void => {
    const column = path[0] === 'columns' && typeof path[1] === 'number' ? view.columns[path[1]] : undefined
    studio.choose(column === undefined ? undefined : model.pathOf(column))
    showPanel('right')
    setTimeout(() => (document.querySelector<HTMLElement>(`${PANEL} [aria-invalid=true]`) ?? document.querySelector<HTMLElement>(`${PANEL} .stack :is(input, select, button)`))?.focus())
  }
  return <Frame title={designer.read(view.label, view.key)} shortcuts={shortcuts(studio, setDevice)} findings={designer.findings.filter(finding => finding.address === designer.place)} onFinding={finding => go(finding.path)} onGoTo={go}
    tools={<div className="segments" role="group" aria-label={say('designer.view.device')}>{DEVICES.map(([each, icon]) => <button type="button" key={each} aria-pressed={device === each} aria-label={say(`designer.view.device_${each}`)} title={say(`designer.view.device_${each}`)} onClick={() => setDevice(each)}><Icon name={icon} /></button>)}</div>}
    left={<Columns studio={studio} />} leftLabel={say('designer.view.left')} right={<Panel studio={studio} />} rightLabel={say('designer.view.panel')}>
    <Preview studio={studio} device={device} />
  </Frame>
}

function shortcuts(studio: Studio, setDevice: (to: Device) => void): Shortcut[] {
  const { view, chosen, designer } = studio
  const group = say('designer.view.keys')
  const run = commands(studio)
  const item = (): void => { const now = designer.draft.get<ViewDocument>(designer.place)!; document.querySelector<HTMLElement>(`.view-columns [data-path="${CSS.escape(chosen ?? model.pathOf(now.columns[0]!))}"]`)?.focus() }
  const has = (): boolean => chosen !== undefined
  return [
    { keys: '/', label: say('designer.view.search_fields'), group, act: () => document.querySelector<HTMLElement>('.view-search input')?.focus() },
    { keys: 'Escape', label: say('designer.view.back'), group, always: true, act: () => item(), when: () => document.activeElement?.closest(PANEL) !== null && !document.querySelector('[aria-expanded=true][role=combobox]') },
    { keys: 'Alt+ArrowUp', label: say('designer.view.earlier'), group, act: () => run.move(chosen!, model.indexOf(view, chosen!) - 1), when: has },
    { keys: 'Alt+ArrowDown', label: say('designer.view.later'), group, act: () => run.move(chosen!, model.indexOf(view, chosen!) + 2), when: has },
    { keys: 'Delete', label: say('designer.view.remove'), group, act: () => run.remove(chosen!), when: has },
    { keys: 'Enter', label: say('designer.view.to_panel'), group, act: () => {}, when: () => false },
    { keys: 'F2', label: say('designer.view.label'), group, act: () => {}, when: () => false },
    { keys: 'Alt+1', label: say('designer.view.device_desktop'), group, act: () => setDevice('desktop'), always: true },
    { keys: 'Alt+2', label: say('designer.view.device_tablet'), group, act: () => setDevice('tablet'), always: true },
    { keys: 'Alt+3', label: say('designer.view.device_phone'), group, act: () => setDevice('phone'), always: true },
  ]
}

mount(() => <ViewDesigner />)
