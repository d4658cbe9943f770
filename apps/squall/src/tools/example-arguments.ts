import { exampleText } from './example-text.ts'

type Schema = Readonly<Record<string, unknown>>
type Example = string | number | boolean | null | readonly Example[] | { readonly [name: string]: Example }

/** Schemas may refer to themselves. */
const deepest = 8

/**
 * Arguments that a tool's input schema allows and a person would believe: what it requires, from the schema's own defaults, examples and
 * enums where it has them, else the least that fits. Not every schema can be satisfied so; check what comes out.
 */
export function exampleArguments(inputSchema: Schema): { readonly [name: string]: Example } {
  const example = new ExampleMaker(inputSchema).make(inputSchema, '', 0)
  return isObject(example) ? example : {}
}

class ExampleMaker {
  readonly #root: Schema

  constructor(root: Schema) {
    this.#root = root
  }

  make(written: unknown, name: string, depth: number): Example {
    const schema = this.#resolve(written, depth)
    const told = toldValue(schema)
    if (told !== undefined) return told
    const type = typeOf(schema)
    if (type === 'object') return this.#object(schema, depth)
    if (type === 'array') return this.#array(schema, name, depth)
    if (type === 'integer' || type === 'number') return exampleNumber(schema, type === 'integer')
    if (type === 'boolean') return false
    return type === 'null' ? null : exampleText(schema, name)
  }

  #object({ properties, required }: Schema, depth: number): Example {
    const known = isSchema(properties) ? properties : {}
    const names = Array.isArray(required) ? required.filter((name): name is string => typeof name === 'string') : []
    if (depth >= deepest) return {}
    return Object.fromEntries(names.map((name) => [name, this.make(known[name] ?? {}, name, depth + 1)]))
  }

  #array({ items, prefixItems, minItems }: Schema, name: string, depth: number): Example {
    if (depth >= deepest) return []
    const count = Math.min(100, Math.max(1, typeof minItems === 'number' ? minItems : 1))
    const fixed: readonly unknown[] = Array.isArray(prefixItems) ? prefixItems : []
    const singular = name.replace(/s$/, '')
    return Array.from({ length: Math.max(count, fixed.length) }, (_, index) =>
      this.make(fixed[index] ?? items ?? {}, singular, depth + 1),
    )
  }

  /** Follows references within the schema, takes the first way that is not null, and lays the parts of `allOf` over each other. */
  #resolve(written: unknown, depth: number): Schema {
    const schema = isSchema(written) ? written : {}
    if (depth > deepest) return {}
    const { $ref, allOf, anyOf, oneOf, ...own } = schema
    const parts = [
      ...(typeof $ref === 'string' ? [this.#refer($ref)] : []),
      ...(Array.isArray(allOf) ? (allOf as unknown[]) : []),
      ...[anyOf, oneOf].flatMap((ways) => (Array.isArray(ways) ? [firstWay(ways)] : [])),
    ]
    return parts.reduce<Schema>((whole, part) => merge(whole, this.#resolve(part, depth + 1)), own)
  }

  #refer(reference: string): unknown {
    if (!reference.startsWith('#')) return {}
    const keys = reference.slice(1).split('/').slice(1)
    return keys.reduce<unknown>((at, key) => (isSchema(at) ? at[decodeKey(key)] : undefined), this.#root)
  }
}

const decodeKey = (key: string): string => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~')

const firstWay = (ways: readonly unknown[]): unknown => ways.find((way) => isSchema(way) && way['type'] !== 'null') ?? ways[0]

function merge(left: Schema, right: Schema): Schema {
  const [properties, required] = [
    { ...asSchema(left['properties']), ...asSchema(right['properties']) },
    [left['required'], right['required']].flatMap((names) => (Array.isArray(names) ? (names as unknown[]) : [])),
  ]
  return {
    ...right,
    ...left,
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required: [...new Set(required)] }),
  }
}

/** What the schema itself says a value may be. */
function toldValue({ const: only, default: usual, examples, example, enum: few }: Schema): Example | undefined {
  const candidates = [only, usual, ...listOf(examples), example, ...listOf(few)]
  return candidates.find((value): value is Example => value !== undefined && value !== null && !holdsTemplate(value))
}

const listOf = (values: unknown): readonly unknown[] => (Array.isArray(values) ? (values as unknown[]) : [])

/** In a pack it would be taken for a template. */
const holdsTemplate = (value: unknown): boolean => JSON.stringify(value).includes('{{')

function typeOf(schema: Schema): string {
  const { type, properties, items } = schema
  const named = Array.isArray(type) ? (type as unknown[]).find((one) => one !== 'null') : type
  if (typeof named === 'string') return named
  if (properties !== undefined) return 'object'
  if (items !== undefined) return 'array'
  return ['minimum', 'maximum', 'multipleOf'].some((key) => key in schema) ? 'number' : 'string'
}

/** 1, or the nearest that is allowed. */
function exampleNumber(schema: Schema, isWhole: boolean): number {
  const at = (key: string): number | undefined => (typeof schema[key] === 'number' ? schema[key] : undefined)
  const step = at('multipleOf') ?? (isWhole ? 1 : 0)
  const [above, below] = [at('exclusiveMinimum'), at('exclusiveMaximum')]
  const beside = (bound: number): number => step || Math.max(Math.abs(bound) * 1e-6, 1e-6)
  const least = Math.max(at('minimum') ?? -Infinity, above === undefined ? -Infinity : above + beside(above))
  const most = Math.min(at('maximum') ?? Infinity, below === undefined ? Infinity : below - beside(below))
  const wanted = Math.min(Math.max(1, least), most)
  if (step === 0) return wanted
  const up = Math.ceil(wanted / step - 1e-9) * step
  return up <= most ? up : Math.floor(wanted / step + 1e-9) * step
}

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value)
const asSchema = (value: unknown): Schema => (isSchema(value) ? value : {})
const isObject = (value: Example): value is { readonly [name: string]: Example } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
