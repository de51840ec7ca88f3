/** Setting things up with a part of the page that is still on its way. */
import { fetching } from './fetching.ts'

type Undo = () => void

/** The pointer's first sign of life, or the page having stood for a while: nobody who only looks or types waits for what
    hands need, and hands find it there, also when the connection has gone since. */
const hands = new Promise<void>(done => {
  for (const sign of ['pointermove', 'pointerdown']) addEventListener(sign, () => done(), { once: true, capture: true, passive: true })
  addEventListener('load', () => setTimeout(done, 1500))
})

/** What is given here is called once the module is there; its answer takes it down again, also when the module has not
    come yet. */
export function arriving<Module>(load: () => Promise<Module>): (start: (found: Module) => Undo) => Undo {
  const module = hands.then(() => fetching(load))
  return start => {
    let end: Undo | undefined
    let isOver = false
    void module.then(found => { if (!isOver) end = start(found) })
    return () => { isOver = true; end?.() }
  }
}
