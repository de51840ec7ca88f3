/** The form designer. */
import '../main.ts'
import './form.css'
import { useEffect, useLayoutEffect, useReducer, useRef, useState, type ReactNode } from 'react'
import { toast } from '../../../runtime/ui/shared/announce.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import type { Shortcut } from '../core/shortcuts.ts'
import { mount, useDesigner } from '../parts/designer.tsx'
import { later } from '../parts/later.tsx'
import { Frame } from '../parts/frame.tsx'
import { Board, type More } from './board.ts'
import { Canvas, element } from './canvas.tsx'
import { watch } from './drag.ts'
import * as model from './model.ts'
import { Palette } from './palette.tsx'
import { enterPanel, PANEL } from './enter.ts'

// What isn't there at first comes when it is asked for.
const Panel = later(() => import('./panel.tsx'), part => part.Panel)
const Outline = later(() => import('./outline.tsx'), part => part.Outline)
const Preview = later(() => import('./preview.tsx'), part => part.Preview)
const Questions = later(() => import('./questions.tsx'), part => part.Questions)

function FormDesigner(): ReactNode {
  const designer = useDesigner<More>()
  const [board] = useState(() => new Board(designer))
  const [, again] = useReducer((count: number) => count + 1, 0)
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => { board.tell = text => toast(text, 'info'); return board.subscribe(() => again(undefined as never)) }, [])
  useEffect(() => {
    const scrollers = ['.designer-canvas', '.designer-left'].flatMap(name => document.querySelector<HTMLElement>(name) ?? [])
    return watch(board, scrollers)
  }, [])
  useFocus(board)
  const { ui, focus } = board
  const isPreview = ui.mode === 'preview'
  return <div className="form-designer" ref={place}>
    <Frame title={designer.read(board.form.label, board.form.key)} shortcuts={shortcuts(board)} findings={board.problems().mine} onFinding={finding => board.jump(finding)}
      tools={<div className="segments" role="group" aria-label={say('designer.form.mode')}>{(['design', 'preview'] as const).map(mode => <button type="button" key={mode} aria-pressed={ui.mode === mode} onClick={() => board.set({ mode, renaming: null, adding: null })}>{say(`designer.form.mode_${mode}`)}</button>)}</div>}
      leftLabel={say('designer.form.left')} rightLabel={say('designer.form.right')}
      {...(isPreview ? {} : { left: <Later inside=".designer-left" draw={() => <Left board={board} />} />, right: <Later inside={PANEL} draw={() => <Panel board={board} />} /> })}>
      {isPreview ? <Preview board={board} /> : <Canvas board={board} />}
      {ui.question && <Questions board={board} />}
    </Frame>
    <p className="sr" data-where>{focus.active ? board.name(focus.active) : ''}</p>
  </div>
}

const PAUSE = 90
/** What stands beside the canvas follows it after a moment, so that going through 300 fields doesn't draw 300 panels; at
    once while the author works in it, and when it is drawn first. */
function Later({ inside, draw }: { inside: string; draw: () => ReactNode }): ReactNode {
  const [, again] = useReducer((count: number) => count + 1, 0)
  const drawn = useRef<ReactNode>(null)
  const isDue = useRef(true)
  const timer = useRef(0)
  const isNow = isDue.current || drawn.current === null || !!document.activeElement?.closest(inside)
  clearTimeout(timer.current)
  if (isNow) { isDue.current = false; drawn.current = draw() }
  else timer.current = window.setTimeout(() => { isDue.current = true; again(undefined as never) }, PAUSE)
  useEffect(() => () => clearTimeout(timer.current), [])
  return drawn.current
}

function Left({ board }: { board: Board }): ReactNode {
  const { pane } = board.ui
  return <>
    <div className="segments full pane-switch" role="group" aria-label={say('designer.form.left')}>{(['add', 'outline'] as const).map(each => <button type="button" key={each} aria-pressed={pane === each} onClick={() => board.set({ pane: each })}>{say(`designer.form.pane_${each}`)}</button>)}</div>
    {pane === 'add' ? <Palette board={board} /> : <Outline board={board} />}
  </>
}

/** The browser's focus follows what is active: after a command, after undo, when what had it is gone. */
function useFocus(board: Board): void {
  const isFirst = useRef(true)
  useLayoutEffect(() => {
    if (isFirst.current) { isFirst.current = false; return }
    if (document.querySelector('dialog[open]') || board.ui.renaming || board.ui.mode === 'preview') return
    const now = document.activeElement
    if (board.wanted !== null) {
      const id = board.wanted || board.focus.active
      board.wanted = null
      const there = element(id) ?? document.querySelector<HTMLElement>('.sheet [data-id][tabindex="0"]')
      there?.focus()
      return
    }
    if (board.ui.adding) return
    const isLost = !now || now === document.body
    if (isLost || now.closest('.sheet [data-id]')) { const there = element(board.focus.active); if (there && there !== now && (isLost ? board.focus.active : true)) there.focus() }
  })
}

const onCanvas = (): boolean => !!document.activeElement?.closest('.sheet [data-id], .outline [data-node]')
const onSheet = (): boolean => !!document.activeElement?.closest('.sheet [data-id]')

/** The nearest thing above or below the active one, as it stands on the screen. */
function vertical(board: Board, step: 1 | -1): void {
  const all = [...document.querySelectorAll<HTMLElement>('.sheet [data-id]')]
  const from = element(board.focus.active)?.getBoundingClientRect()
  if (!from) return
  const middle = from.left + from.width / 2
  let best: HTMLElement | undefined
  let least = Infinity
  for (const each of all) {
    const to = each.getBoundingClientRect()
    const away = step > 0 ? to.top - from.bottom : from.top - to.bottom
    if (away < -4) continue
    const aside = middle < to.left ? to.left - middle : middle > to.right ? middle - to.right : 0
    const cost = away * 3 + aside
    if (cost < least) { least = cost; best = each }
  }
  if (best) board.select(best.dataset.id!)
}
function sideways(board: Board, step: 1 | -1, how: 'one' | 'range' = 'one'): void {
  const { active, tab } = board.focus
  if (active?.startsWith('t:')) { const to = model.tabAt(board.form, active) + step; if (board.form.tabs[to]) board.showTab(to); return }
  const list = model.walk(board.form, tab)
  const to = list[active ? list.indexOf(active) + step : 0]
  if (to) board.select(to, how === 'range' && model.isItem(to) ? 'range' : 'one')
}

function shortcuts(board: Board): Shortcut[] {
  const moving = say('designer.form.keys_move')
  const choosing = say('designer.form.keys_select')
  const changing = say('designer.form.keys_change')
  const regions = say('designer.form.keys_regions')
  const isDesign = (): boolean => board.ui.mode === 'design'
  const ends = (last: boolean): void => { const list = model.walk(board.form, board.focus.tab); const to = last ? list.at(-1) : list[0]; if (to) board.select(to) }
  return [
    { keys: 'ArrowDown', label: say('designer.form.key_down'), group: choosing, when: onSheet, act: () => vertical(board, 1) },
    { keys: 'ArrowUp', label: say('designer.form.key_up'), group: choosing, when: onSheet, act: () => vertical(board, -1) },
    { keys: 'ArrowRight', label: say('designer.form.key_next'), group: choosing, when: onSheet, act: () => sideways(board, 1) },
    { keys: 'ArrowLeft', label: say('designer.form.key_previous'), group: choosing, when: onSheet, act: () => sideways(board, -1) },
    { keys: 'Home', label: say('designer.form.key_first'), group: choosing, when: onSheet, act: () => ends(false) },
    { keys: 'End', label: say('designer.form.key_last'), group: choosing, when: onSheet, act: () => ends(true) },
    { keys: 'Shift+ArrowRight', label: say('designer.form.key_extend'), group: choosing, when: onSheet, act: () => sideways(board, 1, 'range') },
    { keys: 'Shift+ArrowDown', label: say('designer.form.key_extend'), group: choosing, when: onSheet, act: () => sideways(board, 1, 'range') },
    { keys: 'Shift+ArrowLeft', label: say('designer.form.key_extend_back'), group: choosing, when: onSheet, act: () => sideways(board, -1, 'range') },
    { keys: 'Shift+ArrowUp', label: say('designer.form.key_extend_back'), group: choosing, when: onSheet, act: () => sideways(board, -1, 'range') },
    { keys: ' ', label: say('designer.form.key_toggle'), group: choosing, when: onCanvas, act: () => { if (board.focus.active) board.select(board.focus.active, 'toggle') } },
    { keys: 'Ctrl+A', label: say('designer.form.key_all'), group: choosing, when: () => isDesign() && (onCanvas() || document.activeElement === document.body), act: () => board.selectAll() },
    { keys: 'Escape', label: say('designer.form.key_none'), group: choosing, when: onCanvas, act: () => { const { active, tab } = board.focus; board.designer.draft.setFocus({ items: [], active, tab }) } },
    { keys: 'Alt+ArrowUp', label: say('designer.form.key_move_up'), group: moving, when: onCanvas, act: () => board.nudge(-1) },
    { keys: 'Alt+ArrowDown', label: say('designer.form.key_move_down'), group: moving, when: onCanvas, act: () => board.nudge(1) },
    { keys: 'Alt+ArrowLeft', label: say('designer.form.key_move_up'), group: moving, when: onCanvas, act: () => board.nudge(-1) },
    { keys: 'Alt+ArrowRight', label: say('designer.form.key_move_down'), group: moving, when: onCanvas, act: () => board.nudge(1) },
    { keys: 'Alt+Shift+ArrowUp', label: say('designer.form.key_section_up'), group: moving, when: onCanvas, act: () => board.nudge(-1, true) },
    { keys: 'Alt+Shift+ArrowDown', label: say('designer.form.key_section_down'), group: moving, when: onCanvas, act: () => board.nudge(1, true) },
    { keys: 'F2', label: say('designer.form.key_rename'), group: changing, when: onCanvas, act: () => { const { active } = board.focus; if (active && !active.startsWith('l:')) board.set({ renaming: active }) } },
    { keys: 'Enter', label: say('designer.form.key_panel'), group: changing, when: onSheet, act: () => { const { active, items } = board.focus; if (active && items.length < 2) board.select(active); setTimeout(enterPanel, PAUSE + 30) } },
    { keys: 'Delete', label: say('designer.form.key_delete'), group: changing, when: onCanvas, act: () => board.remove() },
    { keys: 'Backspace', label: say('designer.form.key_delete'), group: changing, when: onCanvas, act: () => board.remove() },
    { keys: 'Ctrl+C', label: say('designer.form.key_copy'), group: changing, when: onCanvas, act: () => board.copy() },
    { keys: 'Ctrl+X', label: say('designer.form.key_cut'), group: changing, when: onCanvas, act: () => board.copy(true) },
    { keys: 'Ctrl+V', label: say('designer.form.key_paste'), group: changing, when: () => isDesign() && (onCanvas() || document.activeElement === document.body), act: () => board.paste() },
    { keys: 'Ctrl+D', label: say('designer.form.key_duplicate'), group: changing, when: onCanvas, act: () => board.duplicate() },
    { keys: 'Insert', label: say('designer.form.key_insert'), group: changing, when: onSheet, act: () => insert(board) },
    { keys: '/', label: say('designer.form.key_palette'), group: regions, when: isDesign, act: () => { board.set({ pane: 'add' }); setTimeout(() => document.querySelector<HTMLElement>('[data-palette-search]')?.focus()) } },
    { keys: 'Ctrl+Enter', label: say('designer.form.key_preview'), group: regions, always: true, act: () => showPreview(board) },
    { keys: 'F6', label: say('designer.form.key_region'), group: regions, always: true, when: isDesign, act: () => nextRegion(board) },
  ]
}
function insert(board: Board): void {
  const { active, tab } = board.focus
  const form = board.form
  const section = form.tabs[tab]?.sections[0]
  const id = active && (model.isItem(active) || active.startsWith('s:')) ? active : section && model.sectionId(form.tabs[tab]!, section)
  if (id) board.set({ adding: id.startsWith('s:') ? model.placed(form).filter(each => each.section_id === id).at(-1)?.id ?? id : id })
}
function showPreview(board: Board): void {
  const isPreview = board.ui.mode === 'preview'
  board.set({ mode: isPreview ? 'design' : 'preview', renaming: null, adding: null })
  if (isPreview) board.focusOn(board.focus.active)
  else setTimeout(() => document.querySelector<HTMLElement>('.preview-bar button[aria-pressed="true"]')?.focus())
}
function nextRegion(board: Board): void {
  const now = document.activeElement
  if (now?.closest('.designer-left')) board.focusOn(board.focus.active)
  else if (now?.closest(PANEL)) document.querySelector<HTMLElement>('.designer-left :is([data-palette-search], [data-node][tabindex="0"])')?.focus()
  else if (now?.closest('.sheet')) enterPanel()
  else board.focusOn(board.focus.active)
}

mount(() => <FormDesigner />)
