import { createLiveView, renderSummaryTable, type LiveView, type Summary } from '@squall/report'
import type { RunControls, RunOutcome } from '@squall/controller'
import { renderError } from '@squall/errors'
import { keyHint } from './keys.ts'
import { listenToKeys } from './terminal-keys.ts'

/** What a person, or a script, sees of a run. Progress goes to standard error, results to standard output. */
export interface Console {
  readonly view: LiveView
  /** What is being done, before and beside the load. */
  say(text: string): void
  /** What another program prints while it makes the load. */
  passOn(text: string): void
  /** Lets the user's keys steer the run, where this is a terminal. */
  steerBy(controls: RunControls): void
  showOutcome(outcome: RunOutcome): void
  /** Leaves the terminal as it was found. Harmless when called again. */
  close(): void
}

export interface ConsoleOptions {
  readonly isQuiet: boolean
  readonly isJson: boolean
}

export function createConsole({ isQuiet, isJson }: ConsoleOptions): Console {
  const { stderr } = process
  const view = createLiveView({
    stream: stderr,
    isTerminal: stderr.isTTY,
    columns: () => stderr.columns ?? 100,
    rows: () => stderr.rows ?? 40,
    color: hasColor(stderr),
    quiet: isQuiet,
  })
  let giveKeyboardBack: (() => void) | undefined
  const close = (): void => {
    giveKeyboardBack?.()
    giveKeyboardBack = undefined
    view.finish()
  }
  return {
    view,
    say: (text) => {
      if (!isQuiet) view.message(text)
    },
    passOn: (text) => {
      if (!isQuiet) stderr.write(text)
    },
    steerBy: (controls) => {
      // Who does not see the run does not steer it by keys.
      if (isQuiet || !stderr.isTTY || !process.stdin.isTTY) return
      giveKeyboardBack = listenToKeys(process.stdin, controls, (text) => view.message(text))
      view.hint(keyHint)
    },
    close,
    showOutcome: (outcome) => {
      close()
      for (const note of outcome.notes) stderr.write(`note: ${note}\n`)
      process.stdout.write(`${renderOutcome(outcome, { isQuiet, isJson })}\n`)
      if (outcome.writeError) stderr.write(`${renderError(outcome.writeError)}\n`)
    },
  }
}

function renderOutcome({ summary, files }: RunOutcome, { isQuiet, isJson }: ConsoleOptions): string {
  if (isJson) return JSON.stringify(summary, undefined, 2)
  const { stdout } = process
  if (isQuiet) return verdictLine(summary, files?.html)
  return renderSummaryTable(summary, {
    color: hasColor(stdout),
    ...(stdout.isTTY && { columns: stdout.columns }),
    ...(files && { reportPath: files.html }),
  })
}

const verdictLine = ({ verdict, run, reasons }: Summary, report: string | undefined): string =>
  [`${verdict}: ${run.pack}`, ...reasons, ...(report === undefined ? [] : [report])].join('; ')

/** Whether a stream gets colours: NO_COLOR and FORCE_COLOR decide, else whether it is a terminal. */
export function hasColor(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR, FORCE_COLOR } = process.env
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false
  return (FORCE_COLOR !== undefined && FORCE_COLOR !== '0') || stream.isTTY
}
