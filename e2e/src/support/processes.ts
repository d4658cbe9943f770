import { globSync, readFileSync } from 'node:fs'

/** The ids of all living processes that descend from `pid`, from Linux's process table. */
export function descendants(pid: number): readonly number[] {
  const parents = new Map(globSync('/proc/[0-9]*/stat').flatMap(readParent))
  const isBelow = (candidate: number): boolean => {
    const parent = parents.get(candidate)
    return parent !== undefined && (parent === pid || isBelow(parent))
  }
  return [...parents.keys()].filter(isBelow)
}

export function isAlive(pid: number): boolean {
  return readParent(`/proc/${pid}/stat`).length > 0
}

/** A process may end while its entry is read; then it has no parent any more. A zombie is not alive. */
function readParent(file: string): readonly (readonly [number, number])[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return []
  }
  // The command's name stands in parentheses and may itself hold spaces and parentheses.
  const [state, parent] = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return state === 'Z' ? [] : [[Number(text.split(' ', 1)[0]), Number(parent)]]
}
