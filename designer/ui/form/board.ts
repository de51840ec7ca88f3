/** The form designer's state and commands: what the mouse, the keys, the palette and the panel all call. */
export { Adding as Board } from './adding.ts'
export type { Block } from '../parts/blocks.tsx'
export type { Focus, More, Question, Ui, Use } from './state.ts'
