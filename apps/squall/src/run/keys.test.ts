import { expect, test } from 'vitest'
import type { RunControls } from '@squall/controller'
import { createKeys } from './keys.ts'

function host(model: RunControls['model'] = 'closed', clients = 25) {
  const did: string[] = []
  const said: string[] = []
  const controls = {
    model,
    clients,
    rateFactor: 1,
    isPaused: false,
    setClients: (wanted: number) => {
      if (model === 'open') return false
      controls.clients = Math.max(0, wanted)
      did.push(`clients ${wanted}`)
      return true
    },
    setRateFactor: (factor: number) => {
      controls.rateFactor = factor
      did.push(`rate ${factor}`)
      return true
    },
    setTarget: (target: string) => {
      did.push(`target ${target}`)
      return target.startsWith('http') ? undefined : { expected: 'a URL' }
    },
    pause: () => {
      controls.isPaused = true
      did.push('pause')
    },
    resume: () => {
      controls.isPaused = false
      did.push('resume')
    },
    resetNumbers: () => void did.push('reset'),
    stop: () => void did.push('stop'),
    stopNow: () => void did.push('stop now'),
    told: async () => undefined,
  }
  const press = createKeys({ controls, say: (text) => void said.push(text), interrupt: () => void did.push('interrupt') })
  return { did, said, press }
}

test('plus and minus are a tenth of the clients, one at least; letters are one or ten', () => {
  const { did, said, press } = host()
  press('+')
  press('-wsWS')
  expect(did).toEqual(['clients 28', 'clients 25', 'clients 26', 'clients 25', 'clients 35', 'clients 25'])
  expect(said.at(-1)).toBe('25 clients')
  const few = host('closed', 1)
  few.press('+')
  expect(few.did).toEqual(['clients 2'])
})

test('in the open model plus and minus change the rate of arrivals, and clients cannot be set', () => {
  const { did, said, press } = host('open')
  press('++---w')
  expect(did).toEqual(['rate 1.1', 'rate 1.2', 'rate 1.1', 'rate 1', 'rate 0.9'])
  expect(said.at(-2)).toBe('arrivals at 90 % of the plan')
  expect(said.at(-1)).toBe('in this run clients come by arrivals; + and - change their rate')
})

test('p pauses and goes on, r lets the numbers begin anew, q stops, and stops at once when pressed again', () => {
  const { did, said, press } = host()
  press('pprqq')
  expect(did).toEqual(['pause', 'resume', 'reset', 'stop', 'stop now'])
  expect(said).toEqual([
    'paused; p goes on',
    'going on',
    'the numbers begin anew',
    'stopping: calls under way may finish; q again ends them',
    'stopping at once',
  ])
})

test('the question mark explains every key, other keys do nothing, and Ctrl-C is what it always was', () => {
  const { did, said, press } = host()
  press('x?\u0003')
  expect(did).toEqual(['interrupt'])
  for (const key of ['+ -', 'w s', 'W S', 'p', 'r', 'q']) expect(said[0]).toContain(key)
})

test('t asks for another target: what is typed or pasted until Enter, which Esc takes back and Ctrl-C interrupts', () => {
  const { did, said, press } = host()
  press('t')
  press('http://h:1/mpc')
  press('\u007f\u007f')
  press('cp\r')
  expect(did).toEqual(['target http://h:1/mcp'])
  expect(said).toEqual([
    'type or paste the new target, then Enter; Esc leaves it as it is',
    'target: http://h:1/mpc',
    'target: http://h:1/m',
    'clients go to http://h:1/mcp from their next iteration on',
  ])
  press('tq\u001b')
  press('tnowhere\n')
  expect(said.slice(-3)).toEqual(['the target stays', expect.any(String), 'the target stays: expected a URL'])
  press('t\u0003p')
  expect(did).toEqual(['target http://h:1/mcp', 'target nowhere', 'interrupt'])
})
