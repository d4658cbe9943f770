import { z } from 'zod'
import type { OwnParameter } from './own-tool-schema.ts'

type Value = string | number | boolean

/** An argument of an operator's own tool, with the limits the operator gave it. */
export function parameterArgument(parameter: OwnParameter): z.ZodType<Value | undefined, Value | undefined> {
  const { description, required, default: fallback, enum: choices } = parameter
  const expected = describeValue(parameter)
  const inner = bounded(parameter, expected)
  const chosen = choices === undefined ? inner : inner.refine((value) => choices.includes(value), expected)
  if (fallback !== undefined) return chosen.default(fallback).meta({ description })
  return required ? chosen.meta({ description }) : chosen.optional().meta({ description })
}

/** What a value of the parameter is, for people and models. */
export function describeValue({ type, enum: choices, minimum, maximum, maxLength }: OwnParameter): string {
  if (choices !== undefined) return `one of ${choices.map((choice) => JSON.stringify(choice)).join(', ')}`
  if (type === 'boolean') return 'true or false'
  if (type === 'date') return 'a date as YYYY-MM-DD'
  if (type === 'string') return `text of at most ${maxLength} characters`
  const kind = type === 'integer' ? 'a whole number' : 'a number'
  const [from, to] = [minimum === undefined ? '' : ` from ${minimum}`, maximum === undefined ? '' : ` up to ${maximum}`]
  return kind + from + to
}

function bounded({ type, minimum, maximum, maxLength }: OwnParameter, expected: string): z.ZodType<Value, Value> {
  if (type === 'boolean') return z.boolean(expected)
  if (type === 'date') return z.iso.date(expected)
  // NUL and its kin would be cut, or read as something else, somewhere on the way.
  if (type === 'string')
    return z
      .string(expected)
      .max(maxLength, expected)
      .refine((text) => !text.includes('\0'), expected)
  const number = type === 'integer' ? z.int(expected) : z.number(expected)
  return number.min(minimum ?? -Infinity, expected).max(maximum ?? Infinity, expected)
}
