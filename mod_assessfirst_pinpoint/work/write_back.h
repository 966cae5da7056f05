#ifndef AFP_WORK_WRITE_BACK_H
#define AFP_WORK_WRITE_BACK_H

#include "core/profile.h"
#include "remote/pinpoint_profile.h"
#include "work/job.h"

/* What the write-back follow-up is made of, and what it shares with those that cause it. */

/* Where the follow-up's application stands, as far as this run has learned it. */
typedef struct {
    int asked;                    /* Pinpoint was asked, or ... */
    int told;                     /* its answer to the values told */
    int deleted;                  /* Pinpoint does not know the application any more */
    afp_pinpoint_standing_t last; /* if asked or told, and not deleted */
} afp_standing_t;

/* Asks Pinpoint, unless it was asked or told. 0 and *end on a failure. */
int afp_standing_ask(const afp_job_t *job, afp_standing_t *standing, afp_end_t *end);

/* Sees to it that the fields of the application's profile that the company chose hold `values`:
 * writes what is not remembered as written, with one call for several of them, or for one if
 * `wants_standing`. Field and attribute ids are remembered, and asked for anew once if Pinpoint
 * does not know them any more. A field that cannot be used is left out, and so is a new link
 * to the results of a concealed application, for which Pinpoint is asked first. 1, also if the
 * application turned out to be deleted; 0 and *end on a failure. */
int afp_write_values(const afp_job_t *job, const char *const values[AFP_PROFILE_FIELDS],
                     int wants_standing, afp_standing_t *standing, afp_end_t *end);

/* Adds the comment of this purpose (store/profile.h), once, whatever breaks in between; none if the
 * application is concealed or deleted. 0 and *end on a failure. */
int afp_write_comment(const afp_job_t *job, const char *purpose, const char *text,
                      afp_standing_t *standing, afp_end_t *end);

#endif
