import { html, type Html } from '../html.ts'

/** Lets the reader choose the colours of a page. */
export function renderThemeChoice(): Html {
  return html`<fieldset class="theme">
    <legend class="unseen">Colours of this page</legend>
    ${['auto', 'light', 'dark'].map(renderTheme)}
  </fieldset>`
}

function renderTheme(name: string): Html {
  return html`<label
    ><input type="radio" name="theme" value="${name}" ${name === 'auto' && 'checked'} /><span>${name}</span></label
  >`
}

/** A number and its unit stay on one line. */
export const keepUnits = (text: string): string => text.replaceAll(/(?<=\d) (?=%|ms|s\b|min|clients?|calls)/g, '\u00a0')

/** `22 November 2026, 10:00:00 UTC`; whatever is not a time is shown as it is. */
export function formatStart(startedAt: string): string {
  const instant = new Date(startedAt)
  if (Number.isNaN(instant.getTime())) return startedAt
  const date = instant.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
  return `${date}, ${instant.toISOString().slice(11, 19)} UTC`
}
