export { sleep, type Clock, type Timer } from './clock.ts'
export { FakeClock } from './fake-clock.ts'
export { seededRandom, type RandomSource } from './random.ts'
export { systemClock } from './system-clock.ts'
