import { toPlots } from '../plots/to-plots.ts'
import type { Groups, Summary } from '../summary.ts'
import { html, type Html } from './html.ts'
import { inlineScript, inlineStyle, type Inline } from './inline.ts'
import { readPageAssets } from './page-assets.ts'
import { renderFailures } from './sections/failures.ts'
import { renderGroupTable } from './sections/group-table.ts'
import { spreadScale } from './sections/latency-spread.ts'
import { renderInterventions } from './sections/interventions.ts'
import { renderKeyFigures } from './sections/key-figures.ts'
import { renderMasthead } from './sections/masthead.ts'
import { renderMethod } from './sections/method.ts'
import { renderPlots } from './sections/plots.ts'
import { renderOtherTimes } from './sections/other-times.ts'
import { renderSamples } from './sections/samples.ts'
import { renderSettings } from './sections/settings.ts'
import { renderThresholds } from './sections/thresholds.ts'
import { renderTrust } from './sections/trust.ts'

/**
 * The report as one page that needs nothing else: styles, scripts and data are inside, and its content security policy
 * lets it load or run nothing besides them.
 */
export async function renderHtml(summary: Summary): Promise<string> {
  const assets = await readPageAssets()
  const styles = assets.styles.map(inlineStyle)
  const scripts = assets.scripts.map(inlineScript)
  const policy = `default-src 'none'; style-src ${sourcesOf(styles)}; script-src ${sourcesOf(scripts)}; base-uri 'none'; form-action 'none'`
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${summary.run.pack}: ${summary.verdict} · Squall run report</title>
        ${styles.map(({ element }) => element)}
      </head>
      <body>
        <main>${renderSections(summary)}</main>
        ${scripts.map(({ element }) => element)}
      </body>
    </html> `
  return page.toString()
}

const sourcesOf = (inlines: readonly Inline[]): string => inlines.map(({ source }) => source).join(' ')

function renderSections(summary: Summary): Html[] {
  const { tools, clientKinds, methods } = summary
  const seconds = summary.run.measuredSeconds
  // A single phase or transport is the whole run, which stands above.
  const phases = severalOf(summary.phases)
  const transports = severalOf(summary.transports)
  const groups = [tools, clientKinds, phases, transports, methods].flatMap((group) => Object.values(group))
  const scale = spreadScale(groups.map(({ response }) => response))
  return [
    renderMasthead(summary),
    renderKeyFigures(summary),
    renderThresholds(summary),
    renderPlots(toPlots(summary)),
    renderGroupTable(tools, { id: 'tools', title: 'Tools', rowTitle: 'Tool', seconds, scale, isExplained: true }),
    renderFailures(summary),
    renderSamples(summary),
    renderGroupTable(clientKinds, {
      id: 'kinds',
      title: 'Client kinds',
      rowTitle: 'Kind',
      note: kindsNote,
      noteOf: evidenceOf(summary),
      seconds,
      scale,
    }),
    renderGroupTable(phases, { id: 'phases', title: 'Phases', rowTitle: 'Phase', scale }),
    renderGroupTable(transports, { id: 'transports', title: 'Transports', rowTitle: 'Transport', seconds, scale }),
    renderGroupTable(methods, { id: 'methods', title: 'Other methods', rowTitle: 'Method', note: methodsNote, scale }),
    renderOtherTimes(summary),
    renderInterventions(summary),
    renderTrust(summary),
    renderSettings(summary),
    renderMethod(),
  ]
}

const kindsNote =
  'Beside each kind, on what evidence its behaviour rests: captured from the real program, reported by others, or assumed.'

const evidenceOf =
  ({ clientKindEvidence }: Summary) =>
  (kind: string): { readonly word: string; readonly words: string } | undefined => {
    const known = clientKindEvidence[kind]
    return known && { word: known.evidence, words: known.source }
  }

const methodsNote = 'What clients do besides calling tools; not part of the figures above.'

const severalOf = (groups: Groups): Groups => (Object.keys(groups).length > 1 ? groups : {})
