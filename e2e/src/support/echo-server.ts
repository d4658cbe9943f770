// An MCP server with one quick tool, as a process of its own that a test can freeze. It says its URL first, and at the end of its input what it served.
import { once } from 'node:events'
import { ScriptedServer } from '@squall/testing'

await using server = await ScriptedServer.start()
process.stdout.write(`listening on ${server.url}\n`)
process.stdin.resume()
await once(process.stdin, 'end')
process.stdout.write(`served ${server.counts.toolCalls} calls\n`)
