/* trial.c - one trial: a fresh server, a load tool, and what both did.
 * SPDX-License-Identifier: MIT */
#include "measure/trial.h"

#include "analyse/judge.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "host/remote.h"
#include "host/usage.h"
#include "load/tool.h"
#include "measure/clients.h"
#include "measure/holder.h"
#include "measure/plan.h"
#include "measure/raw_name.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    TOOL_ALLOWANCE_S = 300, /* for a load tool, beside what its load should take */
    SLOWEST_RATE = 100,     /* requests per second that a server must reach beyond that */
    GENERATIONS = 10,       /* requests to each connection, at least */
    SETTLE_QUIET_MS = 20,
    SETTLE_TIMEOUT_MS = 1000,
};

/* A load tool takes less than this to start, s. */
static const double TOOL_START_S = 0.2;

/* How long a step of trial.accepts is, s. */
static const double ACCEPT_STEP_S = 0.1;

/* What a trial works with while it lasts. */
struct stage {
    struct trial *trial;
    const struct run *run;
    struct load load; /* the run's, perhaps of fewer requests */
    const struct conditions *conditions;
    const struct tool *tool;
    struct entrant entrant;
    struct holder holder;
    struct clients clients;
    char *name;       /* of its files in raw/ */
    char *error_path; /* takes the server's standard error */
};

static void name_files(struct stage *stage)
{
    struct trial *trial = stage->trial;
    stage->name = raw_name(stage->run, trial);
    trial->raw = alloc_format("raw/%s.txt", stage->name);
    stage->error_path =
        alloc_format("%s/raw/%s.stderr", stage->conditions->directory, stage->name);
}

/* What the kernel counts of a trial: read before and after the load, and subtracted. */
struct reading {
    double server_cpu_s;
    double harness_cpu_s;
    double wall_s;
    struct counters counters;
};

/* The wall clock is read last. */
static struct reading read_all(const struct stage *stage)
{
    const struct sandbox *box = &stage->entrant.box;
    struct reading reading = {
        .server_cpu_s = sandbox_cpu_s(box),
        .harness_cpu_s = usage_self_s(),
    };
    counters_read(&reading.counters);
    reading.wall_s = clock_now();
    return reading;
}

static void subtract(struct trial *trial, const struct reading *before,
                     const struct reading *after)
{
    trial->tool_wall_s = after->wall_s - before->wall_s;
    trial->server_cpu_s = after->server_cpu_s - before->server_cpu_s;
    trial->harness_cpu_s = after->harness_cpu_s - before->harness_cpu_s;
    trial->counters = counters_difference(&after->counters, &before->counters);
}

/* What the trial's timeline counts: connections that are kept are accepted only once. */
static double traffic(const struct load *load, const struct counters *counters)
{
    return load->keepalive ? counters->segments : counters->passive_opens;
}

/* Appends the traffic since the last step to the timeline; *counted is the sum before and after. */
static void timeline_add(struct stage *stage, double *counted)
{
    struct trial *trial = stage->trial;
    struct counters counters;
    counters_read_traffic(&counters);
    double now = traffic(&stage->load, &counters);
    trial->accepts =
        alloc_resize(trial->accepts, trial->accept_count + 1, sizeof *trial->accepts);
    trial->accepts[trial->accept_count++] = now - *counted;
    *counted = now;
}

/* Waits for the tool, and counts the traffic in each tenth of a second: the trial's own
 * timeline, which no load tool gives. It has all since `before`, so its last step is what the end has
 * left of one. */
static enum proc_event wait_counting(struct stage *stage, const struct reading *before,
                                     double limit_s)
{
    double start = clock_now();
    double counted = traffic(&stage->load, &before->counters);
    for (size_t i = 1;; i++) {
        double next = start + (double)i * ACCEPT_STEP_S;
        if (next + ACCEPT_STEP_S < clock_now())
            continue; /* this process was held up: what it missed goes into one step */
        enum proc_event event = clients_wait(&stage->clients, clock_left_ms(next));
        timeline_add(stage, &counted);
        if (event != PROC_TIMEOUT || next - start > limit_s)
            return event;
        clients_look(&stage->clients);
        progress_tick(stage->conditions->progress);
    }
}

/* What the load tool cost and met; it is a zombie still, so nothing else has happened since
 * it ended. */
static int take_readings(struct stage *stage, const struct reading *before,
                         struct err *err)
{
    struct trial *trial = stage->trial;
    struct reading after = read_all(stage);
    subtract(trial, before, &after);
    clients_look(&stage->clients);
    trial->client_delay_s = clients_delay_s(&stage->clients);
    if (clients_collect(&stage->clients, err) < 0)
        return -1;
    trial->client_cpu_s = stage->clients.cpu_s;
    trial->harness_cpu_s += stage->clients.harness_cpu_s;
    return 0;
}

/* A load tool that takes longer than this, s, is driving a broken server. */
static double longest(const struct load *load)
{
    double requests = load->requests > 0 ? (double)load->requests : 0;
    double seconds = load->seconds > 0 ? load->seconds : 0;
    return TOOL_ALLOWANCE_S + seconds + requests / SLOWEST_RATE;
}

static int load_server(struct stage *stage, struct err *err)
{
    clients_make(&stage->clients, &stage->entrant, &stage->load, stage->name, false);
    stage->trial->command = clients_line(&stage->clients);
    struct reading before = read_all(stage);
    if (clients_start(&stage->clients, err) < 0)
        return -1;
    double limit_s = longest(&stage->load);
    if (wait_counting(stage, &before, limit_s) == PROC_ENDED)
        return take_readings(stage, &before, err);
    clients_stop(&stage->clients);
    return err_set(err, "%s did not end within %.0f s", stage->tool->name, limit_s);
}

/* On a core that both share neither can use all of it: the limit is then who uses more. */
static enum bound find_bound(const struct trial *trial)
{
    double both = trial->server_busy + trial->client_busy;
    if (trial->shared_core && both >= SERVER_BOUND)
        return trial->server_busy > trial->client_busy ? BOUND_SERVER : BOUND_CLIENT;
    if (trial->server_busy >= SERVER_BOUND)
        return BOUND_SERVER;
    return trial->client_busy >= CLIENT_BOUND ? BOUND_CLIENT : BOUND_WAITING;
}

static int read_result(struct stage *stage, struct err *err)
{
    struct trial *trial = stage->trial;
    struct tool_result *result = &trial->result;
    if (clients_result(&stage->clients, result, err) < 0)
        return -1;
    trial->server_cores =
        stage->entrant.server->cores ? CPU_COUNT(&stage->entrant.cpus) : 1;
    trial->shared_core = stage->conditions->cpus.shared;
    double accepted = trial->counters.passive_opens;
    bool by_connection = !stage->load.keepalive && isfinite(accepted);
    trial->cpu_us_per_request =
        trial->server_cpu_s / (by_connection ? accepted : (double)result->complete) * 1e6;
    trial->server_busy = trial->server_cpu_s / (result->seconds * trial->server_cores);
    /* On another host it takes a while until the tool is started. */
    double client_s = remotes_count() > 0 ? result->seconds : trial->tool_wall_s;
    trial->client_busy =
        trial->client_cpu_s / (client_s * load_client_cores(&stage->load));
    trial->bound = find_bound(trial);
    judge_trial(trial, trial_load(stage->run, trial), &stage->conditions->limits);
    if (trial->verdict == VERDICT_INVALID)
        tool_result_clear(result);
    return 0;
}

/* ---- the whole ---- */

/* Two digits, and enough to each connection for percentiles. */
static long fewer(double requests, const struct load *load)
{
    double least = (double)GENERATIONS * load->concurrency;
    double step = pow(10, fmax(floor(log10(requests)) - 1, 0));
    return (long)fmax(floor(requests / step) * step, least);
}

/* A server for which all of the load would take longer than the suite allows gets fewer requests:
 * how long one takes it has shown while it was primed. */
static int prime(struct stage *stage, struct err *err)
{
    struct load *load = &stage->load;
    double began = clock_now();
    if (entrant_prime(&stage->entrant, load->priming, err) < 0)
        return -1;
    double took_s = clock_now() - began - TOOL_START_S - remote_start_s();
    double affordable = plan_trial_s(stage->run) * (double)load->priming / took_s;
    if (took_s > 0 && affordable > 0 && affordable < (double)load->requests)
        load->requests = fewer(affordable, load);
    return 0;
}

static int run_steps(struct stage *stage, struct err *err)
{
    struct entrant *entrant = &stage->entrant;
    if (entrant_open(entrant, trial_server(stage->run, stage->trial), &stage->load,
                     stage->conditions, stage->error_path, err) < 0 ||
        prime(stage, err) < 0 || holder_start(&stage->holder, entrant, err) != 0)
        return -1;
    sandbox_settle(&entrant->box, SETTLE_QUIET_MS, SETTLE_TIMEOUT_MS);
    if (load_server(stage, err) < 0)
        return -1;
    struct err after;
    bool unwell = entrant_probe(entrant, &after) < 0;
    bool wrong = read_result(stage, err) < 0;
    if (unwell)
        *err = after;
    return unwell || wrong ? -1 : 0;
}

static int close_stage(struct stage *stage, struct err *err)
{
    holder_stop(&stage->holder);
    int failed = entrant_close(&stage->entrant, err);
    clients_free(&stage->clients);
    free(stage->error_path);
    free(stage->name);
    return failed;
}

bool trial_run(struct trial *trial, const struct run *run,
               const struct conditions *conditions)
{
    const struct load *load = trial_load(run, trial);
    struct err err;
    struct err stop_err;
    struct stage stage = {.trial = trial,
                          .run = run,
                          .load = *load,
                          .conditions = conditions,
                          .tool = tool_find(load->tool)};
    tool_result_clear(&trial->result);
    counters_clear(&trial->counters);
    name_files(&stage);
    int failed = run_steps(&stage, &err);
    int stop_failed = close_stage(&stage, &stop_err);
    if (failed || stop_failed) {
        tool_result_clear(&trial->result);
        trial->verdict = VERDICT_INVALID;
        free(trial->reason); /* the judge's, if it came so far */
        trial->reason = alloc_copy(failed ? err.text : stop_err.text);
    }
    return !(failed && interrupt_requested());
}
