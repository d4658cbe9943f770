import type { FaultReport } from '../faults/faults.ts'

/** What `GET /_local/state` says. */
export interface State {
  readonly sessions: { readonly open: number; readonly opened: number; readonly ended: number }
  readonly signInsRefused: number
  readonly statements: Readonly<Record<'running' | 'queued' | 'started' | 'succeeded' | 'failed' | 'cancelled', number>>
  readonly requests: number
  readonly connections: number
  readonly warehouses: readonly WarehouseState[]
  readonly faults: Readonly<Record<string, FaultReport>>
}

export interface WarehouseState {
  readonly name: string
  readonly status: string
  readonly slots: number | null
  readonly resumeDelayMs: number
  readonly running: number
  readonly queued: number
}

/** Speaks the admin API. */
export class AdminClient {
  readonly #url: string

  constructor(url: string) {
    this.#url = url
  }

  async state(): Promise<State> {
    return (await this.ask('GET', 'state')) as State
  }

  /** Begins a fault. */
  async begin(name: string, options: unknown = {}): Promise<FaultReport> {
    return (await this.ask('PUT', `faults/${name}`, options)) as FaultReport
  }

  async end(name: string): Promise<FaultReport> {
    return (await this.ask('DELETE', `faults/${name}`)) as FaultReport
  }

  async set(warehouse: string, settings: unknown): Promise<WarehouseState | undefined> {
    const { warehouses } = (await this.ask('PATCH', `warehouses/${warehouse}`, settings)) as Pick<State, 'warehouses'>
    return warehouses[0]
  }

  async hits(name: string): Promise<number> {
    return (await this.state()).faults[name]?.hits ?? 0
  }

  async ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.#url}/_local/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    return await response.json()
  }
}
