import type { Dispatcher, RequestInit } from 'undici'
import type { TlsOptions } from '../http/tls-options.ts'

type Fetch = (url: string, init: object) => Promise<Response>

/** `fetch` that trusts, proves itself and goes the way that the connections of the same client do. */
export function fetchWith({ tls, proxyUrl }: { readonly tls?: TlsOptions; readonly proxyUrl?: string }): Fetch {
  let dispatcher: Promise<Dispatcher> | undefined
  return async (url, init) => {
    // Loaded by who asks for tokens alone.
    const { fetch } = await import('undici')
    if (tls !== undefined || proxyUrl !== undefined) dispatcher ??= openDispatcher(tls, proxyUrl)
    const way = dispatcher && { dispatcher: await dispatcher }
    // Both are the same standard; only their declarations differ.
    return fetch(url, { ...(init as RequestInit), ...way })
  }
}

async function openDispatcher(tls: TlsOptions = {}, proxyUrl: string | undefined): Promise<Dispatcher> {
  const { Agent, ProxyAgent } = await import('undici')
  const { ca, serverName, ...same } = tls
  const connect = {
    ...same,
    ...(ca !== undefined && { ca: typeof ca === 'string' ? ca : [...ca] }),
    ...(serverName !== undefined && { servername: serverName }),
  }
  return proxyUrl === undefined ? new Agent({ connect }) : new ProxyAgent({ uri: proxyUrl, requestTls: connect })
}
