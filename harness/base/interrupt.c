/* interrupt.c - the user's wish to stop, as a descriptor that every wait can watch.
 * SPDX-License-Identifier: MIT */
#include "base/interrupt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/signalfd.h>

static int signal_fd = -1;

int interrupt_catch(struct err *err)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
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

void interrupt_release(void)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}
