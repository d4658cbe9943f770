-- A role for snowflake-mcp that can read ANALYTICS_DB and nothing else: the second wall behind the read-only gate.
-- Run it as SECURITYADMIN and ACCOUNTADMIN (or as whoever owns these objects), after putting in your own names:
--   ANALYTICS_DB   the database to read (repeat step 3 for each)
--   MCP_WH         a warehouse of its own, so that agents queue behind each other and not behind people
--   MCP_READER     the user that snowflake-mcp signs in as

-- 1. A warehouse that is small, stops when idle, and ends what runs too long.
USE ROLE SYSADMIN;
CREATE WAREHOUSE IF NOT EXISTS MCP_WH
  WAREHOUSE_SIZE = XSMALL
  AUTO_SUSPEND = 60
  AUTO_RESUME = TRUE
  INITIALLY_SUSPENDED = TRUE
  STATEMENT_TIMEOUT_IN_SECONDS = 120
  STATEMENT_QUEUED_TIMEOUT_IN_SECONDS = 60;

-- 2. The role. USAGE runs queries on the warehouse; OPERATE and MODIFY, which could stop or enlarge it, are not given.
USE ROLE SECURITYADMIN;
CREATE ROLE IF NOT EXISTS MCP_READ_ONLY;
GRANT USAGE ON WAREHOUSE MCP_WH TO ROLE MCP_READ_ONLY;

-- 3. What may be read. SELECT alone: no INSERT, no CREATE, no OWNERSHIP. USAGE of functions and procedures is not given either, so
--    code of the account cannot be called even where a statement names it.
GRANT USAGE ON DATABASE ANALYTICS_DB TO ROLE MCP_READ_ONLY;
GRANT USAGE ON ALL SCHEMAS IN DATABASE ANALYTICS_DB TO ROLE MCP_READ_ONLY;
GRANT USAGE ON FUTURE SCHEMAS IN DATABASE ANALYTICS_DB TO ROLE MCP_READ_ONLY;
GRANT SELECT ON ALL TABLES IN DATABASE ANALYTICS_DB TO ROLE MCP_READ_ONLY;
GRANT SELECT ON FUTURE TABLES IN DATABASE ANALYTICS_DB TO ROLE MCP_READ_ONLY;
GRANT SELECT ON ALL VIEWS IN DATABASE ANALYTICS_DB TO ROLE MCP_READ_ONLY;
GRANT SELECT ON FUTURE VIEWS IN DATABASE ANALYTICS_DB TO ROLE MCP_READ_ONLY;
-- Semantic views, where there are any:
-- GRANT SELECT ON ALL SEMANTIC VIEWS IN DATABASE ANALYTICS_DB TO ROLE MCP_READ_ONLY;

-- 4. The user: a service that has no password, signs in with a key pair (docs/snowflake-account.md), and takes no other role.
CREATE USER IF NOT EXISTS MCP_READER
  TYPE = SERVICE
  DEFAULT_ROLE = MCP_READ_ONLY
  DEFAULT_WAREHOUSE = MCP_WH
  DEFAULT_NAMESPACE = ANALYTICS_DB.PUBLIC
  DEFAULT_SECONDARY_ROLES = ()
  RSA_PUBLIC_KEY = '<the public key, without its first and last line>';
GRANT ROLE MCP_READ_ONLY TO USER MCP_READER;

-- 5. Every role has what PUBLIC has. See what that is, and take away what should not be everybody's.
SHOW GRANTS TO ROLE PUBLIC;

-- 6. Optional: how much it may spend in a month, and where it may sign in from.
USE ROLE ACCOUNTADMIN;
CREATE RESOURCE MONITOR IF NOT EXISTS MCP_MONITOR WITH CREDIT_QUOTA = 100 FREQUENCY = MONTHLY START_TIMESTAMP = IMMEDIATELY
  TRIGGERS ON 80 PERCENT DO NOTIFY ON 100 PERCENT DO SUSPEND;
ALTER WAREHOUSE MCP_WH SET RESOURCE_MONITOR = MCP_MONITOR;
-- CREATE NETWORK POLICY MCP_ONLY ALLOWED_IP_LIST = ('203.0.113.7');
-- ALTER USER MCP_READER SET NETWORK_POLICY = MCP_ONLY;

-- 7. Proof. As the new role, reading works and each of these fails:
-- USE ROLE MCP_READ_ONLY;  USE SECONDARY ROLES NONE;
-- CREATE TABLE ANALYTICS_DB.PUBLIC.X (A INT);   DELETE FROM ANALYTICS_DB.PUBLIC.ORDERS;   ALTER WAREHOUSE MCP_WH SUSPEND;
SHOW GRANTS TO ROLE MCP_READ_ONLY;
