#include "work/signals.h"

#include <pthread.h>

void afp_signals_hold(sigset_t *former)
{
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    sigaddset(&signals, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &signals, former);
}

void afp_signals_release(const sigset_t *former)
{
    pthread_sigmask(SIG_SETMASK, former, NULL);
}
