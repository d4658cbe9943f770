/** Markup that is safe as it stands. Made by the `html` tag alone, so that text can never pass for it. */
export class Html {
  readonly #markup: string

  constructor(markup: string) {
    this.#markup = markup
  }

  toString(): string {
    return this.#markup
  }
}

export type HtmlValue = Html | string | number | false | undefined | readonly HtmlValue[]

/**
 * Markup with values in it. Text and numbers are escaped, for elements and quoted attributes alike; other markup is
 * taken as it is; lists are joined; `false` and `undefined` leave nothing.
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(strings.map((text, index) => text + render(values[index])).join(''))
}

function render(value: HtmlValue): string {
  if (value === undefined || value === false) return ''
  if (value instanceof Html) return value.toString()
  if (typeof value === 'string' || typeof value === 'number') return escapeText(String(value))
  return value.map(render).join('')
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const escapeText = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '').replaceAll(unsafe, '\ufffd')

// Marks that reorder text could make a target's words read as the report's own; controls have no place in a page.
const unsafe = /(?![\t\n\r])\p{Cc}|\p{Bidi_Control}|\p{Cs}/gu
