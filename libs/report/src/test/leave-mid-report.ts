// Begins to write a report into the directory given and ends, as on a second Ctrl-C, as soon as a draft of it lies there.
import { readdirSync } from 'node:fs'
import { toSummary, writeReport } from '../index.ts'
import { sampleRun } from './sample-run.ts'

const [, , directory = ''] = process.argv
const summary = toSummary(sampleRun({ seconds: 600 }))
void writeReport(directory, summary)
const look = (): void => {
  if (readdirSync(directory).some((name) => name.endsWith('.tmp'))) process.exit(130)
  setImmediate(look)
}
look()
