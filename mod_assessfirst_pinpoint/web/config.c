/* Directives: reading and merging. What needs the whole configuration is checked in config_check.c,
 * which also knows what completes it; here a value is refused that can be refused by itself,
 * because httpd then names the line. */

#include "web/config_values.h"

#include "core/results.h"
#include "core/text.h"
#include "web/config_secrets.h"
#include "web/origin.h"

#include <apr_strings.h>
#include <http_core.h>
#include <http_log.h>
#include <string.h>

APLOG_USE_MODULE(assessfirst_pinpoint);

#define DAY 86400

/* A number's directive and, where it has several, its key; the default; the range. */
typedef struct {
    const char *directive;
    const char *key;
    apr_int64_t usual;
    apr_int64_t least;
    apr_int64_t most;
} number_t;

static const number_t numbers[AFP_NUMBERS] = {
    [AFP_NUMBER_ENGINE] = {"PinpointEngine", NULL, 0, 0, 1},
    [AFP_NUMBER_WORKERS] = {"PinpointWorkers", NULL, 4, 1, 64},
    [AFP_NUMBER_WORKER_CHILDREN] = {"PinpointWorkerChildren", NULL, 2, 1, AFP_WORKER_SLOTS},
    [AFP_NUMBER_BODY_LIMIT] = {"PinpointBodyLimit", NULL, 65536, 1024, 16777216},
    [AFP_NUMBER_BACKLOG_LIMIT] = {"PinpointBacklogLimit", NULL, 100000, 1, 10000000},
    [AFP_NUMBER_TIMEOUT_CONNECT] = {"PinpointTimeout", "connect", 5, 1, 60},
    [AFP_NUMBER_TIMEOUT_PINPOINT] = {"PinpointTimeout", "pinpoint", 20, 1, 300},
    [AFP_NUMBER_TIMEOUT_ASSESSFIRST] = {"PinpointTimeout", "assessfirst", 65, 1, 300},
    [AFP_NUMBER_TIMEOUT_UNCERTAIN] = {"PinpointTimeout", "uncertain", 3600, 1, DAY},
    [AFP_NUMBER_RETRY_FOR] = {"PinpointRetry", "for", 3 * DAY, 1, 30 * DAY},
    [AFP_NUMBER_RETRY_FIRST] = {"PinpointRetry", "first", 5, 1, 3600},
    [AFP_NUMBER_RETRY_CAP] = {"PinpointRetry", "cap", 3600, 1, DAY},
    [AFP_NUMBER_RETRY_MISSING] = {"PinpointRetry", "missing", 600, 1, DAY},
    [AFP_NUMBER_RETENTION_DIGESTS] = {"PinpointRetention", "digests", 35 * DAY, 1, 3650 * DAY},
    [AFP_NUMBER_RETENTION_FINISHED] = {"PinpointRetention", "finished", 90 * DAY, 1, 3650 * DAY},
    [AFP_NUMBER_SCHEDULE_MODELS] = {"PinpointSchedule", "models", 900, 1, 30 * DAY},
    [AFP_NUMBER_SCHEDULE_RESULTS] = {"PinpointSchedule", "results", 100, 1, 100000},
};

/* What has a key is a duration in seconds, with one exception. */
static int is_percentage(afp_number_field_t field)
{
    return field == AFP_NUMBER_SCHEDULE_RESULTS;
}

static const char *const usual_texts[AFP_TEXTS] = {
    [AFP_TEXT_PINPOINT_API] = "https://{subdomain}.pinpointhq.com/api/v1",
    [AFP_TEXT_MODEL_FIELD] = "AssessFirst predictive model",
    [AFP_TEXT_ASSESSFIRST_API] = "https://app.assessfirst.com/betty",
};

apr_int64_t afp_config_number(const afp_config_t *config, afp_number_field_t field)
{
    apr_int64_t number = config->numbers[field];

    return number != AFP_NUMBER_UNSET ? number : numbers[field].usual;
}

const char *afp_config_text(const afp_config_t *config, afp_text_field_t field)
{
    const char *text = config->texts[field] != NULL ? config->texts[field] : usual_texts[field];

    return text != NULL ? text : "";
}

/* ---- creating and merging ---- */

void *afp_config_create_server(apr_pool_t *pool, server_rec *server)
{
    afp_config_t *config = apr_pcalloc(pool, sizeof(*config));

    (void)server;
    for (int i = 0; i < AFP_NUMBERS; i++) {
        config->numbers[i] = AFP_NUMBER_UNSET;
    }
    return config;
}

static const apr_array_header_t *merge_list(apr_pool_t *pool, afp_list_field_t field,
                                            const apr_array_header_t *base,
                                            const apr_array_header_t *add)
{
    if (base == NULL || add == NULL) {
        return add != NULL ? add : base;
    }
    /* Pairs are applied in their order: the vhost's keys win, the others stay. */
    return field == AFP_LIST_INVITATION || field == AFP_LIST_ROUTES
               ? apr_array_append(pool, base, add)
               : add;
}

void *afp_config_merge_server(apr_pool_t *pool, void *base, void *add)
{
    const afp_config_t *outer = base;
    const afp_config_t *inner = add;
    afp_config_t *config = apr_pcalloc(pool, sizeof(*config));

    for (int i = 0; i < AFP_TEXTS; i++) {
        config->texts[i] = inner->texts[i] != NULL ? inner->texts[i] : outer->texts[i];
    }
    for (int i = 0; i < AFP_NUMBERS; i++) {
        config->numbers[i] =
            inner->numbers[i] != AFP_NUMBER_UNSET ? inner->numbers[i] : outer->numbers[i];
    }
    for (int i = 0; i < AFP_LISTS; i++) {
        config->lists[i] = merge_list(pool, (afp_list_field_t)i, outer->lists[i], inner->lists[i]);
    }
    return config;
}

void *afp_config_create_directory(apr_pool_t *pool, char *directory)
{
    (void)directory;
    return apr_pcalloc(pool, sizeof(afp_directory_config_t));
}

void *afp_config_merge_directory(apr_pool_t *pool, void *base, void *add)
{
    const afp_directory_config_t *outer = base;
    const afp_directory_config_t *inner = add;
    afp_directory_config_t *config = apr_pcalloc(pool, sizeof(*config));

    config->company = inner->company != NULL ? inner->company : outer->company;
    return config;
}

/* ---- directives ---- */

static afp_config_t *config_of(const cmd_parms *cmd)
{
    return ap_get_module_config(cmd->server->module_config, &assessfirst_pinpoint_module);
}

/* A message may end in a log: what stands before the host of an address could be a password. */
static const char *without_password(apr_pool_t *pool, const char *value)
{
    const char *place = ap_strstr_c(value, "://");
    const char *at = place != NULL ? ap_strrchr_c(place, '@') : NULL;

    return at != NULL
               ? apr_pstrcat(pool, apr_pstrndup(pool, value, (apr_size_t)(place + 3 - value)),
                             "...", at, NULL)
               : value;
}

static const char *wrong(const cmd_parms *cmd, const char *value, const char *why)
{
    return why == NULL
               ? NULL
               : apr_pstrcat(cmd->pool, cmd->cmd->name, " ",
                             afp_text_log(cmd->pool, without_password(cmd->pool, value), 200), ": ",
                             why, NULL);
}

/* A path below ServerRoot becomes absolute; "exec:..." and addresses stay as they are. */
static const char *resolve(const cmd_parms *cmd, afp_text_field_t field, const char *text)
{
    int is_path = field == AFP_TEXT_PINPOINT_CA || field == AFP_TEXT_ASSESSFIRST_CA;
    int is_source = field == AFP_TEXT_SECRET_KEYS || field == AFP_TEXT_ASSESSFIRST_TOKEN;
    const char *path = NULL;

    if (*text != '\0' && (is_path || (is_source && strncmp(text, AFP_SECRETS_EXEC,
                                                           strlen(AFP_SECRETS_EXEC)) != 0))) {
        path = ap_server_root_relative(cmd->pool, text);
    }
    return path != NULL ? path : text;
}

static const char *set_text(cmd_parms *cmd, void *directory, const char *text)
{
    afp_text_field_t field = (afp_text_field_t)(apr_uintptr_t)cmd->info;
    const char *value = resolve(cmd, field, text);

    (void)directory;
    config_of(cmd)->texts[field] = value;
    return wrong(cmd, text, afp_config_check_text(cmd->pool, field, value));
}

static const char *set_engine(cmd_parms *cmd, void *directory, int on)
{
    (void)directory;
    config_of(cmd)->numbers[AFP_NUMBER_ENGINE] = on != 0;
    return NULL;
}

static const char *store_number(cmd_parms *cmd, afp_number_field_t field, const char *text,
                                long long number)
{
    const number_t *about = &numbers[field];

    if (number < about->least || number > about->most) {
        return wrong(cmd, text,
                     apr_psprintf(cmd->pool,
                                  "must be from %" APR_INT64_T_FMT " to %" APR_INT64_T_FMT "%s",
                                  about->least, about->most,
                                  about->key == NULL     ? ""
                                  : is_percentage(field) ? " percent"
                                                         : " seconds"));
    }
    config_of(cmd)->numbers[field] = number;
    return NULL;
}

static const char *set_number(cmd_parms *cmd, void *directory, const char *text)
{
    long long number;

    (void)directory;
    if (afp_text_int64(text, &number) != 0) {
        return wrong(cmd, text, "expected a whole number");
    }
    return store_number(cmd, (afp_number_field_t)(apr_uintptr_t)cmd->info, text, number);
}

/* Reads "90", "90s", "15m", "72h" or "35d" as seconds. 0, or -1. */
static int read_seconds(apr_pool_t *pool, const char *text, long long *seconds)
{
    static const char units[] = "smhd";
    static const int lengths[] = {1, 60, 3600, DAY};
    size_t digits = strspn(text, "0123456789");
    const char *unit = text[digits] != '\0' ? strchr(units, text[digits]) : units;

    if (unit == NULL || (text[digits] != '\0' && text[digits + 1] != '\0') || digits > 10 ||
        afp_text_int64(apr_pstrmemdup(pool, text, digits), seconds) != 0) {
        return -1;
    }
    *seconds *= lengths[unit - units];
    return 0;
}

/* Reads what stands behind the key of one of the numbers. */
static const char *set_keyed_number(cmd_parms *cmd, afp_number_field_t field, const char *pair,
                                    const char *text)
{
    long long number;

    if (is_percentage(field)) {
        return afp_text_int64(text, &number) == 0
                   ? store_number(cmd, field, pair, number)
                   : wrong(cmd, pair, "expected key=<number>, in percent and without a unit");
    }
    return read_seconds(cmd->pool, text, &number) == 0
               ? store_number(cmd, field, pair, number)
               : wrong(cmd, pair, "expected key=<number>, in seconds or with s, m, h or d behind");
}

static const char *set_key(cmd_parms *cmd, void *directory, const char *pair)
{
    size_t key = strcspn(pair, "=");
    const char *value = pair[key] == '=' ? pair + key + 1 : "";
    const char *keys = "";

    (void)directory;
    for (int i = 0; i < AFP_NUMBERS; i++) {
        if (numbers[i].key == NULL || strcasecmp(numbers[i].directive, cmd->cmd->name) != 0) {
            continue;
        }
        keys = apr_pstrcat(cmd->pool, keys, " ", numbers[i].key, NULL);
        if (strlen(numbers[i].key) == key && strncmp(numbers[i].key, pair, key) == 0) {
            return set_keyed_number(cmd, (afp_number_field_t)i, pair, value);
        }
    }
    return wrong(cmd, pair, apr_pstrcat(cmd->pool, "the keys are", keys, NULL));
}

/* The server's own list, made with its first entry; what is inherited comes in with the merge. */
static void add_to_list(cmd_parms *cmd, afp_list_field_t field, const char *text)
{
    afp_config_t *config = config_of(cmd);
    apr_array_header_t *list = apr_array_make(cmd->pool, 2, sizeof(const char *));

    if (config->lists[field] != NULL) {
        apr_array_cat(list, config->lists[field]);
    }
    APR_ARRAY_PUSH(list, const char *) = text;
    config->lists[field] = list;
}

static const char *add_origin(cmd_parms *cmd, void *directory, const char *text)
{
    const char *why = NULL;
    const char *origin = afp_origin_of(cmd->pool, text, &why);
    const char *host = ap_strstr_c(text, "://");

    (void)directory;
    if (origin == NULL) {
        return wrong(cmd, text, why);
    }
    host += strlen("://");
    host += strcspn(host, "/?#");
    if (*host != '\0' && strcmp(host, "/") != 0) {
        return wrong(cmd, text, "an origin has no path: give scheme, host and port only");
    }
    add_to_list(cmd, AFP_LIST_PAGE_ORIGINS, origin);
    return NULL;
}

static const char *add_link_host(cmd_parms *cmd, void *directory, const char *text)
{
    char *host = apr_pstrdup(cmd->pool, text);

    (void)directory;
    ap_str_tolower(host);
    if (!afp_results_is_host(host)) {
        return wrong(cmd, text,
                     "expected a host's name such as assessfirst.com, without scheme, port and "
                     "path; the names below it are allowed with it");
    }
    add_to_list(cmd, AFP_LIST_LINK_HOSTS, host);
    return NULL;
}

static const char *add_event(cmd_parms *cmd, void *directory, const char *trigger, const char *name)
{
    const char *normalised = afp_event_normalise(cmd->pool, name);
    afp_list_field_t field = AFP_LIST_NEW_APPLICATION;

    (void)directory;
    if (strcasecmp(trigger, "stage-changed") == 0) {
        field = AFP_LIST_STAGE_CHANGED;
    } else if (strcasecmp(trigger, "new-application") != 0) {
        return wrong(cmd, trigger, "the trigger is new-application or stage-changed");
    }
    if (*normalised == '\0' || strlen(normalised) > AFP_EVENT_NAME_LIMIT) {
        return wrong(cmd, name,
                     "an event's name has 1 to " APR_STRINGIFY(AFP_EVENT_NAME_LIMIT) " characters");
    }
    add_to_list(cmd, field, normalised);
    return NULL;
}

static const char *add_pair(cmd_parms *cmd, void *directory, const char *pair)
{
    afp_list_field_t field = (afp_list_field_t)(apr_uintptr_t)cmd->info;
    afp_assessfirst_routes_t routes;
    const char *why;

    (void)directory;
    afp_assessfirst_defaults(&routes);
    why = field == AFP_LIST_INVITATION ? afp_assessfirst_invitation_set(&routes, cmd->pool, pair)
                                       : afp_assessfirst_route_set(&routes, cmd->pool, pair);
    if (why != NULL) {
        return wrong(cmd, pair, why);
    }
    add_to_list(cmd, field, pair);
    return NULL;
}

/* In the server's part of the configuration `directory` is that of all its requests. */
static const char *set_company(cmd_parms *cmd, void *directory, const char *text)
{
    afp_directory_config_t *config = directory;
    const char *why = NULL;

    config->company = ap_expr_parse_cmd(cmd, text, AP_EXPR_FLAG_STRING_RESULT, &why, NULL);
    return wrong(cmd, text, why);
}

#define TEXT(name, field, help)   AP_INIT_TAKE1(name, set_text, (void *)(field), RSRC_CONF, help)
#define NUMBER(name, field, help) AP_INIT_TAKE1(name, set_number, (void *)(field), RSRC_CONF, help)
#define KEYS(name, help)          AP_INIT_ITERATE(name, set_key, NULL, RSRC_CONF, help)
#define PAIRS(name, field, help)  AP_INIT_ITERATE(name, add_pair, (void *)(field), RSRC_CONF, help)

const command_rec afp_config_commands[] = {
    AP_INIT_FLAG("PinpointEngine", set_engine, NULL, RSRC_CONF,
                 "on or off: whether this virtual host receives Pinpoint's webhooks"),
    TEXT("PinpointSite", AFP_TEXT_SITE,
         "name of the site: virtual hosts of the same name share tenants (default: ServerName)"),
    TEXT("PinpointWebhookURL", AFP_TEXT_WEBHOOK_URL,
         "public URL of the webhook's location, as administrators enter it in Pinpoint"),
    TEXT("PinpointAutomationURL", AFP_TEXT_AUTOMATION_URL,
         "public URL of the JSON API's location, as it is shown to administrators"),
    AP_INIT_ITERATE("PinpointPageOrigin", add_origin, NULL, RSRC_CONF,
                    "origins under which the marketplace page is served"),
    TEXT("PinpointSecretKeys", AFP_TEXT_SECRET_KEYS,
         "<file> or exec:<command> with the keys for encryption at rest, one id:base64 a line"),
    AP_INIT_TAKE1("PinpointCompany", set_company, NULL, RSRC_CONF | ACCESS_CONF,
                  "expression: the company that the authenticated user acts for"),
    TEXT("PinpointAPI", AFP_TEXT_PINPOINT_API,
         "address of Pinpoint's API; {subdomain} stands for the tenant's"),
    AP_INIT_ITERATE2("PinpointEvent", add_event, NULL, RSRC_CONF,
                     "new-application or stage-changed, and further event names for this trigger"),
    TEXT("PinpointModelField", AFP_TEXT_MODEL_FIELD,
         "name of the jobs' custom field that selects the predictive model"),
    TEXT("AssessFirstAPI", AFP_TEXT_ASSESSFIRST_API,
         "address of AssessFirst's API, with its version part"),
    TEXT("AssessFirstToken", AFP_TEXT_ASSESSFIRST_TOKEN,
         "<file> or exec:<command> with one AssessFirst token for all tenants of the site"),
    PAIRS("AssessFirstInvitation", AFP_LIST_INVITATION,
          "key=value: format and field names of an invitation"),
    PAIRS("AssessFirstRoutes", AFP_LIST_ROUTES, "key=value: paths of AssessFirst's calls"),
    AP_INIT_ITERATE("AssessFirstLinkHosts", add_link_host, NULL, RSRC_CONF,
                    "hosts that a link to a candidate's results may point to"),
    TEXT("AssessFirstResultsURL", AFP_TEXT_RESULTS_URL,
         "public URL of the results location, as it is handed to AssessFirst"),
    TEXT("PinpointCACertificateFile", AFP_TEXT_PINPOINT_CA,
         "further trust anchors (PEM) for Pinpoint's API"),
    TEXT("AssessFirstCACertificateFile", AFP_TEXT_ASSESSFIRST_CA,
         "further trust anchors (PEM) for AssessFirst's API"),
    TEXT("PinpointProxy", AFP_TEXT_PROXY, "URL of the proxy for all outbound calls"),
    NUMBER("PinpointWorkers", AFP_NUMBER_WORKERS, "worker threads of one worker child"),
    NUMBER("PinpointWorkerChildren", AFP_NUMBER_WORKER_CHILDREN,
           "children of one machine that have worker threads"),
    NUMBER("PinpointBodyLimit", AFP_NUMBER_BODY_LIMIT, "largest webhook, in bytes"),
    NUMBER("PinpointBacklogLimit", AFP_NUMBER_BACKLOG_LIMIT, "most open follow-ups of one tenant"),
    KEYS("PinpointTimeout", "connect= pinpoint= assessfirst= uncertain=: seconds"),
    KEYS("PinpointRetry", "for= first= cap= missing=: seconds"),
    KEYS("PinpointRetention", "digests= finished=: seconds, or 35d for days"),
    KEYS("PinpointSchedule", "models=: seconds between two synchronisations of the models; "
                             "results=: percent of the usual intervals between two readings"),
    /* mod_dbd's directives. httpd hands them to every module that names them, also without mod_dbd;
     * NULL leaves the answer to mod_dbd. */
    TEXT("DBDriver", AFP_TEXT_DATABASE_DRIVER, "APR's name of the database driver"),
    TEXT("DBDParams", AFP_TEXT_DATABASE_PARAMS, "the driver's parameters"),
    {.name = NULL},
};

/* ---- what the handlers ask for ---- */

const afp_vhost_t *afp_config_vhost(const server_rec *server)
{
    const afp_config_t *config =
        ap_get_module_config(server->module_config, &assessfirst_pinpoint_module);

    return config->vhost;
}

const ap_expr_info_t *afp_config_company(const request_rec *r)
{
    const afp_directory_config_t *config =
        ap_get_module_config(r->per_dir_config, &assessfirst_pinpoint_module);

    return config->company;
}
