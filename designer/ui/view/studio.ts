/** What the parts of the view designer share: the document, its names, the chosen column, and the commands. */
import { useMemo } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import type { ViewDocument, WorkflowDocument } from '../core/documents.ts'
import { within } from '../core/problems.ts'
import { keywordsOf } from '../core/spelling.ts'
import { findName, type Name } from '../expressions/names.ts'
import { useDesigner, useDocument, type Designer } from '../parts/designer.tsx'
import { useNames, useWorld } from '../parts/expressions.tsx'
import type { PickOption } from '../parts/pick.tsx'
import * as model from './model.ts'

export interface Studio {
  designer: Designer
  view: ViewDocument
  names: readonly Name[]
  /** The name at a path, whatever number of steps. */
  find: (path: string) => Name | undefined
  label: (path: string) => string
  /** What a column is called in the list: its own label, or the field's. */
  title: (path: string) => string
  icon: (name: Name | undefined) => string
  /** Fields that a workflow writes. */
  status: readonly string[]
  chosen: string | undefined
  options: (fits: (name: Name) => boolean) => PickOption[]
  problems: (...path: (string | number)[]) => string[]
  choose: (path: string | undefined) => void
  edit: (label: string, how: (view: ViewDocument) => ViewDocument, more?: { merge?: string; focus?: string | null }) => boolean
}

export function useStudio(): Studio {
  const designer = useDesigner()
  const view = useDocument<ViewDocument>()
  const world = useWorld()
  const names = useNames({ entity: view.entity, scope: 'list' })
  const place = designer.place
  const fields = useMemo(() => names.filter(model.isColumn), [names])
  const find = (path: string): Name | undefined => findName(world, fields, path)
  const label = (path: string): string => find(path)?.label ?? path
  const title = (path: string): string => {
    const column = view.columns.find(each => model.pathOf(each) === path)
    return (column && designer.read(model.columnOf(column).label)) || label(path)
  }
  const focus = designer.draft.focus as { column?: string } | null
  const chosen = focus?.column !== undefined && model.indexOf(view, focus.column) >= 0 ? focus.column : undefined
  return {
    designer, view, names: fields, find, label, title, chosen,
    icon: name => designer.fieldType(name?.type ?? '')?.icon || (name?.kind === 'datetime' ? 'calendar-clock' : name?.target ? 'user' : 'circle-dot'),
    status: designer.draft.all<WorkflowDocument>('workflow').filter(flow => flow.entity === view.entity).map(flow => flow.status_field),
    options: fits => fields.filter(fits).map(name => ({ value: name.name, label: name.label, keywords: `${keywordsOf(...name.words)} ${name.name}`, icon: designer.fieldType(name.type)?.icon })),
    problems: (...path) => within(designer.findings, place, path).map(finding => finding.message),
    choose: path => designer.draft.setFocus(path === undefined ? null : { column: path }),
    edit: (what, how, more = {}) => designer.draft.edit(what, edits => edits.change<ViewDocument>(place, how), {
      ...(more.merge ? { merge: more.merge } : {}), ...(more.focus === undefined ? {} : { focus: more.focus === null ? null : { column: more.focus } }),
    }),
  }
}

/** The commands on columns; each says what it did. */
export function commands(studio: Studio) {
  const { view, title, edit, designer } = studio
  const count = (): number => (designer.draft.get<ViewDocument>(designer.place)!).columns.length
  return {
    add(path: string, at?: number): void {
      const to = at ?? (studio.chosen === undefined ? view.columns.length : model.indexOf(view, studio.chosen) + 1)
      if (!edit(say('designer.view.did_add', { name: studio.label(path) }), old => model.addColumns(old, [path], to), { focus: path })) return
      designer.announce(say('designer.view.added', { name: studio.label(path), position: to + 1, count: count() }))
    },
    remove(path: string): void {
      if (view.columns.length < 2) { designer.announce(say('designer.view.last_column')); return }
      const at = model.indexOf(view, path)
      const next = view.columns[at + 1] ?? view.columns[at - 1]
      edit(say('designer.view.did_remove', { name: title(path) }), old => model.removeColumn(old, path), { focus: next === undefined ? null : model.pathOf(next) })
      designer.announce(say('designer.view.removed', { name: title(path) }))
    },
    /** `to` counts the columns as they stand. */
    move(path: string, to: number): void {
      const from = model.indexOf(view, path)
      const place = Math.max(0, Math.min(view.columns.length, to))
      if (!edit(say('designer.view.did_move', { name: title(path) }), old => model.moveColumn(old, path, place), { focus: path })) return
      designer.announce(say('designer.view.moved', { name: title(path), position: (place > from ? place - 1 : place) + 1, count: view.columns.length }))
    },
    width(path: string, width: number | undefined): void {
      edit(say('designer.view.did_width', { name: title(path) }), old => model.setColumn(old, path, { width: width === undefined ? undefined : model.clamp(width) }), { merge: `width ${path}`, focus: path })
      designer.announce(width === undefined ? say('designer.view.width_free', { name: title(path) }) : say('designer.view.width_set', { name: title(path), width: model.clamp(width) }))
    },
  }
}
