import type { SampleDatabase } from '../sample-database.ts'

/** What people do in a web application, and what marketing spends on it. */
export const analyticsDb: SampleDatabase = {
  name: 'ANALYTICS_DB',
  comment: 'Product analytics: users, sessions, events, campaigns',
  origin: '',
  isShare: false,
  schemas: [
    {
      name: 'PUBLIC',
      comment: 'Users, sessions and events',
      tables: [
        {
          name: 'USERS',
          comment: 'Registered users',
          rows: `SELECT k AS USER_ID, 'user_' || lpad(k::VARCHAR, 4, '0') AS HANDLE, DATE '2025-01-01' + pick('us', k, 300)::INT AS REGISTERED_ON,
              choose('up', k, ['organic', 'search', 'social', 'referral']) AS ACQUIRED_BY, choose('ud', k, ['desktop', 'phone', 'tablet']) AS MAIN_DEVICE FROM range(1, 401) t(k)`,
        },
        {
          name: 'SESSIONS',
          comment: 'Visits',
          rows: `SELECT k AS SESSION_ID, USER_ID, REGISTERED_ON + to_minutes(pick('ss', k, 80000)) AS STARTED_AT, between_('sl', k, 5, 3600) AS DURATION_SECONDS,
              choose('sd', k, ['desktop', 'desktop', 'phone', 'tablet']) AS DEVICE
            FROM range(1, 1201) t(k) JOIN "PUBLIC".USERS ON USER_ID = 1 + pick('su', k, 400)`,
        },
        {
          name: 'EVENTS',
          comment: 'What happened during visits',
          rows: `SELECT row_number() OVER (ORDER BY s.SESSION_ID, n) AS EVENT_ID, s.SESSION_ID, s.USER_ID, s.STARTED_AT + to_seconds(n * 7) AS OCCURRED_AT,
              CASE WHEN n = 1 THEN 'page_view' ELSE choose('ee', s.SESSION_ID || '/' || n, ['page_view', 'page_view', 'search', 'add_to_cart', 'checkout', 'purchase']) END AS EVENT_TYPE,
              choose('ep', s.SESSION_ID || '/' || n, ['/home', '/catalog', '/product', '/cart', '/account']) AS PAGE
            FROM "PUBLIC".SESSIONS s, range(1, 7) t(n) WHERE n <= between_('en', s.SESSION_ID, 1, 6)`,
        },
      ],
      views: [
        {
          name: 'ACTIVE_USERS_BY_DAY',
          comment: 'How many users were seen each day',
          query: `SELECT occurred_at::DATE AS day, COUNT(DISTINCT user_id) AS active_users, COUNT(*) AS events
FROM analytics_db.public.events
GROUP BY day`,
        },
        {
          name: 'EVENT_FUNNEL',
          comment: 'Sessions that reached each step of a purchase',
          query: `SELECT event_type AS step, COUNT(DISTINCT session_id) AS sessions,
       ROUND(100 * COUNT(DISTINCT session_id) / (SELECT COUNT(*) FROM analytics_db.public.sessions), 1) AS percent_of_sessions
FROM analytics_db.public.events
GROUP BY event_type`,
        },
        {
          name: 'PAGE_VIEWS',
          comment: 'Views and visitors of each page',
          query: `SELECT page, COUNT_IF(event_type = 'page_view') AS views, COUNT(DISTINCT user_id) AS visitors
FROM analytics_db.public.events
GROUP BY page`,
        },
        {
          name: 'SESSION_LENGTHS',
          comment: 'Length of visits by device',
          query: `SELECT device, COUNT(*) AS sessions, ROUND(AVG(duration_seconds), 1) AS average_seconds, MEDIAN(duration_seconds) AS median_seconds,
       PERCENTILE_CONT(0.95) WITHIN GROUP (ORDER BY duration_seconds) AS p95_seconds
FROM analytics_db.public.sessions
GROUP BY device`,
        },
      ],
    },
    {
      name: 'STAGING',
      comment: 'Events as the collector writes them',
      tables: [
        {
          name: 'RAW_EVENTS',
          comment: 'Collector output, one JSON document each',
          rows: `SELECT k AS LINE_NUMBER, json_object('type', choose('rt', k, ['click', 'scroll', 'error']), 'at', strftime(TIMESTAMP '2025-11-20 08:00:00' + to_seconds(k * 11), '%Y-%m-%d %H:%M:%S'),
              'user', json_object('id', 1 + pick('ru', k, 400), 'agent', choose('rg', k, ['Firefox', 'Chrome', 'Safari'])), 'tags', list_distinct([choose('g1', k, ['a', 'b', 'c']), choose('g2', k, ['c', 'd'])])) AS DOCUMENT
            FROM range(1, 501) t(k)`,
        },
      ],
      views: [
        {
          name: 'EVENTS_PARSED',
          comment: 'The documents of RAW_EVENTS as columns',
          query: `SELECT line_number, document:type::STRING AS event_type, document:at::TIMESTAMP_NTZ AS occurred_at,
       document:user.id::INT AS user_id, document:user.agent::STRING AS agent
FROM analytics_db.staging.raw_events`,
        },
        {
          name: 'EVENT_TAGS',
          comment: 'How often each tag occurs',
          query: `SELECT t.value::STRING AS tag, COUNT(*) AS occurrences
FROM analytics_db.staging.raw_events e, LATERAL FLATTEN(INPUT => e.document:tags) t
GROUP BY 1`,
        },
        {
          name: 'COLLECTOR_ERRORS',
          comment: 'Errors by browser',
          query: `SELECT agent, COUNT(*) AS errors FROM analytics_db.staging.events_parsed WHERE event_type = 'error' GROUP BY agent`,
        },
      ],
    },
    {
      name: 'REPORTING',
      comment: 'Campaigns and indicators',
      tables: [
        {
          name: 'CAMPAIGNS',
          comment: 'What marketing paid for',
          rows: `SELECT k AS CAMPAIGN_ID, choose('cn', k, ['Spring', 'Summer', 'Autumn', 'Winter']) || ' ' || choose('cg', k, ['launch', 'sale', 'reminder']) || ' ' || k AS NAME,
              choose('cc2', k, ['search', 'social', 'referral']) AS CHANNEL, CAST(between_('cb', k, 50000, 900000) / 100.0 AS DECIMAL(12,2)) AS BUDGET,
              DATE '2025-01-01' + pick('cst', k, 300)::INT AS STARTS_ON, between_('cl', k, 7, 45) AS DAYS, between_('ck', k, 200, 9000) AS CLICKS, between_('cv', k, 5, 190) AS SIGNUPS
            FROM range(1, 41) t(k)`,
        },
      ],
      views: [
        {
          name: 'CAMPAIGN_PERFORMANCE',
          comment: 'Cost of clicks and sign-ups',
          query: `SELECT campaign_id, name, channel, budget, ROUND(budget / clicks, 2) AS cost_per_click, ROUND(budget / signups, 2) AS cost_per_signup,
       starts_on, DATEADD(day, days, starts_on) AS ends_on
FROM analytics_db.reporting.campaigns`,
        },
        {
          name: 'RETENTION_BY_COHORT',
          comment: 'Users of each month who came back after 30 days',
          query: `WITH cohorts AS (
  SELECT user_id, DATE_TRUNC('month', registered_on) AS cohort, registered_on FROM analytics_db.public.users
)
SELECT c.cohort, COUNT(DISTINCT c.user_id) AS users,
       COUNT(DISTINCT IFF(DATEDIFF(day, c.registered_on, s.started_at) >= 30, c.user_id, NULL)) AS returned
FROM cohorts c
LEFT JOIN analytics_db.public.sessions s ON s.user_id = c.user_id
GROUP BY c.cohort`,
        },
        {
          name: 'DAILY_KPI',
          comment: 'Events by day with the average of seven days',
          query: `SELECT day, active_users, events,
       ROUND(AVG(events) OVER (ORDER BY day ROWS BETWEEN 6 PRECEDING AND CURRENT ROW), 2) AS events_7_days
FROM analytics_db.public.active_users_by_day`,
        },
      ],
    },
  ],
}
