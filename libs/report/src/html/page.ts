import { html, type Html } from './html.ts'
import { inlineScript, inlineStyle, type Inline } from './inline.ts'

export interface PageParts {
  readonly title: string
  readonly styles: readonly string[]
  readonly scripts: readonly string[]
  readonly sections: readonly Html[]
}

/**
 * A page that needs nothing else: styles, scripts and data are inside, and its content security policy lets it load or run nothing
 * besides them.
 */
export function renderPage({ title, sections, ...assets }: PageParts): string {
  const styles = assets.styles.map(inlineStyle)
  const scripts = assets.scripts.map(inlineScript)
  const policy = `default-src 'none'; style-src ${sourcesOf(styles)}; script-src ${sourcesOf(scripts)}; base-uri 'none'; form-action 'none'`
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${styles.map(({ element }) => element)}
      </head>
      <body>
        <main>${sections}</main>
        ${scripts.map(({ element }) => element)}
      </body>
    </html> `.toString()
}

const sourcesOf = (inlines: readonly Inline[]): string => inlines.map(({ source }) => source).join(' ')
