import { createHash } from 'node:crypto'
import { currentContext, principalOf, snowflakeTokenOf, type Connections, type Principal } from '@squall/mcp-server'
import { PartitionedPool, type Leak, type Partition, type PoolOptions } from '@squall/pool'
import { connectSnowflake, type SnowflakeConnection } from '@squall/snowflake'
import type { Clock } from '@squall/time'
import { boundTo } from './bound-connection.ts'
import type { UserSignIns } from './choose-snowflake.ts'
import type { Access } from './embedded-snowflake.ts'
import { signInOf, type OwnSignIn } from './sign-in-of.ts'

export interface ConnectionsOptions {
  readonly clock: Clock
  readonly pool: PoolOptions
  /** How the server itself signs in now. */
  readonly access: () => Access
  readonly users: UserSignIns
  /** Told of a session that a call does not give back. */
  readonly onLeak: (leak: Leak) => void
}

export interface SnowflakeConnections extends Connections {
  drain(timeoutMs: number): Promise<void>
}

export const noUserSignIns: UserSignIns = { byPrincipal: new Map(), others: 'server' }

/**
 * Sessions in Snowflake for whoever the current call is made by: its own where it signs in as itself or with a role of its own, the
 * server's else. Nobody gets a session that somebody else signed in, or that has another role.
 */
export function openConnections({ clock, pool: options, access, users, onLeak }: ConnectionsOptions): SnowflakeConnections {
  const pool = new PartitionedPool<SnowflakeConnection>(options, clock, { onLeak })
  const toPartition = (key: string, owner: OwnSignIn, min = 0): Partition<SnowflakeConnection> => ({
    key,
    min,
    resources: {
      create: (signal) => connect(access(), owner, signal),
      destroy: (session) => session.close(),
      validate: (session) => session.heartbeat(),
      clean: (session) => session.reset(),
    },
  })
  const own = toPartition('server', (signIn) => signIn, options.min)
  const known = new WeakMap<Principal, Partition<SnowflakeConnection>>()
  const partitionOf = (principal: Principal): Partition<SnowflakeConnection> => {
    const found = known.get(principal)
    if (found) return found
    const owner = signInOf(principal, users)
    const partition = owner ? toPartition(keyOf(principal, users), owner) : own
    known.set(principal, partition)
    return partition
  }
  pool.open(own)
  return {
    stats: () => pool.stats(),
    async acquire(request) {
      const context = currentContext()
      const partition = context === undefined ? own : partitionOf(principalOf(context.caller))
      return pool.acquire(partition, { ...request, holder: context?.requestId })
    },
    drain: (timeoutMs) => pool.drain(timeoutMs),
  }
}

/** Equal for equal sign-ins and roles, and in no other case. It may hold a name, never a token. */
function keyOf(principal: Principal, { byPrincipal }: UserSignIns): string {
  const token = snowflakeTokenOf(principal)
  const who = token === undefined ? (byPrincipal.has(principal.id) ? principal.id : 'server') : digest(token)
  return JSON.stringify([who, token !== undefined, principal.role ?? null])
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

async function connect({ options, life }: Access, owner: OwnSignIn, signal: AbortSignal): Promise<SnowflakeConnection> {
  const signIn = owner(options)
  if (life === undefined) return connectSnowflake(signIn, signal)
  return boundTo(life, await connectSnowflake(signIn, AbortSignal.any([signal, life])))
}
