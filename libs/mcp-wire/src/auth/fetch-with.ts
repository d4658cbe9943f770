import { Agent, type Dispatcher, fetch, ProxyAgent, type RequestInit } from 'undici'
import type { TlsOptions } from '../http/tls-options.ts'

type Fetch = (url: string, init: object) => Promise<Response>

/** `fetch` that trusts, proves itself and goes the way that the connections of the same client do. */
export function fetchWith({ tls, proxyUrl }: { readonly tls?: TlsOptions; readonly proxyUrl?: string }): Fetch {
  const dispatcher = tls === undefined && proxyUrl === undefined ? undefined : toDispatcher(tls, proxyUrl)
  // Both are the same standard; only their declarations differ.
  return (url, init) => fetch(url, { ...(init as RequestInit), ...(dispatcher && { dispatcher }) })
}

function toDispatcher(tls: TlsOptions = {}, proxyUrl: string | undefined): Dispatcher {
  const { ca, serverName, ...same } = tls
  const connect = {
    ...same,
    ...(ca !== undefined && { ca: typeof ca === 'string' ? ca : [...ca] }),
    ...(serverName !== undefined && { servername: serverName }),
  }
  return proxyUrl === undefined ? new Agent({ connect }) : new ProxyAgent({ uri: proxyUrl, requestTls: connect })
}
