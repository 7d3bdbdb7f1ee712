/* phases.c - the microseconds of a request by phase.
 * SPDX-License-Identifier: MIT
 *
 * As the second article has it, but from the system calls, so that it works for any program.
 * Where bpftrace cannot be had, the CPU time is divided as strace saw it in the calls. */
#include "profile/phases.h"

#include "base/alloc.h"
#include "profile/part.h"
#include "profile/profile.h"
#include "profile/strace.h"
#include "profile/trace.h"

#include <math.h>
#include <stdlib.h>

/* The article's concurrency. strace makes each call some fifty times slower. */
enum { CONCURRENCY = 100, PRIMING = 1000, REQUESTS = 20000, STRACED = 2000 };

static const struct drive priming = {PRIMING, CONCURRENCY, false};

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
};

static void add_sum(struct sums *sums, const struct trace_sum *sum)
{
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
        set_us(data, phase_key((enum phase)phase), sums->phases[phase], requests);
        all += sums->phases[phase];
    }
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
    struct calls calls = {0};
    double phases[PHASES] = {0};
    double all = 0;
    int failed = strace_time(&calls, target, &drive, err);
    for (size_t i = 0; i < calls.count; i++) {
        phases[phase_of_name(calls.list[i].name)] += calls.list[i].seconds;
        all += calls.list[i].seconds;
    }
    calls_free(&calls);
    if (failed || all <= 0)
        return failed ? -1 : err_set(err, "strace measured no time");
    for (int phase = 0; phase < PHASES; phase++)
        set_us(data, phase_key((enum phase)phase), cpu_s * phases[phase] / all, REQUESTS);
    json_object_set_new(data, phase_key(PHASE_HANDLER), json_null());
    json_object_set_new(data, phase_key(PHASE_BODY), json_null());
    json_object_set_new(data, "tool", json_string("strace"));
    return 0;
}

static int measure_target(json_t *data, struct target *target, struct err *err)
{
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

static json_t *measure(const struct bench *bench, const struct run_server *server,
                       struct err *err)
{
    struct target target;
    struct err later;
    if (target_start(&target, &(struct target_options){bench, server, "phases", NULL},
                     err) < 0)
        return NULL;
    json_t *data =
        json_pack("{s:i, s:i}", "concurrency", CONCURRENCY, "requests", REQUESTS);
    int failed = measure_target(data, &target, err);
    if (target_stop(&target, failed ? &later : err) < 0)
        failed = -1;
    if (!failed)
        return data;
    json_decref(data);
    return NULL;
}

double phases_us(const json_t *data, enum phase phase)
{
    return profile_number(data, phase_key(phase));
}

double phases_cpu_us(const json_t *data)
{
    return profile_number(data, "cpu");
}

const struct part part_phases = {
    .name = "phases",
    .heading = "Microseconds of CPU per request, by phase",
    .measure = measure,
    .write = phases_write,
    .write_csv = phases_write_csv,
    .figures = {{"cpu", "CPU µs", "all"},
                {"accept", "CPU µs, by phase", "accept"},
                {"read", "CPU µs, by phase", "read"},
                {"handler", "CPU µs, by phase", "handle"},
                {"write", "CPU µs, by phase", "write"},
                {"body", "CPU µs, by phase", "body"},
                {"close", "CPU µs, by phase", "close"},
                {"child", "CPU µs, by phase", "child"}},
    .plots =
        {{"phases",
          "Microseconds of CPU per request, a bar for each server, divided by phase: "
          "the system calls' own time in the kernel, and the user-space time that led "
          "to them; traced, so a little dearer than untraced.",
          phases_write_bars}},
};
