/** A load plan: everything a generator must know to make its share of a run, as plain data that can travel. */
export interface LoadPlan {
  readonly version: 1
  /** The pack's name, for people. */
  readonly name: string
  /** URL of the MCP endpoint, or a command line where the transport is stdio. */
  readonly target: string
  /** Every random choice of the run follows from this number. */
  readonly seed: number
  readonly model: LoadModel
  readonly scenarios: readonly ScenarioPlan[]
  readonly payloads: readonly PayloadPlan[]
  /** Variables every client starts with; of an array, each client takes one element at random. */
  readonly variables: Readonly<Record<string, Json>>
  readonly requestTimeoutMs: number
  /** A start later than this is dropped and counted, instead of being made up for. */
  readonly maxLagMs: number
  /** A module of the user's own functions, for the steps that name one: an absolute path. */
  readonly processor?: string
  /** Seconds at the start that make load but are left out of the numbers. */
  readonly warmUpMs: number
  /** As written: `p95<500ms`. */
  readonly thresholds: readonly string[]
  /** Those of the thresholds that end the run early when they break. */
  readonly aborts?: readonly AbortRule[]
  /** Where the target is `https:` or `wss:`; Node's own authorities and no client certificate unless given. */
  readonly tls?: TlsPlan
  /** An HTTP proxy that clients go through, with its user and password; none unless given. */
  readonly proxyUrl?: string
}

/** Ends a run whose newest seconds break a threshold. */
export interface AbortRule {
  /** One of the plan's `thresholds`. */
  readonly expression: string
  /** How long after T0 it is looked at for the first time; the first calls of a run say little. */
  readonly afterMs: number
}

/** Whom clients trust, and how they prove themselves. All texts are PEM. */
export interface TlsPlan {
  /** Authorities to trust instead of those that Node brings. */
  readonly ca?: string
  /** The clients' own certificate, with its chain. */
  readonly cert?: string
  readonly key?: string
  /** Of the key, where it is encrypted. */
  readonly passphrase?: string
  /** The name asked for and looked for in the server's certificate; the host of the target unless given. */
  readonly serverName?: string
  /** Whether a certificate that does not check out ends the connection; true unless given. */
  readonly rejectUnauthorized?: boolean
}

export type LoadModel = ClosedModel | OpenModel

/** A population that follows a plan: each client opens its session once and repeats its flow until it is to leave or the run ends. */
export interface ClosedModel {
  readonly type: 'closed'
  /** The most clients that are to live at once. */
  readonly clients: number
  /** How fast clients start; where there are `stages`, only those that live control adds, since the stages say when theirs do. */
  readonly spawnRatePerSecond: number
  readonly durationMs: number
  /** How many clients are to live over time, where that is not all of them until the end; together they last `durationMs`. */
  readonly stages?: readonly LoadStage[]
  /** A client leaves after this many iterations; the run ends with its last client. */
  readonly iterationsPerClient?: number
  /** All clients together begin no more iterations than this. */
  readonly iterationsInTotal?: number
}

/**
 * A stretch of time in which the wanted load moves linearly: clients in the closed model, arrivals per second in the open one.
 * Where a stage starts elsewhere than the one before it ended, the load jumps.
 */
export interface LoadStage {
  /** Calls carry it as their phase; may be empty. */
  readonly name: string
  readonly durationMs: number
  readonly from: number
  readonly to: number
}

/** Arrivals at given instants: each runs a scenario once and leaves. */
export interface OpenModel {
  readonly type: 'open'
  readonly phases: readonly ArrivalPhase[]
  /**
   * Arrivals that find this many clients of the run still there are dropped and counted, so that a target which stopped answering cannot
   * fill the generator's memory; `defaultMaxClients` unless given.
   */
  readonly maxClients?: number
}

/** Room for a target at its limit, and at 70 KB for a client with TLS still well under a gigabyte. */
export const defaultMaxClients = 10_000

/** One phase of arrivals. The rate moves linearly from `rateStart` to `rateEnd`, both per second and possibly fractional. */
export interface ArrivalPhase {
  readonly name: string
  readonly durationMs: number
  readonly rateStart: number
  readonly rateEnd: number
  /** `constant` spaces arrivals evenly along the rate; `poisson` makes them independent of each other. */
  readonly spacing: 'constant' | 'poisson'
}

export interface ScenarioPlan {
  readonly name: string
  /** Its share among the scenarios, relative to their sum. */
  readonly weight: number
  /** In the closed model: exactly so many clients run this scenario, the first of the run; the others are chosen by weight among the rest. */
  readonly fixedClients?: number
  readonly client: ClientPlan
  /** The steps as written in the pack, checked by `pack`, compiled by `virtual-client` in the generator. */
  readonly flow: readonly Json[]
}

/** How the clients of a scenario connect and present themselves. */
export interface ClientPlan {
  readonly clientKind: string
  readonly transport: 'streamable-http' | 'websocket' | 'stdio' | 'sse'
  /** `auto` lets the client kind decide. */
  readonly protocolVersion: string
  /** May hold templates such as `Bearer {{ $env.TOKEN }}`, already resolved for `$env`. */
  readonly headers: Readonly<Record<string, string>>
  /** How clients come, stay and go; each client follows one of these, drawn by weight. They stay as their kind does unless given. */
  readonly lifeCycles?: readonly LifeCyclePlan[]
  /** What clients say when the server asks; they decline unless given. */
  readonly answers?: AnswersPlan
  /** How clients come by an access token; none is sent unless given, or written in `headers`. */
  readonly auth?: AuthPlan
}

/** What a client does with its session, apart from the calls of its flow. */
export interface LifeCyclePlan {
  /** Its share among the life cycles of a scenario, relative to their sum. */
  readonly weight: number
  /** After so many iterations the client leaves its session and opens another; never unless given. */
  readonly sessionIterations?: number
  /** After so long the same, as soon as an iteration ends. */
  readonly sessionMs?: number
  /** The share of sessions, from 0 to 1, that are left without a word; all or none as the kind does unless given. */
  readonly abandonRatio?: number
  /** Whether the client holds the server's push stream open; as the kind does unless given. */
  readonly holdsStream?: boolean
  /** Every so often the client breaks its push stream and resumes it behind the last event seen; never unless given. */
  readonly reconnectMs?: number
  /** So long the client stays without a call, in the place of each iteration of its flow. */
  readonly idleMs?: number
}

/** Answers to `roots/list`, `sampling/createMessage` and `elicitation/create`. */
export interface AnswersPlan {
  readonly roots?: readonly { readonly uri: string; readonly name?: string }[]
  readonly sampling?: { readonly text: string; readonly model?: string }
  readonly elicitation?: {
    readonly action: 'accept' | 'decline' | 'cancel'
    readonly content?: Readonly<Record<string, string | number | boolean | readonly string[]>>
  }
  /** How many times a call that needs input is tried again with it; 8 unless told. */
  readonly inputRounds?: number
}

/** OAuth 2.1 client credentials. */
export interface AuthPlan {
  readonly type: 'client_credentials'
  /** Found by the server's own metadata unless given. */
  readonly tokenUrl?: string
  readonly clientId: string
  /** Already resolved for `$env`, as is the key. One of the two proves who the client is. */
  readonly clientSecret?: string
  /** In PEM: the client signs with it. */
  readonly privateKey?: string
  readonly scope?: string
  readonly audience?: string
  /** The `resource` of RFC 8707; the target unless given. */
  readonly resource?: string
  /** Whether each client asks for a token of its own; one serves all clients of a generator unless told. */
  readonly perClient?: boolean
}

/** Rows of a data file, at least one; what looked like a number or a flag is one. */
export interface PayloadPlan {
  readonly fields: readonly string[]
  readonly rows: readonly (readonly Json[])[]
  /**
   * How iterations take them: `sequence` hands every row out once before any comes again, `unique` hands each out once in the whole
   * run, `random` draws.
   */
  readonly order: 'sequence' | 'random' | 'unique'
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** A part of a plan: shard `index` of `count` equal ones. What it must do at any time follows from the plan and this alone. */
export interface Share {
  readonly index: number
  readonly count: number
}
