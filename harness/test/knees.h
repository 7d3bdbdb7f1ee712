/* knees.h - a made-up run under a load whose rate is to be found, by the same bisection as a real
 * one.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_TEST_KNEES_H
#define ABACUS_TEST_KNEES_H

#include "sample.h"

#include "measure/bisect.h"

/* A server that is in time up to its knee; 0: never. Beyond it pace is late, too. */
struct knee_server {
    const char *name;
    double fastest; /* requests/s that it answered before the first round */
    double knee;
    bool pace_is_late;
};

static inline struct slice knee_slice(const struct run *run,
                                      const struct knee_server *server, size_t place,
                                      int round, int block)
{
    int rate = bisect_rate(run, 0, place, round);
    bool in_time = rate <= server->knee * (1 + 0.001 * round);
    return (struct slice){
        .server = place,
        .round = round,
        .block = block,
        .rate = rate,
        .seconds = 0.5,
        .wall_s = 0.5,
        .server_cpu_s = 0.1,
        .client_cpu_s = 0.5,
        .complete = 0.5 * rate,
        .accepted = 0.5 * rate,
        .time_ms = {0.1, in_time ? 9 : 30, 40, 50},
        .lateness_ms = !in_time && server->pace_is_late ? 1.5 : 0.1,
    };
}

/* The first load alone, with a bound of 10 ms. */
static inline void knee_suite(struct suite *suite)
{
    while (suite->load_count > 1)
        load_free(&suite->loads[--suite->load_count]);
    free(suite->compare_from);
    free(suite->compare_to);
    suite->compare_from = suite->compare_to = NULL;
    suite->loads[0].slo = 10;
}

static inline void sample_knees(struct run *run, const struct knee_server *servers,
                                size_t count, int rounds)
{
    struct sample_server *plain = alloc_zeroed(count, sizeof *plain);
    for (size_t i = 0; i < count; i++)
        plain[i] = (struct sample_server){servers[i].name, "", 1000, 30, 1, BOUND_CLIENT};
    sample_run(run, plain, count, 0);
    free(plain);
    run->rounds = rounds;
    knee_suite(&run->suite);
    struct slicing *slicing = &run->slicings[0];
    slicing->blocks = BISECT_SLICES;
    slicing->shares = alloc_zeroed(count, sizeof *slicing->shares);
    for (size_t i = 0; i < count; i++)
        slicing->shares[i] =
            (struct share){.requests = 100, .every = 1, .rate = servers[i].fastest};
    for (int round = 1; round <= rounds; round++)
        for (int block = 1; block <= BISECT_SLICES; block++)
            for (size_t i = 0; i < count; i++) {
                struct slice slice = knee_slice(run, &servers[i], i, round, block);
                run_add_slice(run, &slice);
            }
}

#endif
