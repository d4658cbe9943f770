import type { RunControls } from '@squall/controller'
import { shownTarget } from '@squall/load-plan'

export interface KeyHost {
  readonly controls: RunControls
  /** Tells the user what came of a key, or what has been typed. */
  readonly say: (text: string) => void
  /** What Ctrl-C does, which a terminal in raw mode hands over as a key. */
  readonly interrupt: () => void
}

interface KeyBinding {
  readonly keys: string
  readonly does: string
  readonly press: (host: KeyHost, key: string) => void
}

const interruptKey = '\u0003'
const enterKeys = '\r\n'
const escapeKey = '\u001b'
const eraseKeys = '\u007f\b'

/** For the live view. */
export const keyHint = 'keys: + - load   p pause   r reset numbers   t target   q stop   ? help'

const bindings: readonly KeyBinding[] = [
  { keys: '+-', does: 'a tenth more or less load', press: (host, key) => scale(host, key === '+' ? 1 : -1) },
  { keys: 'ws', does: 'one client more or less', press: (host, key) => addClients(host, key === 'w' ? 1 : -1) },
  { keys: 'WS', does: 'ten clients more or less', press: (host, key) => addClients(host, key === 'W' ? 10 : -10) },
  {
    keys: 'p',
    does: 'pause, and go on again',
    press: ({ controls, say }) => {
      if (controls.isPaused) controls.resume()
      else controls.pause()
      say(controls.isPaused ? 'paused; p goes on' : 'going on')
    },
  },
  {
    keys: 'r',
    does: 'let the numbers begin anew',
    press: ({ controls, say }) => {
      controls.resetNumbers()
      say('the numbers begin anew')
    },
  },
  { keys: '?', does: 'this help', press: ({ say }) => say(keyHelp()) },
]

/**
 * Makes what a user types steer a run. `q` lets calls under way finish; pressed again it ends the run at once.
 * @returns what takes each typed text.
 */
export function createKeys(host: KeyHost): (typed: string) => void {
  let isStopping = false
  /** What has been typed of a new target, while one is asked for. */
  let target: string | undefined
  const stop = (): void => {
    if (isStopping) host.controls.stopNow()
    else host.controls.stop()
    host.say(isStopping ? 'stopping at once' : 'stopping: calls under way may finish; q again ends them')
    isStopping = true
  }
  const type = (typed: string, key: string): void => {
    if (enterKeys.includes(key)) {
      target = undefined
      host.say(setTarget(host, typed))
    } else if (key === escapeKey) {
      target = undefined
      host.say('the target stays')
    } else target = eraseKeys.includes(key) ? typed.slice(0, -1) : typed + key
  }
  const press = (key: string): void => {
    if (key === interruptKey) host.interrupt()
    else if (target !== undefined) type(target, key)
    else if (key === 't') {
      target = ''
      host.say('type or paste the new target, then Enter; Esc leaves it as it is')
    } else if (key === 'q') stop()
    else bindings.find(({ keys }) => keys.includes(key))?.press(host, key)
  }
  return (typed) => {
    for (const key of typed) press(key)
    if (target !== undefined && target !== '') host.say(`target: ${target}`)
  }
}

function keyHelp(): string {
  const lines = bindings.map(({ keys, does }) => `  ${keys.split('').join(' ').padEnd(5)}${does}`)
  return [
    'keys:',
    ...lines,
    '  t    another target: clients go there with their next iteration',
    '  q    stop when calls under way are done; again: at once',
  ].join('\n')
}

/** A tenth of what there is, one client at least. */
function scale({ controls, say }: KeyHost, sign: 1 | -1): void {
  if (controls.model === 'open') {
    const factor = Math.max(0, Math.round((controls.rateFactor + sign * 0.1) * 10) / 10)
    controls.setRateFactor(factor)
    say(`arrivals at ${Math.round(factor * 100)} % of the plan`)
  } else addClients({ controls, say }, sign * Math.max(1, Math.round(controls.clients / 10)))
}

function addClients({ controls, say }: Pick<KeyHost, 'controls' | 'say'>, delta: number): void {
  if (controls.setClients(controls.clients + delta)) say(`${controls.clients} clients`)
  else say('in this run clients come by arrivals; + and - change their rate')
}

function setTarget({ controls }: Pick<KeyHost, 'controls'>, target: string): string {
  const mistake = controls.setTarget(target)
  return mistake === undefined
    ? `clients go to ${shownTarget(target.trim())} from their next iteration on`
    : `the target stays: expected ${mistake.expected}`
}
