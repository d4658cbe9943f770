import { scopes, type Scope } from './principal.ts'

/** What a client needs to find the authorization server of this one (RFC 9728). */
export interface ResourceMetadata {
  readonly resource: string
  readonly authorization_servers: readonly string[]
  readonly scopes_supported: readonly Scope[]
  readonly bearer_methods_supported: readonly string[]
  readonly resource_name: string
}

export interface ProtectedResource {
  /** Of the MCP endpoint, as clients reach it. */
  readonly publicUrl: string
  readonly issuer: string
}

const wellKnown = '/.well-known/oauth-protected-resource'

export function describeResource({ publicUrl, issuer }: ProtectedResource, name: string): ResourceMetadata {
  return {
    resource: publicUrl,
    authorization_servers: [issuer],
    scopes_supported: scopes,
    bearer_methods_supported: ['header'],
    resource_name: name,
  }
}

/** Where the metadata of a resource is: the well-known path stands before the resource's own (section 3.1). */
export function metadataUrlOf(publicUrl: string): string {
  const { origin, pathname } = new URL(publicUrl)
  return `${origin}${wellKnown}${pathname === '/' ? '' : pathname}`
}

/** The paths it is asked for at: that of the resource, and the bare one of clients that know no other. */
export function metadataPathsOf(publicUrl: string): ReadonlySet<string> {
  return new Set([wellKnown, new URL(metadataUrlOf(publicUrl)).pathname])
}
