/** A failed call, as `summary.json` keeps a few of each code. */
export interface Sample {
  readonly code: string
  readonly message: string
  /** What was answered, as far as there was an answer. */
  readonly reply: string
}

/** What those were told whose calls failed, without what differs from call to call. */
export function toldTexts(samples: readonly Sample[]): readonly { readonly code: string; readonly text: string }[] {
  return samples.map(({ code, message, reply }) => {
    const text = code.startsWith('http.') && reply !== '' ? reply : message
    return { code, text: text.replaceAll(/[\da-f]{8}-[\da-f-]{27}/g, '…').replaceAll(/"id":\d+/g, '"id":…') }
  })
}
