export { programErrors } from './errors.ts'
export { heedPassedSignals, isSignalNotice } from './passed-signals.ts'
export { runProgram, stopMessage, type Lifetime, type ReadyFacts } from './run-program.ts'
export { startProgram, type RunningProgram, type StartOptions } from './start-program.ts'
