import type { Command } from 'commander'

export type RenderAgain = (directory: string, options: { readonly against?: string }) => Promise<void>

/** `squall report DIR` */
export function addReportCommand(program: Command, renderAgain: RenderAgain): void {
  program
    .command('report')
    .argument('<dir>', 'the report directory of a run')
    .description("Draws a run's report again from its summary.json, beside an earlier run if you like.")
    .option('--against <dir>', 'the report directory of an earlier run, to be shown beside this one')
    .addHelpText('after', help)
    .action(async (directory: string, options: { readonly against?: string }) => renderAgain(directory, options))
}

const help = `
Examples:
  squall report squall-report/mine
  squall report squall-report/mine --against squall-report/before

Exit codes: 0 drawn, 2 there is no summary.json of a run, 9 cannot be written.`
