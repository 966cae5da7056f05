#ifndef AFP_WORK_SIGNALS_H
#define AFP_WORK_SIGNALS_H

#include <signal.h>

/* On prefork a signal ends the child from within whatever its one thread does. While that thread
 * holds a lock of ours, the signals that end a child wait. */

/* Holds SIGTERM, SIGHUP and SIGUSR1 back; *former is for afp_signals_release, on the same thread.
 */
void afp_signals_hold(sigset_t *former);
void afp_signals_release(const sigset_t *former);

#endif
