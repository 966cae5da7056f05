#include "web/config_site.h"

#include <apr_strings.h>
#include <http_log.h>
#include <string.h>

APLOG_USE_MODULE(assessfirst_pinpoint);

/* The vhost's LogLevel is asked for each line: it is final only when the whole configuration is
 * read. Any thread. */
static void write_line(void *baton, afp_log_level_t level, const char *line)
{
    static const int levels[] = {
        [AFP_LOG_ERROR] = APLOG_ERR,     [AFP_LOG_WARNING] = APLOG_WARNING,
        [AFP_LOG_NOTICE] = APLOG_NOTICE, [AFP_LOG_INFO] = APLOG_INFO,
        [AFP_LOG_DEBUG] = APLOG_DEBUG,
    };
    const server_rec *server = baton;

    ap_log_error(APLOG_MARK, levels[level], 0, server, "%s", line);
}

static const afp_logger_t *make_logger(apr_pool_t *pool, server_rec *server)
{
    afp_logger_t *logger = apr_pcalloc(pool, sizeof(*logger));

    logger->write = write_line;
    logger->baton = server;
    logger->level = AFP_LOG_DEBUG;
    return logger;
}

static apr_interval_time_t duration(const afp_config_t *config, afp_number_field_t field)
{
    return apr_time_from_sec(afp_config_number(config, field));
}

static afp_http_api_t make_api(const afp_config_t *config, const char *name, afp_text_field_t base,
                               afp_text_field_t ca_file, afp_number_field_t timeout,
                               const afp_logger_t *logger)
{
    afp_http_api_t api = {
        .name = name,
        .base = afp_config_text(config, base),
        .ca_file = config->texts[ca_file],
        .proxy = config->texts[AFP_TEXT_PROXY],
        .connect_timeout = duration(config, AFP_NUMBER_TIMEOUT_CONNECT),
        .total_timeout = duration(config, timeout),
        .logger = logger,
    };

    /* Then the host is partly a tenant's choice; a fixed host is the operator's. */
    api.public_addresses_only = strchr(api.base, '{') != NULL;
    return api;
}

/* The directives have checked each pair. */
static void apply_pairs(apr_pool_t *pool, const afp_config_t *config,
                        afp_assessfirst_routes_t *routes)
{
    const apr_array_header_t *invitation = config->lists[AFP_LIST_INVITATION];
    const apr_array_header_t *paths = config->lists[AFP_LIST_ROUTES];

    afp_assessfirst_defaults(routes);
    for (int i = 0; invitation != NULL && i < invitation->nelts; i++) {
        afp_assessfirst_invitation_set(routes, pool, APR_ARRAY_IDX(invitation, i, const char *));
    }
    for (int i = 0; paths != NULL && i < paths->nelts; i++) {
        afp_assessfirst_route_set(routes, pool, APR_ARRAY_IDX(paths, i, const char *));
    }
}

static const apr_array_header_t *link_hosts_of(apr_pool_t *pool, const afp_config_t *config)
{
    apr_array_header_t *usual;

    if (config->lists[AFP_LIST_LINK_HOSTS] != NULL) {
        return config->lists[AFP_LIST_LINK_HOSTS];
    }
    usual = apr_array_make(pool, 1, sizeof(const char *));
    APR_ARRAY_PUSH(usual, const char *) = "assessfirst.com";
    return usual;
}

afp_site_t *afp_config_make_site(apr_pool_t *pool, const afp_config_t *config, server_rec *server,
                                 const char *name, const afp_keyring_t *keyring, const char *token)
{
    afp_site_t *site = apr_pcalloc(pool, sizeof(*site));

    site->name = name;
    site->logger = make_logger(pool, server);
    site->place.site = name;
    site->place.keyring = keyring;
    site->pinpoint = make_api(config, "Pinpoint", AFP_TEXT_PINPOINT_API, AFP_TEXT_PINPOINT_CA,
                              AFP_NUMBER_TIMEOUT_PINPOINT, site->logger);
    site->assessfirst =
        make_api(config, "AssessFirst", AFP_TEXT_ASSESSFIRST_API, AFP_TEXT_ASSESSFIRST_CA,
                 AFP_NUMBER_TIMEOUT_ASSESSFIRST, site->logger);
    apply_pairs(pool, config, &site->routes);
    site->assessfirst_token = token;
    site->model_field = afp_config_text(config, AFP_TEXT_MODEL_FIELD);
    site->link_hosts = link_hosts_of(pool, config);
    site->results_url = config->texts[AFP_TEXT_RESULTS_URL];
    site->models_interval = duration(config, AFP_NUMBER_SCHEDULE_MODELS);
    site->results_scale = (int)afp_config_number(config, AFP_NUMBER_SCHEDULE_RESULTS);
    site->event_names.new_application = config->lists[AFP_LIST_NEW_APPLICATION];
    site->event_names.stage_changed = config->lists[AFP_LIST_STAGE_CHANGED];
    site->uncertain_wait = duration(config, AFP_NUMBER_TIMEOUT_UNCERTAIN);
    site->retry.trying = duration(config, AFP_NUMBER_RETRY_FOR);
    site->retry.first = duration(config, AFP_NUMBER_RETRY_FIRST);
    site->retry.cap = duration(config, AFP_NUMBER_RETRY_CAP);
    site->retry.missing = duration(config, AFP_NUMBER_RETRY_MISSING);
    site->retention.digests = duration(config, AFP_NUMBER_RETENTION_DIGESTS);
    site->retention.finished = duration(config, AFP_NUMBER_RETENTION_FINISHED);
    site->backlog_limit = (int)afp_config_number(config, AFP_NUMBER_BACKLOG_LIMIT);
    return site;
}

static int same_list(const apr_array_header_t *one, const apr_array_header_t *other)
{
    int count = one != NULL ? one->nelts : 0;

    if (count != (other != NULL ? other->nelts : 0)) {
        return 0;
    }
    for (int i = 0; i < count; i++) {
        if (strcmp(APR_ARRAY_IDX(one, i, const char *), APR_ARRAY_IDX(other, i, const char *))) {
            return 0;
        }
    }
    return 1;
}

/* What the pairs lead to, not how they are written. */
static int same_routes(apr_pool_t *pool, const afp_config_t *one, const afp_config_t *other)
{
    afp_assessfirst_routes_t left, right;

    apply_pairs(pool, one, &left);
    apply_pairs(pool, other, &right);
    return left.format == right.format && strcmp(left.email_key, right.email_key) == 0 &&
           strcmp(left.model_key, right.model_key) == 0 &&
           strcmp(left.first_name_key, right.first_name_key) == 0 &&
           strcmp(left.last_name_key, right.last_name_key) == 0 &&
           strcmp(left.models_path, right.models_path) == 0 &&
           strcmp(left.invitation_path, right.invitation_path) == 0 &&
           strcmp(left.lookup_path, right.lookup_path) == 0 &&
           strcmp(left.candidate_path, right.candidate_path) == 0 &&
           strcmp(left.candidate_v1_path, right.candidate_v1_path) == 0 &&
           strcmp(left.adequacies_v1_path, right.adequacies_v1_path) == 0;
}

int afp_config_same_site(apr_pool_t *pool, const afp_config_t *one, const afp_config_t *other)
{
    for (int i = 0; i < AFP_TEXTS; i++) {
        afp_text_field_t field = (afp_text_field_t)i;

        if (field != AFP_TEXT_SITE && field != AFP_TEXT_WEBHOOK_URL &&
            field != AFP_TEXT_AUTOMATION_URL &&
            strcmp(afp_config_text(one, field), afp_config_text(other, field)) != 0) {
            return 0;
        }
    }
    for (int i = AFP_NUMBER_BACKLOG_LIMIT; i < AFP_NUMBERS; i++) {
        afp_number_field_t field = (afp_number_field_t)i;

        if (afp_config_number(one, field) != afp_config_number(other, field)) {
            return 0;
        }
    }
    return same_list(one->lists[AFP_LIST_NEW_APPLICATION],
                     other->lists[AFP_LIST_NEW_APPLICATION]) &&
           same_list(one->lists[AFP_LIST_STAGE_CHANGED], other->lists[AFP_LIST_STAGE_CHANGED]) &&
           same_list(link_hosts_of(pool, one), link_hosts_of(pool, other)) &&
           same_routes(pool, one, other);
}
