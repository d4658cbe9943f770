import { httpUrl, oneOf, path, setting, text } from './setting.ts'

/** Which Snowflake serves, as whom the server signs in, and where its sessions start. */
export const snowflakeSettings = {
  account: setting(text, {
    key: 'snowflake.account',
    option: '--account',
    variable: 'SNOWFLAKE_ACCOUNT',
    about: 'Account identifier; without one the embedded Snowflake serves',
    example: 'myorg-myaccount',
  }),
  user: setting(text, {
    key: 'snowflake.user',
    option: '--user',
    variable: 'SNOWFLAKE_USER',
    about: 'User to sign in as',
    example: 'MCP_READER',
  }),
  password: setting(text, {
    key: 'snowflake.password',
    variable: 'SNOWFLAKE_PASSWORD',
    about: 'Sign in with a password',
    example: '…',
    isSecret: true,
  }),
  privateKeyPath: setting(path, {
    key: 'snowflake.privateKeyPath',
    option: '--private-key-path',
    variable: 'SNOWFLAKE_PRIVATE_KEY_PATH',
    about: 'Sign in with an RSA key (PKCS#8 PEM, encrypted or not)',
    example: '/run/secrets/rsa_key.p8',
  }),
  privateKeyPassphrase: setting(text, {
    key: 'snowflake.privateKeyPassphrase',
    variable: 'SNOWFLAKE_PRIVATE_KEY_PASSPHRASE',
    about: 'Passphrase of an encrypted key',
    example: '…',
    isSecret: true,
  }),
  token: setting(text, {
    key: 'snowflake.token',
    variable: 'SNOWFLAKE_TOKEN',
    about: 'Sign in with an OAuth token or a programmatic access token',
    example: '…',
    isSecret: true,
  }),
  authenticator: setting(oneOf(['SNOWFLAKE', 'SNOWFLAKE_JWT', 'OAUTH', 'PROGRAMMATIC_ACCESS_TOKEN']), {
    key: 'snowflake.authenticator',
    option: '--authenticator',
    variable: 'SNOWFLAKE_AUTHENTICATOR',
    about: 'Way to sign in, where it does not follow from what is set; a token counts as a programmatic access token',
    example: 'OAUTH',
  }),
  warehouse: setting(text, {
    key: 'snowflake.warehouse',
    option: '--warehouse',
    variable: 'SNOWFLAKE_WAREHOUSE',
    about: 'Warehouse that runs the queries',
    example: 'MCP_WH',
  }),
  database: setting(text, {
    key: 'snowflake.database',
    option: '--database',
    variable: 'SNOWFLAKE_DATABASE',
    about: 'Database for names that are not qualified',
    example: 'ANALYTICS_DB',
  }),
  schema: setting(text, {
    key: 'snowflake.schema',
    option: '--schema',
    variable: 'SNOWFLAKE_SCHEMA',
    about: 'Schema for names that are not qualified',
    example: 'PUBLIC',
  }),
  role: setting(text, {
    key: 'snowflake.role',
    option: '--role',
    variable: 'SNOWFLAKE_ROLE',
    about: 'Role to take; give it nothing but the right to read',
    example: 'MCP_READ_ONLY',
  }),
  accessUrl: setting(httpUrl, {
    key: 'snowflake.accessUrl',
    option: '--access-url',
    variable: 'SNOWFLAKE_ACCESS_URL',
    about: 'Address of Snowflake, where it does not follow from the account (private link)',
    example: 'https://myaccount.privatelink.snowflakecomputing.com',
  }),
} as const
