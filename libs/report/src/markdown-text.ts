/** A table of Markdown; nothing where it has no rows. The cells are Markdown themselves. */
export function renderTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const rule = titles.map((_, index) => (index === 0 ? '---' : '---:'))
  return [titles, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** Text that is only ever text: no markup, mention or table cell comes of it. */
export function escapeText(text: string): string {
  const oneLine = text.replaceAll(/\s+/g, ' ')
  return oneLine
    .replaceAll(/[\\`*_{}[\]()#+!|~@]/g, String.raw`\$&`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}
