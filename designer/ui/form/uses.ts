/** Who uses a field, in words that an author understands. */
import { say } from '../../../runtime/ui/shared/texts.ts'
import type { Address, EntityDocument, Text } from '../core/documents.ts'
import type { Board, Use } from './board.ts'

export interface UseLine { kind: string; text: string; href: string }

/** The uses of a field in lines, each said once; the form that is open comes first. */
export function usesOf(board: Board, key: string, uses: readonly Use[]): UseLine[] {
  const { designer } = board
  const entity = board.entityKey
  const found = new Map<string, UseLine>()
  for (const use of uses) {
    const [what, owner, name] = use.target
    if ((what !== 'field' && what !== 'option') || owner !== entity || name !== key) continue
    // A field is no user of itself: its own options and definition.
    if (use.kind === 'entity' && use.key === entity && use.path[0] === 'fields' && board.entity?.fields[Number(use.path[1])]?.key === key) continue
    const line = { kind: use.kind, text: wordsOf(board, use), href: `/design/${designer.boot.app}/${use.kind}/${use.key}` }
    found.set(line.text, line)
  }
  return [...found.values()].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))
}
const ORDER = ['form', 'view', 'entity', 'workflow', 'role', 'app']

function wordsOf(board: Board, use: Use): string {
  const { designer } = board
  const document = designer.draft.get(`${use.kind}/${use.key}` as Address)
  const label = designer.read(document?.label as Text | undefined, use.key)
  const last = use.path.findLast(step => typeof step === 'string')
  if (use.kind === 'form') return say(last === 'visible' || last === 'required' || last === 'read_only' ? `designer.form.use_form_${last}` : 'designer.form.use_form', { label })
  if (use.kind === 'view') return say(use.path[0] === 'columns' ? 'designer.form.use_view_column' : 'designer.form.use_view', { label })
  if (use.kind === 'role') return say('designer.form.use_role', { label })
  if (use.kind === 'workflow') return say('designer.form.use_workflow', { label })
  if (use.kind === 'app') return say('designer.form.use_app')
  const entity = document as EntityDocument | undefined
  if (use.path[0] === 'rules') return say('designer.form.use_rule', { label, rule: designer.read(entity?.rules?.[Number(use.path[1])]?.message, String(use.path[1])) })
  if (use.path[0] === 'fields') { const field = entity?.fields[Number(use.path[1])]; return say('designer.form.use_field', { label, field: designer.read(field?.label, field?.key ?? '') }) }
  return say('designer.form.use_entity', { label })
}
