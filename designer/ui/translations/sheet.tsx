/** The grid: only the rows that can be seen are drawn, so that 2,000 texts are no burden. */
import { useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import { moved, type Cell } from '../core/cells.ts'
import { Button, Icon } from '../parts/basics.tsx'
import { useDesigner } from '../parts/designer.tsx'
import { languageName, part } from './main.tsx'
import type { Line } from './texts.ts'

const ROW = 36
const SPARE = 8

type Write = (changes: readonly { line: Line; language: string; words: string }[], label: string, focus?: Record<string, unknown>) => void

export function Sheet({ lines, languages, write, onReset }: { lines: Line[]; languages: string[]; write: Write; onReset: (() => void) | undefined }): ReactNode {
  const designer = useDesigner()
  const { draft } = designer
  const box = useRef<HTMLDivElement>(null)
  const [place, setPlace] = useState<Cell>({ row: 0, column: 1 })
  const [editing, setEditing] = useState<{ words: string; line: Line; language: string } | null>(null)
  const [top, setTop] = useState(0)
  const [height, setHeight] = useState(600)
  const held = useRef(false)
  const focus = draft.focus as { path?: string; language?: string } | null
  const pointed = focus?.path ? lines.findIndex(line => line.path === focus.path) : -1
  const at: Cell = pointed >= 0 ? { row: pointed, column: languages.indexOf(focus?.language ?? '') + 1 || 1 } : { row: Math.max(0, Math.min(place.row, lines.length - 1)), column: Math.min(place.column, languages.length) }

  useLayoutEffect(() => {
    const seen = new ResizeObserver(() => setHeight(box.current?.clientHeight ?? 600))
    if (box.current) seen.observe(box.current)
    return () => seen.disconnect()
  }, [])
  const first = Math.max(0, Math.floor(top / ROW) - SPARE)
  const last = Math.min(lines.length, Math.ceil((top + height) / ROW) + SPARE)
  useLayoutEffect(() => {
    if (!held.current || editing) return
    const scroller = box.current!
    const [from, to] = [at.row * ROW, (at.row + 1) * ROW]
    const head = 34
    if (from < scroller.scrollTop) scroller.scrollTop = from
    else if (to > scroller.scrollTop + scroller.clientHeight - head) scroller.scrollTop = to - scroller.clientHeight + head
    scroller.querySelector<HTMLElement>(`[data-cell="${at.row}:${at.column}"]`)?.focus({ preventScroll: true })
  }, [at.row, at.column, editing, first, last])

  const go = (to: Cell): void => { held.current = true; if (draft.focus) draft.setFocus(null); setPlace(to) }
  const begin = (cell: Cell, words?: string): void => {
    const line = lines[cell.row]
    if (!line || cell.column < 1) return
    const language = languages[cell.column - 1]!
    setEditing({ line, language, words: words ?? line.words[cell.column - 1]! })
  }
  const take = (): void => {
    if (!editing) return
    const { line, language, words } = editing
    setEditing(null)
    const before = line.words[languages.indexOf(language)]
    if (words.trim() !== before?.trim()) write([{ line, language, words: words.trim() }], part('did', { text: words.trim().slice(0, 40) || part('nothing'), language: languageName(language, designer.language) }), { path: line.path, language })
  }
  const nextMissing = (): void => {
    for (let step = 1; step <= lines.length; step++) {
      const row = (at.row + step) % lines.length
      const column = lines[row]!.missing.indexOf(true) + 1
      if (column) { go({ row, column }); return }
    }
    designer.announce(part('none_missing'))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (editing || event.isComposing) return
    const control = event.ctrlKey || event.metaKey
    const to = event.altKey || event.shiftKey ? undefined : moved(at, event.key, control, lines.length, languages.length + 1, Math.max(1, Math.floor(height / ROW) - 2))
    if (to) { event.preventDefault(); go(to); return }
    if (event.altKey) return
    if (event.key === 'Enter' || event.key === 'F2') { event.preventDefault(); begin(at) }
    else if (control && event.key.toLowerCase() === 'c') { void navigator.clipboard?.writeText(lines[at.row]?.words[at.column - 1] ?? ''); event.preventDefault() }
    else if (control && event.key.toLowerCase() === 'v') { event.preventDefault(); void navigator.clipboard?.readText().then(words => begin(at, words), () => begin(at)) }
    else if (control) return
    else if ((event.key === 'Delete' || event.key === 'Backspace') && at.column) {
      event.preventDefault()
      const [line, language] = [lines[at.row]!, languages[at.column - 1]!]
      if (line.words[at.column - 1]) write([{ line, language, words: '' }], part('did_clear', { language: languageName(language, designer.language) }), { path: line.path, language })
    } else if (event.key.toLowerCase() === 'm' && at.column === 0) { event.preventDefault(); nextMissing() }
    else if (event.key.length === 1 && event.key !== '/' && event.key !== '?' && at.column) { event.preventDefault(); begin(at, event.key) }
  }
  const cellOf = (target: EventTarget | null): Cell | undefined => {
    const found = (target as Element | null)?.closest<HTMLElement>('[data-cell]')?.dataset.cell
    return found ? { row: Number(found.split(':')[0]), column: Number(found.split(':')[1]) } : undefined
  }
  if (!lines.length) return <div className="texts-empty"><Icon name="languages" /><p>{part('no_lines')}</p>{onReset && <Button label={part('reset')} onClick={onReset} />}</div>
  return <div className="texts-scroll" ref={box} onScroll={event => setTop(event.currentTarget.scrollTop)}>
    <table role="grid" aria-label={part('title')} aria-rowcount={lines.length + 1} aria-colcount={languages.length + 1} className="texts-grid" data-languages={languages.length}
      onKeyDown={event => onKeyDown(event as unknown as KeyboardEvent)} onFocusIn={event => {
        held.current = true
        const cell = (event.target as HTMLElement).dataset.cell ? cellOf(event.target) : undefined
        if (cell && (cell.row !== at.row || cell.column !== at.column)) go(cell)
      }}
      onFocusOut={event => { if (!event.currentTarget.contains(event.relatedTarget as Node)) held.current = false }}
      onPointerDown={event => { const cell = cellOf(event.target); if (cell && !(event.target as Element).closest('textarea')) go(cell) }} onDblClick={event => { const cell = cellOf(event.target); if (cell) begin(cell) }}>
      <thead><tr aria-rowindex={1}><th scope="col">{part('place')}</th>{languages.map(language => <th scope="col" key={language}>{languageName(language, designer.language)}<code>{language}</code></th>)}</tr></thead>
      <tbody>
        {first > 0 && <tr aria-hidden="true" className="spacer"><td colSpan={languages.length + 1}><span style={{ display: 'block', height: `${first * ROW}px` }} /></td></tr>}
        {lines.slice(first, last).map((line, index) => {
          const row = first + index
          const tab = (column: number): 0 | -1 => at.row === row && at.column === column ? 0 : -1
          return <tr key={line.path} aria-rowindex={row + 2}>
            <th scope="row" data-cell={`${row}:0`} tabIndex={tab(0)} title={line.path}><span className="where"><span className="of clip">{designer.name(line.address)}{line.trail.map(each => ` › ${each}`).join('')}</span> <small>{part(`part_${line.part}`)}</small></span></th>
            {languages.map((language, column) => {
              const isEditing = editing?.line.path === line.path && editing.language === language
              const words = line.words[column]!
              return <td key={language} role="gridcell" data-cell={`${row}:${column + 1}`} tabIndex={isEditing ? -1 : tab(column + 1)} className={`${line.missing[column] ? 'missing' : ''}${line.changed[column] ? ' changed' : ''}${line.shared[column] ? ' shared' : ''}${isEditing ? ' editing' : ''}`} lang={language}
                title={line.shared[column] && words ? part('shared') : undefined}>
                {isEditing
                  ? <Editor words={editing.words} label={`${designer.name(line.address)} ${line.trail.join(' ')} ${part(`part_${line.part}`)} · ${languageName(language, designer.language)}`} source={line.words.find((each, other) => other !== column && each) ?? ''}
                    onInput={next => setEditing({ ...editing, words: next })} onTake={way => { take(); go({ row: way === 'down' ? Math.min(lines.length - 1, row + 1) : row, column: Math.max(1, Math.min(languages.length, column + 1 + (way === 'next' ? 1 : way === 'back' ? -1 : 0))) }) }} onBlur={take} onEscape={() => { setEditing(null); held.current = true }} />
                  : <span className="clip">{words || (line.missing[column] ? <span className="gap">{part('missing')}</span> : '')}{line.changed[column] && <span className="sr"> {part('changed')}</span>}</span>}
              </td>
            })}
          </tr>
        })}
        {last < lines.length && <tr aria-hidden="true" className="spacer"><td colSpan={languages.length + 1}><span style={{ display: 'block', height: `${(lines.length - last) * ROW}px` }} /></td></tr>}
      </tbody>
    </table>
  </div>
}

function Editor({ words, label, source, onInput, onTake, onBlur, onEscape }: { words: string; label: string; source: string; onInput: (words: string) => void; onTake: (way: 'down' | 'next' | 'back') => void; onBlur: () => void; onEscape: () => void }): ReactNode {
  const field = useRef<HTMLTextAreaElement>(null)
  const done = useRef(false)
  useLayoutEffect(() => { field.current?.focus(); field.current?.setSelectionRange(words.length, words.length) }, [])
  useLayoutEffect(() => { const box = field.current; if (box) { box.style.height = 'auto'; box.style.height = `${Math.min(260, box.scrollHeight + 2)}px` } }, [words])
  return <div className="texts-editor"><textarea ref={field} aria-label={label} rows={1} value={words} onInput={event => onInput(event.currentTarget.value)}
    onBlur={() => { if (!done.current) { done.current = true; onBlur() } }}
    onKeyDown={event => {
      event.stopPropagation()
      if (event.isComposing) return
      if (event.key === 'Enter' && !event.shiftKey) { event.preventDefault(); done.current = true; onTake('down') }
      else if (event.key === 'Tab') { event.preventDefault(); done.current = true; onTake(event.shiftKey ? 'back' : 'next') }
      else if (event.key === 'Escape') { event.preventDefault(); done.current = true; onEscape() }
    }} />{source && source !== words && <p aria-hidden="true">{source}</p>}</div>
}
