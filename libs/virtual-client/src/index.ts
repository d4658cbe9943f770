export { transportNames } from '@squall/mcp-wire'
export type { CallObserver, ObservedCall } from './call-observer.ts'
export type { ClientHost } from './client-host.ts'
export { createClientFactories } from './client-factories.ts'
export { connectAs } from './connect-as.ts'
export { FailureSamples } from '@squall/mcp-wire'
export { neverEnding, type EndSignals } from './end-signals.ts'
export {
  functionsOf,
  loadPackFunctions,
  type FunctionCall,
  type FunctionContext,
  type PackFunction,
  type PackFunctions,
} from './pack-functions.ts'
export { virtualClientErrors } from './errors.ts'
export { clientKinds, clientKindNames, clientKindNamed } from './kinds/client-kinds.ts'
export type { ClientKind, OpeningMove } from './kinds/client-kind.ts'
export { findFunctionMistakes, namesFunctions } from './steps/find-function-mistakes.ts'
export { findUnsetVariables, type KnownNames } from './steps/find-unset-variables.ts'
export { findHeaderNameMistake, isHeaderText } from './header-rules.ts'
export { findTemplateMistakes } from './templates/find-template-mistakes.ts'
export { withoutTemplates } from './templates/text-template.ts'
export { checkFlow } from './steps/check-flow.ts'
export { stepNames } from './steps/step-table.ts'
export { replyJson } from './reply-text.ts'
export { isThenable } from './thenable.ts'
export type { Variables } from './templates/template-scope.ts'
export { toProblems, unknownKey } from './zod-problems.ts'
export type { ClientFactory, VirtualClient } from './virtual-client.ts'
