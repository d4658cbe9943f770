export { protocolVersion, type GeneratorCommand, type GeneratorEvent } from './messages.ts'
