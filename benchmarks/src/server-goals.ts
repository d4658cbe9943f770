import { renderNumber, renderSpread } from './markdown.ts'
import { median, ratiosOf, valuesOf, type Rounds } from './rounds.ts'

const figure = 'cpuPerCall'
/** µs of CPU for a call that needs no Snowflake, or this many times a bare route. */
const mostPerCall = 100
const mostTimesBare = 2
/** µs of CPU for a call that runs one statement, beyond what the driver needs for it. */
const mostBeyondDriver = 250

/** Whether a call that asks no Snowflake is cheap enough, by itself or beside a bare route. */
export function judgeCall(ours: Rounds, bareRoute: Rounds): string {
  const own = valuesOf(ours, figure)
  const times = ratiosOf(ours, bareRoute, figure)
  const isMet = median(own) <= mostPerCall || median(times) <= mostTimesBare
  return (
    `${verdict(isMet)} ${ours.name}: at most ${mostPerCall} µs or ${mostTimesBare} × the bare route: ` +
    `${renderSpread(own, 0)} µs, ${renderSpread(times, 1)} ×`
  )
}

/** Whether a call that runs a statement costs little beyond what the driver needs for the same, round by round. */
export function judgeQuery(ours: Rounds, driver: Rounds): string {
  const beyond = differencesOf(ours, driver)
  return (
    `${verdict(median(beyond) <= mostBeyondDriver)} ${ours.name}: at most ${mostBeyondDriver} µs beyond the driver's own ` +
    `${renderNumber(median(valuesOf(driver, figure)), 0)} µs: ${renderSpread(beyond, 0)} µs`
  )
}

function differencesOf(candidate: Rounds, base: Rounds): number[] {
  const bases = valuesOf(base, figure)
  return valuesOf(candidate, figure).map((value, round) => value - (bases[round] ?? Number.NaN))
}

function verdict(isMet: boolean): string {
  return isMet ? 'PASS' : 'MISS'
}
