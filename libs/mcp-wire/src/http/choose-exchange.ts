import type { Clock } from '@squall/time'
import type { WireTap } from '../wire-tap.ts'
import type { HttpExchange } from './http-exchange.ts'
import { ProxiedExchange } from './proxied-exchange.ts'
import { SocketExchange } from './socket-exchange.ts'
import { TappedExchange } from './tapped-exchange.ts'
import type { TlsOptions } from './tls-options.ts'

export interface ExchangeOptions {
  readonly clock: Clock
  readonly keepAlive: boolean
  readonly connectTimeoutMs: number
  readonly tls?: TlsOptions | undefined
  readonly proxyUrl?: string | undefined
  readonly tap?: WireTap | undefined
}

/** Our own HTTP client; undici where the way leads through a proxy, which ours does not know. */
export function chooseExchange(url: URL, options: ExchangeOptions): HttpExchange {
  const { proxyUrl, tap, clock } = options
  const exchange = proxyUrl === undefined ? new SocketExchange(url, options) : new ProxiedExchange(url.origin, options)
  return tap === undefined ? exchange : new TappedExchange(exchange, tap, clock)
}
