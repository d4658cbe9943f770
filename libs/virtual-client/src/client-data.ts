import type { Json, LoadPlan, PayloadPlan } from '@squall/load-plan'
import type { RandomSource } from '@squall/time'
import type { Variables } from './templates/template-scope.ts'

/** What a client knows when its flow begins. Of a variable that is a list, each client takes one element at random. */
export function initialVariables(plan: LoadPlan, random: RandomSource): Variables {
  const entries = Object.entries(plan.variables).map(([name, value]) => [
    name,
    Array.isArray(value) ? pick(value, random) : value,
  ])
  return Object.fromEntries(entries) as Variables
}

/**
 * Puts the fields of one row of each data file among the variables.
 * In sequence, client n begins with row n and takes the next one for each iteration, so that clients differ and every client sees all.
 */
export function takeRows(payloads: readonly PayloadPlan[], turn: number, random: RandomSource, variables: Variables): void {
  for (const { fields, rows, order } of payloads) {
    const row = rows[order === 'sequence' ? turn % rows.length : Math.floor(random.next() * rows.length)]
    fields.forEach((field, column) => (variables[field] = toValue(row?.[column])))
  }
}

/** As Artillery does by default: what looks like a number is one, and so are true and false. */
function toValue(text: string | undefined): Json | undefined {
  if (text === 'true') return true
  if (text === 'false') return false
  return text !== undefined && /^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$/.test(text) ? Number(text) : text
}

const pick = (values: readonly Json[], random: RandomSource): Json | undefined =>
  values[Math.floor(random.next() * values.length)]
