import { expect, test } from 'vitest'
import type { TargetTool } from '../target/list-tools.ts'
import { sortTool } from './sort-tools.ts'

const tool = (name: string, annotations?: TargetTool['annotations']): TargetTool => ({
  name,
  inputSchema: {},
  ...(annotations && { annotations }),
})

test.each([
  ['delete_everything', { readOnlyHint: true }, true, /only reads/],
  ['get_user', { destructiveHint: true }, false, /may destroy/],
  ['get_user', { readOnlyHint: false }, false, /changes something/],
  ['set_user', { readOnlyHint: false, destructiveHint: false }, false, /changes something/],
] as const)("%s with %j: the server's own word counts", (name, annotations, isCalled, reason) => {
  expect(sortTool(tool(name, annotations))).toMatchObject({ isCalled, reason: expect.stringMatching(reason) as string })
})

test.each(['list_databases', 'getUser', 'search-nodes', 'read', 'QueryView', 'describe.view'])(
  '%s says by its name that it reads, where the server says nothing',
  (name) => {
    expect(sortTool(tool(name))).toMatchObject({ isCalled: true, reason: expect.stringContaining('its name does') as string })
  },
)

test.each(['create_entities', 'getaway', 'listen', 'reader', 'write_file', 'readjust', 'do_get'])('%s does not', (name) => {
  expect(sortTool(tool(name))).toMatchObject({ isCalled: false })
})
