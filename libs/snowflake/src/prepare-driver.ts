/**
 * Imported before the driver, which reads these while it loads or signs in: without them it calls the metadata services of three
 * clouds, loads a native library, and reports the shape of each connection.
 */
process.env['SNOWFLAKE_DISABLE_PLATFORM_DETECTION'] ??= 'true'
process.env['SNOWFLAKE_DISABLE_MINICORE'] ??= 'true'
process.env['SF_TELEMETRY_DISABLE_CONNECTION_SHAPE'] ??= 'true'
