/** What the server says about a simulation (`engine/workflow/simulation/telling.py`), and the script that is sent. */

export interface Condition { words: string; result: boolean | null; reads: { label: string; value: string }[]; about?: string; person?: string }
export interface Case extends Condition { to: { key: string; label: string }; taken: boolean }
export interface StateShown { key: string; label: string; type: 'input' | 'choice' | 'approval' | 'final'; status: string | null }
export interface SeatShown { seat: number; user: string | null; name: string; rule: string; status: string; word: string; is_open: boolean; fields?: { key: string; required: boolean }[] }
export interface TimerShown { key: string; words: string; at: string; status: string }
export interface Visit {
  number: number; round: number; state: StateShown; result: string | null; cases: Case[]; conditions: Condition[]; seats: SeatShown[]
  decide: string | null; nobody: string | null; timers: TimerShown[]; effects: string[]; filled: string[]
}
export interface MoveShown {
  name: string; label: string; to: { key: string; label: string }; by: string; who: string | null; who_name: string; people: { id: string; name: string }[]
  when: Condition | null; is_global: boolean; require: string[]
}
export interface Told {
  person: { id: string; name: string }
  initiator: string
  unreadable: string[]
  visits: Visit[]
  here: { state: StateShown; is_final: boolean; outcome: string | null; moves: MoveShown[]; seats: SeatShown[]; returns: { key: string; label: string }[]; timers: TimerShown[] }
  refused: { turn: number; problems: { code: string; path: (string | number)[]; message: string }[]; attempt: Visit[] } | null
  taken: { states: string[]; edges: Edge[]; current: string }
}
/** One step on the way, from state to state; out of a choice also by which case ("cases/1", "otherwise"). */
export interface Edge { from: string; to: string; by?: string }

export interface FieldShown { key: string; label: string; kind: string; type: string; is_derived: boolean; options: { value: string; label: string }[] }
export interface Start { workflow: string; entity: string; fields: FieldShown[]; can_choose: boolean }

export interface Turn { do: 'fire' | 'decide' | 'timer'; name: string; seat?: number; by?: string; to?: string }
export interface Script { workflow: string; record: string | null; values: Record<string, string | boolean>; person: string | null; turns: Turn[]; fills: boolean }

export interface ManyItem { id: string; title: string; href: string; path: string[]; real: string[]; differs: boolean; problem: string }
export interface Many { total: number; done: number; items: ManyItem[]; unseen: number; states: Record<string, string> }

export interface Group { path: string[]; items: ManyItem[]; differing: number }

/** Records by the way the draft would send them, the most travelled first. */
export function grouped(items: readonly ManyItem[]): Group[] {
  const found = new Map<string, Group>()
  for (const item of items) {
    const name = item.path.join(' ')
    const group = found.get(name) ?? { path: item.path, items: [], differing: 0 }
    group.items.push(item)
    if (item.differs) group.differing++
    found.set(name, group)
  }
  return [...found.values()].sort((one, other) => other.items.length - one.items.length)
}
