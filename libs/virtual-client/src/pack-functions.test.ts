import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ScriptedServer, temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { loadPackFunctions } from './index.ts'
import { planFor } from './test/plan.ts'
import { runClient } from './test/run-client.ts'

function writeModule(name: string, text: string): string {
  const directory = temporaryDirectory(onTestFinished)
  const file = join(directory, name)
  writeFileSync(file, text)
  return file
}

test.each([
  [
    'functions.ts',
    'export const fill = ({ variables }: { variables: Record<string, unknown> }): void => void (variables.x = 1)\nexport const other = 7',
  ],
  ['functions.mjs', 'export function fill({ variables }) { variables.x = 1 }'],
  ['functions.cjs', 'exports.fill = ({ vars }) => { vars.x = 1 }'],
])('the functions of a processor in %s are those a flow may call', async (name, text) => {
  const processor = writeModule(name, text)
  expect(Object.keys(loadPackFunctions({ processor }))).toEqual(['fill'])
  await using server = await ScriptedServer.start()
  const flow = [{ function: 'fill' }, { callTool: { name: 'echo', arguments: { text: '{{ x }}' } } }]
  await runClient(planFor(server.url, flow, {}, { processor }))
  expect(server.seen.find(({ tool }) => tool === 'echo')?.params['arguments']).toEqual({ text: 1 })
})

test('a processor that cannot be loaded says why', () => {
  const processor = writeModule('broken.mjs', 'export const = 1')
  expect(() => loadPackFunctions({ processor })).toThrow(expect.objectContaining({ code: 'CLIENT_PROCESSOR_UNREADABLE' }))
  expect(() => loadPackFunctions({ processor: '/nowhere/functions.ts' })).toThrow(
    /\/nowhere\/functions\.ts cannot be loaded: Cannot find module/,
  )
  expect(loadPackFunctions({ processor: writeModule('seven.cjs', 'module.exports = 7') })).toEqual({})
})
