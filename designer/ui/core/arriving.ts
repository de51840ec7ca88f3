/** Setting things up with a part of the page that is still on its way. */
type Undo = () => void

/** What is given here is called once the module is there; its answer takes it down again, also when the module has not
    come yet. Without a connection nothing is set up, and nothing else of the page suffers. */
export function arriving<Module>(module: Promise<Module>): (start: (found: Module) => Undo) => Undo {
  return start => {
    let end: Undo | undefined
    let isOver = false
    module.then(found => { if (!isOver) end = start(found) }, () => { /* the page goes on without it */ })
    return () => { isOver = true; end?.() }
  }
}
