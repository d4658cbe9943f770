export { loadProtocolErrors } from './errors.ts'
export { protocolVersion, type Assignment, type GeneratorCommand, type GeneratorEvent, type RunControl } from './messages.ts'
export { parseCommand, parseEvent } from './parse-message.ts'
