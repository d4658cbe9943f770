import type { Clock } from '@squall/time'
import type { HttpExchange } from './http-exchange.ts'
import { SocketExchange } from './socket-exchange.ts'
import type { TlsOptions } from './tls-options.ts'
import { UndiciExchange } from './undici-exchange.ts'

export interface ExchangeOptions {
  readonly clock: Clock
  readonly keepAlive: boolean
  readonly connectTimeoutMs: number
  readonly tls?: TlsOptions | undefined
  readonly proxyUrl?: string | undefined
}

/** Our own HTTP client; undici where the way leads through a proxy, which ours does not know. */
export function chooseExchange(url: URL, options: ExchangeOptions): HttpExchange {
  return options.proxyUrl === undefined ? new SocketExchange(url, options) : new UndiciExchange(url.origin, options)
}
