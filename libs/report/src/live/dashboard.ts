import { cleanLines } from '../table/clean-text.ts'
import { renderFrame } from './frame.ts'
import type { LiveState, LiveView, LiveViewOptions } from './live-state.ts'
import { createScreen } from './screen.ts'

const defaultRows = 24
/** As many seconds as the widest sparkline shows. */
const longestHistory = 200

/** The dashboard on a terminal, as wide and as high as the terminal is at each frame. */
export function createDashboard({ stream, columns, rows, color }: LiveViewOptions): LiveView {
  const screen = createScreen(stream)
  const callsPerSecond: number[] = []
  let isFinished = false
  let hint = ''
  return {
    update(state: LiveState) {
      if (isFinished) return
      callsPerSecond.push(state.callsPerSecond)
      if (callsPerSecond.length > longestHistory) callsPerSecond.shift()
      const width = columns()
      screen.draw(renderFrame(state, callsPerSecond, { columns: width, rows: rows?.() ?? defaultRows, color, hint }), width)
    },
    message: (text) => screen.print(cleanLines(text), columns()),
    hint: (text) => void (hint = text),
    finish() {
      isFinished = true
      screen.clear(columns())
    },
  }
}
