import { createHash } from 'node:crypto'
import { Html } from './html.ts'

/** Our own style as an element, with the source that a content security policy lets through. */
export function inlineStyle(text: string): Inline {
  const body = text.replaceAll(/<\/(style)/gi, String.raw`<\/$1`)
  return { element: new Html(`<style>${body}</style>`), source: sourceOf(body) }
}

/** Our own script as an element. `</script` and `<!--` can only stand in its strings and comments, where `\x3c` means the same. */
export function inlineScript(text: string): Inline {
  const body = text.replaceAll(/<(?=\/script|!--)/gi, String.raw`\x3c`)
  return { element: new Html(`<script>${body}</script>`), source: sourceOf(body) }
}

/** Data for a script to read; inert, whatever it holds. */
export function inlineData(id: string, data: unknown): Html {
  const body = JSON.stringify(data).replaceAll('<', String.raw`\u003c`)
  return new Html(`<script type="application/json" id="${id}">${body}</script>`)
}

export interface Inline {
  readonly element: Html
  readonly source: string
}

const sourceOf = (body: string): string => `'sha256-${createHash('sha256').update(body).digest('base64')}'`
