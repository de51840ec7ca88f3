/** What the check says about the draft, by document and place. */
import type { Address } from './documents.ts'

export interface Finding {
  code: string
  level: 'error' | 'warning'
  address: Address
  path: (string | number)[]
  message: string
}

/** Findings at `path` or inside it. */
export const within = (findings: readonly Finding[], place: Address, path: readonly (string | number)[] = []): Finding[] =>
  findings.filter(finding => finding.address === place && path.every((step, index) => String(finding.path[index]) === String(step)))
