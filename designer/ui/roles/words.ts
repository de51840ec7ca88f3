/** Rights in the author's words. */
import { say } from '../../../runtime/ui/shared/texts.ts'
import type { Right, Scope, Verb } from './rights.ts'

const part = (code: string, values: Record<string, string | number> = {}): string => say(`designer.roles.${code}`, values)

export const verbName = (verb: Verb): string => part(`verb_${verb}`)
export const scopeName = (scope: Scope, verb?: Verb): string => verb === 'create' ? part(scope === 'none' ? 'no' : 'yes') : part(`scope_${scope}`)
export const scopeShort = (scope: Scope, verb?: Verb): string => verb === 'create' ? part(scope === 'none' ? 'no' : 'yes') : part(`short_${scope}`)
export const rightName = (right: Right): string => part(`right_${right}`)

/** "Sales may change their own records of Quotation." */
export function sentence(role: string, entity: string, verb: Verb, scope: Scope, rule = ''): string {
  if (verb === 'create') return part(scope === 'none' ? 'says_no_create' : 'says_create', { role, entity })
  return part(`says_${scope}`, { role, entity, verb: part(`do_${verb}`), rule })
}

export { part }
