/* proc.c - a child process: start it, wait for it with a deadline, end it.
 * SPDX-License-Identifier: MIT */
#include "host/proc.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "host/family.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* How long orphans wait to be waited for, while this process waits for another. */
enum { REAP_MS = 100 };

/* What the child reports through a pipe if it cannot become the program. */
struct start_failure {
    char call[16];
    int error;
};

static void child_fail(int report, const char *call)
{
    struct start_failure failure = {.error = errno};
    snprintf(failure.call, sizeof failure.call, "%s", call);
    if (write(report, &failure, sizeof failure) < 0)
        _exit(126);
    _exit(127);
}

static int child_join_cgroup(const char *cgroup)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/cgroup.procs", cgroup);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    ssize_t written = write(fd, "0", 1);
    close(fd);
    return written == 1 ? 0 : -1;
}

static int child_pin(const cpu_set_t *cpus, int cpu)
{
    cpu_set_t set;
    if (cpus)
        return sched_setaffinity(0, sizeof *cpus, cpus);
    if (cpu < 0)
        return 0;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    return sched_setaffinity(0, sizeof set, &set);
}

static int child_set_environment(const char *words)
{
    char *copy = strdup(words);
    char *left = copy;
    char *name;
    int failed = copy ? 0 : -1;
    while (!failed && (name = strsep(&left, " "))) {
        char *value = strchr(name, '=');
        if (!value)
            continue; /* between two blanks */
        *value = '\0';
        failed = setenv(name, value + 1, 1);
    }
    free(copy);
    return failed;
}

static int child_pad_environment(unsigned size)
{
    char pad[4096] = "";
    memset(pad, 'x', size < sizeof pad ? size : sizeof pad - 1);
    return setenv("ABACUS_PAD", pad, 1);
}

/* The new descriptors could be each other's old numbers, so they are moved out of the way of
 * 0, 1 and 2 first. */
static int child_redirect(const struct proc_options *options)
{
    int wanted[3] = {options->input, options->output, options->error};
    for (int i = 0; i < 3; i++) {
        int fd = wanted[i] < 0 ? open("/dev/null", O_RDWR | O_CLOEXEC) : wanted[i];
        wanted[i] = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 3);
        if (wanted[i] < 0)
            return -1;
    }
    for (int i = 0; i < 3; i++)
        if (dup2(wanted[i], i) < 0)
            return -1;
    /* What abacus inherited is not for its children; a kernel before 5.11 cannot do this. */
    return close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) < 0 && errno != EINVAL ? -1 : 0;
}

static void child_run(const struct proc_options *options, int report, pid_t parent)
{
    if (setpgid(0, 0) < 0)
        child_fail(report, "setpgid");
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
        child_fail(report, "prctl");
    interrupt_reset();
    if (options->cgroup && child_join_cgroup(options->cgroup) < 0)
        child_fail(report, "cgroup.procs");
    if (child_pin(options->cpus, options->cpu) < 0)
        child_fail(report, "setaffinity");
    if (options->environment && child_set_environment(options->environment) < 0)
        child_fail(report, "setenv");
    if (options->env_pad && child_pad_environment(options->env_pad) < 0)
        child_fail(report, "setenv");
    if (child_redirect(options) < 0)
        child_fail(report, "descriptors");
    if (options->directory && chdir(options->directory) < 0)
        child_fail(report, "chdir");
    execvp(options->argv[0], options->argv);
    child_fail(report, "exec");
}

/* The pipe closes by itself when exec succeeds: end of file is the good news. */
static int start_outcome(int report, const char *name, struct err *err)
{
    struct start_failure failure;
    ssize_t n;
    do
        n = read(report, &failure, sizeof failure);
    while (n < 0 && errno == EINTR);
    if (n == 0)
        return 0;
    if (n != sizeof failure)
        return err_set(err, "%s: ended before it was started", name);
    if (strcmp(failure.call, "exec") == 0)
        return err_set(err, "%s: %s", name, strerror(failure.error));
    return err_set(err, "%s: %s: %s", name, failure.call, strerror(failure.error));
}

int proc_start(struct proc *proc, const struct proc_options *options, struct err *err)
{
    int report[2];
    *proc = (struct proc){.pidfd = -1};
    if (pipe2(report, O_CLOEXEC) < 0)
        return err_set(err, "pipe: %s", strerror(errno));
    pid_t parent = getpid();
    family_begin();
    proc->pid = fork();
    if (proc->pid == 0)
        child_run(options, report[1], parent);
    close(report[1]);
    if (proc->pid < 0) {
        close(report[0]);
        proc->pid = 0;
        return err_set(err, "fork: %s", strerror(errno));
    }
    family_expect(proc->pid);
    int failed = start_outcome(report[0], options->argv[0], err);
    close(report[0]);
    if (!failed && (proc->pidfd = pidfd_open(proc->pid, 0)) < 0)
        failed = err_set(err, "pidfd_open: %s", strerror(errno));
    if (failed) {
        kill(proc->pid, SIGKILL);
        waitpid(proc->pid, NULL, 0);
        family_forget(proc->pid);
        proc->pid = 0;
    }
    return failed;
}

/* Waits for the process, and for `also` if it is not -1. */
static enum proc_event wait_event(const struct proc *proc, int also, double deadline)
{
    struct pollfd fds[2] = {{.fd = proc->pidfd, .events = POLLIN},
                            {.fd = also, .events = POLLIN}};
    for (;;) {
        int left = deadline < 0 ? REAP_MS : clock_left_ms(deadline);
        int ready = poll(fds, 2, left < REAP_MS ? left : REAP_MS);
        if (ready > 0)
            return fds[0].revents ? PROC_ENDED : PROC_INTERRUPTED;
        family_reap();
        if (ready == 0 && left <= REAP_MS && deadline >= 0)
            return PROC_TIMEOUT;
    }
}

enum proc_event proc_wait(const struct proc *proc, int timeout_ms)
{
    double deadline = timeout_ms < 0 ? -1 : clock_now() + timeout_ms / 1000.0;
    return wait_event(proc, interrupt_fd(), deadline);
}

int proc_reap(struct proc *proc, struct rusage *usage)
{
    int status;
    pid_t reaped;
    do
        reaped = wait4(proc->pid, &status, 0, usage);
    while (reaped < 0 && errno == EINTR);
    if (reaped < 0 && usage)
        *usage = (struct rusage){0};
    family_forget(proc->pid);
    close(proc->pidfd);
    *proc = (struct proc){.pidfd = -1};
    return reaped < 0 ? -1 : status;
}

int proc_stop(struct proc *proc, int grace_ms, bool *killed)
{
    kill(proc->pid, SIGTERM);
    *killed = wait_event(proc, -1, clock_now() + grace_ms / 1000.0) != PROC_ENDED;
    /* Before the leader is reaped: its zombie keeps the group's number from being reused. */
    kill(-proc->pid, SIGKILL);
    return proc_reap(proc, NULL);
}

/* Reads until the writers are gone, keeping what fits. False if the deadline came first. */
static bool capture_output(int fd, char *output, size_t size, double deadline)
{
    size_t kept = 0;
    output[0] = '\0';
    for (;;) {
        char bytes[4096];
        struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
        int ready = poll(&poll_fd, 1, clock_left_ms(deadline));
        if (ready < 0 && errno == EINTR)
            continue;
        ssize_t n = ready > 0 ? read(fd, bytes, sizeof bytes) : -1;
        if (n <= 0)
            return n == 0;
        size_t keep = (size_t)n < size - 1 - kept ? (size_t)n : size - 1 - kept;
        memcpy(output + kept, bytes, keep);
        kept += keep;
        output[kept] = '\0';
    }
}

int proc_capture(char *const *argv, char *output, size_t size, int timeout_ms,
                 struct err *err)
{
    return proc_capture_with(argv, NULL, output, size, timeout_ms, err);
}

int proc_capture_with(char *const *argv, const char *environment, char *output,
                      size_t size, int timeout_ms, struct err *err)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return err_set(err, "pipe: %s", strerror(errno));
    struct proc proc;
    int failed = proc_start(&proc,
                            &(struct proc_options){.argv = argv,
                                                   .input = -1,
                                                   .output = ends[1],
                                                   .error = ends[1],
                                                   .cpu = -1,
                                                   .environment = environment},
                            err);
    close(ends[1]);
    double deadline = clock_now() + timeout_ms / 1000.0;
    bool whole = !failed && capture_output(ends[0], output, size, deadline);
    close(ends[0]);
    if (failed)
        return -1;
    bool killed;
    if (whole && wait_event(&proc, -1, deadline) == PROC_ENDED)
        return proc_reap(&proc, NULL);
    proc_stop(&proc, 100, &killed);
    return err_set(err, "%s: still running after %d ms", argv[0], timeout_ms);
}

bool proc_read_line(int fd, char *line, size_t size, double deadline)
{
    size_t used = 0;
    line[0] = '\0';
    while (used + 1 < size && !strchr(line, '\n')) {
        struct pollfd fds[2] = {{.fd = fd, .events = POLLIN},
                                {.fd = interrupt_fd(), .events = POLLIN}};
        int ready = poll(fds, 2, clock_left_ms(deadline));
        if (ready < 0 && errno == EINTR)
            continue;
        ssize_t n = fds[0].revents ? read(fd, line + used, size - 1 - used) : -1;
        if (n <= 0)
            return false;
        used += (size_t)n;
        line[used] = '\0';
    }
    return true;
}

const char *proc_status_text(int wait_status)
{
    static char text[96];
    if (wait_status < 0)
        snprintf(text, sizeof text, "an end of which nothing is known");
    else if (WIFSIGNALED(wait_status))
        snprintf(text, sizeof text, "killed by signal %d (%s)", WTERMSIG(wait_status),
                 sigdescr_np(WTERMSIG(wait_status)));
    else
        snprintf(text, sizeof text, "exit status %d", WEXITSTATUS(wait_status));
    return text;
}
