// The tools the official conformance suite asks every server for, in place of this server's own: what it looks at is how the protocol and
// the transports carry what tools give.
import { sleep, systemClock } from '@squall/time'
import type { CallOutcome, ServerCore, ToolCall, ToolResult } from '../index.ts'
import type { ToolDescriptor } from '../tools/tool.ts'

type Run = (call: ToolCall) => object | Promise<object>

// One red pixel, and a tenth of a second of silence.
const image = {
  type: 'image',
  data: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==',
  mimeType: 'image/png',
}
const audio = { type: 'audio', data: 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=', mimeType: 'audio/wav' }
const text = (words: string): object => ({ type: 'text', text: words })
const resource = (uri: string, mimeType: string, words: string): object => ({
  type: 'resource',
  resource: { uri, mimeType, text: words },
})

const tools: Readonly<Record<string, Run>> = {
  test_simple_text: () => ({ content: [text('This is a simple text response for testing.')] }),
  test_image_content: () => ({ content: [image] }),
  test_audio_content: () => ({ content: [audio] }),
  test_embedded_resource: () => ({
    content: [resource('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')],
  }),
  test_multiple_content_types: () => ({
    content: [
      text('Multiple content types test:'),
      image,
      resource('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
    ],
  }),
  test_error_handling: () => ({ content: [text('This tool intentionally returns an error for testing')], isError: true }),
  async test_tool_with_progress({ onProgress }) {
    for (const progress of [0, 50, 100]) {
      onProgress?.({ progress, total: 100, message: `Completed step ${progress} of 100` })
      await sleep(systemClock, 50)
    }
    return { content: [text('done')] }
  },
  // This server neither logs to its clients nor asks them anything: the suite looks that it does not.
  test_logging_tool: () => ({ content: [text('nothing was logged')] }),
  json_schema_2020_12_tool: () => ({ content: [text('ok')] }),
}

const plainSchema = { type: 'object', properties: {} } as const
/** Every keyword must reach the client as it is. */
const richSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
} as const

/** What of a core serves the suite's tools. */
export function conformanceTools(): Pick<ServerCore, 'tools' | 'call'> {
  return {
    tools: Object.keys(tools).map(describe),
    async call(call): Promise<CallOutcome> {
      const run = tools[call.tool]
      if (run === undefined) return { kind: 'unknown-tool', message: `Unknown tool: ${call.tool}` }
      // This server's own tools give text alone; the protocol carries whatever it is given.
      return { kind: 'answered', result: (await run(call)) as ToolResult }
    },
  }
}

function describe(name: string): ToolDescriptor {
  const inputSchema = name === 'json_schema_2020_12_tool' ? richSchema : plainSchema
  // No tool of the suite says what it gives.
  return { name, title: name, description: `The suite's ${name}`, inputSchema, annotations: {} } as unknown as ToolDescriptor
}
