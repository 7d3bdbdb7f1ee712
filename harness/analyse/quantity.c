/* quantity.c - the figures by which servers are compared.
 * SPDX-License-Identifier: MIT */
#include "analyse/quantity.h"

#include "model/run.h"

static const struct {
    const char *name;
    size_t offset;
} quantities[QUANTITIES] = {
    [QUANTITY_RATE] = {.name = "requests per second",
                       .offset = offsetof(struct trial, result.requests_per_second)},
    [QUANTITY_CPU] = {.name = "CPU per request",
                      .offset = offsetof(struct trial, cpu_us_per_request)},
};

size_t quantity_offset(enum quantity quantity)
{
    return quantities[quantity].offset;
}

const char *quantity_name(enum quantity quantity)
{
    return quantities[quantity].name;
}
