/** How addresses of resources are made; names are completed part by part. */
export const resourceTemplates = [
  {
    name: 'schema',
    title: 'A schema',
    uriTemplate: 'snowflake://{database}/{schema}',
    description: 'The tables and views of a schema, with comments',
    mimeType: 'application/json',
  },
  {
    name: 'object',
    title: 'A table or view',
    uriTemplate: 'snowflake://{database}/{schema}/{object}',
    description: 'The columns of a table or view with types and comments, and the SQL of a view',
    mimeType: 'application/json',
  },
] as const
