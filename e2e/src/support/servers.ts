import { onTestFinished } from 'vitest'
import { start, type Start, type Started } from './programs.ts'

/** A server under test and the URL of its MCP endpoint. */
export interface RunningServer {
  readonly url: string
  readonly started: Started
}

/** Starts `snowflake-mcp` as a user would, on a free port, with the embedded Snowflake; it ends with the test. */
export async function startSnowflakeMcp(args: readonly string[] = [], options?: Start): Promise<RunningServer> {
  const started = start('snowflake-mcp', ['--port', '0', ...args], options)
  onTestFinished(async () => {
    started.kill('SIGTERM')
    await started.ended
  })
  const [url] = await started.printed(/http:\/\/127\.0\.0\.1:\d+\/mcp/)
  return { url, started }
}
