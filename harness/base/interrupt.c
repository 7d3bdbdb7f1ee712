/* interrupt.c - the user's request to stop, as a descriptor that every wait can watch.
 * SPDX-License-Identifier: MIT */
#include "base/interrupt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/signalfd.h>

static int signal_fd = -1;

static bool is_ignored(int number)
{
    struct sigaction action;
    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

void interrupt_begin(void)
{
    bool nohup = is_ignored(SIGHUP);
    interrupt_reset();
    if (nohup)
        signal(SIGHUP, SIG_IGN);
}

int interrupt_catch(struct err *err)
{
    sigset_t set;
    if (signal_fd >= 0)
        return 0;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    if (!is_ignored(
            SIGHUP)) /* where it is blocked as well it would arrive all the same */
        sigaddset(&set, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
        return err_set(err, "sigprocmask: %s", strerror(errno));
    signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signal_fd < 0)
        return err_set(err, "signalfd: %s", strerror(errno));
    return 0;
}

int interrupt_fd(void)
{
    return signal_fd;
}

bool interrupt_requested(void)
{
    struct pollfd poll_fd = {.fd = signal_fd, .events = POLLIN};
    return poll(&poll_fd, 1, 0) > 0;
}

/* Handlers do not outlive exec, so only what is ignored needs it. */
void interrupt_reset(void)
{
    sigset_t none;
    for (int number = 1; number < NSIG; number++)
        if (is_ignored(number))
            signal(number, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}
