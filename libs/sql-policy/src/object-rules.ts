import {
  identifierName,
  isOperator,
  isTrivia,
  parseTokenTree,
  stringValue,
  type Statement,
  type Token,
} from '@squall/snowflake-sql'
import { objectionToContainer, objectionToName, readAllowed, type ObjectRules } from './allowed-name.ts'
import { objectionToDescribed } from './described-object.ts'
import { parseObjectName } from './identifier.ts'
import { objectionToScope } from './show-scope.ts'
import { sourceNames, type SourceName } from './source-names.ts'
import type { Objection, ReadingClass } from './verdict.ts'

/** Denies a statement that reads, lists or describes anything outside the allowed objects, or may do so. */
export function objectionToObjects(kind: ReadingClass, { tokens }: Statement, rules: ObjectRules): Objection | undefined {
  const meaningful = tokens.filter((token) => !isTrivia(token))
  if (kind === 'show') return objectionToScope(meaningful, rules)
  if (kind === 'describe') return objectionToDescribed(meaningful, rules)
  return objectionToSourceNames(tokens, rules) ?? objectionToNamesInTexts(meaningful, rules)
}

function objectionToSourceNames(tokens: readonly Token[], rules: ObjectRules): Objection | undefined {
  const { names, doubt } = sourceNames(parseTokenTree(tokens).nodes)
  if (doubt !== undefined)
    return { reason: 'What is read here cannot be told.', hint: 'Write the query more plainly.', position: doubt }
  for (const name of names) {
    const objection = name.isCall ? objectionToTableFunction(name) : objectionToName(name.parts, rules)
    if (objection) return { position: name.position, ...objection }
  }
  return undefined
}

/** Built-in ones read what the query gives them; those of a schema tell of objects wherever they are. */
function objectionToTableFunction({ parts }: SourceName): Objection | undefined {
  return parts.at(-2) === 'INFORMATION_SCHEMA'
    ? { reason: 'The table functions of INFORMATION_SCHEMA tell of objects that are not allowed.', hint: readAllowed }
    : undefined
}

/** Functions whose text argument names an object, and at which place among their arguments it stands. */
const namingArgument: ReadonlyMap<string, number> = new Map([
  ['GET_DDL', 1],
  ['SYSTEM$CLUSTERING_DEPTH', 0],
  ['SYSTEM$CLUSTERING_INFORMATION', 0],
  ['SYSTEM$LAST_CHANGE_COMMIT_TIME', 0],
])
/** Functions that tell of objects in ways that cannot be followed here. */
const tellsOfOthers = new Set(['GET_OBJECT_REFERENCES', 'SYSTEM$GET_TAG', 'SYSTEM$STREAM_HAS_DATA'])

function objectionToNamesInTexts(tokens: readonly Token[], rules: ObjectRules): Objection | undefined {
  for (const [at, token] of tokens.entries()) {
    const name = isOperator(tokens[at + 1], '(') ? identifierName(token) : undefined
    const objection = name === undefined ? objectionToStream(tokens, at) : objectionToArgument(name, tokens, at, rules)
    if (objection) return { position: token.offset, ...objection }
  }
  return undefined
}

/** `AT (STREAM => 'name')` */
function objectionToStream(tokens: readonly Token[], at: number): Objection | undefined {
  return identifierName(tokens[at]) === 'STREAM' && isOperator(tokens[at + 1], '=>')
    ? { reason: 'The offset of a stream tells of another object.', hint: 'Give a time or an offset in seconds.' }
    : undefined
}

function objectionToArgument(name: string, tokens: readonly Token[], at: number, rules: ObjectRules): Objection | undefined {
  if (tellsOfOthers.has(name)) return { reason: `${name} may tell of objects that are not allowed.`, hint: readAllowed }
  const index = namingArgument.get(name)
  if (index === undefined) return undefined
  const text = stringValue(tokens[at + 2 + 2 * index])
  const isWhole = index === 0 || isOperator(tokens[at + 3], ',')
  const isAlone = isOperator(tokens[at + 3 + 2 * index], ',') || isOperator(tokens[at + 3 + 2 * index], ')')
  const parts = text !== undefined && isWhole && isAlone ? namesIn(text) : undefined
  if (!parts) return { reason: `Which object ${name} tells of cannot be told.`, hint: 'Give its name as a plain text.' }
  const kind = index === 1 ? stringValue(tokens[at + 2])?.toUpperCase() : undefined
  return kind === 'DATABASE' || kind === 'SCHEMA' ? objectionToContainer(parts, kind, rules) : objectionToName(parts, rules)
}

function namesIn(text: string): readonly string[] | undefined {
  try {
    return parseObjectName(text, 'name')
  } catch {
    return undefined
  }
}
