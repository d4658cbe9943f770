import { setTimeout as pause } from 'node:timers/promises'

/** Finished tool calls by tool. */
export type ToolCounts = Readonly<Record<string, number>>

/** What the Snowflake MCP server says of itself under `/metrics`: the count of the target, whoever made the calls. */
export class ServerCounts {
  readonly #url: URL

  /** @param mcpUrl the server's MCP endpoint. */
  constructor(mcpUrl: string) {
    this.#url = new URL('/metrics', mcpUrl)
  }

  /** Counts once no call is under way any more: one that a client gave up may still run. */
  async settled(): Promise<ToolCounts> {
    for (;;) {
      const samples = await this.samples()
      if (samples.some(({ name, value }) => name === 'mcp_concurrent_requests' && value === 0)) return toToolCounts(samples)
      await pause(50)
    }
  }

  async samples(): Promise<readonly Sample[]> {
    const text = await (await fetch(this.#url)).text()
    return text.split('\n').flatMap(parseSample)
  }
}

interface Sample {
  readonly name: string
  readonly tool: string | undefined
  readonly value: number
}

function parseSample(line: string): readonly Sample[] {
  const [, name, labels = '', value] = /^([a-z_]+)(\{.*\})? (\S+)$/.exec(line) ?? []
  return name === undefined ? [] : [{ name, tool: /tool="([^"]*)"/.exec(labels)?.[1], value: Number(value) }]
}

function toToolCounts(samples: readonly Sample[]): ToolCounts {
  const counts: Record<string, number> = {}
  for (const { name, tool, value } of samples)
    if (name === 'mcp_requests_total' && tool !== undefined) counts[tool] = (counts[tool] ?? 0) + value
  return counts
}

/** What came since; tools without a call are absent. */
export function since(before: ToolCounts, after: ToolCounts): ToolCounts {
  const grown = Object.entries(after).map(([tool, count]) => [tool, count - (before[tool] ?? 0)] as const)
  return Object.fromEntries(grown.filter(([, count]) => count > 0))
}
