/** A table of the sample data. */
export interface SampleTable {
  readonly name: string
  readonly comment: string
  /** A DuckDB query that makes its rows; it may read the tables before it, and call the macros of `random-macros.ts`. */
  readonly rows: string
}

/** A view of the sample data, in Snowflake's SQL, made by the emulator itself. */
export interface SampleView {
  readonly name: string
  readonly comment: string
  readonly query: string
}

export interface SampleSchema {
  readonly name: string
  readonly comment: string
  readonly tables: readonly SampleTable[]
  readonly views: readonly SampleView[]
}

export interface SampleDatabase {
  readonly name: string
  readonly comment: string
  readonly origin: string
  /** A share nobody can write to; its file is read in place. Others are copied to memory, so that sessions may change them. */
  readonly isShare: boolean
  readonly schemas: readonly SampleSchema[]
}
