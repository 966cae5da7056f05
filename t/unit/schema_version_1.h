#ifndef AFP_UNIT_SCHEMA_VERSION_1_H
#define AFP_UNIT_SCHEMA_VERSION_1_H

/* The schema of version 1 as it was released: databases have it, so it never changes. */

static const char *const schema_version_1[] = {
    "CREATE TABLE IF NOT EXISTS afp_meta ("
    " name VARCHAR(32) NOT NULL PRIMARY KEY,"
    " value BIGINT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS afp_tenant ("
    " company_uuid CHAR(32) NOT NULL PRIMARY KEY,"
    " site VARCHAR(255) NOT NULL,"
    " company VARCHAR(255) NOT NULL,"
    " state VARCHAR(16) NOT NULL,"
    " subdomain VARCHAR(63) NOT NULL,"
    " api_key VARCHAR(1024) NOT NULL,"
    " signing_secret VARCHAR(1024) NOT NULL,"
    " former_secret VARCHAR(1024) NOT NULL,"
    " former_until BIGINT NOT NULL,"
    " status VARCHAR(255) NOT NULL,"
    " assessfirst_token VARCHAR(1024) NOT NULL,"
    " locale VARCHAR(16) NOT NULL,"
    " api_token_hash VARCHAR(64) NOT NULL,"
    " generation BIGINT NOT NULL,"
    " created_at BIGINT NOT NULL,"
    " updated_at BIGINT NOT NULL,"
    " claimed_at BIGINT NOT NULL,"
    " UNIQUE (site, company))",
    "CREATE TABLE IF NOT EXISTS afp_received ("
    " company_uuid CHAR(32) NOT NULL PRIMARY KEY,"
    " last_received_at BIGINT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS afp_delivery ("
    " id CHAR(32) NOT NULL PRIMARY KEY,"
    " company_uuid CHAR(32) NOT NULL,"
    " digest VARCHAR(64) NOT NULL,"
    " event VARCHAR(64) NOT NULL,"
    " application_id VARCHAR(20) NOT NULL,"
    " job_id VARCHAR(20) NOT NULL,"
    " triggered_at BIGINT NOT NULL,"
    " received_at BIGINT NOT NULL,"
    " length BIGINT NOT NULL,"
    " ignored VARCHAR(255) NOT NULL,"
    " guards INT NOT NULL,"
    " UNIQUE (company_uuid, digest))",
    "CREATE INDEX IF NOT EXISTS afp_delivery_age ON afp_delivery (guards, received_at)",
    "CREATE INDEX IF NOT EXISTS afp_delivery_application"
    " ON afp_delivery (company_uuid, application_id)",
    "CREATE INDEX IF NOT EXISTS afp_delivery_tenant_received"
    " ON afp_delivery (company_uuid, received_at)",
    "CREATE TABLE IF NOT EXISTS afp_follow_up ("
    " id CHAR(32) NOT NULL PRIMARY KEY,"
    " company_uuid CHAR(32) NOT NULL,"
    " kind VARCHAR(24) NOT NULL,"
    " state VARCHAR(8) NOT NULL,"
    " due_at BIGINT NOT NULL,"
    " lease VARCHAR(32) NOT NULL,"
    " delivery_id VARCHAR(32) NOT NULL,"
    " application_id VARCHAR(20) NOT NULL,"
    " job_id VARCHAR(20) NOT NULL,"
    " occurrence INT NOT NULL,"
    " anyway INT NOT NULL,"
    " attempts INT NOT NULL,"
    " missing INT NOT NULL,"
    " tried_for BIGINT NOT NULL,"
    " created_at BIGINT NOT NULL,"
    " reason VARCHAR(1024) NOT NULL)",
    "CREATE INDEX IF NOT EXISTS afp_follow_up_due ON afp_follow_up (state, due_at)",
    "CREATE INDEX IF NOT EXISTS afp_follow_up_tenant"
    " ON afp_follow_up (state, company_uuid, due_at, id)",
    "CREATE INDEX IF NOT EXISTS afp_follow_up_application"
    " ON afp_follow_up (company_uuid, application_id)",
    "CREATE TABLE IF NOT EXISTS afp_finished ("
    " id CHAR(32) NOT NULL PRIMARY KEY,"
    " company_uuid CHAR(32) NOT NULL,"
    " kind VARCHAR(24) NOT NULL,"
    " result VARCHAR(16) NOT NULL,"
    " delivery_id VARCHAR(32) NOT NULL,"
    " application_id VARCHAR(20) NOT NULL,"
    " job_id VARCHAR(20) NOT NULL,"
    " occurrence INT NOT NULL,"
    " anyway INT NOT NULL,"
    " attempts INT NOT NULL,"
    " created_at BIGINT NOT NULL,"
    " finished_at BIGINT NOT NULL,"
    " reason VARCHAR(1024) NOT NULL)",
    "CREATE INDEX IF NOT EXISTS afp_finished_tenant ON afp_finished (company_uuid, finished_at)",
    "CREATE INDEX IF NOT EXISTS afp_finished_result ON afp_finished (company_uuid, result)",
    "CREATE INDEX IF NOT EXISTS afp_finished_application"
    " ON afp_finished (company_uuid, application_id, finished_at)",
    "CREATE INDEX IF NOT EXISTS afp_finished_time ON afp_finished (finished_at)",
    "CREATE TABLE IF NOT EXISTS afp_invitation ("
    " company_uuid CHAR(32) NOT NULL,"
    " application_id VARCHAR(20) NOT NULL,"
    " occurrence INT NOT NULL,"
    " job_id VARCHAR(20) NOT NULL,"
    " state VARCHAR(16) NOT NULL,"
    " lease VARCHAR(32) NOT NULL,"
    " model_uuid VARCHAR(64) NOT NULL,"
    " model_name VARCHAR(255) NOT NULL,"
    " candidate_id VARCHAR(64) NOT NULL,"
    " resent INT NOT NULL,"
    " delivery_id VARCHAR(32) NOT NULL,"
    " sending_at BIGINT NOT NULL,"
    " updated_at BIGINT NOT NULL,"
    " PRIMARY KEY (company_uuid, application_id, occurrence))",
    "CREATE TABLE IF NOT EXISTS afp_parking ("
    " owner VARCHAR(255) NOT NULL,"
    " api VARCHAR(16) NOT NULL,"
    " kind VARCHAR(24) NOT NULL,"
    " company_uuid CHAR(32) NOT NULL,"
    " since BIGINT NOT NULL,"
    " words VARCHAR(1024) NOT NULL,"
    " PRIMARY KEY (owner, api, kind))",
    "CREATE TABLE IF NOT EXISTS afp_notice ("
    " company_uuid CHAR(32) NOT NULL,"
    " code VARCHAR(32) NOT NULL,"
    " words VARCHAR(255) NOT NULL,"
    " first_at BIGINT NOT NULL,"
    " last_at BIGINT NOT NULL,"
    " PRIMARY KEY (company_uuid, code))",
    "CREATE TABLE IF NOT EXISTS afp_budget ("
    " token_digest CHAR(64) NOT NULL PRIMARY KEY,"
    " next_at BIGINT NOT NULL,"
    " blocked_until BIGINT NOT NULL)",
    "INSERT INTO afp_meta (name, value) VALUES ('version', 1)",
    "INSERT INTO afp_meta (name, value) VALUES ('oldest_module', 1)",
    "INSERT INTO afp_meta (name, value) VALUES ('generation', 5)",
};

#endif
