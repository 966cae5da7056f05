#include "work/tenants.h"

#include "store/follow_up.h"
#include "work/unknown_events.h"

#include <apr_hash.h>
#include <apr_strings.h>
#include <apr_thread_cond.h>
#include <apr_thread_mutex.h>
#include <apr_thread_rwlock.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#define REREADS         20 /* a second, per child */
#define HINTS           50 /* a second, per child */
#define HINTS_EACH      10 /* of one tenant */
#define HASH_DIGITS     64 /* of an API token's SHA-256 */
#define TOKEN_NOTED     apr_time_from_sec(60)
#define REFUSED_NOTED   apr_time_from_sec(60)
#define COUNT_AGE       apr_time_from_sec(60)
#define CLOSE_COUNT_AGE apr_time_from_sec(5)

typedef struct {
    afp_tenant_t tenant;
    apr_int64_t received_at; /* atomic: the last authentic request */
    /* Atomic: when the signing secret, and the second one, last matched. */
    apr_int64_t matched_at[AFP_SIGNATURE_SECRETS];
    apr_int64_t token_used_at; /* atomic: when the use of the API token was last noted */
    apr_int64_t flushed_at;    /* what the database knows of it; flushing thread only */
    apr_int64_t refused_at;    /* atomic: the last request whose signature did not fit */
    /* Flushing thread only: what the database knows of it, and since when. */
    apr_int64_t refused_flushed_at;
    apr_time_t refused_written_at;
    afp_unknown_events_t unknown_events; /* under their mutex */
    apr_uint32_t stored;                 /* atomic: deliveries stored here since the count */
    apr_uint32_t backlog;                /* atomic: open follow-ups at the last count */
    apr_time_t counted_at;               /* counting thread only */
} entry_t;

typedef struct {
    char company_uuid[AFP_ID_LENGTH + 1];
    apr_time_t at; /* when it was begun */
    enum { REREAD_SUCCEEDED, REREAD_FAILED, REREAD_RUNNING } state;
} reread_t;

typedef struct {
    char company_uuid[AFP_ID_LENGTH + 1];
    apr_time_t at;
} hint_t;

struct afp_tenants_t {
    apr_pool_t *pool;
    const afp_site_t *site;
    apr_thread_rwlock_t *lock;        /* guards `entries` and the tenants in them */
    apr_hash_t *entries;              /* company_uuid -> entry_t *, malloc'ed, never removed */
    apr_int64_t generation;           /* refreshing thread only */
    apr_uint32_t loaded;              /* atomic: a refresh has succeeded */
    apr_thread_mutex_t *reread_mutex; /* guards the next two */
    apr_thread_cond_t *reread_ended;
    reread_t rereads[REREADS]; /* the latest ones, as a ring */
    int next_reread;
    apr_thread_mutex_t *hint_mutex; /* guards the next two */
    hint_t hints[HINTS];            /* the latest ones, as a ring */
    int next_hint;
    apr_thread_mutex_t *unknown_mutex; /* guards all entries' unknown events */
};

static apr_status_t cleanse(void *data)
{
    afp_tenants_t *tenants = data;
    apr_hash_index_t *index;

    for (index = apr_hash_first(NULL, tenants->entries); index; index = apr_hash_next(index)) {
        entry_t *entry = apr_hash_this_val(index);

        OPENSSL_cleanse(entry, sizeof(*entry));
        free(entry);
    }
    return APR_SUCCESS;
}

afp_tenants_t *afp_tenants_make(apr_pool_t *pool, const afp_site_t *site)
{
    afp_tenants_t *tenants = apr_pcalloc(pool, sizeof(*tenants));

    if (apr_pool_create(&tenants->pool, pool) != APR_SUCCESS ||
        apr_thread_rwlock_create(&tenants->lock, tenants->pool) != APR_SUCCESS ||
        apr_thread_mutex_create(&tenants->reread_mutex, APR_THREAD_MUTEX_DEFAULT, tenants->pool) !=
            APR_SUCCESS ||
        apr_thread_cond_create(&tenants->reread_ended, tenants->pool) != APR_SUCCESS ||
        apr_thread_mutex_create(&tenants->hint_mutex, APR_THREAD_MUTEX_DEFAULT, tenants->pool) !=
            APR_SUCCESS ||
        apr_thread_mutex_create(&tenants->unknown_mutex, APR_THREAD_MUTEX_DEFAULT, tenants->pool) !=
            APR_SUCCESS) {
        return NULL;
    }
    tenants->site = site;
    tenants->entries = apr_hash_make(tenants->pool);
    tenants->generation = -1;
    apr_pool_cleanup_register(tenants->pool, tenants, cleanse, apr_pool_cleanup_null);
    return tenants;
}

static entry_t *find(afp_tenants_t *tenants, const char *company_uuid)
{
    return apr_hash_get(tenants->entries, company_uuid, AFP_ID_LENGTH);
}

int afp_tenants_get(afp_tenants_t *tenants, const char *company_uuid, afp_tenant_t *tenant)
{
    entry_t *entry;

    apr_thread_rwlock_rdlock(tenants->lock);
    entry = find(tenants, company_uuid);
    if (entry) {
        *tenant = entry->tenant;
    }
    apr_thread_rwlock_unlock(tenants->lock);
    return entry != NULL;
}

typedef struct {
    const char *hash;
    char *company_uuid;
    int is_found;
} token_search_t;

/* An apr_hash_do_callback_fn_t: goes on whatever it finds. */
static int compare_token(void *baton, const void *key, apr_ssize_t length, const void *value)
{
    token_search_t *search = baton;
    const entry_t *entry = value;

    (void)key;
    (void)length;
    if (!CRYPTO_memcmp(entry->tenant.api_token_hash, search->hash, HASH_DIGITS)) {
        apr_cpystrn(search->company_uuid, entry->tenant.company_uuid, AFP_ID_LENGTH + 1);
        search->is_found = 1;
    }
    return 1;
}

int afp_tenants_find_token(afp_tenants_t *tenants, const char *api_token_hash,
                           char company_uuid[AFP_ID_LENGTH + 1])
{
    token_search_t search = {api_token_hash, company_uuid, 0};

    apr_thread_rwlock_rdlock(tenants->lock);
    apr_hash_do(compare_token, &search, tenants->entries);
    apr_thread_rwlock_unlock(tenants->lock);
    return search.is_found;
}

int afp_tenants_token_used(afp_tenants_t *tenants, const char *company_uuid, apr_time_t now)
{
    int is_time = 0;
    entry_t *entry;

    apr_thread_rwlock_rdlock(tenants->lock);
    entry = find(tenants, company_uuid);
    if (entry) {
        apr_int64_t last = __atomic_load_n(&entry->token_used_at, __ATOMIC_RELAXED);

        is_time = (now < last || now - last >= TOKEN_NOTED) &&
                  __atomic_compare_exchange_n(&entry->token_used_at, &last, now, 0,
                                              __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    }
    apr_thread_rwlock_unlock(tenants->lock);
    return is_time;
}

/* When each secret last matched goes with the secret. Under the writer's lock. */
static void move_matches(entry_t *entry, const afp_tenant_t *tenant)
{
    apr_int64_t signing_at = entry->matched_at[0];
    apr_int64_t former_at = entry->matched_at[1];

    if (strcmp(entry->tenant.signing_secret, tenant->signing_secret)) {
        entry->matched_at[0] = 0;
    }
    if (strcmp(entry->tenant.former_secret, tenant->former_secret)) {
        entry->matched_at[1] =
            strcmp(entry->tenant.signing_secret, tenant->former_secret) ? 0 : signing_at;
    }
    if (!strcmp(entry->tenant.former_secret, tenant->signing_secret)) {
        entry->matched_at[0] = former_at;
    }
}

static int receives(const afp_tenant_t *tenant)
{
    return tenant->state == AFP_TENANT_CONNECTED || tenant->state == AFP_TENANT_PAUSED;
}

/* An afp_tenant_seen_t: takes a tenant into the snapshot. However often it is read, what of it
 * cannot be opened is logged once for each generation of its settings. */
static void take_in(void *baton, const afp_tenant_t *tenant)
{
    afp_tenants_t *tenants = baton;
    entry_t *entry;
    int is_news;

    apr_thread_rwlock_wrlock(tenants->lock);
    entry = find(tenants, tenant->company_uuid);
    is_news = !entry || tenant->generation > entry->tenant.generation;
    if (!entry) {
        entry = calloc(1, sizeof(*entry));
        if (entry) {
            entry->tenant = *tenant;
            apr_hash_set(tenants->entries, entry->tenant.company_uuid, AFP_ID_LENGTH, entry);
        }
    } else if (tenant->generation >= entry->tenant.generation) {
        move_matches(entry, tenant);
        if (strcmp(entry->tenant.api_token_hash, tenant->api_token_hash)) {
            __atomic_store_n(&entry->token_used_at, 0, __ATOMIC_RELAXED);
        }
        if (!receives(tenant)) {
            /* Nor is it written when the company has connected again. */
            __atomic_store_n(&entry->received_at, 0, __ATOMIC_RELAXED);
        }
        entry->tenant = *tenant;
    }
    apr_thread_rwlock_unlock(tenants->lock);
    if (is_news) {
        afp_tenant_log_unreadable(tenant, tenants->site->logger);
    }
}

apr_status_t afp_tenants_refresh(afp_tenants_t *tenants, afp_session_t *session)
{
    apr_int64_t generation;
    apr_status_t rv = afp_tenant_generation(session, &generation);

    if (rv == APR_SUCCESS && generation != tenants->generation) {
        rv = afp_tenant_changes(session, &tenants->site->place, tenants->generation, take_in,
                                tenants);
        if (rv == APR_SUCCESS) {
            tenants->generation = generation;
        }
    }
    if (rv == APR_SUCCESS) {
        __atomic_store_n(&tenants->loaded, 1, __ATOMIC_RELEASE);
    }
    return rv;
}

int afp_tenants_are_loaded(afp_tenants_t *tenants)
{
    return __atomic_load_n(&tenants->loaded, __ATOMIC_ACQUIRE) != 0;
}

/* Begun in the last second, and not in a future that the clock was set back from. */
static int is_recent(const reread_t *reread, apr_time_t now)
{
    return reread->at > now - APR_USEC_PER_SEC && reread->at <= now;
}

/* Under the mutex: the tenant's latest one, or NULL if it may be read again. */
static reread_t *find_reread(afp_tenants_t *tenants, const char *company_uuid, apr_time_t now)
{
    int i;

    for (i = 0; i < REREADS; i++) {
        reread_t *reread = &tenants->rereads[i];

        if ((reread->state == REREAD_RUNNING || is_recent(reread, now)) &&
            !strcmp(reread->company_uuid, company_uuid)) {
            return reread;
        }
    }
    return NULL;
}

/* Under the mutex: the place of one more, or NULL if there were too many. */
static reread_t *next_reread(afp_tenants_t *tenants, apr_time_t now)
{
    reread_t *oldest = &tenants->rereads[tenants->next_reread];

    if (oldest->state == REREAD_RUNNING || is_recent(oldest, now)) {
        return NULL;
    }
    tenants->next_reread = (tenants->next_reread + 1) % REREADS;
    return oldest;
}

afp_reread_t afp_tenants_begin_reread(afp_tenants_t *tenants, const char *company_uuid,
                                      apr_interval_time_t patience)
{
    apr_time_t deadline = apr_time_now() + patience;
    afp_reread_t result = afp_tenants_are_loaded(tenants) ? AFP_REREAD_RECENT : AFP_REREAD_FAILED;
    reread_t *reread;

    apr_thread_mutex_lock(tenants->reread_mutex);
    /* Whoever does not wait would refuse what the other one is about to learn. */
    while ((reread = find_reread(tenants, company_uuid, apr_time_now())) != NULL &&
           reread->state == REREAD_RUNNING && (patience = deadline - apr_time_now()) > 0) {
        apr_thread_cond_timedwait(tenants->reread_ended, tenants->reread_mutex, patience);
    }
    if (reread) {
        if (reread->state != REREAD_SUCCEEDED) {
            result = AFP_REREAD_FAILED;
        }
    } else if ((reread = next_reread(tenants, apr_time_now())) != NULL) {
        apr_cpystrn(reread->company_uuid, company_uuid, sizeof(reread->company_uuid));
        reread->at = apr_time_now();
        reread->state = REREAD_RUNNING;
        result = AFP_REREAD_BEGUN;
    }
    apr_thread_mutex_unlock(tenants->reread_mutex);
    return result;
}

void afp_tenants_end_reread(afp_tenants_t *tenants, const char *company_uuid, int succeeded)
{
    reread_t *reread;

    apr_thread_mutex_lock(tenants->reread_mutex);
    reread = find_reread(tenants, company_uuid, apr_time_now());
    if (reread) {
        reread->state = succeeded ? REREAD_SUCCEEDED : REREAD_FAILED;
    }
    apr_thread_cond_broadcast(tenants->reread_ended);
    apr_thread_mutex_unlock(tenants->reread_mutex);
}

int afp_tenants_may_hint(afp_tenants_t *tenants, const char *company_uuid)
{
    apr_time_t now = apr_time_now();
    apr_time_t second_ago = now - APR_USEC_PER_SEC;
    hint_t *oldest;
    int same = 0;
    int allowed;
    int i;

    apr_thread_mutex_lock(tenants->hint_mutex);
    oldest = &tenants->hints[tenants->next_hint];
    for (i = 0; i < HINTS; i++) {
        const hint_t *hint = &tenants->hints[i];

        same +=
            hint->at > second_ago && hint->at <= now && !strcmp(hint->company_uuid, company_uuid);
    }
    allowed = same < HINTS_EACH && !(oldest->at > second_ago && oldest->at <= now);
    if (allowed) {
        apr_cpystrn(oldest->company_uuid, company_uuid, sizeof(oldest->company_uuid));
        oldest->at = now;
        tenants->next_hint = (tenants->next_hint + 1) % HINTS;
    }
    apr_thread_mutex_unlock(tenants->hint_mutex);
    return allowed;
}

/* Ends a reading, which gave rv, of one tenant. */
static void take_in_read(afp_tenants_t *tenants, apr_status_t rv, afp_tenant_t *tenant)
{
    if (rv == APR_SUCCESS) {
        take_in(tenants, tenant);
    } else if (rv != APR_NOTFOUND) {
        /* What the snapshot does not know may exist: until it is refreshed nothing is denied. */
        __atomic_store_n(&tenants->loaded, 0, __ATOMIC_RELEASE);
    }
    OPENSSL_cleanse(tenant, sizeof(*tenant));
}

apr_status_t afp_tenants_reread(afp_tenants_t *tenants, afp_session_t *session,
                                const char *company_uuid)
{
    afp_tenant_t tenant;
    apr_status_t rv = afp_tenant_by_uuid(session, &tenants->site->place, company_uuid, &tenant);

    take_in_read(tenants, rv, &tenant);
    return rv;
}

apr_status_t afp_tenants_reread_token(afp_tenants_t *tenants, afp_session_t *session,
                                      const char *api_token_hash)
{
    afp_tenant_t tenant;
    apr_status_t rv =
        afp_tenant_by_api_token(session, &tenants->site->place, api_token_hash, &tenant);

    take_in_read(tenants, rv, &tenant);
    return rv;
}

/* ---- last received ---- */

/* The entry's secrets may have been replaced since `secret` matched. */
static void note_match(entry_t *entry, const char *secret, apr_time_t at)
{
    if (!strcmp(entry->tenant.signing_secret, secret)) {
        __atomic_store_n(&entry->matched_at[0], at, __ATOMIC_RELAXED);
    } else if (!strcmp(entry->tenant.former_secret, secret)) {
        __atomic_store_n(&entry->matched_at[1], at, __ATOMIC_RELAXED);
    }
}

void afp_tenants_received(afp_tenants_t *tenants, const char *company_uuid, const char *secret,
                          apr_time_t at)
{
    entry_t *entry;

    apr_thread_rwlock_rdlock(tenants->lock);
    entry = find(tenants, company_uuid);
    if (entry && receives(&entry->tenant)) {
        note_match(entry, secret, at);
        __atomic_store_n(&entry->received_at, at, __ATOMIC_RELAXED);
    }
    apr_thread_rwlock_unlock(tenants->lock);
}

void afp_tenants_refused(afp_tenants_t *tenants, const char *company_uuid, apr_time_t at)
{
    entry_t *entry;

    apr_thread_rwlock_rdlock(tenants->lock);
    entry = find(tenants, company_uuid);
    /* Where the secrets cannot be opened every signature is refused: that is told otherwise. */
    if (entry && !entry->tenant.unreadable && receives(&entry->tenant)) {
        __atomic_store_n(&entry->refused_at, at, __ATOMIC_RELAXED);
    }
    apr_thread_rwlock_unlock(tenants->lock);
}

int afp_tenants_unknown_event(afp_tenants_t *tenants, const char *company_uuid, const char *name,
                              apr_time_t at)
{
    int is_news = 0;
    entry_t *entry;

    apr_thread_rwlock_rdlock(tenants->lock);
    entry = find(tenants, company_uuid);
    if (entry && receives(&entry->tenant)) {
        apr_thread_mutex_lock(tenants->unknown_mutex);
        is_news = afp_unknown_events_note(&entry->unknown_events, name, at);
        apr_thread_mutex_unlock(tenants->unknown_mutex);
    }
    apr_thread_rwlock_unlock(tenants->lock);
    return is_news;
}

/* The entries, copied so that no lock is held while the database works. `*count` of them; free it.
 */
static entry_t **list_entries(afp_tenants_t *tenants, int *count)
{
    apr_hash_index_t *index;
    entry_t **entries;
    int n = 0;

    apr_thread_rwlock_rdlock(tenants->lock);
    entries = malloc(sizeof(*entries) * (apr_hash_count(tenants->entries) + 1));
    if (entries) {
        /* The index lives in the hash itself: only the one thread that tends iterates. */
        for (index = apr_hash_first(NULL, tenants->entries); index; index = apr_hash_next(index)) {
            entries[n++] = apr_hash_this_val(index);
        }
    }
    apr_thread_rwlock_unlock(tenants->lock);
    *count = n;
    return entries;
}

/* What matched since the last time, with the secrets as they are now. */
static void copy_matches(afp_tenants_t *tenants, const entry_t *entry,
                         afp_matched_t matched[AFP_SIGNATURE_SECRETS])
{
    int i;

    apr_thread_rwlock_rdlock(tenants->lock);
    for (i = 0; i < AFP_SIGNATURE_SECRETS; i++) {
        apr_int64_t at = __atomic_load_n(&entry->matched_at[i], __ATOMIC_RELAXED);

        matched[i].at = at > entry->flushed_at ? at : 0;
        apr_cpystrn(matched[i].secret,
                    i == 0 ? entry->tenant.signing_secret : entry->tenant.former_secret,
                    sizeof(matched[i].secret));
    }
    apr_thread_rwlock_unlock(tenants->lock);
}

static apr_status_t flush(afp_tenants_t *tenants, afp_session_t *session, entry_t *entry)
{
    apr_int64_t at = __atomic_load_n(&entry->received_at, __ATOMIC_RELAXED);
    afp_matched_t matched[AFP_SIGNATURE_SECRETS];
    apr_status_t rv = APR_SUCCESS;

    if (at > entry->flushed_at) {
        copy_matches(tenants, entry, matched);
        rv = afp_tenant_received(session, entry->tenant.company_uuid, at, matched);
        OPENSSL_cleanse(matched, sizeof(matched));
        if (rv == APR_SUCCESS) {
            entry->flushed_at = at;
        }
    }
    return rv;
}

/* However many are refused, one a minute is written; the last of them is not forgotten. */
static apr_status_t flush_refused(afp_session_t *session, entry_t *entry)
{
    apr_int64_t at = __atomic_load_n(&entry->refused_at, __ATOMIC_RELAXED);
    apr_time_t now = apr_time_now();
    apr_interval_time_t age = now - entry->refused_written_at;
    apr_status_t rv;

    /* Below 0 the clock was set back. */
    if (at <= entry->refused_flushed_at || (age >= 0 && age < REFUSED_NOTED)) {
        return APR_SUCCESS;
    }
    rv = afp_tenant_notice(session, entry->tenant.company_uuid, AFP_NOTICE_SIGNATURE, "", at);
    if (rv == APR_SUCCESS || rv == APR_NOTFOUND) {
        entry->refused_flushed_at = at;
        entry->refused_written_at = now;
        return APR_SUCCESS;
    }
    return rv;
}

static apr_status_t flush_unknown_event(afp_tenants_t *tenants, afp_session_t *session,
                                        entry_t *entry)
{
    char name[AFP_EVENT_NAME_LIMIT + 1];
    apr_time_t at;
    int is_due;
    apr_status_t rv;

    apr_thread_mutex_lock(tenants->unknown_mutex);
    is_due = afp_unknown_events_take(&entry->unknown_events, apr_time_now(), name, &at);
    apr_thread_mutex_unlock(tenants->unknown_mutex);
    if (!is_due) {
        return APR_SUCCESS;
    }
    rv = afp_tenant_notice(session, entry->tenant.company_uuid, AFP_NOTICE_UNKNOWN_EVENT, name, at);
    if (rv == APR_SUCCESS || rv == APR_NOTFOUND) {
        return APR_SUCCESS;
    }
    apr_thread_mutex_lock(tenants->unknown_mutex);
    afp_unknown_events_put_back(&entry->unknown_events);
    apr_thread_mutex_unlock(tenants->unknown_mutex);
    return rv;
}

apr_status_t afp_tenants_flush_received(afp_tenants_t *tenants, afp_session_t *session)
{
    int count, i;
    entry_t **entries = list_entries(tenants, &count);
    apr_status_t rv = APR_SUCCESS;

    for (i = 0; i < count && rv == APR_SUCCESS; i++) {
        rv = flush(tenants, session, entries[i]);
        if (rv == APR_SUCCESS) {
            rv = flush_refused(session, entries[i]);
        }
        if (rv == APR_SUCCESS) {
            rv = flush_unknown_event(tenants, session, entries[i]);
        }
    }
    free(entries);
    return rv;
}

/* ---- backlog ---- */

int afp_tenants_has_room(afp_tenants_t *tenants, const char *company_uuid)
{
    apr_uint32_t limit = (apr_uint32_t)tenants->site->backlog_limit;
    int room = 1;
    entry_t *entry;

    apr_thread_rwlock_rdlock(tenants->lock);
    entry = find(tenants, company_uuid);
    if (entry) {
        apr_uint32_t stored = __atomic_add_fetch(&entry->stored, 1, __ATOMIC_RELAXED);

        room = __atomic_load_n(&entry->backlog, __ATOMIC_RELAXED) + stored <= limit;
    }
    apr_thread_rwlock_unlock(tenants->lock);
    return room;
}

apr_status_t afp_tenants_count_backlogs(afp_tenants_t *tenants, afp_session_t *session)
{
    int limit = tenants->site->backlog_limit;
    apr_time_t now = apr_time_now();
    int count, i;
    entry_t **entries = list_entries(tenants, &count);
    apr_status_t rv = APR_SUCCESS;

    for (i = 0; i < count && rv == APR_SUCCESS; i++) {
        entry_t *entry = entries[i];
        apr_uint32_t stored = __atomic_load_n(&entry->stored, __ATOMIC_RELAXED);
        apr_uint32_t known = __atomic_load_n(&entry->backlog, __ATOMIC_RELAXED);
        int is_close = known + stored > (apr_uint32_t)limit / 2;
        int backlog;

        /* Other children store as well. */
        if (!(stored && now - entry->counted_at > COUNT_AGE) &&
            !(is_close && now - entry->counted_at > CLOSE_COUNT_AGE)) {
            continue;
        }
        rv = afp_follow_up_count(session, entry->tenant.company_uuid, limit + 1, &backlog);
        if (rv == APR_SUCCESS) {
            __atomic_store_n(&entry->backlog, (apr_uint32_t)backlog, __ATOMIC_RELAXED);
            __atomic_sub_fetch(&entry->stored, stored, __ATOMIC_RELAXED);
            entry->counted_at = now;
        }
    }
    free(entries);
    return rv;
}
