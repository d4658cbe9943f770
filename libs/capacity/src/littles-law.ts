/** A closed system's own arithmetic, checked against what was measured. */
export interface LittlesLawCheck {
  /** Clients that must have been there: throughput times the time each iteration took. */
  readonly expectedClients: number
  readonly clients: number
  /** By which the expected lie beside the real ones, as a share of these. */
  readonly error: number
  /** Whether the measurement agrees with itself. */
  readonly holds: boolean
}

/** Rounding, clients between two calls, and calls cut at the edges of a window. */
const tolerance = 0.1

/**
 * N = X · (R + Z): clients are throughput times response and pause. Where it does not hold the measurement is wrong, whatever the server did.
 * Source: J. D. C. Little, A Proof for the Queuing Formula L = λW, Operations Research 9 (1961).
 * @param clients that lived, on average.
 * @param callsPerSecond of all of them.
 * @param serviceMs mean time of a call, from its sending to its answer.
 * @param pauseMs mean time between an answer and the next call of the same client.
 */
export function checkLittlesLaw(clients: number, callsPerSecond: number, serviceMs: number, pauseMs: number): LittlesLawCheck {
  const expectedClients = (callsPerSecond * (serviceMs + pauseMs)) / 1000
  const error = clients === 0 ? (expectedClients === 0 ? 0 : Number.POSITIVE_INFINITY) : (expectedClients - clients) / clients
  return { expectedClients, clients, error, holds: Math.abs(error) <= tolerance }
}
