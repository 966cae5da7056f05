#ifndef AFP_CORE_LOG_H
#define AFP_CORE_LOG_H

/* Logging for rooms that know no server: the web room plugs httpd's error log in. */

typedef enum {
    AFP_LOG_ERROR,   /* an operator must act */
    AFP_LOG_WARNING, /* degraded */
    AFP_LOG_NOTICE,  /* a change worth a line on a quiet day */
    AFP_LOG_INFO,    /* change of state */
    AFP_LOG_DEBUG    /* one line per delivery */
} afp_log_level_t;

/* Receives one finished line. Called from any thread. */
typedef void afp_log_write_t(void *baton, afp_log_level_t level, const char *line);

/* Where the lines of one site go. Read-only after the configuration; outlives every user. */
typedef struct {
    afp_log_write_t *write;
    void *baton;
    afp_log_level_t level; /* lines beyond this level are not formatted */
} afp_logger_t;

/* A log line's stable number: AFPNO(0301) "text". Numbers are never used again. */
#define AFPNO(number) "AFP" #number ": "

/* Formats one line (at most 1,023 bytes, cut silently) and hands it over. `logger` may be NULL
 * (nothing is logged). Never pass a secret, a candidate's name or an e-mail. */
void afp_log(const afp_logger_t *logger, afp_log_level_t level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
