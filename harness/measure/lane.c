/* lane.c - a server in a round of slices: it stays up, and has a slice whenever its turn comes.
 * SPDX-License-Identifier: MIT */
#include "measure/lane.h"

#include "base/alloc.h"
#include "base/interrupt.h"
#include "base/outfile.h"
#include "host/remote.h"
#include "host/usage.h"
#include "measure/bisect.h"
#include "measure/clients.h"
#include "measure/raw_name.h"
#include "model/record.h"

#include <math.h>
#include <stdlib.h>

/* A load tool that takes so many times as long as the server's longest slice so far, and at least
 * so long, waits for a server that does not answer any more. */
enum { PATIENCE = 20 };
static const double PATIENCE_S = 2;
static const double PATIENCE_AT_FIRST_S = 60;

enum {
    REST_QUIET_MS = 2, /* a server that has used no CPU for so long is idle */
    REST_TIMEOUT_MS = 100,
    MEMORY_QUIET_MS = 20, /* also where CPU time is counted in ticks */
    MEMORY_TIMEOUT_MS = 2000,
    LEAVE_QUIET_MS = 50, /* longer than one process takes to end */
    LEAVE_TIMEOUT_MS = 60000,
};

/* A server is primed with so many requests, at least one for each connection, and so many times its
 * lead-in, or fewer if its load says so: what it touches for the first time costs more, in each of
 * its processes. It takes no longer than so: a slow server makes a process for each request, and
 * those are always new. */
enum { PRIMING = 500, PRIMING_LEAD_INS = 8 };
static const double PRIMING_S = 0.3;

/* One that has several processes is sent so many times as many requests before each of its slices:
 * the others have had the caches since its last one, and each process starts without what it needs.
 * That took prefork, which has 128, 0.14 ms for each, a quarter of a slice of 1,000 requests; under
 * a load without breaks it is not there. A tool that counts time has slices so long that it does
 * not show. */
enum { LEAD_IN_EACH = 2 };

/* ---- one slice ---- */

static struct slice slice_begin(const struct pass *pass, const struct lane *lane,
                                int block)
{
    return (struct slice){
        .server = lane->server,
        .load = pass->load,
        .round = pass->round,
        .block = block,
        .seconds = NAN,
        .wall_s = NAN,
        .server_cpu_s = NAN,
        .client_cpu_s = NAN,
        .machine_cpu_s = NAN,
        .steal_s = NAN,
        .harness_cpu_s = NAN,
        .complete = NAN,
        .accepted = NAN,
        .time_ms = {NAN, NAN, NAN, NAN},
        .lateness_ms = NAN,
    };
}

/* How long the load tool may take; on another host longer than it takes to know that the connection
 * was lost. */
static double patience(const struct lane *lane)
{
    double wait_s = lane->longest_s > 0 ? fmax(PATIENCE * lane->longest_s, PATIENCE_S)
                                        : PATIENCE_AT_FIRST_S;
    return wait_s + (remotes_count() > 0 ? REMOTE_LOST_S : 0);
}

/* A turn of the load tool, and what it leaves behind. */
struct turn {
    struct clients clients;
    double server_cpu_s; /* until the server was idle again */
    double harness_cpu_s;
    struct counters counters; /* from the tool's start to its end */
};

/* 1: the load tool has ended; 0: the user wants to stop; -1: it did not end in time. */
static int wait_for_tool(struct turn *turn, double patience_s)
{
    enum proc_event event = clients_wait(&turn->clients, (int)ceil(patience_s * 1000));
    if (event == PROC_ENDED)
        return 1;
    clients_stop(&turn->clients);
    return event == PROC_INTERRUPTED ? 0 : -1;
}

/* Around the load tool, and no sooner than the server is idle: its CPU time; and what the kernel
 * counts meanwhile. As wait_for_tool; -1 also if the tool cannot be started. */
static int take_turn(struct turn *turn, const struct lane *lane, double patience_s,
                     struct err *err)
{
    struct counters before, after;
    const struct sandbox *box = &lane->entrant.box;
    double cpu_before = lane->rested
                            ? sandbox_cpu_s(box)
                            : sandbox_settle(box, REST_QUIET_MS, REST_TIMEOUT_MS);
    if (sandbox_enter(box, err) < 0)
        return -1;
    counters_read_brief(&before);
    if (clients_start(&turn->clients, err) < 0)
        return -1;
    double harness_before = usage_self_s();
    int ended = wait_for_tool(turn, patience_s);
    turn->harness_cpu_s = usage_self_s() - harness_before;
    if (ended < 0)
        err_set(err, "the server did not answer any more: %s did not end within %.0f s",
                lane->entrant.tool->name, patience_s);
    if (ended <= 0)
        return ended;
    counters_read_brief(
        &after); /* the tool is a zombie still: nothing else has happened */
    if (clients_collect(&turn->clients, err) < 0)
        return -1;
    turn->harness_cpu_s += turn->clients.harness_cpu_s;
    turn->server_cpu_s = sandbox_settle(box, REST_QUIET_MS, REST_TIMEOUT_MS) - cpu_before;
    turn->counters = counters_difference(&after, &before);
    return 1;
}

/* The rules are those of a whole trial. Sets the slice's reason where one is broken. */
static void judge(struct slice *slice, const struct turn *turn,
                  const struct tool_result *result, const struct load *load,
                  const struct limits *limits)
{
    struct trial trial = {
        .result = *result, .tool_wall_s = slice->wall_s, .counters = turn->counters};
    judge_trial(&trial, load, limits);
    if (trial.verdict == VERDICT_INVALID)
        slice->reason = alloc_copy(trial.reason);
    trial_free(&trial);
}

static void read_times(struct slice *slice, const struct tool_result *result)
{
    slice->time_ms[TIME_P50] = result->percentile_ms[50];
    slice->time_ms[TIME_P99] = result->percentile_ms[99];
    slice->time_ms[TIME_P999] = result->p999_ms;
    slice->time_ms[TIME_MAX] = result->percentile_ms[100];
    slice->lateness_ms = result->lateness_ms;
}

static int read_result(struct slice *slice, const struct pass *pass,
                       const struct turn *turn, const struct load *load, struct err *err)
{
    struct tool_result result;
    slice->wall_s = turn->counters.monotonic_s;
    slice->server_cpu_s = turn->server_cpu_s;
    slice->client_cpu_s = turn->clients.cpu_s;
    slice->machine_cpu_s = turn->counters.busy_s;
    slice->steal_s = turn->counters.steal_s;
    slice->harness_cpu_s = turn->harness_cpu_s;
    slice->accepted = turn->counters.passive_opens;
    if (clients_result(&turn->clients, &result, err) < 0)
        return -1;
    slice->seconds = result.seconds;
    slice->complete = (double)result.complete;
    if (load->rate > 0)
        read_times(slice, &result);
    judge(slice, turn, &result, load, &pass->conditions->limits);
    return 0;
}

/* The printout of a slice that does not count is kept, beside the reason. */
static void keep_printout(const struct pass *pass, const struct slice *slice,
                          const struct clients *clients)
{
    bool kept = slice->reason && !isnan(slice->wall_s);
    char *name = kept ? raw_slice_name(pass->run, slice) : NULL;
    clients_keep(clients, name);
    free(name);
}

int lane_slice(const struct pass *pass, struct lane *lane, struct slice *slice, int block,
               long requests, struct err *err)
{
    struct err why;
    struct turn turn = {0};
    const struct entrant *entrant = &lane->entrant;
    struct load load = *entrant->load;
    *slice = slice_begin(pass, lane, block);
    load.requests = requests;
    if (lane->share.rate > 0) {
        slice->rate = load.rate =
            bisect_rate(pass->run, pass->load, lane->server, pass->round);
        load.requests = bisect_requests(&load, load.rate);
    }
    clients_make(&turn.clients, entrant, &load, "slice", true);
    lane->rested = lane->rested && lane->share.lead_in == 0;
    int made = entrant_prime(entrant, lane->share.lead_in, &why);
    if (made == 0)
        made = take_turn(&turn, lane, patience(lane), &why);
    lane->rested = made > 0;
    bool read = made > 0 && read_result(slice, pass, &turn, &load, &why) == 0;
    if (made != 0)
        slice->last = made < 0 || server_died(&entrant->box.server);
    if (made != 0 && !read) {
        slice->last = entrant_ended(entrant, "under the load", &why) || slice->last;
        slice->reason = alloc_copy(why.text);
    }
    keep_printout(pass, slice, &turn.clients);
    clients_free(&turn.clients);
    if (made == 0 || (!read && interrupt_requested()))
        return 0;
    return read || outfile_check_room(pass->conditions->directory, err) == 0 ? 1 : -1;
}

int lane_record(const struct pass *pass, struct lane *lane, struct slice *slice,
                struct err *err)
{
    lane->up = lane->up && !slice->last;
    lane->longest_s = fmax(lane->longest_s, slice->reason ? 0 : slice->wall_s);
    run_add_slice(pass->run, slice);
    return record_write_slice(pass->record, slice, err) < 0 ? -1 : 1;
}

/* The server is gone, or `unable` to take part, without a slice to show for it. */
static int lane_lost(const struct pass *pass, struct lane *lane, int block,
                     const char *reason, bool unable, struct err *err)
{
    struct slice slice = slice_begin(pass, lane, block);
    slice.last = true;
    slice.unable = unable;
    slice.reason = alloc_copy(reason);
    return lane_record(pass, lane, &slice, err);
}

/* ---- the servers ---- */

/* It was gone in an earlier round: its cell has the reason, and no figure any more. */
static bool was_lost(const struct pass *pass, size_t server)
{
    for (size_t i = 0; i < pass->run->slice_count; i++) {
        const struct slice *slice = &pass->run->slices[i];
        if (slice->last && slice->server == server && slice->load == pass->load)
            return true;
    }
    return false;
}

/* Found when it holds no idle connections yet, for each of which it may have a process. */
static long lead_in(const struct entrant *entrant)
{
    if (entrant->tool->timed)
        return 0;
    sandbox_settle(&entrant->box, REST_QUIET_MS, REST_TIMEOUT_MS);
    size_t processes = sandbox_processes(&entrant->box);
    return processes > 1 ? LEAD_IN_EACH * (long)processes : 0;
}

static long larger(long a, long b)
{
    return a > b ? a : b;
}

static long smaller(long a, long b)
{
    return a < b ? a : b;
}

static long priming(const struct pass *pass, const struct lane *lane)
{
    const struct load *load = pass_load(pass);
    const struct share *share = &lane->share;
    long wanted =
        larger(larger(PRIMING, load->concurrency), PRIMING_LEAD_INS * share->lead_in);
    if (share->takes_s > 0)
        wanted = smaller(
            wanted, (long)ceil(PRIMING_S / share->takes_s * (double)share->requests));
    return smaller(load->priming, wanted);
}

/* Nothing else happens meanwhile: the other servers are not asked before all are open. */
static struct footprint footprint_at_rest(const struct lane *lane)
{
    sandbox_settle(&lane->entrant.box, MEMORY_QUIET_MS, MEMORY_TIMEOUT_MS);
    return sandbox_footprint(&lane->entrant.box);
}

/* As holder_start, with what the connections take in memory. */
static int hold(const struct pass *pass, struct lane *lane, struct holding *holding,
                struct err *err)
{
    *holding = (struct holding){
        .server = lane->server, .load = pass->load, .round = pass->round};
    if (pass_load(pass)->idle == 0)
        return 0;
    holding->before = footprint_at_rest(lane);
    int held = holder_start(&lane->holder, &lane->entrant, err);
    if (held == 0)
        holding->held = footprint_at_rest(lane);
    return held;
}

static int record_holding(const struct pass *pass, const struct holding *holding,
                          struct err *err)
{
    run_add_holding(pass->run, holding);
    return record_write_holding(pass->record, holding, err) < 0 ? -1 : 1;
}

static int lane_open(const struct pass *pass, struct lane *lane, int block,
                     struct err *err)
{
    struct err why;
    struct holding holding;
    struct slice name = slice_begin(pass, lane, block);
    char *raw = raw_slice_name(pass->run, &name);
    lane->error_path = alloc_format("%s/raw/%s.stderr", pass->conditions->directory, raw);
    free(raw);
    lane->open = true;
    bool ready =
        entrant_open(&lane->entrant, &pass->run->servers[lane->server], pass_load(pass),
                     pass->conditions, lane->error_path, &why) == 0 &&
        entrant_prime(&lane->entrant, priming(pass, lane), &why) == 0;
    bool sliced = lane->share.requests > 0; /* else that is still to be found */
    if (ready && !sliced)
        lane->share.lead_in = lead_in(&lane->entrant);
    int held = ready ? hold(pass, lane, &holding, &why) : -1;
    if (interrupt_requested())
        return 0;
    lane->up = held == 0;
    if (!lane->up)
        return lane_lost(pass, lane, block, why.text, held > 0, err);
    return sliced && lane->holder.running ? record_holding(pass, &holding, err) : 1;
}

static double longest_before(const struct pass *pass, size_t server)
{
    double longest = 0;
    for (size_t i = 0; i < pass->run->slice_count; i++) {
        const struct slice *slice = &pass->run->slices[i];
        if (slice->server == server && slice->load == pass->load && !slice->reason)
            longest = fmax(longest, slice->wall_s);
    }
    return longest;
}

int pass_open(struct pass *pass, int block, struct err *err)
{
    const struct slicing *slicing = &pass->run->slicings[pass->load];
    int going = 1;
    pass->lanes = alloc_zeroed(pass->run->server_count, sizeof *pass->lanes);
    for (size_t s = 0; going > 0 && s < pass->run->server_count; s++) {
        if (pass->run->servers[s].missing || was_lost(pass, s))
            continue;
        struct lane *lane = &pass->lanes[pass->lane_count++];
        *lane = (struct lane){.server = s, .share = slicing_share(slicing, s)};
        lane->longest_s = fmax(lane->share.takes_s, longest_before(pass, s));
        going = lane_open(pass, lane, block, err);
        progress_tick(pass->conditions->progress);
    }
    return going;
}

/* The idle connections close, all at once, and what the server does then takes its time: a process
 * for each of them ends, say. */
static void leave(struct lane *lane)
{
    if (!lane->holder.running)
        return;
    holder_stop(&lane->holder);
    sandbox_settle(&lane->entrant.box, LEAVE_QUIET_MS, LEAVE_TIMEOUT_MS);
}

/* Asks once more, and stops the server: what is wrong then is wrong with the whole round. */
static int lane_close(const struct pass *pass, struct lane *lane, int block, int going,
                      struct err *err)
{
    struct err why, stop_why;
    bool unwell = lane->up && going > 0 && entrant_probe(&lane->entrant, &why) < 0;
    leave(lane);
    bool unstopped = entrant_close(&lane->entrant, &stop_why) < 0;
    if (going > 0 && lane->up && (unwell || unstopped))
        going =
            lane_lost(pass, lane, block, unwell ? why.text : stop_why.text, false, err);
    free(lane->error_path);
    return going;
}

int pass_close(struct pass *pass, int block, int going, struct err *err)
{
    for (size_t i = 0; i < pass->lane_count; i++)
        if (pass->lanes[i].open)
            going = lane_close(pass, &pass->lanes[i], block, going, err);
    free(pass->lanes);
    return going;
}
