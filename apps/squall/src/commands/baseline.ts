import type { Command } from 'commander'
import { toBaselineSettings, type BaselineSettings } from '../settings/baseline-settings.ts'
import { baselineOptions } from '../settings/run-options.ts'
import { addOptions, settingsOf } from './options.ts'

export interface BaselineActions {
  save(name: string, settings: BaselineSettings): Promise<void>
  check(name: string, settings: BaselineSettings): Promise<void>
  list(settings: BaselineSettings): Promise<void>
}

const names = {
  save: 'Adds runs to a baseline, and draws its history.',
  check: 'Tells whether runs are slower than those saved.',
} as const

/** `squall baseline save NAME`, `check NAME`, `list` */
export function addBaselineCommands(program: Command, actions: BaselineActions): void {
  const baseline = program.command('baseline').description('Keeps runs to compare later ones with.').addHelpText('after', help)
  for (const verb of ['save', 'check'] as const) {
    const command = baseline.command(verb).argument('<name>', 'of the baseline').description(names[verb])
    addOptions(command, baselineOptions)
    command.action(async (name: string) => actions[verb](name, read(command, name)))
  }
  const list = baseline.command('list').description('Lists the baselines with their runs.')
  addOptions(
    list,
    baselineOptions.filter(({ key }) => key === 'store' || key === 'json'),
  )
  list.action(async () => actions.list(read(list, undefined)))
}

const read = (command: Command, name: string | undefined): BaselineSettings =>
  toBaselineSettings(settingsOf(command, baselineOptions, 'baseline'), name)

const help = `
Runs are kept in squall-baselines/NAME.jsonl, a line each, beside a page with their history: files to keep with the code.

Examples:
  squall run my-pack.yml --report nightly/1 && squall baseline save my-pack --from nightly/1
  squall baseline check my-pack --from nightly        all runs below nightly/ against those saved
  squall baseline list

Exit codes of check: 0 the same or faster, 2 bad input, 4 slower, 5 inconclusive: more runs are needed, or they cannot be compared.`
