/* The check of the whole configuration, which completes it: `apachectl configtest` runs it, and so
 * does every start and restart. It needs no connection, but runs the commands of exec: sources. At
 * a start httpd reads its configuration twice; both times everything is checked and the commands
 * are run, because only the first time a fault reaches the terminal and the exit status of
 * apachectl, and only what the second time makes is kept. */

#include "web/config_site.h"

#include "web/config_secrets.h"
#include "web/origin.h"
#include "web/page_frame.h"

#include <apr_hash.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include <http_core.h>
#include <http_log.h>
#include <openssl/crypto.h>
#include <string.h>

APLOG_USE_MODULE(assessfirst_pinpoint);

/* A site and the vhost that made it. */
typedef struct {
    afp_site_t *site;
    const afp_config_t *config;
    server_rec *server;
} made_site_t;

/* A webhook URL, and the first vhost of a site that has it. */
typedef struct {
    const char *url;
    const afp_site_t *site;
    const server_rec *server;
} address_t;

/* What one run of the check gathers. */
typedef struct {
    apr_pool_t *pool; /* of the configuration */
    apr_pool_t *scratch;
    apr_hash_t *keyrings;          /* afp_keyring_t by source, so that a command runs once */
    apr_hash_t *tokens;            /* const char * by source */
    apr_array_header_t *made;      /* made_site_t */
    apr_array_header_t *addresses; /* address_t */
    server_rec *server;            /* the vhost being checked */
    int faults;
} check_t;

/* The checked configuration's totals: written by afp_config_check only. */
static struct {
    apr_array_header_t *sites;
    int workers;
    int worker_children;
} total;

/* ---- reporting ---- */

static const char *name_of(apr_pool_t *pool, const server_rec *server)
{
    const char *name = server->server_hostname != NULL ? server->server_hostname : "without a name";

    if (!server->is_virtual) {
        return apr_psprintf(pool, "the main server (%s)", name);
    }
    return apr_psprintf(pool, "virtual host %s (%s:%u)", name,
                        server->defn_name != NULL ? server->defn_name : "?",
                        server->defn_line_number);
}

static void fault(check_t *check, const char *directive, const char *why)
{
    check->faults++;
    ap_log_error(APLOG_MARK, APLOG_STARTUP | APLOG_ERR, 0, check->server, AFPNO(0501) "%s: %s: %s",
                 name_of(check->scratch, check->server), directive, why);
}

/* ---- secrets ---- */

static const afp_keyring_t *keyring_of(check_t *check, const afp_config_t *config)
{
    const char *source = config->texts[AFP_TEXT_SECRET_KEYS];
    const afp_keyring_t *keyring;
    const char *text, *why;

    if (source == NULL) {
        fault(
            check, "PinpointSecretKeys",
            "is missing; name a file or exec:<command> that gives one id:base64 a line, made with: "
            "echo \"$(date +%Y%m):$(openssl rand -base64 32)\"");
        return NULL;
    }
    keyring = apr_hash_get(check->keyrings, source, APR_HASH_KEY_STRING);
    if (keyring != NULL) {
        return keyring;
    }
    text = afp_secrets_read(check->scratch, source, &why);
    if (text == NULL) {
        fault(check, "PinpointSecretKeys", why);
        return NULL;
    }
    keyring = afp_keyring_parse(check->pool, text, &why);
    if (keyring == NULL) {
        fault(check, "PinpointSecretKeys",
              apr_psprintf(check->scratch,
                           "%s: %s; each line must read id:base64 of 32 random bytes",
                           afp_secrets_place(check->scratch, source), why));
        return NULL;
    }
    apr_hash_set(check->keyrings, source, APR_HASH_KEY_STRING, keyring);
    return keyring;
}

static apr_status_t cleanse_text(void *text)
{
    OPENSSL_cleanse(text, strlen(text));
    return APR_SUCCESS;
}

/* The site's AssessFirst token; "" if the directive is not set, NULL after a fault. */
static const char *token_of(check_t *check, const afp_config_t *config)
{
    const char *source = config->texts[AFP_TEXT_ASSESSFIRST_TOKEN];
    afp_settings_fault_t what;
    const char *text, *why;
    char *token;

    if (source == NULL) {
        return "";
    }
    token = apr_hash_get(check->tokens, source, APR_HASH_KEY_STRING);
    if (token != NULL) {
        return token;
    }
    text = afp_secrets_read(check->scratch, source, &why);
    if (text == NULL) {
        fault(check, "AssessFirstToken", why);
        return NULL;
    }
    text = afp_settings_secret(check->scratch, text, &what);
    if (text == NULL) {
        fault(check, "AssessFirstToken",
              apr_psprintf(check->scratch, "%s must hold nothing but the token",
                           afp_secrets_place(check->scratch, source)));
        return NULL;
    }
    token = apr_pstrdup(check->pool, text);
    apr_pool_cleanup_register(check->pool, token, cleanse_text, apr_pool_cleanup_null);
    apr_hash_set(check->tokens, source, APR_HASH_KEY_STRING, token);
    return token;
}

/* ---- database ---- */

/* One description per driver and parameters, so that sites on one database can be told by address.
 */
static afp_database_t *database_of(check_t *check, const afp_config_t *config,
                                   const afp_logger_t *logger)
{
    const char *driver = config->texts[AFP_TEXT_DATABASE_DRIVER];
    const char *params = config->texts[AFP_TEXT_DATABASE_PARAMS];
    afp_database_t *database;
    const char *file, *why;

    for (int i = 0; i < check->made->nelts; i++) {
        const made_site_t *made = &APR_ARRAY_IDX(check->made, i, made_site_t);

        if (strcmp(made->config->texts[AFP_TEXT_DATABASE_DRIVER], driver) == 0 &&
            strcmp(made->config->texts[AFP_TEXT_DATABASE_PARAMS], params) == 0) {
            return made->site->database;
        }
    }
    database = afp_database_make(check->pool, driver, params, logger, &why);
    if (database == NULL) {
        fault(check, "database", why);
        return NULL;
    }
    file = afp_database_file(database);
    if (file != NULL && *file != '/') {
        fault(check, "DBDParams",
              "the database's file needs an absolute path, because httpd's directory changes");
        return NULL;
    }
    return database;
}

static int has_database(check_t *check, const afp_config_t *config)
{
    if (config->texts[AFP_TEXT_DATABASE_DRIVER] == NULL) {
        fault(check, "DBDriver", "is missing; set it to sqlite3, pgsql or mysql");
    }
    if (config->texts[AFP_TEXT_DATABASE_PARAMS] == NULL) {
        fault(check, "DBDParams",
              "is missing; with sqlite3 it is the database's file, in a directory that the user of "
              "httpd's children may write to");
    }
    return config->texts[AFP_TEXT_DATABASE_DRIVER] != NULL &&
           config->texts[AFP_TEXT_DATABASE_PARAMS] != NULL;
}

/* ---- sites ---- */

/* PinpointSite, or ServerName in lower case: host names are no different in another case. */
static const char *site_name_of(check_t *check, const afp_config_t *config)
{
    char *name;

    if (config->texts[AFP_TEXT_SITE] != NULL) {
        return config->texts[AFP_TEXT_SITE];
    }
    if (check->server->server_hostname == NULL || strlen(check->server->server_hostname) > 255) {
        fault(check, "PinpointSite", "is missing, and there is no ServerName to use for it");
        return NULL;
    }
    name = apr_pstrdup(check->pool, check->server->server_hostname);
    for (char *c = name; *c != '\0'; c++) {
        *c = (char)apr_tolower(*c);
    }
    return name;
}

/* A further vhost of a site: the first one's settings rule, but both must mean the same data. */
static afp_site_t *join_site(check_t *check, const made_site_t *made, const afp_config_t *config)
{
    const char *other = name_of(check->scratch, made->server);
    const char *const *mine = config->texts;
    const char *const *theirs = made->config->texts;

    if (strcmp(mine[AFP_TEXT_DATABASE_DRIVER], theirs[AFP_TEXT_DATABASE_DRIVER]) != 0 ||
        strcmp(mine[AFP_TEXT_DATABASE_PARAMS], theirs[AFP_TEXT_DATABASE_PARAMS]) != 0) {
        fault(check, "DBDParams",
              apr_psprintf(check->scratch,
                           "%s has the same PinpointSite \"%s\" on another database; "
                           "give both the same DBDriver and DBDParams, or different sites",
                           other, made->site->name));
        return NULL;
    }
    if (strcmp(mine[AFP_TEXT_SECRET_KEYS], theirs[AFP_TEXT_SECRET_KEYS]) != 0) {
        fault(check, "PinpointSecretKeys",
              apr_psprintf(check->scratch,
                           "%s has the same PinpointSite \"%s\" with other keys; "
                           "give both the same PinpointSecretKeys, or different sites",
                           other, made->site->name));
        return NULL;
    }
    if (!afp_config_same_site(check->scratch, config, made->config)) {
        ap_log_error(
            APLOG_MARK, APLOG_STARTUP | APLOG_WARNING, 0, check->server,
            AFPNO(0502) "%s: PinpointSite \"%s\" has other settings in %s, which rule "
                        "because that virtual host comes first; give both the same directives",
            name_of(check->scratch, check->server), made->site->name, other);
    }
    return made->site;
}

static afp_site_t *site_of(check_t *check, const afp_config_t *config)
{
    const char *name = site_name_of(check, config);
    const afp_keyring_t *keyring = keyring_of(check, config);
    const char *token = token_of(check, config);
    int database_is_named = has_database(check, config);
    made_site_t *made;
    afp_site_t *site;

    if (name == NULL || keyring == NULL || token == NULL || !database_is_named) {
        return NULL;
    }
    for (int i = 0; i < check->made->nelts; i++) {
        made = &APR_ARRAY_IDX(check->made, i, made_site_t);
        if (strcmp(made->site->name, name) == 0) {
            return join_site(check, made, config);
        }
    }
    site = afp_config_make_site(check->pool, config, check->server, name, keyring,
                                *token != '\0' ? token : NULL);
    site->database = database_of(check, config, site->logger);
    if (site->database == NULL) {
        return NULL;
    }
    made = apr_array_push(check->made);
    made->site = site;
    made->config = config;
    made->server = check->server;
    APR_ARRAY_PUSH(total.sites, afp_site_t *) = site;
    return site;
}

/* ---- vhosts ---- */

static const apr_array_header_t *origins_of(check_t *check, const afp_config_t *config)
{
    const apr_array_header_t *named = config->lists[AFP_LIST_PAGE_ORIGINS];
    apr_array_header_t *origins;
    const char *why;

    if (named != NULL) {
        return named;
    }
    origins = apr_array_make(check->pool, 1, sizeof(const char *));
    APR_ARRAY_PUSH(origins, const char *) =
        afp_origin_of(check->pool, config->texts[AFP_TEXT_WEBHOOK_URL], &why);
    return origins;
}

/* Vhosts of one site may share their webhook URL. Those of two sites most likely have inherited it:
 * the page of one shows the address at which the other answers. */
static void check_address(check_t *check, const char *url, const afp_site_t *site)
{
    const address_t *others = NULL;
    address_t *address;

    for (int i = 0; i < check->addresses->nelts; i++) {
        const address_t *former = &APR_ARRAY_IDX(check->addresses, i, address_t);

        if (strcmp(former->url, url) != 0) {
            continue;
        }
        if (former->site == site) {
            return;
        }
        others = others != NULL ? others : former;
    }
    if (others != NULL) {
        ap_log_error(
            APLOG_MARK, APLOG_STARTUP | APLOG_WARNING, 0, check->server,
            AFPNO(0503) "%s: PinpointSite \"%s\" has the PinpointWebhookURL of \"%s\" in %s, but "
                        "an address leads to one site: webhooks for companies of the other one are "
                        "answered with 401; give each its own PinpointWebhookURL, or both the same "
                        "PinpointSite, or the one that is not used PinpointEngine off",
            name_of(check->scratch, check->server), site->name, others->site->name,
            name_of(check->scratch, others->server));
    }
    address = apr_array_push(check->addresses);
    address->url = url;
    address->site = site;
    address->server = check->server;
}

static int larger(int one, apr_int64_t other)
{
    return other > one ? (int)other : one;
}

static void set_api_address(check_t *check, const afp_config_t *config, afp_vhost_t *vhost)
{
    const char *url = config->texts[AFP_TEXT_AUTOMATION_URL];
    apr_size_t length;

    if (url == NULL) {
        return;
    }
    length = strlen(url);
    while (url[length - 1] == '/') {
        length--;
    }
    vhost->api_url = apr_pstrmemdup(check->pool, url, length);
    vhost->api_path = strchr(ap_strstr_c(vhost->api_url, "://") + 3, '/');
    if (vhost->api_path == NULL) {
        vhost->api_path = "";
    }
}

static void check_vhost(check_t *check, afp_config_t *config)
{
    afp_vhost_t *vhost = apr_pcalloc(check->pool, sizeof(*vhost));
    const char *url = config->texts[AFP_TEXT_WEBHOOK_URL];

    if (url == NULL) {
        fault(check, "PinpointWebhookURL",
              "is missing; give the public address of the webhook's <Location>, such as "
              "https://www.example.com/integrations/webhook/pinpoint");
    }
    if (afp_config_number(config, AFP_NUMBER_RETRY_FIRST) >
        afp_config_number(config, AFP_NUMBER_RETRY_CAP)) {
        fault(check, "PinpointRetry", "first must not be longer than cap");
    }
    vhost->site = site_of(check, config);
    if (url == NULL || vhost->site == NULL) {
        return;
    }
    check_address(check, url, vhost->site);
    vhost->webhook_url = url;
    set_api_address(check, config, vhost);
    vhost->page_origins = origins_of(check, config);
    vhost->body_limit = (apr_off_t)afp_config_number(config, AFP_NUMBER_BODY_LIMIT);
    vhost->pinpoint_domain = afp_settings_api_domain(check->pool, vhost->site->pinpoint.base);
    config->vhost = vhost;
    total.workers = larger(total.workers, afp_config_number(config, AFP_NUMBER_WORKERS));
    total.worker_children =
        larger(total.worker_children, afp_config_number(config, AFP_NUMBER_WORKER_CHILDREN));
}

/* The main server, then the vhosts in the order of the files: httpd links them the other way round.
 */
static apr_array_header_t *in_order(apr_pool_t *pool, server_rec *main_server)
{
    apr_array_header_t *servers = apr_array_make(pool, 8, sizeof(server_rec *));

    APR_ARRAY_PUSH(servers, server_rec *) = main_server;
    for (server_rec *server = main_server->next; server != NULL; server = server->next) {
        APR_ARRAY_PUSH(servers, server_rec *) = server;
    }
    for (int low = 1, high = servers->nelts - 1; low < high; low++, high--) {
        server_rec *server = APR_ARRAY_IDX(servers, low, server_rec *);

        APR_ARRAY_IDX(servers, low, server_rec *) = APR_ARRAY_IDX(servers, high, server_rec *);
        APR_ARRAY_IDX(servers, high, server_rec *) = server;
    }
    return servers;
}

int afp_config_check(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *server)
{
    check_t check = {
        .pool = pconf,
        .scratch = ptemp,
        .keyrings = apr_hash_make(ptemp),
        .tokens = apr_hash_make(ptemp),
        .made = apr_array_make(ptemp, 4, sizeof(made_site_t)),
        .addresses = apr_array_make(ptemp, 4, sizeof(address_t)),
    };
    apr_array_header_t *servers;

    (void)plog;
    total.sites = apr_array_make(pconf, 4, sizeof(afp_site_t *));
    total.workers = 0;
    total.worker_children = 0;
    /* apachectl -S and the like may run as anybody, who need not be able to read the keys. */
    if (ap_state_query(AP_SQ_RUN_MODE) == AP_SQ_RM_CONFIG_DUMP) {
        return OK;
    }
    afp_page_frame_prepare(pconf);
    servers = in_order(ptemp, server);
    for (int i = 0; i < servers->nelts; i++) {
        afp_config_t *config;

        check.server = APR_ARRAY_IDX(servers, i, server_rec *);
        config = ap_get_module_config(check.server->module_config, &assessfirst_pinpoint_module);
        if (afp_config_number(config, AFP_NUMBER_ENGINE)) {
            check_vhost(&check, config);
        }
    }
    return check.faults == 0 ? OK : HTTP_INTERNAL_SERVER_ERROR;
}

/* ---- what the handlers ask for ---- */

const apr_array_header_t *afp_config_sites(void)
{
    return total.sites;
}

int afp_config_workers(void)
{
    return total.workers;
}

int afp_config_worker_children(void)
{
    return total.worker_children;
}
