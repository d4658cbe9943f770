/** What a program's exit status says. The table is a contract with users' scripts: a number never changes its meaning. */
export const exitCodes = {
  ok: 0,
  internal: 1,
  badInput: 2,
  thresholdBroken: 3,
  slowerThanBaseline: 4,
  inconclusive: 5,
  targetUnreachable: 6,
  steadyStateNotMet: 7,
  loadLost: 8,
  machine: 9,
  stopped: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
