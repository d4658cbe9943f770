import type { JsonObject } from '../call-outcome.ts'
import { isObject } from '../rpc/message.ts'
import { fillForm } from './fill-form.ts'

/** What a simulated client says when a server asks it something: nobody and no model sits behind it. */
export interface ClientAnswers {
  /** Folders for `roots/list`; none unless given. */
  readonly roots?: readonly { readonly uri: string; readonly name?: string }[]
  /** The text a model would have said to `sampling/createMessage`; declined unless given. */
  readonly sampling?: { readonly text: string; readonly model?: string }
  /**
   * What a person would have done with `elicitation/create`; `decline` unless given. To accept a form fills it in with the
   * schema's own defaults, and with the least that is valid where a required field has none; `content` goes before both.
   */
  readonly elicitation?: {
    readonly action: 'accept' | 'decline' | 'cancel'
    readonly content?: Readonly<Record<string, string | number | boolean | readonly string[]>>
  }
  /** How many times a call that needs input is tried again with it, in the modern era; 8 unless told, 0 for never. */
  readonly inputRounds?: number
}

/** What a server asks, in a request of its own or within a result that needs input. */
export interface Question {
  readonly method: string
  readonly params: JsonObject
}

type Answer = { readonly result: JsonObject } | { readonly error: { readonly code: number; readonly message: string } }

/**
 * The answer to a question, as far as the client has the capability for it.
 * Source: MCP 2025-11-25, "Roots", "Sampling" and "Elicitation".
 */
export function resultFor({ method, params }: Question, capabilities: JsonObject, answers: ClientAnswers): Answer {
  if (method === 'roots/list' && 'roots' in capabilities) return { result: { roots: answers.roots ?? [] } }
  if (method === 'sampling/createMessage' && 'sampling' in capabilities) return sample(answers)
  if (method === 'elicitation/create' && 'elicitation' in capabilities) {
    return elicit(params, capabilities['elicitation'], answers)
  }
  return { error: { code: methodNotFound, message: 'Method not found' } }
}

/** The capabilities a client must declare for its answers to be asked for, besides those it has. */
export function withAnswerable(capabilities: JsonObject, { roots, sampling, elicitation }: ClientAnswers): JsonObject {
  return {
    ...(roots && { roots: {} }),
    ...(sampling && { sampling: {} }),
    ...(elicitation && { elicitation: { form: {}, url: {} } }),
    ...capabilities,
  }
}

const methodNotFound = -32_601
const invalidParams = -32_602
const declinedByUser = -1

function sample({ sampling }: ClientAnswers): Answer {
  if (!sampling) return { error: { code: declinedByUser, message: 'User rejected sampling request' } }
  const { text, model = 'squall' } = sampling
  return { result: { role: 'assistant', content: { type: 'text', text }, model, stopReason: 'endTurn' } }
}

/** A client that declares no mode can do forms. */
function elicit(params: JsonObject, declared: unknown, { elicitation }: ClientAnswers): Answer {
  const mode = params['mode'] === 'url' ? 'url' : 'form'
  const modes = isObject(declared) && Object.keys(declared).length > 0 ? declared : { form: {} }
  if (!(mode in modes)) return { error: { code: invalidParams, message: `elicitation in mode ${mode} was not declared` } }
  const { action, content } = elicitation ?? { action: 'decline' as const }
  if (action !== 'accept' || mode === 'url') return { result: { action } }
  return { result: { action, content: fillForm(params['requestedSchema'], content) } }
}
