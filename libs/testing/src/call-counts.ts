import type { SeenRequest } from './seen-request.ts'

/** How often what was asked for, whatever became of it. Requests without an id are no calls. */
export class CallCounts {
  readonly methods = new Map<string, number>()
  readonly tools = new Map<string, number>()

  add({ method, id, tool }: SeenRequest): void {
    if (id === undefined || method === '') return
    increment(this.methods, method)
    if (tool !== '') increment(this.tools, tool)
  }

  get toolCalls(): number {
    return this.methods.get('tools/call') ?? 0
  }
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
