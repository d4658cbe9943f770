import type { SampleDatabase } from '../sample-database.ts'

/** The back room: feeds that come in, jobs that load them, checks of what came of it. */
export const stagingDb: SampleDatabase = {
  name: 'STAGING_DB',
  comment: 'Data loading: jobs, feeds, quality checks',
  origin: '',
  isShare: false,
  schemas: [
    {
      name: 'PUBLIC',
      comment: 'Loading jobs',
      tables: [
        {
          name: 'LOAD_JOBS',
          comment: 'Each run of a loading job',
          rows: `SELECT k AS JOB_ID, choose('js', k, ['orders', 'customers', 'inventory', 'events']) AS SOURCE, TIMESTAMP '2025-10-01 00:00:00' + to_minutes(k * 45) AS STARTED_AT,
              between_('jd', k, 4, 900) AS DURATION_SECONDS, between_('jr', k, 0, 50000) AS ROWS_LOADED, choose('jt', k, ['succeeded', 'succeeded', 'succeeded', 'succeeded', 'succeeded', 'failed', 'partial']) AS STATUS
            FROM range(1, 1001) t(k)`,
        },
        {
          name: 'LOAD_ERRORS',
          comment: 'Lines that could not be loaded',
          rows: `SELECT row_number() OVER (ORDER BY JOB_ID, n) AS ERROR_ID, JOB_ID, between_('el', JOB_ID || '/' || n, 1, 50000) AS LINE_NUMBER,
              choose('em', JOB_ID || '/' || n, ['Numeric value is not recognized', 'Date is not recognized', 'Too few columns', 'String too long']) AS MESSAGE
            FROM "PUBLIC".LOAD_JOBS, range(1, 4) t(n) WHERE STATUS <> 'succeeded' AND n <= between_('ec', JOB_ID, 1, 3)`,
        },
      ],
      views: [
        {
          name: 'FAILED_LOADS',
          comment: 'Jobs that did not succeed, with what went wrong',
          query: `SELECT j.job_id, j.source, j.started_at, j.status, COUNT(e.error_id) AS errors,
       LISTAGG(DISTINCT e.message, '; ') WITHIN GROUP (ORDER BY e.message) AS messages
FROM staging_db.public.load_jobs j
LEFT JOIN staging_db.public.load_errors e ON e.job_id = j.job_id
WHERE j.status <> 'succeeded'
GROUP BY j.job_id, j.source, j.started_at, j.status`,
        },
        {
          name: 'LOADS_BY_SOURCE',
          comment: 'Runs, rows and failures by source',
          query: `SELECT source, COUNT(*) AS runs, SUM(rows_loaded) AS rows_loaded, COUNT_IF(status = 'failed') AS failures, ROUND(AVG(duration_seconds), 1) AS average_seconds
FROM staging_db.public.load_jobs
GROUP BY source`,
        },
        {
          name: 'SLOWEST_LOADS',
          comment: 'The five slowest runs of each source',
          query: `SELECT source, job_id, started_at, duration_seconds
FROM staging_db.public.load_jobs
QUALIFY ROW_NUMBER() OVER (PARTITION BY source ORDER BY duration_seconds DESC, job_id) <= 5`,
        },
      ],
    },
    {
      name: 'STAGING',
      comment: 'Feeds of suppliers and stores',
      tables: [
        {
          name: 'INVENTORY_FEED',
          comment: 'Stock levels, one row for each report',
          rows: `SELECT k AS REPORT_ID, 'P' || (1 + pick('vp', k, 60)) AS SKU, choose('vw', k, ['BER', 'NYC', 'OSA', 'SAO']) AS WAREHOUSE_CODE, between_('vs', k, 0, 400) AS STOCK,
              TIMESTAMP '2025-11-01 00:00:00' + to_minutes(pick('vt', k, 40000)) AS REPORTED_AT FROM range(1, 1501) t(k)`,
        },
        {
          name: 'SUPPLIER_FEED',
          comment: 'Prices suppliers ask',
          rows: `SELECT k AS OFFER_ID, 'Supplier ' || (1 + pick('fs', k, 12)) AS SUPPLIER, 'P' || (1 + pick('fp', k, 60)) AS SKU,
              CAST(between_('fc', k, 200, 20000) / 100.0 AS DECIMAL(10,2)) AS UNIT_COST, choose('fu', k, ['EUR', 'USD']) AS CURRENCY,
              DATE '2025-09-01' + pick('fv', k, 90)::INT AS VALID_FROM FROM range(1, 301) t(k)`,
        },
      ],
      views: [
        {
          name: 'LATEST_INVENTORY',
          comment: 'The newest report of each product in each warehouse',
          query: `SELECT sku, warehouse_code, stock, reported_at
FROM staging_db.staging.inventory_feed
QUALIFY ROW_NUMBER() OVER (PARTITION BY sku, warehouse_code ORDER BY reported_at DESC, report_id DESC) = 1`,
        },
        {
          name: 'LOW_STOCK',
          comment: 'Products that are about to run out somewhere',
          query: `SELECT sku, warehouse_code, stock FROM staging_db.staging.latest_inventory WHERE stock < 25`,
        },
        {
          name: 'BEST_OFFERS',
          comment: 'The cheapest offer for each product and currency',
          query: `SELECT sku, currency, MIN(unit_cost) AS unit_cost, MIN_BY(supplier, unit_cost) AS supplier, COUNT(*) AS offers
FROM staging_db.staging.supplier_feed
GROUP BY sku, currency`,
        },
      ],
    },
    {
      name: 'REPORTING',
      comment: 'How good the data is',
      tables: [
        {
          name: 'QUALITY_CHECKS',
          comment: 'Results of nightly checks',
          rows: `SELECT row_number() OVER (ORDER BY d, n, r) AS CHECK_ID, CAST(DATE '2025-10-01' + d::INT AS DATE) AS CHECKED_ON, n AS TABLE_NAME, r AS RULE,
              pick('qc', d || n || r, 10) > 0 AS PASSED, CASE WHEN pick('qc', d || n || r, 10) > 0 THEN 0 ELSE between_('qf', d || n || r, 1, 400) END AS FAILED_ROWS
            FROM range(50) t(d), unnest(['ORDERS', 'CUSTOMERS', 'EVENTS', 'INVENTORY']) u(n), unnest(['not_null', 'unique', 'fresh']) v(r)`,
        },
      ],
      views: [
        {
          name: 'QUALITY_SCORE_BY_TABLE',
          comment: 'Share of checks passed',
          query: `SELECT table_name, COUNT(*) AS checks, COUNT_IF(passed) AS passed, ROUND(100 * COUNT_IF(passed) / COUNT(*), 1) AS score
FROM staging_db.reporting.quality_checks
GROUP BY table_name`,
        },
        {
          name: 'FAILED_CHECKS',
          comment: 'Checks that failed, newest first',
          query: `SELECT checked_on, table_name, rule, failed_rows FROM staging_db.reporting.quality_checks WHERE NOT passed ORDER BY checked_on DESC, table_name, rule`,
        },
        {
          name: 'LOADS_BY_DAY',
          comment: 'Runs and rows by day',
          query: `SELECT TO_CHAR(started_at, 'YYYY-MM-DD') AS day, COUNT(*) AS runs, SUM(rows_loaded) AS rows_loaded
FROM staging_db.public.load_jobs
GROUP BY 1`,
        },
      ],
    },
  ],
}
