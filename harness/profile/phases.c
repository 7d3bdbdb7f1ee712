/* phases.c - the microseconds of a request by phase.
 * SPDX-License-Identifier: MIT
 *
 * As the second article has it, but from the system calls, so that it works for any program.
 * Where bpftrace cannot be had, the CPU time is divided as strace saw it in the calls. */
#include "profile/profile.h"

#include "base/quote.h"
#include "profile/trace.h"
#include "render/glossary.h"
#include "render/names.h"

#include <math.h>
#include <string.h>
#include <sys/syscall.h>

/* The article's concurrency. strace makes each call some fifty times slower. */
enum { CONCURRENCY = 100, PRIMING = 1000, REQUESTS = 20000, STRACED = 2000 };

static const char *const keys[PHASES] = {
    [PHASE_ACCEPT] = "accept", [PHASE_READ] = "read",   [PHASE_HANDLER] = "handler",
    [PHASE_WRITE] = "write",   [PHASE_BODY] = "body",   [PHASE_CLOSE] = "close",
    [PHASE_CHILD] = "child",   [PHASE_OTHER] = "other",
};

static const char *const names[PHASES] = {
    [PHASE_ACCEPT] = "poll and accept",           [PHASE_READ] = "reading request",
    [PHASE_HANDLER] = "request handler",          [PHASE_WRITE] = "writing response",
    [PHASE_BODY] = "further writes (body)",       [PHASE_CLOSE] = "closing",
    [PHASE_CHILD] = "creating and reaping child", [PHASE_OTHER] = "other calls",
};

/* The sum of the phases may differ so much from the CPU time that was measured meanwhile. */
static const double SUM_TOLERANCE = 0.10;

/* With so much of the time in io_uring_enter, the phases are not told apart. */
static const double RING_SHARE = 0.5;

/* ---- which call belongs to which ---- */

/* Calls that not every machine has are named where it has them. */
static const struct {
    int call;
    const char *name;
    enum phase phase;
} known_calls[] = {
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

enum phase phase_of_call(int call)
{
    for (size_t i = 0; i < sizeof known_calls / sizeof *known_calls; i++)
        if (known_calls[i].call == call)
            return known_calls[i].phase;
    return PHASE_OTHER;
}

enum phase phase_of_name(const char *call)
{
    for (size_t i = 0; i < sizeof known_calls / sizeof *known_calls; i++)
        if (strcmp(known_calls[i].name, call) == 0)
            return known_calls[i].phase;
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

/* A server that leaves all its work to one call does it in one phase: nothing is known of the
 * others. */
static void leave_whole(json_t *data, double ring_s, double all_s)
{
    if (ring_s < RING_SHARE * all_s)
        return;
    for (int phase = 0; phase < PHASES; phase++)
        json_object_set_new(data, keys[phase], json_null());
    json_object_set_new(data, "whole", json_string("io_uring_enter"));
}

static void set_us(json_t *data, const char *key, double seconds, double requests)
{
    json_t *us = isfinite(seconds) ? json_real(seconds / requests * 1e6) : json_null();
    json_object_set_new(data, key, us);
}

/* Drives the server, and sets *seconds to the CPU time that it took. */
static int drive_timed(struct target *target, const struct drive *drive, double *seconds,
                       struct err *err)
{
    double before = target_cpu_s(target);
    int failed = target_drive(target, drive, err);
    *seconds = target_cpu_s(target) - before;
    return failed;
}

/* ---- by bpftrace ---- */

struct sums {
    double phases[PHASES]; /* s */
    double wait, delay;
    double calls;
    double ring; /* s, of the phases: in io_uring_enter */
};

static void add_sum(struct sums *sums, const struct trace_sum *sum)
{
    bool worked = sum->kind == TRACE_KERNEL || sum->kind == TRACE_USER;
    sums->ring += worked && sum->call == SYS_io_uring_enter ? sum->value : 0;
    if (sum->kind == TRACE_KERNEL)
        sums->phases[phase_of_kernel(sum->before, sum->failed, sum->call)] += sum->value;
    else if (sum->kind == TRACE_USER)
        sums->phases[phase_of_user(sum->before, sum->failed, sum->call)] += sum->value;
    else if (sum->kind == TRACE_WAIT)
        sums->wait += sum->value;
    else if (sum->kind == TRACE_DELAY)
        sums->delay += sum->value;
    else
        sums->calls += sum->value;
}

static void set_sums(json_t *data, const struct sums *sums, double requests)
{
    double all = 0;
    for (int phase = 0; phase < PHASES; phase++) {
        set_us(data, keys[phase], sums->phases[phase], requests);
        all += sums->phases[phase];
    }
    leave_whole(data, sums->ring, all);
    set_us(data, "sum", all, requests);
    set_us(data, "wait", sums->wait, requests);
    set_us(data, "delay", sums->delay, requests);
    json_object_set_new(data, "calls", json_real(sums->calls / requests));
}

static int trace_phases(json_t *data, struct target *target, struct err *err)
{
    const struct drive drive = {REQUESTS, CONCURRENCY, false};
    struct trace trace = {0};
    double before = target_cpu_s(target);
    int failed = trace_drive(&trace, target, &drive, err);
    double seconds = target_cpu_s(target) - before;
    if (!failed) {
        struct sums sums = {0};
        for (size_t i = 0; i < trace.count; i++)
            add_sum(&sums, &trace.list[i]);
        set_sums(data, &sums, REQUESTS);
        set_us(data, "traced_cpu", seconds, REQUESTS);
        json_object_set_new(data, "tool", json_string("bpftrace"));
    }
    trace_free(&trace);
    return failed;
}

/* ---- by strace ---- */

static int strace_phases(json_t *data, struct target *target, double cpu_s,
                         struct err *err)
{
    const struct drive drive = {STRACED, CONCURRENCY, false};
    struct tally calls = {0};
    double phase_s[PHASES] = {0};
    double ring_s = 0;
    int failed = strace_calls(&calls, target, &drive, true, err);
    double all = 0;
    for (size_t i = 0; i < calls.count; i++) {
        const char *call = calls.rows[i].names[0];
        double seconds = calls.rows[i].counts[CALL_SECONDS];
        /* strace charges a thread that waits with what the others of its process use. */
        if (strcmp(call, "futex") == 0)
            continue;
        all += seconds;
        phase_s[phase_of_name(call)] += seconds;
        ring_s += strcmp(call, "io_uring_enter") == 0 ? seconds : 0;
    }
    tally_free(&calls);
    if (failed || all <= 0)
        return failed ? -1 : err_set(err, "strace measured no time");
    for (int phase = 0; phase < PHASES; phase++)
        set_us(data, keys[phase], cpu_s * phase_s[phase] / all, REQUESTS);
    json_object_set_new(data, keys[PHASE_HANDLER], json_null());
    json_object_set_new(data, keys[PHASE_BODY], json_null());
    leave_whole(data, ring_s, all);
    json_object_set_new(data, "tool", json_string("strace"));
    return 0;
}

static int measure_target(void *subject, struct target *target, struct err *err)
{
    json_t *data = subject;
    const struct drive priming = {PRIMING, CONCURRENCY, false};
    const struct drive drive = {REQUESTS, CONCURRENCY, false};
    struct err why;
    double seconds;
    if (target_drive(target, &priming, err) < 0 ||
        drive_timed(target, &drive, &seconds, err) < 0)
        return -1;
    set_us(data, "cpu", seconds, REQUESTS);
    if (trace_phases(data, target, &why) == 0)
        return 0;
    json_object_set_new(data, "untraced", json_string(why.text));
    if (target_tool("strace", "strace", err) < 0 ||
        strace_phases(data, target, seconds, err) < 0) {
        struct err also = *err;
        return err_set(err, "%.220s; and %.220s", why.text, also.text);
    }
    return 0;
}

static int measure(json_t *data, const struct setup *setup,
                   const struct run_server *server, struct err *err)
{
    json_object_set_new(data, "concurrency", json_integer(CONCURRENCY));
    json_object_set_new(data, "requests", json_integer(REQUESTS));
    return target_use(&(struct target_options){setup, server, "phases", NULL},
                      measure_target, data, err);
}

/* ---- tables ---- */

static double share(const json_t *data, size_t phase)
{
    return profile_number(data, keys[phase]);
}

static void phase_rows(struct grid *grid, const char *server, const json_t *data)
{
    grid_add(grid, "%s", server);
    for (int phase = 0; phase < PHASES; phase++)
        profile_cell(grid, data, keys[phase]);
}

static const struct part_table phases = {
    .columns =
        (const struct column[]){
            {.head = "Server"},
            {.group = "µs of CPU", .head = "accept", .align = ALIGN_RIGHT},
            {.group = "µs of CPU", .head = "read", .align = ALIGN_RIGHT},
            {.group = "µs of CPU", .head = "handler", .align = ALIGN_RIGHT},
            {.group = "µs of CPU", .head = "write", .align = ALIGN_RIGHT},
            {.group = "µs of CPU", .head = "body", .align = ALIGN_RIGHT},
            {.group = "µs of CPU", .head = "close", .align = ALIGN_RIGHT},
            {.group = "µs of CPU", .head = "child", .align = ALIGN_RIGHT},
            {.group = "µs of CPU", .head = "other", .align = ALIGN_RIGHT},
            {0},
        },
    .rows = phase_rows,
};

/* The sum beside what the kernel charged meanwhile, and what tracing adds. */
static void check_rows(struct grid *grid, const char *server, const json_t *data)
{
    static const char *const others[] = {"cpu", "wait", "delay", "calls"};
    double sum = profile_number(data, "sum");
    double ratio = sum / profile_number(data, "traced_cpu");
    if (!isfinite(sum))
        return;
    grid_add(grid, "%s", server);
    profile_cell(grid, data, "sum");
    profile_cell(grid, data, "traced_cpu");
    grid_add(grid, "%s %%%s", figure_change(ratio).text,
             fabs(ratio - 1) > SUM_TOLERANCE ? " (too much)" : "");
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        profile_cell(grid, data, others[i]);
}

static const struct part_table check = {
    .columns =
        (const struct column[]){
            {.head = "Server"},
            {.group = "CPU µs while traced", .head = "sum", .align = ALIGN_RIGHT},
            {.group = "CPU µs while traced", .head = "charged", .align = ALIGN_RIGHT},
            {.group = "CPU µs while traced", .head = "differs by", .align = ALIGN_RIGHT},
            {.group = "untraced", .head = "CPU µs", .align = ALIGN_RIGHT},
            {.group = "off the CPU, µs", .head = "asleep", .align = ALIGN_RIGHT},
            {.group = "off the CPU, µs", .head = "waiting for it", .align = ALIGN_RIGHT},
            {.head = "system calls", .align = ALIGN_RIGHT},
            {0},
        },
    .text = "Do they add up? The sum of the phases, and the CPU time that the "
            "kernel charged to the server meanwhile; tracing itself makes a "
            "request more expensive than the untraced one. What a server waited for "
            "is not in the phases: asleep, for clients mostly, and ready to "
            "run while another process had the CPU. The processes of a server "
            "with several wait side by side, and so longer than the clock. The system "
            "calls are counted at full speed, those that a signal cut short twice.",
    .rows = check_rows,
};

static void write_fallback(struct page *page, const struct profile_server *server)
{
    const json_t *data = profile_part(server, &part_phases);
    const char *why = json_string_value(json_object_get(data, "untraced"));
    if (data && why)
        page_item(
            page,
            "%s: by strace, since %s. Its CPU time is divided as strace saw the "
            "time of the system calls: shares, and nothing is known of the handler.",
            name_label(server->server.name).text, why);
}

static void write_whole(struct page *page, const struct profile_server *server)
{
    const json_t *data = profile_part(server, &part_phases);
    const char *call = json_string_value(json_object_get(data, "whole"));
    if (data && call)
        page_item(page, "%s: %s does most of it, so its time is not divided.",
                  name_label(server->server.name).text, call);
}

static void write_section(struct page *page, const struct profile *profile)
{
    glossary_text(page, "phases", NULL);
    profile_table(page, profile, &part_phases, &phases);
    for (size_t i = 0; i < profile->server_count; i++)
        write_fallback(page, &profile->servers[i]);
    for (size_t i = 0; i < profile->server_count; i++)
        write_whole(page, &profile->servers[i]);
    profile_table(page, profile, &part_phases, &check);
}

static void csv_rows(FILE *out, const char *server, const json_t *data)
{
    static const char *const more[] = {"cpu", "sum", "traced_cpu", "wait", "delay"};
    quote_csv(out, server);
    profile_csv_text(out, profile_text(data, "tool"));
    for (int phase = 0; phase < PHASES; phase++)
        profile_csv_number(out, profile_number(data, keys[phase]));
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        profile_csv_number(out, profile_number(data, more[i]));
    fputc('\n', out);
}

const struct part part_phases = {
    .name = "phases",
    .heading = "Microseconds of CPU per request, by phase",
    .measure = measure,
    .write = write_section,
    .csv_columns = "tool,accept_us,read_us,handler_us,write_us,body_us,close_us,child_us,"
                   "other_us,cpu_us,sum_us,traced_cpu_us,wait_us,delay_us",
    .csv_rows = csv_rows,
    .figures = {{"cpu", "CPU µs", "all"},
                {"accept", "CPU µs, by phase", "accept"},
                {"read", "CPU µs, by phase", "read"},
                {"handler", "CPU µs, by phase", "handle"},
                {"write", "CPU µs, by phase", "write"},
                {"body", "CPU µs, by phase", "body"},
                {"close", "CPU µs, by phase", "close"},
                {"child", "CPU µs, by phase", "child"}},
    .division = {"CPU", names, PHASES, 3, share},
    .plot = {"phases",
             "Microseconds of CPU per request, a bar for each server, divided by phase: "
             "the system calls' own time in the kernel, and the user-space time that led "
             "to them; traced, so a little more expensive than untraced.",
             NULL},
};
