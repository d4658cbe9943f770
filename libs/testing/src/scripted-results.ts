import type { SeenRequest } from './seen-request.ts'

/** A tool of the scripted server: from arguments to the text of its result. */
export type ScriptedTool = (args: Readonly<Record<string, unknown>>) => string

export type ScriptedTools = Readonly<Record<string, ScriptedTool>>

export const modernVersion = '2026-07-28'

const capabilities = { tools: {}, resources: { subscribe: true }, prompts: {} }
const serverInfo = { name: 'scripted', version: '1.0.0' }

/** The result of a request, or undefined where the method is not known. */
export function resultOf(request: SeenRequest, tools: ScriptedTools): unknown {
  if (request.method === 'tools/list') return { tools: Object.keys(tools).map(describe) }
  if (request.method === 'tools/call') return callTool(request, tools)
  return fixedResults[request.method]?.(request)
}

const describe = (name: string): object => ({ name, description: name, inputSchema: { type: 'object' } })

function callTool({ tool, params }: SeenRequest, tools: ScriptedTools): unknown {
  const called = tools[tool]
  if (!called) return { content: [{ type: 'text', text: `Unknown tool: ${tool}` }], isError: true }
  return { content: [{ type: 'text', text: called((params['arguments'] ?? {}) as Record<string, unknown>) }] }
}

const fixedResults: Readonly<Record<string, (request: SeenRequest) => unknown>> = {
  initialize: ({ params }) => ({ protocolVersion: params['protocolVersion'], capabilities, serverInfo }),
  'server/discover': () => ({ supportedVersions: [modernVersion], capabilities, serverInfo }),
  ping: () => ({}),
  'resources/list': () => ({ resources: [{ uri: 'demo://one', name: 'one' }] }),
  'resources/templates/list': () => ({ resourceTemplates: [] }),
  'resources/read': ({ params }) => ({ contents: [{ uri: params['uri'], text: 'one' }] }),
  'resources/subscribe': () => ({}),
  'resources/unsubscribe': () => ({}),
  'completion/complete': () => ({ completion: { values: ['Bern', 'Berlin'], hasMore: false } }),
  'prompts/list': () => ({ prompts: [{ name: 'greet' }] }),
  'prompts/get': () => ({ messages: [{ role: 'user', content: { type: 'text', text: 'hello' } }] }),
}
