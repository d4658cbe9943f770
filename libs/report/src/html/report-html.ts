import { toPlots } from '../plots/to-plots.ts'
import type { Groups, Summary } from '../summary.ts'
import type { Html } from './html.ts'
import { readPageAssets } from './page-assets.ts'
import { renderPage } from './page.ts'
import { renderEarlier } from './sections/earlier.ts'
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

/** The report as one page that needs nothing else, with an earlier run beside it where one is given. */
export async function renderHtml(summary: Summary, earlier?: Summary): Promise<string> {
  const title = `${summary.run.pack}: ${summary.verdict} · Squall run report`
  return renderPage({ ...(await readPageAssets()), title, sections: renderSections(summary, earlier) })
}

function renderSections(summary: Summary, earlier: Summary | undefined): Html[] {
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
    renderEarlier(summary, earlier),
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
