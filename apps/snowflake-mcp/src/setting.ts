import { isIpRange } from '@squall/mcp-server'

/** How a setting's value is read from text or JSON. */
export interface Kind<T> {
  /** Stands for the value in `--help`; absent for options that take none. */
  readonly placeholder?: string
  /** What would have been right, for messages. */
  readonly expected: string
  /** The value, or undefined where it is not one of this kind. Text comes from options and variables, JSON from the file. */
  readonly read: (raw: unknown) => T | undefined
  /** A value as its user would write it, where that is not what JSON makes of it. */
  show?(value: T): string
}

interface SettingFacts {
  /** Its place in the configuration file: `snowflake.account`. */
  readonly key: string
  readonly variable: string
  /** Absent where a command line, which others on the machine can read, is no place for it. */
  readonly option?: string
  readonly about: string
  readonly example: string
  readonly isSecret?: true
}

/** One thing an operator may set. */
export interface Setting<T> extends SettingFacts {
  readonly kind: Kind<NonNullable<T>>
  readonly fallback: T
}

export function setting<T>(kind: Kind<T>, facts: SettingFacts): Setting<T | undefined> {
  // NonNullable<T | undefined> is T for every kind, as no kind reads a null.
  return { kind: kind as Kind<NonNullable<T | undefined>>, fallback: undefined, ...facts }
}

export function settingWithDefault<T>(kind: Kind<T>, fallback: T, facts: SettingFacts): Setting<T> {
  return { kind: kind as Kind<NonNullable<T>>, fallback, ...facts }
}

/** What of a value may be shown: a URL may carry a user and a password. */
export function withoutUserInfo(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\/\/[^/@\s]*@/, '//…@') : value
}

export const text: Kind<string> = {
  placeholder: 'text',
  expected: 'text',
  read: (raw) => (typeof raw === 'string' && raw.trim() !== '' ? raw : undefined),
}

export const path: Kind<string> = { ...text, placeholder: 'file', expected: 'the path of a file' }

export const flag: Kind<boolean> = {
  expected: 'true or false',
  read(raw) {
    if (raw === true || raw === 'true' || raw === '1') return true
    return raw === false || raw === 'false' || raw === '0' ? false : undefined
  },
}

export const textList: Kind<readonly string[]> = {
  placeholder: 'a,b',
  expected: 'text, with commas between several',
  read(raw) {
    const items = typeof raw === 'string' ? raw.split(',').map((item) => item.trim()) : raw
    const isList = Array.isArray(items) && items.every((item) => typeof item === 'string' && item !== '')
    // Every element was just seen to be text.
    return isList && items.length > 0 ? (items as string[]) : undefined
  },
}

export const ipRanges: Kind<readonly string[]> = {
  ...textList,
  expected: 'IP addresses or ranges such as 10.0.0.0/8, with commas between several',
  read(raw) {
    const items = textList.read(raw)
    return items?.every(isIpRange) === true ? items : undefined
  },
}

/** Some of a closed set of words, in any order. */
export function listOf<const T extends string>(choices: readonly T[]): Kind<readonly T[]> {
  const expected = `some of ${choices.join(', ')}, with commas between`
  return {
    placeholder: 'a,b',
    expected,
    read(raw) {
      const found = textList.read(raw)?.map((item) => choices.find((choice) => choice === item.toLowerCase()))
      return found?.every((item) => item !== undefined) === true ? found : undefined
    },
  }
}

export function wholeNumber(least: number, most: number): Kind<number> {
  return {
    placeholder: 'number',
    expected: `a whole number from ${least} to ${most}`,
    read(raw) {
      const number = typeof raw === 'string' && /^\d+$/.test(raw) ? Number(raw) : raw
      return typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most ? number : undefined
    },
  }
}

/** A share from 0 to 1. */
export const ratio: Kind<number> = {
  placeholder: 'ratio',
  expected: 'a number from 0 to 1',
  read(raw) {
    const number = typeof raw === 'string' && /^\d*\.?\d+$/.test(raw) ? Number(raw) : raw
    return typeof number === 'number' && number >= 0 && number <= 1 ? number : undefined
  },
}

export function oneOf<const T extends string>(choices: readonly T[]): Kind<T> {
  return {
    placeholder: choices.join('|'),
    expected: `one of ${choices.join(', ')}`,
    read: (raw) => choices.find((choice) => typeof raw === 'string' && raw.toLowerCase() === choice.toLowerCase()),
  }
}

export const httpUrl: Kind<string> = {
  placeholder: 'url',
  expected: 'an http or https URL',
  read: (raw) => (typeof raw === 'string' && /^https?:$/.test(URL.parse(raw)?.protocol ?? '') ? raw : undefined),
}
