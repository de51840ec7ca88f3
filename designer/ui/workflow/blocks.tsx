/** Approval patterns beside the canvas: a press puts one behind the selected step, dragging at any "+". */
import { draggable } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import type { ReactNode } from 'react'
import { announce } from '../../../runtime/ui/shared/announce.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { Blocks, fitted, tellPlaced, type Block, type Fitted } from '../parts/blocks.tsx'
import { findEdge, focusOn, gapOf } from './commands.ts'
import { placeSteps, stepsOfBlock, withoutPassing } from './model/blocks.ts'
import { gapAfter, type Gap } from './model/change.ts'
import type { Workflow } from './model/shapes.ts'
import { currentWorld, useWorld } from './world.ts'

const drag = (element: HTMLElement, block: Block): (() => void) => draggable({
  element, getInitialData: () => ({ kind: 'block', block }),
  onDragStart: () => element.setAttribute('data-dragging', ''), onDrop: () => element.removeAttribute('data-dragging'),
})

/** What is a beginning and its ends is a workflow of its own, and nothing to put between steps. */
const hasSteps = (block: Block): boolean => stepsOfBlock(block.document as unknown as Workflow).length > 0

export function FlowBlocks({ gap, onPlaced }: { gap?: Gap | undefined; onPlaced: () => void }): ReactNode {
  const { flow } = useWorld()
  return <Blocks offers="workflow" entity={flow.entity} only={hasSteps} drag={drag} help={say('designer.blocks.help_workflow')} onPlaced={(block, made) => { place(block, made, gap && isThere(gap) ? gap : undefined); onPlaced() }} />
}

/** The place may have changed since its “+” was pressed. */
const isThere = (gap: Gap): boolean => gap.edges.every(edge => findEdge(currentWorld().flow, edge.id)?.target === gap.target)

export async function drop(block: Block, gap: Gap): Promise<void> {
  const { designer, flow } = currentWorld()
  const made = await fitted(designer, block, flow.entity)
  if (made) place(block, made, gap)
}

/** Where nothing is selected: after the beginning. */
function place(block: Block, made: Fitted, given?: Gap): void {
  const world = currentWorld()
  const { selection, more, flow } = world
  const edge = selection.edge ? findEdge(flow, selection.edge) : undefined
  const found = given ? { flow, gap: given } : edge && gapOf(world, edge.id) ? { flow, gap: gapOf(world, edge.id)! } : gapAfter(flow, selection.states.at(-1) ?? flow.initial, more.words)
  if (!found) { announce(say('designer.workflow.ends_here')); return }
  let states: string[] = []
  world.edit(say('designer.blocks.did', { label: world.designer.read(block.label) }), () => {
    const placed = placeSteps(withoutPassing(found.flow, found.gap), made.document as unknown as Workflow, found.gap, more.words, [...world.fields, ...made.fields])
    states = placed?.made ?? []
    return placed?.flow
  }, {
    get made() { return states }, get select() { return { states: states.slice(0, 1), edge: undefined } },
    fields: made.fields.filter(field => field.key !== (made.document as unknown as Workflow).status_field), said: '',
  })
  if (states[0]) focusOn({ state: states[0] })
  tellPlaced(world.designer, block, made)
}
