export { swarmErrors } from './errors.ts'
export { startSwarm, type Swarm, type SwarmOptions } from './swarm.ts'
