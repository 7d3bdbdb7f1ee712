/* slicing.c - how the loads are sliced: found once in a run, before the first round.
 * SPDX-License-Identifier: MIT */
#include "measure/slicing.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "measure/bisect.h"
#include "measure/lane.h"
#include "model/record.h"
#include "stats/stats.h"

#include <math.h>
#include <stdlib.h>

/* What a slice of the median server is to take: shorter ones, in the same time, are more, but the
 * load tool's start then weighs more. */
static const double SLICE_S = 0.07;

/* One whose slice would take more than so many times as long as the median gets fewer requests: the
 * cost of one does not depend on how many there are, and the others would wait for it in every
 * block. Where its fewest still take longer, it takes part in some of the blocks only: what is
 * that far apart is told apart with less. */
static const double SLICE_TIMES = 3;

enum {
    FIRST_REQUESTS = 500, /* of the slice that is not recorded, or as many as: */
    GENERATIONS = 5,      /* requests to each connection at least, */
    GENERATIONS_SLOW = 2, /* and of a server that is too slow for so many */
};

/* What is found of a load. */
struct trying {
    struct pass pass;
    double *request_s; /* what a request takes with each server; NAN: not known */
    double *turn_s;    /* what a slice of it takes beside */
    long *lead_in;
    double block_s; /* what a block of the load will take */
};

static long generations(const struct load *load, int count)
{
    return (long)count * load->concurrency;
}

/* ---- a first slice ---- */

static long first_requests(const struct load *load)
{
    long least = generations(load, GENERATIONS_SLOW);
    if (load->slice > 0)
        return load->slice;
    return least > FIRST_REQUESTS ? least : FIRST_REQUESTS;
}

static int try_lane(struct trying *trying, struct lane *lane, struct err *err)
{
    struct slice slice;
    trying->lead_in[lane->server] = lane->share.lead_in;
    double began = clock_now();
    int going = lane_slice(&trying->pass, lane, &slice, 0,
                           first_requests(pass_load(&trying->pass)), err);
    if (going > 0 && slice.last)
        return lane_record(&trying->pass, lane, &slice, err);
    if (going > 0 && !slice.reason) {
        trying->turn_s[lane->server] = clock_now() - began - slice.seconds;
        trying->request_s[lane->server] = slice.seconds / slice.complete;
    }
    free(slice.reason);
    return going;
}

/* And how long it takes to start the servers and to stop them. */
static int try_load(struct trying *trying, struct err *err)
{
    struct pass *pass = &trying->pass;
    double began = clock_now();
    int going = pass_open(pass, 0, err);
    double opened = clock_now();
    for (size_t i = 0; going > 0 && i < pass->lane_count; i++)
        if (pass->lanes[i].up)
            going = try_lane(trying, &pass->lanes[i], err);
    double tried = clock_now();
    going = pass_close(pass, 0, going, err);
    pass->run->slicings[pass->load].start_s = opened - began + clock_now() - tried;
    return going;
}

/* ---- what follows from it ---- */

/* Two digits: 1,234 is 1,300. */
static long round_requests(double requests)
{
    double step = pow(10, floor(log10(fmax(requests, 10))) - 1);
    return (long)(ceil(requests / step) * step);
}

static double median(const double *each, size_t count)
{
    double *known = alloc_zeroed(count, sizeof *known);
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        if (isfinite(each[i]))
            known[found++] = each[i];
    double middle = stats_median(known, found);
    free(known);
    return middle;
}

/* A tool that counts time is asked for a second; its requests are what that comes to. */
static void choose_requests(struct trying *trying, const struct load *load)
{
    size_t servers = trying->pass.run->server_count;
    struct slicing *slicing = &trying->pass.run->slicings[trying->pass.load];
    double slice_s = tool_find(load->tool)->timed ? 1 : SLICE_S;
    double request_s = median(trying->request_s, servers);
    long requests = isnan(request_s) ? 1 : round_requests(slice_s / request_s);
    long least = generations(load, GENERATIONS);
    slicing->requests = requests > least ? requests : least;
    if (load->slice > 0)
        slicing->requests = load->slice;
}

/* What a slice of so many requests takes. */
static double takes_s(const struct trying *trying, size_t server, long requests)
{
    return trying->turn_s[server] + (double)requests * trying->request_s[server];
}

static double median_takes_s(const struct trying *trying, long requests)
{
    size_t servers = trying->pass.run->server_count;
    double *each = alloc_zeroed(servers, sizeof *each);
    for (size_t i = 0; i < servers; i++)
        each[i] = takes_s(trying, i, requests);
    double middle = median(each, servers);
    free(each);
    return middle;
}

/* What is tried lies around what the server did without a pause; where that is not known, around what
 * the others did. A rate that is too high takes longer than it should. */
static struct share choose_bisection(const struct trying *trying, const struct load *load,
                                     size_t server)
{
    double request_s = trying->request_s[server];
    if (isnan(request_s))
        request_s = median(trying->request_s, trying->pass.run->server_count);
    double rate = request_s > 0 ? 1 / request_s : 1;
    struct share share = {
        .requests = bisect_requests(load, rate), .every = 1, .rate = rate};
    double takes = takes_s(trying, server, share.requests);
    share.takes_s = isfinite(takes) ? fmax(takes, 0) : 0;
    return share;
}

/* A suite that says how long a slice is means it for all servers, but at a rate of its own a load
 * is the same with fewer requests: a server that is saturated would take many times as long for all
 * of them. */
static bool may_have_fewer(const struct load *load)
{
    return load->slice == 0 || load->rate > 0;
}

static struct share choose_share(const struct trying *trying, const struct load *load,
                                 size_t server, long requests, double most_s)
{
    struct share share = {.requests = requests, .every = 1};
    double share_s = takes_s(trying, server, requests);
    if (share_s > most_s && may_have_fewer(load)) {
        double least = (double)generations(load, GENERATIONS_SLOW);
        double affordable = (most_s - trying->turn_s[server]) / trying->request_s[server];
        share.requests = (long)fmin(fmax(affordable, least), (double)requests);
        share_s = takes_s(trying, server, share.requests);
    }
    if (share_s > most_s)
        share.every = (int)round(share_s / most_s);
    share.lead_in = trying->lead_in[server] < share.requests ? trying->lead_in[server]
                                                             : share.requests;
    share.takes_s = isfinite(share_s) ? fmax(share_s, 0) : 0;
    return share;
}

static void choose_shares(struct trying *trying, const struct load *load)
{
    size_t servers = trying->pass.run->server_count;
    struct slicing *slicing = &trying->pass.run->slicings[trying->pass.load];
    double most_s = SLICE_TIMES * median_takes_s(trying, slicing->requests);
    slicing->shares = alloc_zeroed(servers, sizeof *slicing->shares);
    for (size_t i = 0; i < servers; i++) {
        struct share *share = &slicing->shares[i];
        *share = load->slo > 0 ? choose_bisection(trying, load, i)
                               : choose_share(trying, load, i, slicing->requests, most_s);
        trying->block_s += share->takes_s / share->every;
    }
}

/* The loads share the time so that the mean of all has the smallest variance: each gets as much as
 * the square root of what its block takes, for a block says as much in each of them (Neyman's
 * optimum allocation with costs: Cochran, Sampling Techniques, 5.5). */
static void choose_blocks(const struct trying *tryings, struct run *run)
{
    size_t loads = run->suite.load_count;
    double roots = 0;
    for (size_t l = 0; l < loads; l++)
        roots += sqrt(tryings[l].block_s);
    for (size_t l = 0; l < loads; l++) {
        struct slicing *slicing = &run->slicings[l];
        double block_s = tryings[l].block_s;
        double seconds = run->round_s * (double)loads * sqrt(block_s) / roots;
        double blocks = block_s > 0 ? round(seconds / block_s) : 1;
        slicing->blocks = (int)fmin(fmax(blocks, 1), BLOCKS_MAX);
        if (run->suite.loads[l].slo > 0)
            slicing->blocks = BISECT_SLICES;
        for (size_t i = 0; i < run->server_count; i++)
            if (slicing->shares[i].every > slicing->blocks)
                slicing->shares[i].every = slicing->blocks;
    }
}

static void trying_begin(struct trying *trying, struct run *run, size_t load,
                         FILE *record, const struct conditions *conditions)
{
    *trying = (struct trying){
        .pass = {.run = run,
                 .record = record,
                 .conditions = conditions,
                 .round = 1,
                 .load = load},
        .request_s = alloc_zeroed(run->server_count, sizeof(double)),
        .turn_s = alloc_zeroed(run->server_count, sizeof(double)),
        .lead_in = alloc_zeroed(run->server_count, sizeof(long)),
    };
    for (size_t i = 0; i < run->server_count; i++)
        trying->request_s[i] = trying->turn_s[i] = NAN;
}

int slicing_find(struct run *run, FILE *record, const struct conditions *conditions,
                 struct err *err)
{
    size_t loads = run->suite.load_count;
    struct trying *tryings = alloc_zeroed(loads, sizeof *tryings);
    int going = 1;
    for (size_t l = 0; l < loads; l++) {
        trying_begin(&tryings[l], run, l, record, conditions);
        if (going > 0)
            going = try_load(&tryings[l], err);
    }
    for (size_t l = 0; going > 0 && l < loads; l++) {
        choose_requests(&tryings[l], &run->suite.loads[l]);
        choose_shares(&tryings[l], &run->suite.loads[l]);
    }
    if (going > 0)
        choose_blocks(tryings, run);
    for (size_t l = 0; l < loads; l++) {
        if (going > 0 && record_write_slicing(record, run, l, err) < 0)
            going = -1;
        free(tryings[l].request_s);
        free(tryings[l].turn_s);
        free(tryings[l].lead_in);
    }
    free(tryings);
    return going;
}
