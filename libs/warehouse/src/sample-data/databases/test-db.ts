import type { SampleDatabase } from '../sample-database.ts'

/** An online shop: customers, what they ordered, and what came of it. */
export const testDb: SampleDatabase = {
  name: 'TEST_DB',
  comment: 'An online shop: customers, products, orders',
  origin: '',
  isShare: false,
  schemas: [
    {
      name: 'PUBLIC',
      comment: 'Customers, products and orders of the shop',
      tables: [
        {
          name: 'CUSTOMERS',
          comment: 'People who signed up',
          rows: `SELECT k AS CUSTOMER_ID, first || ' ' || last AS NAME, lower(first || '.' || last || k || '@example.com') AS EMAIL,
              choose('cc', k, ['US', 'DE', 'GB', 'FR', 'JP', 'BR', 'IN', 'CA']) AS COUNTRY,
              choose('ct', k, ['free', 'free', 'plus', 'business']) AS TIER, DATE '2023-01-01' + pick('cs', k, 700)::INT AS SIGNED_UP_ON
            FROM (SELECT k, choose('fn', k, ['Ada', 'Grace', 'Edgar', 'Barbara', 'Donald', 'Frances', 'Alan', 'Radia', 'Edsger', 'Katherine', 'Niklaus', 'Margaret']) AS first,
              choose('ln', k, ['Moreno', 'Okafor', 'Lindqvist', 'Tanaka', 'Novak', 'Schmidt', 'Dubois', 'Silva', 'Kaur', 'Murphy', 'Rossi', 'Yilmaz', 'Larsen']) AS last
              FROM range(1, 501) t(k))`,
        },
        {
          name: 'PRODUCTS',
          comment: 'What is for sale',
          rows: `SELECT k AS PRODUCT_ID, choose('pa', k, ['Compact', 'Classic', 'Quiet', 'Bright', 'Sturdy', 'Light']) || ' ' || thing || ' ' || k AS NAME,
              CASE WHEN thing IN ('Lamp', 'Chair', 'Desk') THEN 'furniture' WHEN thing IN ('Kettle', 'Grinder') THEN 'kitchen' ELSE 'travel' END AS CATEGORY,
              CAST(between_('pp', k, 499, 39999) / 100.0 AS DECIMAL(10,2)) AS PRICE, between_('pw', k, 100, 20000) AS WEIGHT_GRAMS, k % 17 <> 0 AS IS_ACTIVE
            FROM (SELECT k, choose('pt', k, ['Lamp', 'Chair', 'Desk', 'Kettle', 'Grinder', 'Backpack', 'Suitcase']) AS thing FROM range(1, 61) t(k))`,
        },
        {
          name: 'ORDERS',
          comment: 'One row for each order',
          rows: `SELECT k AS ORDER_ID, 1 + pick('oc', k, 450) AS CUSTOMER_ID, TIMESTAMP '2024-01-01 00:00:00' + to_minutes(pick('od', k, 1051200)) AS ORDERED_AT,
              choose('os', k, ['delivered', 'delivered', 'delivered', 'delivered', 'shipped', 'processing', 'cancelled', 'returned']) AS STATUS,
              choose('och', k, ['web', 'web', 'app', 'partner']) AS CHANNEL FROM range(1, 2001) t(k)`,
        },
        {
          name: 'ORDER_ITEMS',
          comment: 'Products of each order',
          rows: `SELECT ORDER_ID, LINE_NUMBER, PRODUCT_ID, between_('iq', ORDER_ID || '/' || LINE_NUMBER, 1, 4) AS QUANTITY, PRICE AS UNIT_PRICE
            FROM (SELECT ORDER_ID, n AS LINE_NUMBER, 1 + pick('ip', ORDER_ID || '/' || n, 60) AS PRODUCT_ID
              FROM "PUBLIC".ORDERS, range(1, 5) t(n) WHERE n <= between_('in', ORDER_ID, 1, 4)) JOIN "PUBLIC".PRODUCTS USING (PRODUCT_ID) ORDER BY 1, 2`,
        },
      ],
      views: [
        {
          name: 'ORDER_TOTALS',
          comment: 'Each order with its value and number of pieces',
          query: `SELECT o.order_id, o.customer_id, o.ordered_at, o.status, o.channel,
       SUM(i.quantity) AS pieces, SUM(i.quantity * i.unit_price) AS total
FROM test_db.public.orders o
JOIN test_db.public.order_items i ON i.order_id = o.order_id
GROUP BY o.order_id, o.customer_id, o.ordered_at, o.status, o.channel`,
        },
        {
          name: 'CUSTOMER_ORDERS',
          comment: 'Customers with the number and value of their orders',
          query: `SELECT c.customer_id, c.name, c.country, c.tier, COUNT(t.order_id) AS orders, NVL(SUM(t.total), 0) AS revenue,
       MAX(t.ordered_at)::DATE AS last_order_on
FROM test_db.public.customers c
LEFT JOIN test_db.public.order_totals t ON t.customer_id = c.customer_id AND t.status <> 'cancelled'
GROUP BY ALL`,
        },
        {
          name: 'TOP_PRODUCTS',
          comment: 'Products by revenue, with their rank inside the category',
          query: `SELECT p.product_id, p.name, p.category, SUM(i.quantity) AS sold, SUM(i.quantity * i.unit_price) AS revenue,
       RANK() OVER (PARTITION BY p.category ORDER BY SUM(i.quantity * i.unit_price) DESC) AS rank_in_category
FROM test_db.public.products p
JOIN test_db.public.order_items i USING (product_id)
GROUP BY p.product_id, p.name, p.category`,
        },
        {
          name: 'ACTIVE_PRODUCTS',
          comment: 'What can be bought today',
          query: `SELECT product_id, name, category, price FROM test_db.public.products WHERE is_active`,
        },
      ],
    },
    {
      name: 'STAGING',
      comment: 'Orders as they arrive, before they are checked',
      tables: [
        {
          name: 'RAW_ORDERS',
          comment: 'Orders as JSON, one document each',
          rows: `SELECT k AS RECEIPT_ID, TIMESTAMP '2025-11-01 00:00:00' + to_seconds(pick('ra', k, 2592000)) AS RECEIVED_AT,
              json_object('order', json_object('id', 10000 + k, 'customer', 1 + pick('rc', k, 450), 'note', CASE WHEN k % 9 = 0 THEN 'gift' END),
                'items', [json_object('sku', 'P' || (1 + pick('r1', k, 60)), 'qty', between_('q1', k, 1, 3)), json_object('sku', 'P' || (1 + pick('r2', k, 60)), 'qty', between_('q2', k, 1, 3))],
                'source', choose('rs', k, ['web', 'app', 'partner'])) AS PAYLOAD
            FROM range(1, 401) t(k)`,
        },
        {
          name: 'RAW_CUSTOMERS',
          comment: 'Customer records as partners send them, duplicates included',
          rows: `SELECT k AS RECORD_ID, CUSTOMER_ID, CASE WHEN k % 11 = 0 THEN upper(NAME) ELSE NAME END AS NAME, EMAIL, choose('rp', k, ['crm', 'newsletter', 'partner']) AS SOURCE,
              TIMESTAMP '2025-10-01 00:00:00' + to_minutes(pick('rl', k, 40000)) AS LOADED_AT
            FROM range(1, 651) t(k) JOIN "PUBLIC".CUSTOMERS ON CUSTOMER_ID = 1 + pick('rcu', k, 300)`,
        },
      ],
      views: [
        {
          name: 'PARSED_ORDERS',
          comment: 'The documents of RAW_ORDERS as columns',
          query: `SELECT receipt_id, received_at, payload:order.id::NUMBER AS order_id, payload:order.customer::NUMBER AS customer_id,
       payload:source::STRING AS source, payload:order.note::STRING AS note, ARRAY_SIZE(payload:items) AS items
FROM test_db.staging.raw_orders`,
        },
        {
          name: 'PARSED_ORDER_ITEMS',
          comment: 'One row for each item of the documents',
          query: `SELECT r.payload:order.id::NUMBER AS order_id, f.index + 1 AS line_number, f.value:sku::STRING AS sku, f.value:qty::NUMBER AS quantity
FROM test_db.staging.raw_orders r, LATERAL FLATTEN(INPUT => r.payload:items) f`,
        },
        {
          name: 'LATEST_CUSTOMERS',
          comment: 'The newest record of each customer',
          query: `SELECT customer_id, INITCAP(name) AS name, email, source, loaded_at
FROM test_db.staging.raw_customers
QUALIFY ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY loaded_at DESC, record_id) = 1`,
        },
      ],
    },
    {
      name: 'REPORTING',
      comment: 'Numbers for the weekly meeting',
      tables: [
        {
          name: 'MONTHLY_TARGETS',
          comment: 'What sales promised',
          rows: `SELECT CAST(DATE '2024-01-01' + to_months(i::INT) AS DATE) AS MONTH, CAST(70000 + 900 * i AS DECIMAL(12,2)) AS TARGET FROM range(24) t(i)`,
        },
      ],
      views: [
        {
          name: 'REVENUE_BY_MONTH',
          comment: 'Revenue, orders and average order value by month',
          query: `SELECT DATE_TRUNC('month', ordered_at)::DATE AS month, COUNT(*) AS orders, SUM(total) AS revenue, ROUND(AVG(total), 2) AS average_order
FROM test_db.public.order_totals
WHERE status <> 'cancelled'
GROUP BY 1
ORDER BY 1`,
        },
        {
          name: 'SALES_VS_TARGET',
          comment: 'Revenue beside the target of its month',
          query: `SELECT t.month, t.target, r.revenue, ROUND(DIV0(r.revenue, t.target) * 100, 1) AS percent_of_target,
       IFF(r.revenue >= t.target, 'met', 'missed') AS verdict
FROM test_db.reporting.monthly_targets t
LEFT JOIN test_db.reporting.revenue_by_month r ON r.month = t.month`,
        },
        {
          name: 'REVENUE_BY_COUNTRY',
          comment: 'Customers and revenue by country',
          query: `SELECT country, COUNT(*) AS customers, SUM(orders) AS orders, SUM(revenue) AS revenue
FROM test_db.public.customer_orders
GROUP BY country`,
        },
      ],
    },
  ],
}
