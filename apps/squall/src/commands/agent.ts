import type { Command } from 'commander'
import { toAgentSettings, type AgentSettings } from '../settings/agent-settings.ts'
import { agentOptions } from '../settings/run-options.ts'
import { addOptions, settingsOf } from './options.ts'

export type WorkAsAgent = (settings: AgentSettings) => Promise<void>

/** `squall agent --fabric URL` */
export function addAgentCommand(program: Command, work: WorkAsAgent): void {
  const command = program
    .command('agent')
    .description('Lets this machine make load for runs that are started elsewhere, until it is stopped.')
    .addHelpText('after', help)
  addOptions(command, agentOptions)
  command.action(async () => work(toAgentSettings(settingsOf(command, agentOptions, 'agent'))))
}

const help = `
Every machine that shall make load runs one agent; squall run --fabric with the same address uses all that are there. An agent makes
load on this machine's own addresses alone, unless --allow-target names others: whoever can write to that Redis decides what is sent.
SQUALL_FABRIC_SECRET, the same for agents and controllers, lets an agent obey nobody else, and hides what travels through Redis.
Every option can also be set by the environment variable in brackets, or under "agent" in squall.config.json.

Examples:
  squall agent --fabric redis://10.0.0.1:6379
  squall agent --fabric rediss://:PASSWORD@redis.example.com --allow-target '*.staging.example.com'
  SQUALL_FABRIC_SECRET=… squall agent --fabric redis://10.0.0.1 --workers 4 --allow-target 10.0.0.7:3000

Exit codes: 130 stopped, 2 bad input, 9 Redis cannot be used.`
