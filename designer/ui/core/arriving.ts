/** Setting things up with a part of the page that is still on its way. */
import { fetching } from './fetching.ts'

type Undo = () => void

/** What is given here is called once the module is there; its answer takes it down again, also when the module has not
    come yet. */
export function arriving<Module>(load: () => Promise<Module>): (start: (found: Module) => Undo) => Undo {
  const module = fetching(load)
  return start => {
    let end: Undo | undefined
    let isOver = false
    void module.then(found => { if (!isOver) end = start(found) })
    return () => { isOver = true; end?.() }
  }
}
