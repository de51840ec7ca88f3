/** Reads trees (JSON, one per line) and says what rows make of them: {"text"} or {"why", "about"}. For the property test. */
import { createInterface } from 'node:readline'
import { fromTree, isComplete, toText, Unshown, type Tree } from '../../designer/ui/expressions/condition.ts'

for await (const line of createInterface({ input: process.stdin })) {
  try {
    const group = fromTree(JSON.parse(line) as Tree)
    console.log(JSON.stringify({ text: toText(group), complete: isComplete(group) }))
  } catch (error) {
    if (!(error instanceof Unshown)) throw error
    console.log(JSON.stringify({ why: error.code, about: error.about }))
  }
}
