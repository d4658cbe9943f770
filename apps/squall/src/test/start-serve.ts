import type { Summary } from '@squall/report'
import type { RunView } from '../serve/served-run.ts'
import { onTestFinished } from 'vitest'
import { startSquall, type RunningSquall, type SquallOptions } from './run-squall.ts'

/** What a request came to. */
export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Of the program under test, whose form the tests look at. */
  readonly json: unknown
}

/** `squall serve` on a free port, as callers meet it. */
export interface RunningServe extends RunningSquall {
  readonly url: string
  ask(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Reply>
  /** @returns the id of a run that was taken. */
  submit(body: unknown): Promise<string>
  view(id: string, query?: string): Promise<RunView>
  /** Waits until a run is as it should be. */
  until(id: string, isSo: (run: RunView) => boolean): Promise<RunView>
  /** Waits for a run's end. */
  over(id: string): Promise<RunView>
  summary(id: string): Promise<Summary>
}

export async function startServe(args: readonly string[], options?: SquallOptions): Promise<RunningServe> {
  const serve = startSquall(['serve', '--port', '0', ...args], options)
  // As its operator would end it: what it ran is known only then.
  onTestFinished(async () => {
    serve.child.kill('SIGTERM')
    await serve.ended
  })
  await serve.said('takes runs at ')
  const [, url = ''] = /takes runs at (\S+);/.exec(serve.saidSoFar()) ?? []
  const ask: RunningServe['ask'] = async (method, path, body, headers = {}) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    const reply = await fetch(`${url}${path}`, { method, ...sent, headers: { ...type, ...headers } })
    const text = await reply.text()
    const isJson = reply.headers.get('content-type')?.includes('json') === true
    return { status: reply.status, headers: reply.headers, text, json: isJson ? JSON.parse(text) : undefined }
  }
  const view: RunningServe['view'] = async (id, query = '') => (await ask('GET', `/runs/${id}${query}`)).json as RunView
  const until: RunningServe['until'] = async (id, isSo) => {
    for (;;) {
      const run = await view(id)
      if (isSo(run)) return run
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  return {
    ...serve,
    url,
    ask,
    view,
    until,
    submit: async (body) => {
      const { status, json, text } = await ask('POST', '/runs', body)
      if (status !== 202) throw new Error(text)
      return (json as RunView).id
    },
    over: async (id) => {
      for (;;) {
        const run = await view(id, '?wait=60s')
        if (isOver(run)) return run
      }
    },
    summary: async (id) => (await ask('GET', `/runs/${id}/summary.json`)).json as Summary,
  }
}

const isOver = ({ state }: RunView): boolean => ['ended', 'failed', 'cancelled'].includes(state)
