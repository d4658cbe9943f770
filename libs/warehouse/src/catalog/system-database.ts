/** DuckDB's database for what the emulator itself needs: its macros, and the rows of INFORMATION_SCHEMA's views. */
export const systemDatabase = '_SF'
