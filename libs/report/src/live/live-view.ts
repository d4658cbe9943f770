import { cleanLines } from '../table/clean-text.ts'
import { createDashboard } from './dashboard.ts'
import { createLineLog } from './line-log.ts'
import type { LiveView, LiveViewOptions } from './live-state.ts'

/** A dashboard redrawn in place on a terminal; elsewhere one line every five seconds, made for logs. */
export function createLiveView(options: LiveViewOptions): LiveView {
  if (options.quiet === true) return createQuietView(options)
  return options.isTerminal ? createDashboard(options) : createLineLog(options)
}

const createQuietView = ({ stream }: LiveViewOptions): LiveView => ({
  update: () => undefined,
  message: (text) => void stream.write(`${cleanLines(text)}\n`),
  finish: () => undefined,
  hint: () => undefined,
})
