export { sqlPolicyErrors } from './errors.ts'
export { parseObjectName, quoteIdentifier, quoteLiteral } from './identifier.ts'
export type { Allowed, Denied, ReadingClass, Verdict } from './verdict.ts'
