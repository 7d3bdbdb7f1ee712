/* result.c - what a load tool said about one trial: a result without figures.
 * SPDX-License-Identifier: MIT */
#include "model/result.h"

#include <math.h>
#include <stddef.h>

void tool_result_clear(struct tool_result *result)
{
    const struct connection_time unknown = {NAN, NAN, NAN, NAN, NAN};
    *result = (struct tool_result){
        .seconds = NAN,
        .requests_per_second = NAN,
        .time_per_request_ms = NAN,
        .kilobytes_per_second = NAN,
        .complete = -1,
        .failed = -1,
        .non_2xx = -1,
        .write_errors = -1,
        .keepalive = -1,
        .document_length = -1,
        .total_bytes = -1,
        .body_bytes = -1,
        .connect = unknown,
        .processing = unknown,
        .waiting = unknown,
        .total = unknown,
    };
    for (size_t i = 0; i < PERCENTILES; i++)
        result->percentile_ms[i] = NAN;
}
