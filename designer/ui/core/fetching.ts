/** Fetching a part of the page when the connection comes and goes.

    A browser remembers for the life of a page that a module could not be fetched, and doesn't ask again. So nothing is
    asked for while there is no connection, and what failed all the same is asked for under another address. */

const online = (): Promise<void> => navigator.onLine ? Promise.resolve() : new Promise(done => addEventListener('online', () => done(), { once: true }))
const pause = (milliseconds: number): Promise<void> => new Promise(done => setTimeout(done, milliseconds))

/** The part, however long it takes to come. */
export async function fetching<Module>(load: () => Promise<Module>): Promise<Module> {
  let again: () => Promise<Module> = load
  for (let wait = 1000; ; wait = Math.min(wait * 2, 60_000)) {
    await online()
    try {
      return await again()
    } catch (error) {
      const address = /https?:\S+?\.js/.exec(String(error))?.[0]
      if (address) again = () => import(/* @vite-ignore */ `${address}?again=${Date.now()}`) as Promise<Module>
      await pause(wait)
    }
  }
}
