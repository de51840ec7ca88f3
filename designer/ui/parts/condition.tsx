/** A condition as rows to fill in, or as text. The editor is fetched when a page first shows one. */
import type { Extra, Scope } from '../expressions/names.ts'
import { later } from './later.tsx'

export interface ConditionProps {
  label: string
  value: string | undefined
  /** `undefined`: there is no condition. */
  onChange: (text: string | undefined) => void
  entity: string
  scope?: Scope
  own?: string
  extra?: Extra
  expects?: 'yes_no'
  help?: string
  problems?: readonly string[]
  /** What "no condition" means here, in words ("always visible"). */
  none?: string
}

export const ConditionField = later(() => import('./condition_editor.tsx'), part => part.ConditionEditor)
