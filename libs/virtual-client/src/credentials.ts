import type { AuthPlan, LoadPlan } from '@squall/load-plan'
import { ClientCredentials } from '@squall/mcp-wire'
import type { ClientHost } from './client-host.ts'

/** Sources of tokens that all clients of a generator share, by what they prove and ask for. */
const sharedBy = new WeakMap<ClientHost, Map<string, ClientCredentials>>()

/**
 * Where the clients of a scenario take their access tokens from: one source for all clients of a generator with the same
 * credentials, so that they ask for one token together, unless the plan gives each a source of its own.
 */
export function createCredentials(plan: LoadPlan, auth: AuthPlan, host: ClientHost): () => ClientCredentials {
  const { type: _, perClient = false, ...own } = auth
  const { target, tls, proxyUrl, requestTimeoutMs: timeoutMs } = plan
  const open = (): ClientCredentials =>
    new ClientCredentials({
      ...own,
      clock: host.clock,
      target,
      timeoutMs,
      ...(tls && { tls }),
      ...(proxyUrl !== undefined && { proxyUrl }),
    })
  return perClient ? open : () => findShared(host, JSON.stringify([target, own]), open)
}

function findShared(host: ClientHost, key: string, open: () => ClientCredentials): ClientCredentials {
  const shared = sharedBy.get(host) ?? new Map<string, ClientCredentials>()
  sharedBy.set(host, shared)
  const known = shared.get(key) ?? open()
  shared.set(key, known)
  return known
}
