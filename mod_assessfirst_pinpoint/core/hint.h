#ifndef AFP_CORE_HINT_H
#define AFP_CORE_HINT_H

#include <apr_pools.h>
#include <apr_tables.h>

/* What AssessFirst sends to the results location. Its format is not published (contract
 * assessfirst.md 9): it is only a hint at candidates whose results may have changed, so that
 * whatever could be a candidate's id is taken for one. */

#define AFP_HINT_IDS      64
#define AFP_HINT_ID_LIMIT 64 /* bytes */

/* The texts and numbers of a JSON document that could be a candidate's id (a non-negative integer,
 * or 1 to AFP_HINT_ID_LIMIT printable ASCII characters without a blank), each once: array of const
 * char * in `pool`, at most AFP_HINT_IDS, those less deep in the document first. Empty if the bytes
 * are no JSON, or nested deeper than AFP_JSON_DEPTH. Any thread. */
apr_array_header_t *afp_hint_ids(apr_pool_t *pool, const char *bytes, size_t length);

#endif
