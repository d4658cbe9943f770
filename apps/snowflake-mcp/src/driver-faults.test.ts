import { EventEmitter } from 'node:events'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { surviveDriverFaults } from './driver-faults.ts'

function setUp() {
  const lines: Record<string, unknown>[] = []
  const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) })
  const exits: number[] = []
  const host = Object.assign(new EventEmitter(), { exit: (code: number) => void exits.push(code) })
  return { lines, exits, host, survival: surviveDriverFaults(logger, host) }
}

const thrownIn = (file: string): Error =>
  Object.assign(new TypeError('values is undefined'), {
    stack: `TypeError: values is undefined\n    at new URL (node:internal/url:8:9)\n    at read (${file}:1:2)\n    at Timeout._onTimeout (node:internal/timers:5:3)`,
  })

test('what the driver throws inside a timer is told, and the server goes on', () => {
  const { lines, exits, host } = setUp()
  host.emit('uncaughtException', thrownIn('/x/node_modules/snowflake-sdk/dist/lib/connection/result/row_stream.js'))
  expect(exits).toEqual([])
  expect(lines).toMatchObject([{ code: 'SNOWFLAKE_BAD_VALUE', err: { message: 'values is undefined' } }])
})

test.each([
  thrownIn('/x/libs/mcp-server/src/tools/rows.ts'),
  new Error('at /snowflake-sdk/ as far as the message goes'),
  'no error at all',
])('any other error nobody caught is told and ends the program (case %#)', (error) => {
  const { lines, exits, host } = setUp()
  host.emit('uncaughtException', error)
  expect(exits).toEqual([1])
  expect(lines).toHaveLength(1)
})

test('once the server has ended nothing is listened to any more', () => {
  const { host, survival } = setUp()
  survival[Symbol.dispose]()
  expect(host.listenerCount('uncaughtException')).toBe(0)
})
