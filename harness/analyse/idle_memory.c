/* idle_memory.c - what an idle connection takes in memory, from a server before and while it holds
 * them.
 * SPDX-License-Identifier: MIT */
#include "analyse/summary.h"
#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>

static double own_kb(const struct footprint *footprint)
{
    return footprint->own_kb;
}

/* In a round, for each connection. */
static double each_kb(const struct run *run, const struct holding *holding,
                      double (*kb)(const struct footprint *))
{
    return (kb(&holding->held) - kb(&holding->before)) /
           run->suite.loads[holding->load].idle;
}

static struct interval over_rounds(const struct run *run, size_t load, size_t server,
                                   double (*kb)(const struct footprint *))
{
    double *values = alloc_zeroed(run->holding_count, sizeof *values);
    size_t count = 0;
    for (size_t i = 0; i < run->holding_count; i++) {
        const struct holding *holding = &run->holdings[i];
        if (holding->load != load || holding->server != server)
            continue;
        values[count] = each_kb(run, holding, kb);
        count += isfinite(values[count]) != 0;
    }
    struct interval interval = stats_hodges_lehmann(values, count);
    if (count < 2)
        interval.low = interval.high = NAN;
    free(values);
    return interval;
}

static bool of_machine(const struct run *run, size_t load, size_t server)
{
    for (size_t i = 0; i < run->holding_count; i++) {
        const struct holding *holding = &run->holdings[i];
        if (holding->load == load && holding->server == server &&
            (holding->before.of_machine || holding->held.of_machine))
            return true;
    }
    return false;
}

struct idle_memory idle_memory_none(void)
{
    const struct interval none = {NAN, NAN, NAN};
    return (struct idle_memory){.own_kb = none, .kernel_kb = none};
}

struct idle_memory idle_memory_make(const struct facts *facts, size_t load, size_t server)
{
    const struct run *run = facts->run;
    return (struct idle_memory){
        .own_kb = over_rounds(run, load, server, own_kb),
        .kernel_kb = over_rounds(run, load, server, footprint_kernel_kb),
        .of_machine = of_machine(run, load, server),
    };
}
