#include "work/tenants.h"

#include "store/follow_up.h"

#include <apr_hash.h>
#include <apr_strings.h>
#include <apr_thread_mutex.h>
#include <apr_thread_rwlock.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#define PASSES_LIMIT    50 /* of one gate */
#define COUNT_AGE       apr_time_from_sec(60)
#define CLOSE_COUNT_AGE apr_time_from_sec(5)

typedef struct {
    afp_tenant_t tenant;
    apr_int64_t received_at; /* atomic: the last authentic request */
    /* Atomic: when the signing secret, and the second one, last matched. */
    apr_int64_t matched_at[AFP_SIGNATURE_SECRETS];
    apr_int64_t flushed_at; /* what the database knows of it; flushing thread only */
    apr_uint32_t stored;    /* atomic: deliveries stored here since the count */
    apr_uint32_t backlog;   /* atomic: open follow-ups at the last count */
    apr_time_t counted_at;  /* counting thread only */
} entry_t;

typedef struct {
    char company_uuid[AFP_ID_LENGTH + 1];
    apr_time_t at;
} pass_t;

/* Lets so many pass in a second. */
typedef struct {
    int each; /* of one tenant */
    int all;
    pass_t passes[PASSES_LIMIT]; /* the latest `all` of them, as a ring */
    int next;
} gate_t;

struct afp_tenants_t {
    apr_pool_t *pool;
    const afp_site_t *site;
    apr_thread_rwlock_t *lock; /* guards `entries` and the tenants in them */
    apr_hash_t *entries;       /* company_uuid -> entry_t *, malloc'ed, never removed */
    apr_int64_t generation;    /* refreshing thread only */
    apr_uint32_t loaded;       /* atomic: a refresh has succeeded */
    apr_thread_mutex_t *gate_mutex;
    gate_t rereads;
    gate_t hints;
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
        apr_thread_mutex_create(&tenants->gate_mutex, APR_THREAD_MUTEX_DEFAULT, tenants->pool) !=
            APR_SUCCESS) {
        return NULL;
    }
    tenants->site = site;
    tenants->entries = apr_hash_make(tenants->pool);
    tenants->generation = -1;
    tenants->rereads = (gate_t){.each = 1, .all = 20};
    tenants->hints = (gate_t){.each = 10, .all = PASSES_LIMIT};
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

/* An afp_tenant_seen_t: takes a tenant into the snapshot. */
static void take_in(void *baton, const afp_tenant_t *tenant)
{
    afp_tenants_t *tenants = baton;
    entry_t *entry;

    apr_thread_rwlock_wrlock(tenants->lock);
    entry = find(tenants, tenant->company_uuid);
    if (!entry) {
        entry = calloc(1, sizeof(*entry));
        if (entry) {
            entry->tenant = *tenant;
            apr_hash_set(tenants->entries, entry->tenant.company_uuid, AFP_ID_LENGTH, entry);
        }
    } else if (tenant->generation >= entry->tenant.generation) {
        move_matches(entry, tenant);
        entry->tenant = *tenant;
    }
    apr_thread_rwlock_unlock(tenants->lock);
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

/* 1 if one more may pass a gate for this tenant. */
static int may_pass(afp_tenants_t *tenants, gate_t *gate, const char *company_uuid)
{
    apr_time_t now = apr_time_now();
    apr_time_t second_ago = now - APR_USEC_PER_SEC;
    pass_t *oldest;
    int passed = 0;
    int allowed;
    int i;

    apr_thread_mutex_lock(tenants->gate_mutex);
    oldest = &gate->passes[gate->next];
    for (i = 0; i < gate->all; i++) {
        const pass_t *pass = &gate->passes[i];

        passed +=
            pass->at > second_ago && pass->at <= now && !strcmp(pass->company_uuid, company_uuid);
    }
    allowed = passed < gate->each && !(oldest->at > second_ago && oldest->at <= now);
    if (allowed) {
        apr_cpystrn(oldest->company_uuid, company_uuid, sizeof(oldest->company_uuid));
        oldest->at = now;
        gate->next = (gate->next + 1) % gate->all;
    }
    apr_thread_mutex_unlock(tenants->gate_mutex);
    return allowed;
}

int afp_tenants_may_reread(afp_tenants_t *tenants, const char *company_uuid)
{
    return may_pass(tenants, &tenants->rereads, company_uuid);
}

int afp_tenants_may_hint(afp_tenants_t *tenants, const char *company_uuid)
{
    return may_pass(tenants, &tenants->hints, company_uuid);
}

apr_status_t afp_tenants_reread(afp_tenants_t *tenants, afp_session_t *session,
                                const char *company_uuid)
{
    afp_tenant_t tenant;
    apr_status_t rv = afp_tenant_by_uuid(session, &tenants->site->place, company_uuid, &tenant);

    if (rv == APR_SUCCESS) {
        take_in(tenants, &tenant);
    } else if (rv != APR_NOTFOUND) {
        /* What the snapshot does not know may exist: until it is refreshed nothing is denied. */
        __atomic_store_n(&tenants->loaded, 0, __ATOMIC_RELEASE);
    }
    OPENSSL_cleanse(&tenant, sizeof(tenant));
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
    if (entry) {
        note_match(entry, secret, at);
        __atomic_store_n(&entry->received_at, at, __ATOMIC_RELAXED);
    }
    apr_thread_rwlock_unlock(tenants->lock);
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

apr_status_t afp_tenants_flush_received(afp_tenants_t *tenants, afp_session_t *session)
{
    int count, i;
    entry_t **entries = list_entries(tenants, &count);
    apr_status_t rv = APR_SUCCESS;

    for (i = 0; i < count && rv == APR_SUCCESS; i++) {
        rv = flush(tenants, session, entries[i]);
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
