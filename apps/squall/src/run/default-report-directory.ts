import { join } from 'node:path'

/** Where a run's report goes unless the user says otherwise: `squall-report/heavy-2026-11-22T10-15-30Z`. */
export function defaultReportDirectory(packName: string, wallMs: number): string {
  const name = packName.replaceAll(/[^\w.-]+/g, '-')
  const instant = new Date(wallMs)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-')
  return join('squall-report', `${name}-${instant}`)
}
