/* trial.c - one trial: a fresh server, a load tool, and what both did.
 * SPDX-License-Identifier: MIT */
#include "measure/trial.h"

#include "analyse/judge.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "host/usage.h"
#include "load/tool.h"
#include "measure/raw_name.h"
#include "measure/reading.h"
#include "measure/verify.h"
#include "subject/http.h"
#include "subject/owner.h"
#include "subject/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    PROBE_TIMEOUT_MS = 5000,
    PRIME_TIMEOUT_MS = 60000,
    TOOL_ALLOWANCE_S = 300, /* for a load tool, beside what its load should take */
    SLOWEST_RATE = 100,     /* requests per second that a server must reach beyond that */
    TICK_MS = 200,          /* of the progress shown */
    DEATH_TIMEOUT_MS = 200, /* after a failed probe a server may take to have ended */
    SETTLE_TIMEOUT_MS = 1000,
    ENV_PAD_MAX = 4096,
};

/* How long a step of trial.accepts is, s. */
static const double ACCEPT_STEP_S = 0.1;

/* What a trial works with while it lasts. */
struct stage {
    struct trial *trial;
    const struct run *run;
    const struct run_server *target;
    const struct load *load;
    const struct trial_options *options;
    const struct tool *tool;
    struct sandbox box; /* with the server */
    char *error_path;   /* takes its standard error */
    char *output_path;  /* what the load tool prints */
    char *table_path;   /* what it writes itself */
    char *table_name; /* the same, from the run's folder on, where the tool is started */
    struct http_reply expected;
    int tool_status; /* as from waitpid */
};

/* ---- the steps, in their order ---- */

static void name_files(struct stage *stage)
{
    struct trial *trial = stage->trial;
    const char *directory = stage->options->directory;
    char *name = raw_name(stage->run, trial);
    trial->raw = alloc_format("raw/%s.txt", name);
    stage->output_path = alloc_format("%s/%s", directory, trial->raw);
    stage->table_name = alloc_format("raw/%s.csv", name);
    stage->table_path = alloc_format("%s/%s", directory, stage->table_name);
    stage->error_path = alloc_format("%s/raw/%s.stderr", directory, name);
    free(name);
}

static int start_server(struct stage *stage, struct err *err)
{
    const struct trial_options *options = stage->options;
    return sandbox_open(&stage->box, stage->target,
                        &(struct sandbox_options){
                            .own_network = options->own_network,
                            .own_cgroup = options->own_cgroup,
                            .cpu = options->cpus.server,
                            .cpus = &options->cpus.all,
                            .env_pad = 1 + (unsigned)(random() % (ENV_PAD_MAX - 1)),
                            .error_path = stage->error_path,
                        },
                        err);
}

/* Asks as the load tool asks, so that the reply is, byte for byte, what that will be sent. */
static int probe(const struct stage *stage, struct http_reply *reply, struct err *err)
{
    char *request =
        stage->tool->request(stage->load, stage->box.server.host, stage->box.server.port);
    int failed =
        http_exchange(reply, stage->box.server.host, stage->box.server.port, request,
                      strlen(request), !stage->load->keepalive, PROBE_TIMEOUT_MS, err);
    free(request);
    if (failed)
        return -1;
    if (reply->status != 200)
        return err_set(err, "GET %s was answered with status %d, not 200",
                       stage->load->path, reply->status);
    static const char hello[] = "Hello, World!";
    if (strcmp(stage->load->path, "/") == 0 &&
        (reply->body_size != strlen(hello) ||
         memcmp(reply->bytes + reply->head_size, hello, strlen(hello)) != 0))
        return err_set(err, "GET / was answered with a body of %zu bytes, not with '%s'",
                       reply->body_size, hello);
    return 0;
}

/* That the server ended explains what a client saw, and not the other way round. */
static bool server_ended(const struct stage *stage, const char *when, struct err *err)
{
    if (proc_wait(&stage->box.server.proc, DEATH_TIMEOUT_MS) != PROC_ENDED)
        return false;
    err_set(err, "the server ended %s: %s", when, server_died(&stage->box.server));
    return true;
}

static int probe_before(struct stage *stage, struct err *err)
{
    struct err why;
    if (owner_of_port(stage->box.server.port, stage->box.server.proc.pid) == OWNER_OTHER)
        err_set(err, "port %d is not the server's: another program listens there",
                stage->box.server.port);
    else if (probe(stage, &stage->expected, &why) < 0)
        err_set(err, "before the load: %s", why.text);
    else
        return 0;
    server_ended(stage, "before the load", err);
    return -1;
}

static int probe_again(struct stage *stage, struct err *err)
{
    struct err why;
    struct http_reply reply = {0};
    int failed = probe(stage, &reply, &why);
    if (failed)
        err_set(err, "after the load: %s", why.text);
    else if (reply.head_size != stage->expected.head_size ||
             reply.body_size != stage->expected.body_size)
        failed = err_set(err, "after the load the reply had %zu bytes, before it %zu",
                         reply.head_size + reply.body_size,
                         stage->expected.head_size + stage->expected.body_size);
    else if (memcmp(reply.bytes + reply.head_size,
                    stage->expected.bytes + stage->expected.head_size,
                    reply.body_size) != 0)
        failed = err_set(err, "after the load the reply had other bytes than before it");
    http_reply_free(&reply);
    return failed;
}

static int probe_after(struct stage *stage, struct err *err)
{
    if (!server_died(&stage->box.server) && probe_again(stage, err) == 0)
        return 0;
    server_ended(stage, "under the load", err);
    return -1;
}

static int start_tool(struct stage *stage, struct proc *proc,
                      const struct tool_command *command, int output, struct err *err)
{
    return proc_start(proc,
                      &(struct proc_options){.argv = command->argv,
                                             .directory = stage->options->directory,
                                             .input = -1,
                                             .output = output,
                                             .error = output,
                                             .cpu = stage->options->cpus.client},
                      err);
}

/* As proc_wait, and shows meanwhile that it goes on. */
static enum proc_event wait_ticking(const struct stage *stage, const struct proc *proc,
                                    int timeout_ms)
{
    double deadline = clock_now() + timeout_ms / 1000.0;
    for (;;) {
        int left = clock_left_ms(deadline);
        enum proc_event event = proc_wait(proc, left < TICK_MS ? left : TICK_MS);
        if (event != PROC_TIMEOUT || left == 0)
            return event;
        progress_tick(stage->options->progress);
    }
}

/* The outcome of the priming requests does not count: what is wrong shows in the trial. */
static int prime(struct stage *stage, struct err *err)
{
    struct tool_command command;
    struct proc proc;
    bool killed;
    if (stage->load->priming <= 0)
        return 0;
    stage->tool->prime(&command, stage->load, stage->box.server.host,
                       stage->box.server.port);
    int failed = start_tool(stage, &proc, &command, -1, err);
    tool_command_free(&command);
    if (failed)
        return -1;
    if (wait_ticking(stage, &proc, PRIME_TIMEOUT_MS) == PROC_ENDED) {
        proc_reap(&proc, NULL);
        return 0;
    }
    proc_stop(&proc, 500, &killed); /* a slow server is primed with fewer */
    return 0;
}

/* The printout begins with the command, as the second article shows it. */
static int open_output(struct stage *stage, struct err *err)
{
    int fd = open(stage->output_path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC,
                  0644);
    if (fd < 0 || dprintf(fd, "$ %s\n", stage->trial->command) < 0) {
        err_set(err, "%s: %s", stage->output_path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return -1;
    }
    return fd;
}

/* What the trial's timeline counts: connections that are kept are accepted only once. */
static double traffic(const struct load *load)
{
    struct counters counters;
    counters_read_traffic(&counters);
    return load->keepalive ? counters.segments : counters.passive_opens;
}

/* Waits for the tool, and counts the traffic in each tenth of a second: the trial's own
 * timeline, which no load tool gives. */
static enum proc_event wait_counting(const struct stage *stage, const struct proc *tool,
                                     struct threads *threads, double limit_s)
{
    struct trial *trial = stage->trial;
    double start = clock_now();
    double counted = traffic(stage->load);
    for (size_t i = 1;; i++) {
        double next = start + (double)i * ACCEPT_STEP_S;
        if (next + ACCEPT_STEP_S < clock_now())
            continue; /* this process was held up: what it missed goes into one step */
        enum proc_event event = proc_wait(tool, clock_left_ms(next));
        if (event != PROC_TIMEOUT || next - start > limit_s)
            return event;
        double now = traffic(stage->load);
        usage_threads_read(threads, tool->pid);
        trial->accepts =
            alloc_resize(trial->accepts, trial->accept_count + 1, sizeof *trial->accepts);
        trial->accepts[trial->accept_count++] = now - counted;
        counted = now;
        progress_tick(stage->options->progress);
    }
}

static struct reading read_all(const struct stage *stage)
{
    return reading_take(stage->box.server.proc.pid, stage->box.cgroup);
}

/* What the load tool cost and met; it is a zombie still, so nothing else has happened since
 * it ended. */
static int take_readings(struct stage *stage, struct proc *tool, struct threads *threads,
                         const struct reading *before, struct err *err)
{
    struct trial *trial = stage->trial;
    struct rusage usage;
    struct reading after = read_all(stage);
    reading_subtract(trial, before, &after);
    usage_threads_read(threads, tool->pid);
    trial->client_delay_s = usage_threads_delay_s(threads);
    stage->tool_status = proc_reap(tool, &usage);
    if (stage->tool_status < 0)
        return err_set(err, "%s: what it used was lost", stage->tool->name);
    trial->client_cpu_s = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                          (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    return 0;
}

/* A load tool that takes longer than this, s, is driving a broken server. */
static double longest(const struct load *load)
{
    double requests = load->requests > 0 ? (double)load->requests : 0;
    double seconds = load->seconds > 0 ? load->seconds : 0;
    return TOOL_ALLOWANCE_S + seconds + requests / SLOWEST_RATE;
}

static int watch_tool(struct stage *stage, const struct tool_command *command, int output,
                      struct err *err)
{
    struct proc tool;
    struct threads threads = {0};
    struct reading before = read_all(stage);
    if (start_tool(stage, &tool, command, output, err) < 0)
        return -1;
    double limit_s = longest(stage->load);
    int failed = 0;
    if (wait_counting(stage, &tool, &threads, limit_s) == PROC_ENDED) {
        failed = take_readings(stage, &tool, &threads, &before, err);
    } else {
        proc_stop(&tool, 500, &(bool){false});
        failed = err_set(err, "%s did not end within %.0f s", stage->tool->name, limit_s);
    }
    usage_threads_free(&threads);
    return failed;
}

static int load_server(struct stage *stage, struct err *err)
{
    struct tool_command command;
    stage->tool->command(&command, stage->load, stage->box.server.host,
                         stage->box.server.port, stage->table_name);
    stage->trial->command = alloc_copy(command.line);
    int output = open_output(stage, err);
    int failed = output < 0 ? -1 : watch_tool(stage, &command, output, err);
    if (output >= 0)
        close(output);
    tool_command_free(&command);
    return failed;
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
    if (tool_parse(stage->tool, result, stage->load, stage->tool_status,
                   stage->output_path, stage->table_path, err) < 0 ||
        verify_result(result, stage->expected.head_size, stage->expected.body_size, err) <
            0)
        return -1;
    trial->server_cores = stage->target->cores ? CPU_COUNT(&stage->options->cpus.all) : 1;
    trial->shared_core = stage->options->cpus.shared;
    trial->cpu_us_per_request = trial->server_cpu_s / (double)result->complete * 1e6;
    trial->server_busy = trial->server_cpu_s / (result->seconds * trial->server_cores);
    trial->client_busy = trial->client_cpu_s / trial->tool_wall_s;
    trial->bound = find_bound(trial);
    judge_trial(trial, stage->load, &stage->options->limits);
    if (trial->verdict == VERDICT_INVALID)
        tool_result_clear(result);
    return 0;
}

/* ---- the whole ---- */

static int run_steps(struct stage *stage, struct err *err)
{
    name_files(stage);
    if (start_server(stage, err) < 0 || probe_before(stage, err) < 0 ||
        prime(stage, err) < 0)
        return -1;
    sandbox_settle(&stage->box, SETTLE_TIMEOUT_MS);
    if (load_server(stage, err) < 0)
        return -1;
    struct err after;
    bool unwell = probe_after(stage, &after) < 0;
    bool wrong = read_result(stage, err) < 0;
    if (unwell)
        *err = after;
    return unwell || wrong ? -1 : 0;
}

static int close_stage(struct stage *stage, struct err *err)
{
    int failed = sandbox_close(&stage->box, err);
    free(stage->error_path);
    free(stage->output_path);
    free(stage->table_path);
    free(stage->table_name);
    http_reply_free(&stage->expected);
    return failed;
}

bool trial_run(struct trial *trial, const struct run *run,
               const struct trial_options *options)
{
    const struct load *load = trial_load(run, trial);
    struct err err;
    struct err stop_err;
    struct stage stage = {.trial = trial,
                          .run = run,
                          .target = trial_server(run, trial),
                          .load = load,
                          .options = options,
                          .tool = tool_find(load->tool)};
    tool_result_clear(&trial->result);
    counters_clear(&trial->counters);
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
