/** One way to answer wrongly, or not at all. */
export type Fault =
  /** The right answer under an id nobody asked for. */
  | 'wrong-id'
  /** The right answer twice. */
  | 'duplicate-id'
  /** The answer to the request before this one. */
  | 'previous-id'
  /** A tool result that says `isError`. */
  | 'is-error'
  /** A tool result that asks for input. */
  | 'input-required'
  /** Half of the answer, then a broken connection. */
  | 'cut'
  /** A stream that ends in good order without the answer. */
  | 'no-answer'
  /** A broken connection instead of an answer. */
  | 'reset'
  /** The right answer on a stream that stays open behind it. */
  | 'answer-and-hold'
  /** No answer, ever. */
  | 'hang'
  /** An answer that is no JSON. */
  | 'not-json'
  /** A session the server no longer knows. */
  | 'session-lost'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | { readonly rpcError: number }
  /** Any body under status 200, with its content type. */
  | { readonly body: string; readonly contentType: string }
  | { readonly result: unknown }
