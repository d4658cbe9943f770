import type { Problem } from '@squall/errors'
import { toProblems, unknownKey } from '@squall/virtual-client'
import type { z } from 'zod'
import type { KeyPath } from './key-path.ts'

/** Collects everything wrong with a pack while its parts are read one by one. */
export class PackCheck {
  readonly #problems: Problem[] = []
  readonly #locate: (path: KeyPath) => string

  constructor(locate: (path: KeyPath) => string) {
    this.#locate = locate
  }

  get problems(): readonly Problem[] {
    return this.#problems
  }

  add(...problems: readonly Problem[]): void {
    this.#problems.push(...problems)
  }

  /** Notes a problem of a key in the pack. */
  at(path: KeyPath, problem: Omit<Problem, 'where'>): void {
    this.#problems.push({ where: this.#locate(path), ...problem })
  }

  /** Notes the keys of a mapping that nobody reads, but for those that say so: under `x-…` packs keep what their aliases stand for. */
  keys(mapping: Readonly<Record<string, unknown>>, known: readonly string[], path: KeyPath): void {
    for (const key of Object.keys(mapping))
      if (!known.includes(key) && !key.startsWith('x-')) this.add(unknownKey(this.#locate([...path, key]), key, known))
  }

  /** Reads a part of the pack; what is wrong with it is noted, and nothing returned. */
  read<T>(schema: z.ZodType<T>, value: unknown, path: KeyPath): T | undefined {
    return this.#parse(schema, value, (inner) => this.#locate([...path, ...inner]))
  }

  /** Reads a value that stands outside the pack. @param isSecretValue whether messages must not repeat it. */
  readFrom<T>(schema: z.ZodType<T>, value: unknown, where: string, isSecretValue = false): T | undefined {
    return this.#parse(schema, value, () => where, isSecretValue ? () => true : isSecret)
  }

  #parse<T>(schema: z.ZodType<T>, value: unknown, locate: (path: KeyPath) => string, isSecretPath = isSecret): T | undefined {
    const result = schema.safeParse(value)
    if (result.success) return result.data
    // Plain data has no symbols for keys.
    this.add(
      ...toProblems(result.error, { schema, input: value, locate: (inner) => locate(inner as KeyPath), isSecret: isSecretPath }),
    )
    return undefined
  }
}

/** The text of a header may be a credential; some settings are nothing else. */
const isSecret = (path: readonly PropertyKey[]): boolean =>
  path.slice(0, -1).includes('headers') || secretSettings.has(path.at(-1))

const secretSettings: ReadonlySet<PropertyKey | undefined> = new Set(['passphrase', 'proxy', 'clientSecret', 'privateKey'])
