/** Reads {now, timezone, scope, trees} as JSON and writes the answers of the browser's evaluator. */
import { readFileSync } from 'node:fs'
import { run, type Tree } from '../../../runtime/ui/shared/expression.ts'

const { now, timezone, scopes, trees } = JSON.parse(readFileSync(0, 'utf8')) as { now: string, timezone: string, scopes: Record<string, unknown>[], trees: Tree[] }
const given = { now: new Date(now), timezone }
process.stdout.write(JSON.stringify(trees.map(tree => scopes.map(scope => run(tree, name => scope[name], given)))))
