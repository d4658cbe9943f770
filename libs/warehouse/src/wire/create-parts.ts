import type { Server } from 'node:net'
import { systemClock } from '@squall/time'
import { Faults, requireFaultKind } from '../faults/faults.ts'
import type { WarehouseServerOptions } from '../server.ts'
import { createCounters } from './counters.ts'
import { Door } from './door.ts'
import { defaultLimits } from './limits.ts'
import { SessionRegistry } from './sessions/session-registry.ts'
import type { WireSession } from './sessions/wire-session.ts'
import { SignIn } from './sign-in/sign-in.ts'
import { Signer } from './signer.ts'
import { StatementLog } from './statements/statement-log.ts'
import { endSession, type WireParts } from './wire-parts.ts'

/** Puts together what the routes share. */
export function createParts(options: WarehouseServerOptions, server: Server): WireParts {
  const { engine, users, account = 'LOCAL', clock = systemClock, onBug: reportBug } = options
  const limits = { ...defaultLimits, ...options.limits }
  const endLost = (session: WireSession): void => {
    if (!statements.isBusy(session)) endQuietly(session)
  }
  const sessions = new SessionRegistry(clock, limits, endLost)
  const statements = new StatementLog(clock, limits)
  const counters = createCounters()
  const door = new Door(server, reportBug)
  const endQuietly = (session: WireSession): void => void endSession({ sessions, statements, counters }, session).catch(reportBug)
  const faults = new Faults({ clock, sessions, statements, door, endSession: endQuietly })
  return {
    engine,
    account,
    signIn: new SignIn(account, users, clock),
    sessions,
    statements,
    addressSigner: new Signer(),
    door,
    faults,
    counters,
    clock,
    limits,
    reportBug,
    reset: () => {
      faults.endAll()
      engine.warehouses.configureAll({ slots: Infinity, resumeDelayMs: 0, ...options.warehouses })
      for (const [name, settings] of Object.entries(options.faults ?? {})) faults.begin(requireFaultKind(name), settings)
    },
  }
}
