import type { PackFacts } from './render-pack.ts'

/** The page beside a first pack: what question it answers, and how to go on from there. */
export function renderReadme({ serverName, tools }: PackFacts, directory: string): string {
  const called = tools.filter(({ isCalled }) => isCalled).map(({ tool }) => `\`${tool.name}\``)
  return `# How does ${oneLine(serverName)} do under a little load?

Five clients for ten seconds ${called.length === 0 ? 'list the tools' : `call ${called.join(', ')}`}, each about once a second. The run fails where 1 % of the calls fail, or
where 5 % of them take longer than two seconds.

\`\`\`sh
squall check ${directory}
squall run ${directory}
squall run ${directory} --debug
squall run ${directory} --clients 50 --duration 60s
\`\`\`

Next: arguments that your users really send, kinds of clients in the shares you see, and thresholds you would answer for.
`
}

const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim()
