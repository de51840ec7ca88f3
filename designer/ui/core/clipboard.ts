/** What was copied or cut, across forms, designers and tabs of the browser. */
export interface Clip { kind: string; app: string; from: string; content: unknown }

const SLOT = 'formwork.clipboard'

export function copy(clip: Clip): void {
  try { localStorage.setItem(SLOT, JSON.stringify(clip)) } catch { /* private windows may forbid it */ }
}

/** The clip, when it is of one of these kinds. */
export function pasted(...kinds: string[]): Clip | undefined {
  try {
    const clip = JSON.parse(localStorage.getItem(SLOT) ?? 'null') as Clip | null
    return clip && kinds.includes(clip.kind) ? clip : undefined
  } catch { return undefined }
}
