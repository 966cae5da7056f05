#ifndef AFP_CORE_TOMBSTONE_H
#define AFP_CORE_TOMBSTONE_H

/* What stands for an application whose data was erased: an HMAC-SHA-256 of its id under a key that
 * each tenant has for this alone. It tells whether an id that comes again is that of an erased
 * application; without the key nobody can tell which ids were. Any thread. */

#define AFP_TOMBSTONE_LENGTH 64

/* `key` and `application_id` are not empty. Lower-case hexadecimal and a NUL. 0, or -1 if OpenSSL
 * fails. */
int afp_tombstone_make(const char *key, const char *application_id,
                       char tombstone[AFP_TOMBSTONE_LENGTH + 1]);

#endif
