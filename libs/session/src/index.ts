export { clientTypes, detectClientType, type ClientIdentity, type ClientType } from './client-type.ts'
export { sessionErrors } from './errors.ts'
export { Session, type SessionEnd, type SessionFacts, type SessionState, type SessionStats } from './session.ts'
export { SessionRegistry, type SessionRegistryOptions, type SessionRegistryStats } from './session-registry.ts'
