import { start } from './programs.ts'

/** What `GET /_local/state` says, as far as tests look. */
export interface LocalState {
  readonly sessions: { readonly open: number }
  readonly statements: { readonly running: number; readonly queued: number; readonly cancelled: number }
}

/** A `snowflake-local` of its own, and its admin API. */
export interface LocalSnowflake {
  /** By which `snowflake-mcp` finds it and signs in. */
  readonly env: Readonly<Record<string, string>>
  state(): Promise<LocalState>
  beginFault(kind: string, options: object): Promise<void>
  /** Ends all faults but those it was started with. */
  reset(): Promise<void>
  setWarehouses(settings: object): Promise<void>
  stop(): Promise<void>
}

/** Starts `snowflake-local` as a user would, on a free port. */
export async function startSnowflakeLocal(args: readonly string[] = []): Promise<LocalSnowflake> {
  const started = start('snowflake-local', ['--port', '0', ...args])
  const [url] = await started.printed(/http:\/\/127\.0\.0\.1:\d+/)
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const reply = await fetch(`${url}/_local/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    if (!reply.ok) throw new Error(`${method} ${path}: ${await reply.text()}`)
    return reply.json()
  }
  return {
    env: {
      SNOWFLAKE_ACCOUNT: 'LOCAL',
      SNOWFLAKE_USER: 'SQUALL',
      SNOWFLAKE_PASSWORD: 'squall-local',
      SNOWFLAKE_ACCESS_URL: url,
    },
    state: async () => (await ask('GET', 'state')) as LocalState,
    beginFault: async (kind, options) => void (await ask('PUT', `faults/${kind}`, options)),
    reset: async () => void (await ask('POST', 'reset')),
    setWarehouses: async (settings) => void (await ask('PATCH', 'warehouses/*', settings)),
    async stop() {
      started.kill('SIGTERM')
      await started.ended
    },
  }
}
