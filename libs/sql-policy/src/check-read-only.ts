import {
  isTrivia,
  parseTokenTree,
  splitStatements,
  statementClass,
  tokenize,
  type Statement,
  type StatementClass,
  type Token,
} from '@squall/snowflake-sql'
import type { FunctionRules } from './call-rules.ts'
import { objectionToDescribe } from './describe-rules.ts'
import { explained } from './explained.ts'
import type { ObjectPattern } from './object-pattern.ts'
import { objectionToObjects } from './object-rules.ts'
import type { GatePlace } from './place.ts'
import { objectionToQuery } from './query-rules.ts'
import { objectionToShow } from './show-rules.ts'
import { objectionToSources } from './source-rules.ts'
import type { Objection, ReadingClass, Verdict } from './verdict.ts'

/** Snowflake takes no longer text either: one megabyte. */
const longestText = 1_000_000
/** More brackets within each other than anybody writes. */
const deepestNesting = 200

/** What an operator allows and forbids beyond reading as such. */
export interface GatePolicy {
  /** The only objects statements may name; all where absent. */
  readonly objects?: readonly ObjectPattern[] | undefined
  /** Functions that may be called beside the built-in ones that read: their owner vouches that they change nothing. */
  readonly functions?: FunctionRules | undefined
}

/**
 * Judges one text.
 * @param place where the statement will run; only asked where objects are restricted.
 */
export type Gate = (sql: string, place?: GatePlace) => Verdict

/** A read-only gate as `checkReadOnly`, with an operator's own rules. */
export function createGate(policy: GatePolicy): Gate {
  return (sql, place = {}) => {
    const judged = judge(sql, policy, place)
    return 'reason' in judged ? { allowed: false, ...judged } : { allowed: true, ...judged }
  }
}

/**
 * The read-only gate: says whether a text is one single statement that only reads. What is not known to be harmless is denied.
 *
 * What passes: a query (`SELECT`, `WITH … SELECT`, `VALUES`), SHOW, DESCRIBE, and EXPLAIN of a query, in which every function is a
 * known built-in that reads, and nothing reaches for files, variables of the session, or the results of others.
 * What it cannot judge: views and policies that call functions of the account. A role that may only read is the second wall.
 */
export const checkReadOnly: Gate = createGate({})

type Judged = Objection | { readonly statementClass: ReadingClass }

function judge(sql: string, policy: GatePolicy, place: GatePlace): Judged {
  if (sql.length > longestText) return { reason: 'The text is longer than a megabyte.', hint: 'Send a shorter statement.' }
  const tokens = tokenize(sql)
  const unreadable = tokens.find(({ problem }) => problem !== undefined)
  if (unreadable) return objectionToToken(unreadable)
  const tooDeep = tokenBeyond(tokens, deepestNesting)
  if (tooDeep) return { reason: 'The brackets are nested too deeply.', hint: 'Write a flatter query.', position: tooDeep.offset }
  const [statement, second] = splitStatements(tokens)
  if (!statement) return { reason: 'There is no statement.', hint: 'Send one SELECT, SHOW, DESCRIBE or EXPLAIN statement.' }
  if (second) return objectionToSecond(second)
  return judgeStatement(statement, policy, place)
}

function judgeStatement(statement: Statement, { objects, functions }: GatePolicy, place: GatePlace): Judged {
  const kind = statementClass(statement)
  if (!isReading(kind)) return objectionToClass(kind, statement)
  const read = kind === 'explain' ? explained(statement) : statement
  const objection =
    objectionToReading(kind, read, functions) ?? (objects && objectionToObjects(kind, read, { allowed: objects, place }))
  return objection ?? { statementClass: kind }
}

const readingClasses: readonly StatementClass[] = ['select', 'show', 'describe', 'explain'] satisfies ReadingClass[]

function isReading(kind: StatementClass): kind is ReadingClass {
  return readingClasses.includes(kind)
}

/** @param statement for EXPLAIN, the statement it explains */
function objectionToReading(kind: ReadingClass, statement: Statement, functions?: FunctionRules): Objection | undefined {
  const { tokens } = statement
  const meaningful = tokens.filter((token) => !isTrivia(token))
  if (kind === 'show') return objectionToShow(meaningful, functions)
  if (kind === 'describe') return objectionToDescribe(meaningful)
  if (kind === 'explain' && statementClass(statement) !== 'select')
    return { reason: 'EXPLAIN is allowed of queries only.', hint: 'Explain a SELECT statement.', ...positionOf(tokens) }
  return objectionToQuery(meaningful, functions) ?? objectionToSources(parseTokenTree(tokens).nodes)
}

/** The token that opens one bracket more than `depth` others that are still open. */
function tokenBeyond(tokens: readonly Token[], depth: number): Token | undefined {
  let open = 0
  return tokens.find(({ kind, text }) => {
    if (kind !== 'operator') return false
    if ('([{'.includes(text)) open += 1
    else if (')]}'.includes(text)) open -= 1
    return open > depth
  })
}

function objectionToToken({ kind, problem, offset, text }: Token): Objection {
  const position = offset
  if (problem === 'unterminated') {
    return { reason: `A ${nameOfKind(kind)} begins here and does not end.`, hint: 'Close it.', position }
  }
  if (problem === 'unknownCharacter') {
    const reason = `The character ${JSON.stringify(text)} has no meaning in SQL outside quotes.`
    return { reason, hint: 'Remove it, or put the name in double quotes.', position }
  }
  return {
    reason: `This ${nameOfKind(kind)} can be read in more than one way.`,
    hint: 'Write it without nesting, or leave it out.',
    position,
  }
}

function nameOfKind(kind: Token['kind']): string {
  if (kind === 'quotedIdentifier') return 'quoted name'
  if (kind === 'word') return 'name with $$'
  return kind === 'lineComment' || kind === 'blockComment' ? 'comment' : kind === 'stage' ? 'stage path' : 'string'
}

function objectionToSecond({ tokens }: Statement): Objection {
  return { reason: 'There is more than one statement.', hint: 'Send one statement at a time.', ...positionOf(tokens) }
}

const whatItDoes: Readonly<Partial<Record<StatementClass, string>>> = {
  dml: 'changes data',
  ddl: 'changes objects',
  grant: 'changes privileges',
  use: 'changes the session; name the database and schema in the arguments of the tool, or in the query',
  set: 'changes the session',
  session: 'changes the session',
  transaction: 'controls a transaction',
  call: 'calls code that may do anything',
  scripting: 'runs code that may do anything',
  copy: 'moves or lists files',
  flow: 'chains statements with ->>, each of which may do anything',
}

function objectionToClass(kind: StatementClass, { tokens, text }: Statement): Objection {
  const what = whatItDoes[kind]
  const hint = 'Only SELECT, WITH … SELECT, SHOW, DESCRIBE, and EXPLAIN of a query may be run.'
  const verb = /^\w+/.exec(text)?.[0].toUpperCase()
  const subject = verb === undefined ? 'This statement' : verb
  const reason = what === undefined ? `${subject} is not known to be a statement that only reads.` : `${subject} ${what}.`
  return { reason, hint, ...positionOf(tokens) }
}

function positionOf([first]: readonly Token[]): { position?: number } {
  return first ? { position: first.offset } : {}
}
