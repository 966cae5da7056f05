#ifndef AFP_REMOTE_PINPOINT_PERMISSIONS_H
#define AFP_REMOTE_PINPOINT_PERMISSIONS_H

#include "remote/pinpoint.h"

/* What an API key of Pinpoint may do of all that the integration needs (contract pinpoint.md 12),
 * found out without leaving traces: reading asks for one row; writing and deleting are tried on a
 * record that does not exist, or without what Pinpoint requires, where a key with the permission is
 * told "not found" or "invalid" and a key without it is refused (401 or 403). */

typedef enum {
    AFP_GRANT_UNKNOWN, /* not tried, or the answer does not tell */
    AFP_GRANT_GIVEN,
    AFP_GRANT_MISSING
} afp_grant_t;

/* In the order in which they are tried. Application: Write is not among them: without it profiles
 * are written one value at a time (afp_pinpoint_attributes_set). */
typedef enum {
    AFP_PERMISSION_JOB_READ,
    AFP_PERMISSION_APPLICATION_READ,
    AFP_PERMISSION_FIELD_READ,
    AFP_PERMISSION_ATTRIBUTES_READ,
    AFP_PERMISSION_COMMENT_READ,
    AFP_PERMISSION_ATTRIBUTES_WRITE,
    AFP_PERMISSION_COMMENT_WRITE,
    AFP_PERMISSION_FIELD_WRITE,
    AFP_PERMISSION_FIELD_DELETE,
    AFP_PINPOINT_PERMISSIONS
} afp_permission_t;

typedef struct {
    const char *permission; /* Pinpoint's own words: "Custom Attributes: Write" */
    const char *used_for;   /* what the integration does with it, in plain words */
} afp_pinpoint_permission_t;

/* By afp_permission_t. */
extern const afp_pinpoint_permission_t afp_pinpoint_permissions[AFP_PINPOINT_PERMISSIONS];

/* 1 if the integration does without it: deleting, always; comments, where `choices`
 * (core/profile.h) wants none. */
int afp_pinpoint_permission_is_optional(afp_permission_t permission, unsigned int choices);

/* Tries all of them. AFP_OUTCOME_DONE if each that is not optional is given or unknown;
 * AFP_OUTCOME_FORBIDDEN, with Pinpoint's words and the names of those that are missing and not
 * optional, if there is one; AFP_OUTCOME_UNAUTHORIZED if the key itself is refused, that is with a
 * 401 before anything was allowed (the rest is then not tried); otherwise the first failure that
 * says nothing about permissions (time-out, 5xx, 429, a list that is none), where trying ended. */
void afp_pinpoint_permissions_try(const afp_pinpoint_t *pinpoint, unsigned int choices,
                                  afp_grant_t grants[AFP_PINPOINT_PERMISSIONS],
                                  afp_outcome_t *outcome);

#endif
