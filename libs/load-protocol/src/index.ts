export { loadProtocolErrors } from './errors.ts'
export {
  protocolVersion,
  type Assignment,
  type GeneratorCommand,
  type GeneratorEvent,
  type RunControl,
  type ShareStart,
} from './messages.ts'
export type { AgentHello, Announcement, FleetControl, FleetEvent, FleetOrder, Refusal, TravellingFile } from './fleet-messages.ts'
export { parseAgentHello, parseAnnouncement, parseFleetEvent, parseFleetOrder, parsePlan } from './parse-fleet-message.ts'
export { parseCommand, parseEvent } from './parse-message.ts'
export { packSnapshotEvent, unpackSnapshotEvent } from './packed-event.ts'
export type { SnapshotEvent } from './snapshot-event.ts'
