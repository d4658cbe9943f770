export { swarmErrors } from './errors.ts'
export { GeneratorHealthMonitor, type ProcessMeter } from './generator-health-monitor.ts'
export { startSwarm, type Swarm, type SwarmOptions } from './swarm.ts'
