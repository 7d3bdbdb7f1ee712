/* sample.h - a run that never took place, for the tests of what is made of a run: its
 * figures follow from the server's, the load's and the round's place.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_TEST_SAMPLE_H
#define ABACUS_TEST_SAMPLE_H

#include "base/alloc.h"
#include "model/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct sample_server {
    const char *name, *about;
    double rate;     /* requests per second under the first load */
    double cpu_us;   /* per request */
    double per_load; /* each further load multiplies the rate by this */
    enum bound bound;
};

static const struct sample_server sample_six[] = {
    {"fork", "one blocking child per connection", 4100, 212, 1.18, BOUND_SERVER},
    {"select", "one process; select(2)", 9800, 96.2, 1.31, BOUND_SERVER},
    {"epoll", "one process; epoll(7), level-triggered", 17900, 28.4, 1.07, BOUND_CLIENT},
    {"libevent", "one process; libevent 2.1.12-stable, epoll", 17600, 34.9, 1.06,
     BOUND_CLIENT},
    {"libev", "one process; libev 4.33, epoll", 18100, 29.3, 1.02, BOUND_CLIENT},
    {"libuv", "one process; libuv 1.44.2, epoll", 17400, 38.1, 0.9, BOUND_WAITING},
};

static inline void sample_suite(struct suite *suite, int rounds)
{
    static const int concurrency[] = {1000, 50, 100};
    *suite = (struct suite){
        .name = alloc_copy("articles"),
        .about = alloc_copy("The loads of the two articles."),
        .rounds = rounds,
        .trials_each = rounds,
        .round_s = 2,
        .loads = alloc_zeroed(3, sizeof(struct load)),
        .load_count = 3,
        .compare_from = alloc_copy("c1000"),
        .compare_to = alloc_copy("c50"),
    };
    for (size_t i = 0; i < suite->load_count; i++)
        suite->loads[i] = (struct load){
            .name = alloc_format("c%d", concurrency[i]),
            .title = alloc_format("ab -c %d -n 100000", concurrency[i]),
            .tool = alloc_copy("ab"),
            .path = alloc_copy("/"),
            .requests = 100000,
            .concurrency = concurrency[i],
            .priming = 3000,
        };
}

static inline struct connection_time sample_time(double mean)
{
    return (struct connection_time){
        .min = (long)(mean / 8),
        .mean = (long)mean,
        .sd = mean / 16,
        .median = (long)(mean * 0.97),
        .max = (long)(mean * 3),
    };
}

static inline struct tool_result sample_result(const struct load *load, double rate)
{
    double mean_ms = load->concurrency * 1000 / rate;
    struct tool_result result = {
        .seconds = (double)load->requests / rate,
        .requests_per_second = rate,
        .time_per_request_ms = mean_ms,
        .kilobytes_per_second = rate * 92 / 1024,
        .complete = load->requests,
        .document_length = 13,
        .total_bytes = load->requests * 92,
        .body_bytes = load->requests * 13,
        .connect = sample_time(mean_ms * 0.4),
        .processing = sample_time(mean_ms * 0.6),
        .waiting = sample_time(mean_ms * 0.5),
        .total = sample_time(mean_ms),
    };
    for (int p = 0; p < PERCENTILES; p++)
        result.percentile_ms[p] = mean_ms * (0.7 + 0.005 * p + 4.0 / (105 - p));
    return result;
}

/* The rates of one server's rounds lie within 2 % of their middle. */
static inline double sample_wobble(size_t server, size_t load, int round)
{
    return 1 + 0.01 * ((double)((server * 3 + load * 4 + (size_t)round * 7) % 5) - 2);
}

static inline double sample_rate(const struct sample_server *server, size_t place,
                                 size_t load, int round)
{
    double rate = server->rate * sample_wobble(place, load, round);
    for (size_t i = 0; i < load; i++)
        rate *= server->per_load;
    return rate;
}

static inline double sample_cpu_us(const struct sample_server *server, size_t place,
                                   size_t load, int round)
{
    return server->cpu_us * (2 - sample_wobble(place, load, round));
}

/* The time that other programs used, as a share of a core. */
#define SAMPLE_FOREIGN 0.01

static inline void sample_add(struct run *run, const struct sample_server *server,
                              size_t place, size_t load, int round)
{
    const struct load *of = &run->suite.loads[load];
    double rate = sample_rate(server, place, load, round);
    double cpu_us = sample_cpu_us(server, place, load, round);
    double seconds = (double)of->requests / rate;
    double busy = server->cpu_us * rate / 1e6;
    struct trial trial = {
        .server = place,
        .load = load,
        .round = round,
        .verdict = VERDICT_VALID,
        .command = alloc_format("%s http://127.0.0.1:40000/", of->title),
        .raw = alloc_format("raw/%s-s%zu-r%d.txt", of->name, place + 1, round),
        .started_s = run->wall_s,
        .ended_s = run->wall_s + seconds * 1.2,
        .result = sample_result(of, rate),
        .tool_wall_s = seconds,
        .server_cpu_s = cpu_us * (double)of->requests / 1e6,
        .client_cpu_s = seconds * 0.97,
        .harness_cpu_s = seconds * 0.0031,
        .server_cores = 1,
        .cpu_us_per_request = cpu_us,
        .server_busy = busy < 0.98 ? busy : 0.98,
        .client_busy = server->bound == BOUND_CLIENT ? 0.99 : 0.62,
        .bound = server->bound,
    };
    trial.counters.busy_s = trial.server_cpu_s + trial.client_cpu_s +
                            trial.harness_cpu_s + SAMPLE_FOREIGN * seconds;
    run->wall_s = trial.ended_s;
    run_add_trial(run, &trial);
}

/* Five, of which the trimmed mean takes the middle three. */
enum { SAMPLE_BLOCKS = 5, SAMPLE_REQUESTS = 1000, SAMPLE_ACCEPTED = 1020 };

/* What is slow in a block is so for all servers: 0 in the middle of a round, and gone in every
 * ratio. */
static inline double sample_block_wobble(int block)
{
    return exp(0.02 * (block * 2 % SAMPLE_BLOCKS - 2));
}

/* A slice has its rate and CPU time from the trial of its round's number. */
static inline void sample_add_slice(struct run *run, const struct sample_server *server,
                                    size_t place, size_t load, int round, int block)
{
    double slow = sample_block_wobble(block);
    double seconds = SAMPLE_REQUESTS / sample_rate(server, place, load, round) * slow;
    struct slice slice = {
        .server = place,
        .load = load,
        .round = round,
        .block = block,
        .seconds = seconds,
        .wall_s = seconds * 1.05,
        .server_cpu_s =
            sample_cpu_us(server, place, load, round) * slow * SAMPLE_ACCEPTED / 1e6,
        .client_cpu_s = seconds * (server->bound == BOUND_CLIENT ? 1.03 : 0.62),
        .harness_cpu_s = seconds * 0.0031,
        .complete = SAMPLE_REQUESTS,
        .accepted = SAMPLE_ACCEPTED,
    };
    slice.machine_cpu_s = slice.server_cpu_s + slice.client_cpu_s + slice.harness_cpu_s +
                          SAMPLE_FOREIGN * slice.wall_s;
    run->wall_s += slice.wall_s * 1.2;
    run_add_slice(run, &slice);
}

static inline void sample_add_slices(struct run *run, const struct sample_server *server,
                                     size_t place)
{
    for (int round = 1; round <= run->rounds; round++)
        for (size_t load = 0; load < run->suite.load_count; load++)
            for (int block = 1; block <= SAMPLE_BLOCKS; block++)
                sample_add_slice(run, server, place, load, round, block);
}

static inline void sample_fact(struct run *run, const char *name, const char *value)
{
    run->machine =
        alloc_resize(run->machine, run->machine_count + 1, sizeof *run->machine);
    run->machine[run->machine_count++] =
        (struct fact){.name = alloc_copy(name), .value = alloc_copy(value)};
}

/* A finished run of all loads: so many whole trials of each server, and as many rounds of slices.
 * Every one of them counts; ended by run_free. */
static inline void sample_run(struct run *run, const struct sample_server *servers,
                              size_t count, int rounds)
{
    *run = (struct run){
        .seed = 42,
        .rounds = rounds,
        .trials_each = rounds,
        .round_s = 2,
        .started = alloc_copy("2024-03-09T23:13:14Z"),
        .servers = alloc_zeroed(count, sizeof *run->servers),
        .server_count = count,
        .finished = true,
    };
    sample_suite(&run->suite, rounds);
    run->slicings = alloc_zeroed(run->suite.load_count, sizeof *run->slicings);
    for (size_t l = 0; rounds > 0 && l < run->suite.load_count; l++)
        run->slicings[l] =
            (struct slicing){.requests = SAMPLE_REQUESTS, .blocks = SAMPLE_BLOCKS};
    sample_fact(run, "CPU", "Imaginary 9000 @ 2.20GHz, 2 cores (2 usable)");
    sample_fact(run, "Memory", "3 GB");
    sample_fact(run, "ab", "2.3");
    sample_fact(run, "net.ipv4.tcp_max_syn_backlog", "1024");
    for (size_t s = 0; s < count; s++)
        run->servers[s] = (struct run_server){
            .name = alloc_copy(servers[s].name),
            .path = alloc_format("build/servers/%s", servers[s].name),
            .about = alloc_copy(servers[s].about),
        };
    for (int round = 1; round <= rounds; round++)
        for (size_t l = 0; l < run->suite.load_count; l++)
            for (size_t s = 0; s < count; s++)
                sample_add(run, &servers[s], s, l, round);
    for (size_t s = 0; s < count; s++)
        sample_add_slices(run, &servers[s], s);
}

/* Enters one of the run's servers once more, as the control: it has slices only. */
static inline void sample_control(struct run *run, const struct sample_server *server)
{
    struct sample_server again = *server;
    char *name = alloc_format("%s again", server->name);
    again.name = name;
    run->servers =
        alloc_resize(run->servers, run->server_count + 1, sizeof *run->servers);
    run->servers[run->server_count++] = (struct run_server){
        .name = alloc_copy(name),
        .path = alloc_format("build/servers/%s", server->name),
        .about = alloc_copy(server->about),
        .control_of = alloc_copy(server->name),
    };
    sample_add_slices(run, &again, run->server_count - 1);
    free(name);
}

static inline struct trial *sample_find(struct run *run, const char *server,
                                        const char *load, int round)
{
    for (size_t i = 0; i < run->trial_count; i++) {
        struct trial *trial = &run->trials[i];
        if (trial->round == round &&
            strcmp(trial_server(run, trial)->name, server) == 0 &&
            strcmp(trial_load(run, trial)->name, load) == 0)
            return trial;
    }
    return NULL;
}

static inline struct slice *sample_find_slice(struct run *run, const char *server,
                                              const char *load, int round, int block)
{
    for (size_t i = 0; i < run->slice_count; i++) {
        struct slice *slice = &run->slices[i];
        if (slice->round == round && slice->block == block &&
            strcmp(run->servers[slice->server].name, server) == 0 &&
            strcmp(run->suite.loads[slice->load].name, load) == 0)
            return slice;
    }
    return NULL;
}

static inline bool sample_is_of(const struct run *run, const struct trial *trial,
                                const char *server)
{
    return strcmp(trial_server(run, trial)->name, server) == 0;
}

static inline bool sample_slice_is_of(const struct run *run, const struct slice *slice,
                                      const char *server)
{
    return strcmp(run->servers[slice->server].name, server) == 0;
}

static inline void sample_remove_trials(struct run *run, const char *server)
{
    size_t kept = 0;
    for (size_t i = 0; i < run->trial_count; i++)
        if (sample_is_of(run, &run->trials[i], server))
            trial_free(&run->trials[i]);
        else
            run->trials[kept++] = run->trials[i];
    run->trial_count = kept;
}

static inline void sample_remove_slices(struct run *run, const char *server)
{
    size_t kept = 0;
    for (size_t i = 0; i < run->slice_count; i++)
        if (sample_slice_is_of(run, &run->slices[i], server))
            free(run->slices[i].reason);
        else
            run->slices[kept++] = run->slices[i];
    run->slice_count = kept;
}

/* As if the run had ended before the turn of this server. */
static inline void sample_remove(struct run *run, const char *server)
{
    sample_remove_trials(run, server);
    sample_remove_slices(run, server);
}

/* Fewer whole trials than rounds, as a run has them. */
static inline void sample_keep_trials(struct run *run, int trials)
{
    size_t kept = 0;
    for (size_t i = 0; i < run->trial_count; i++)
        if (run->trials[i].round > trials)
            trial_free(&run->trials[i]);
        else
            run->trials[kept++] = run->trials[i];
    run->trial_count = kept;
    run->trials_each = run->suite.trials_each = trials;
}

/* Makes a trial of the run one that failed. */
static inline void sample_fail(struct run *run, const char *server, const char *load,
                               int round, const char *reason)
{
    struct trial *trial = sample_find(run, server, load, round);
    trial->verdict = VERDICT_INVALID;
    trial->reason = alloc_copy(reason);
    tool_result_clear(&trial->result);
}

/* Makes a slice of the run one that is wrong. */
static inline void sample_fail_slice(struct run *run, const char *server,
                                     const char *load, int round, int block,
                                     const char *reason)
{
    struct slice *slice = sample_find_slice(run, server, load, round, block);
    slice->reason = alloc_copy(reason);
    slice->seconds = slice->complete = NAN;
}

/* Makes it the last one of its server: the rest of the round, and the later rounds, are gone. */
static inline void sample_lose(struct run *run, const char *server, const char *load,
                               int round, int block, const char *reason)
{
    size_t kept = 0;
    sample_fail_slice(run, server, load, round, block, reason);
    sample_find_slice(run, server, load, round, block)->last = true;
    for (size_t i = 0; i < run->slice_count; i++) {
        struct slice *slice = &run->slices[i];
        bool later =
            slice->round > round || (slice->round == round && slice->block > block);
        if (later && sample_slice_is_of(run, slice, server) &&
            strcmp(run->suite.loads[slice->load].name, load) == 0)
            free(slice->reason);
        else
            run->slices[kept++] = *slice;
    }
    run->slice_count = kept;
}

/* Fails under a load, in every trial and every slice. */
static inline void sample_fail_all(struct run *run, const char *server, const char *load,
                                   const char *reason)
{
    for (int trial = 1; trial <= run->trials_each; trial++)
        sample_fail(run, server, load, trial, reason);
    sample_lose(run, server, load, 1, 1, reason);
}

/* Sets what a request costs in a round of slices; what the blocks share stays. */
static inline void sample_set_cpu(struct run *run, const char *server, const char *load,
                                  int round, double us)
{
    for (int block = 1; block <= SAMPLE_BLOCKS; block++)
        sample_find_slice(run, server, load, round, block)->server_cpu_s =
            us * sample_block_wobble(block) * SAMPLE_ACCEPTED / 1e6;
}

/* Likewise the requests per second. */
static inline void sample_set_rate(struct run *run, const char *server, const char *load,
                                   int round, double rate)
{
    for (int block = 1; block <= SAMPLE_BLOCKS; block++)
        sample_find_slice(run, server, load, round, block)->seconds =
            SAMPLE_REQUESTS / rate * sample_block_wobble(block);
}

#endif
