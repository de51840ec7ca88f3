/** Places in a grid, and where keys lead. Pure. */

/** A place in a grid. */
export interface Cell { row: number; column: number }

/** All cells between two corners, row by row. */
export function block(one: Cell, other: Cell): Cell[] {
  const [top, bottom] = [Math.min(one.row, other.row), Math.max(one.row, other.row)]
  const [left, right] = [Math.min(one.column, other.column), Math.max(one.column, other.column)]
  const found: Cell[] = []
  for (let row = top; row <= bottom; row++) for (let column = left; column <= right; column++) found.push({ row, column })
  return found
}

/** Where a key leads in a grid; undefined for keys that don't move. */
export function moved(at: Cell, key: string, control: boolean, rows: number, columns: number, page = 10): Cell | undefined {
  const within = (row: number, column: number): Cell => ({ row: Math.max(0, Math.min(rows - 1, row)), column: Math.max(0, Math.min(columns - 1, column)) })
  switch (key) {
    case 'ArrowUp': return within(control ? 0 : at.row - 1, at.column)
    case 'ArrowDown': return within(control ? rows - 1 : at.row + 1, at.column)
    case 'ArrowLeft': return within(at.row, control ? 0 : at.column - 1)
    case 'ArrowRight': return within(at.row, control ? columns - 1 : at.column + 1)
    case 'Home': return within(control ? 0 : at.row, 0)
    case 'End': return within(control ? rows - 1 : at.row, columns - 1)
    case 'PageUp': return within(at.row - page, at.column)
    case 'PageDown': return within(at.row + page, at.column)
    default: return undefined
  }
}
