export { CallLimiter, type CallLimiterLimits, type LimitReached } from './call-limiter.ts'
export type { CallKind, CallLimits } from './call-meter.ts'
export { CircuitBreaker, type BreakerOptions, type BreakerPass, type BreakerState } from './circuit-breaker.ts'
export { clientTypes, detectClientType, type ClientIdentity, type ClientType } from './client-type.ts'
export { ConnectionMultiplexer, type ConnectionRequest, type MultiplexerStats } from './connection-multiplexer.ts'
export { sessionErrors } from './errors.ts'
export type { FairClient, FairLimits } from './fair-queue.ts'
export { FairTurnstile, type Pass, type TurnstileStats, type WaitEnd } from './fair-turnstile.ts'
export type { Quota } from './quota-window.ts'
export {
  Session,
  type SessionEnd,
  type SessionFacts,
  type SessionOwner,
  type SessionState,
  type SessionStats,
} from './session.ts'
export { SessionRegistry, type SessionRegistryOptions, type SessionRegistryStats } from './session-registry.ts'
export type { RateLimit } from './token-bucket.ts'
