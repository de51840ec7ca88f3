/** An expression as text, with completion, help and results. The editor is fetched when a page first shows one. */
import type { Extra, Kind, Scope } from '../expressions/names.ts'
import { later } from './later.tsx'

export interface FormulaProps {
  label: string
  value: string | undefined
  onChange: (text: string | undefined) => void
  entity: string
  expects?: Kind | undefined
  scope?: Scope | undefined
  own?: string | undefined
  extra?: Extra | undefined
  help?: string | undefined
  problems?: readonly string[] | undefined
  /** Without the label above (it is told to screen readers). */
  bare?: boolean
  /** Say it in words as well. */
  summary?: boolean
  /** The field that gets the value: a fixed value can then be given in the field's own way, without a formula. */
  about?: string | undefined
}

export const FormulaField = later(() => import('./formula_editor.tsx'), part => part.FormulaEditor)
