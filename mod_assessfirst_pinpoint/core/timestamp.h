#ifndef AFP_CORE_TIMESTAMP_H
#define AFP_CORE_TIMESTAMP_H

#include <apr_time.h>

/* Dates in texts from outside. Independent of locale and time zone of the process. Any thread. */

/* Reads "YYYY-MM-DD" followed by 'T', 't' or a blank and "HH:MM", "HH:MM:SS" or
 * "HH:MM:SS.fraction", and optionally "Z" or an offset (+HH:MM, +HHMM, +HH); UTC if it has none.
 * Blanks around it are ignored. A leap second counts as the second before. 0 and *time, or -1 if
 * `text` (may be NULL) is anything else or before 1970. Source: ISO 8601 as RFC 3339 profiles it.
 */
int afp_timestamp_read(const char *text, apr_time_t *time);

/* Reads an HTTP-date in any of its three forms (RFC 9110 5.6.7). A two-digit year more than 50
 * years after `now` lies in the past century. 0 and *time, or -1. */
int afp_timestamp_read_http(const char *text, apr_time_t now, apr_time_t *time);

#endif
