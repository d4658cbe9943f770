import { httpUrl, ipRanges, path, setting, settingWithDefault, text, wholeNumber } from './setting.ts'

const milliseconds = wholeNumber(1, 86_400_000)

/** Who may call. */
export const accessSettings = {
  keysFile: setting(path, {
    key: 'access.keysFile',
    option: '--keys-file',
    variable: 'SQUALL_MCP_KEYS_FILE',
    about: 'JSON file with the API keys that may call, each by its hash (docs/securing.md)',
    example: '/etc/snowflake-mcp/keys.json',
  }),
  oauthIssuer: setting(httpUrl, {
    key: 'access.oauthIssuer',
    option: '--oauth-issuer',
    variable: 'SQUALL_MCP_OAUTH_ISSUER',
    about: 'Authorization server whose access tokens may call, as its tokens name it in `iss`',
    example: 'https://login.example.com/',
  }),
  oauthAudience: setting(text, {
    key: 'access.oauthAudience',
    option: '--oauth-audience',
    variable: 'SQUALL_MCP_OAUTH_AUDIENCE',
    about: 'What access tokens must name in `aud`; the public URL where it is not set',
    example: 'https://mcp.example.com/mcp',
  }),
  oauthJwksUrl: setting(httpUrl, {
    key: 'access.oauthJwksUrl',
    option: '--oauth-jwks-url',
    variable: 'SQUALL_MCP_OAUTH_JWKS_URL',
    about: 'Where the keys of the authorization server are, where its own metadata does not say',
    example: 'https://login.example.com/keys',
  }),
  oauthRoleClaim: setting(text, {
    key: 'access.oauthRoleClaim',
    option: '--oauth-role-claim',
    variable: 'SQUALL_MCP_OAUTH_ROLE_CLAIM',
    about: 'Claim that names the role in Snowflake that a caller’s statements run with',
    example: 'snowflake_role',
  }),
  oauthClockToleranceSeconds: settingWithDefault(wholeNumber(0, 600), 30, {
    key: 'access.oauthClockToleranceSeconds',
    option: '--oauth-clock-tolerance-seconds',
    variable: 'SQUALL_MCP_OAUTH_CLOCK_TOLERANCE_SECONDS',
    about: 'How far the clock of the authorization server may be from ours',
    example: '30',
  }),
  lockOutAttempts: settingWithDefault(wholeNumber(0, 1_000_000), 10, {
    key: 'access.lockOutAttempts',
    option: '--lock-out-attempts',
    variable: 'SQUALL_MCP_LOCK_OUT_ATTEMPTS',
    about: 'Keys or tokens that are not valid, from one address, that shut it out; 0 never does',
    example: '10',
  }),
  lockOutWindowMs: settingWithDefault(milliseconds, 60_000, {
    key: 'access.lockOutWindowMs',
    option: '--lock-out-window-ms',
    variable: 'SQUALL_MCP_LOCK_OUT_WINDOW_MS',
    about: 'Within which time they count',
    example: '60000',
  }),
  lockOutDurationMs: settingWithDefault(milliseconds, 900_000, {
    key: 'access.lockOutDurationMs',
    option: '--lock-out-duration-ms',
    variable: 'SQUALL_MCP_LOCK_OUT_DURATION_MS',
    about: 'How long an address stays shut out',
    example: '900000',
  }),
  publicUrl: setting(httpUrl, {
    key: 'server.publicUrl',
    option: '--public-url',
    variable: 'SQUALL_MCP_PUBLIC_URL',
    about: 'Where clients find the MCP endpoint, where a proxy stands in front; its name is allowed as Host',
    example: 'https://mcp.example.com/mcp',
  }),
  trustedProxies: setting(ipRanges, {
    key: 'server.trustedProxies',
    option: '--trusted-proxies',
    variable: 'SQUALL_MCP_TRUSTED_PROXIES',
    about: 'Addresses and ranges of proxies that are believed who called (X-Forwarded-For)',
    example: '127.0.0.1,10.0.0.0/8',
  }),
} as const
