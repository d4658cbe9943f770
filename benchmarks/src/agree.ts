// Whether runs that were saved with `--save` came to the same verdict on every goal: `agree.ts FILE FILE …`.
import { renderNumber, renderTable } from './markdown.ts'
import { agreements, readOutcomes } from './saved-outcomes.ts'

const files = process.argv.slice(2)
if (files.length < 2) throw new RangeError('expected the files of at least two runs')
const found = agreements(files.map(readOutcomes))
const rows = found.map(({ goal, medians, verdicts, agrees }) => [
  goal,
  medians.map((value) => renderNumber(value, 2)).join(', '),
  verdicts.join(', '),
  agrees ? 'yes' : 'NO',
])
console.log(renderTable(['goal', 'medians', 'verdicts', 'agree'], rows))
if (found.some(({ agrees }) => !agrees)) process.exitCode = 1
