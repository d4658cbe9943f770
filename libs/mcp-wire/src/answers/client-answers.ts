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
