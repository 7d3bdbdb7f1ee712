/* phase.c - which system calls and which user-space time belong to which phase.
 * SPDX-License-Identifier: MIT */
#include "profile/phases.h"

#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>

static const struct {
    const char *key, *name;
} phases[PHASES] = {
    [PHASE_ACCEPT] = {"accept", "poll and accept"},
    [PHASE_READ] = {"read", "reading request"},
    [PHASE_HANDLER] = {"handler", "request handler"},
    [PHASE_WRITE] = {"write", "writing response"},
    [PHASE_BODY] = {"body", "further writes (body)"},
    [PHASE_CLOSE] = {"close", "closing"},
    [PHASE_CHILD] = {"child", "creating and reaping child"},
    [PHASE_OTHER] = {"other", "other calls"},
};

/* Calls that not every machine has are named where it has them. */
static const struct {
    int call;
    const char *name;
    enum phase phase;
} calls[] = {
    {SYS_epoll_pwait, "epoll_pwait", PHASE_ACCEPT},
    {SYS_epoll_ctl, "epoll_ctl", PHASE_ACCEPT},
    {SYS_pselect6, "pselect6", PHASE_ACCEPT},
    {SYS_ppoll, "ppoll", PHASE_ACCEPT},
    {SYS_accept, "accept", PHASE_ACCEPT},
    {SYS_accept4, "accept4", PHASE_ACCEPT},
    {SYS_setsockopt, "setsockopt", PHASE_ACCEPT},
    {SYS_getsockname, "getsockname", PHASE_ACCEPT},
    {SYS_getpeername, "getpeername", PHASE_ACCEPT},
    {SYS_fcntl, "fcntl", PHASE_ACCEPT},
    {SYS_io_uring_enter, "io_uring_enter", PHASE_ACCEPT},
    {SYS_read, "read", PHASE_READ},
    {SYS_readv, "readv", PHASE_READ},
    {SYS_recvfrom, "recvfrom", PHASE_READ},
    {SYS_recvmsg, "recvmsg", PHASE_READ},
    {SYS_ioctl, "ioctl", PHASE_READ},
    {SYS_write, "write", PHASE_WRITE},
    {SYS_writev, "writev", PHASE_WRITE},
    {SYS_sendto, "sendto", PHASE_WRITE},
    {SYS_sendmsg, "sendmsg", PHASE_WRITE},
    {SYS_sendfile, "sendfile", PHASE_WRITE},
    {SYS_close, "close", PHASE_CLOSE},
    {SYS_shutdown, "shutdown", PHASE_CLOSE},
    {SYS_clone, "clone", PHASE_CHILD},
    {SYS_clone3, "clone3", PHASE_CHILD},
    {SYS_wait4, "wait4", PHASE_CHILD},
    {SYS_waitid, "waitid", PHASE_CHILD},
    {SYS_exit, "exit", PHASE_CHILD},
    {SYS_exit_group, "exit_group", PHASE_CHILD},
    {SYS_rt_sigreturn, "rt_sigreturn", PHASE_CHILD},
    {SYS_rt_sigprocmask, "rt_sigprocmask", PHASE_CHILD},
    {SYS_set_robust_list, "set_robust_list", PHASE_CHILD},
    {SYS_prctl, "prctl", PHASE_CHILD},
    {SYS_getppid, "getppid", PHASE_CHILD},
#ifdef SYS_epoll_wait
    {SYS_epoll_wait, "epoll_wait", PHASE_ACCEPT},
    {SYS_select, "select", PHASE_ACCEPT},
    {SYS_poll, "poll", PHASE_ACCEPT},
    {SYS_fork, "fork", PHASE_CHILD},
    {SYS_vfork, "vfork", PHASE_CHILD},
#endif
};

const char *phase_name(enum phase phase)
{
    return phases[phase].name;
}

const char *phase_key(enum phase phase)
{
    return phases[phase].key;
}

enum phase phase_of_call(int call)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (calls[i].call == call)
            return calls[i].phase;
    return PHASE_OTHER;
}

enum phase phase_of_name(const char *call)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (strcmp(calls[i].name, call) == 0)
            return calls[i].phase;
    return PHASE_OTHER;
}

enum phase phase_of_user(int before, bool failed, int call)
{
    enum phase phase = phase_of_call(call);
    bool has_read = !failed && phase_of_call(before) == PHASE_READ;
    return has_read && phase != PHASE_READ ? PHASE_HANDLER : phase;
}

enum phase phase_of_kernel(int before, bool failed, int call)
{
    enum phase phase = phase_of_call(call);
    bool has_written = !failed && phase_of_call(before) == PHASE_WRITE;
    return has_written && phase == PHASE_WRITE ? PHASE_BODY : phase;
}
