/** Something that travelled on a connection. */
export interface WireEvent {
  readonly direction: 'sent' | 'received'
  /** When, on the injected monotonic clock. */
  readonly atMs: number
  /** Which HTTP exchange of the connection it belongs to; absent where single messages travel both ways. */
  readonly exchange?: number
  /** What carried it: `POST /mcp`, `200 application/json`, or how an exchange broke. Empty for single messages. */
  readonly carrier: string
  /** Those of HTTP that say something; credentials included. */
  readonly headers: Readonly<Record<string, string>>
  /** A message, a part of a stream, or nothing. */
  readonly text: string
}

/** Hears everything that travels on a connection, as it travels, credentials included: for a person who looks on. */
export interface WireTap {
  heard(event: WireEvent): void
}
