export { type EndReason, type RunState } from './run-state.ts'
