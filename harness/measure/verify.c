/* verify.c - did the load tool get what the server owes? A load tool does not ask.
 * SPDX-License-Identifier: MIT */
#include "measure/verify.h"

static int verify_counts(const struct tool_result *result, struct err *err)
{
    if (result->complete <= 0)
        return err_set(err, "no request was completed");
    if (result->failed > 0)
        return err_set(err, "%ld of %ld requests failed (%s)", result->failed,
                       result->complete, result->failures);
    if (result->non_2xx > 0)
        return err_set(err, "%ld of %ld replies had a status other than 2xx",
                       result->non_2xx, result->complete);
    if (result->write_errors > 0)
        return err_set(err, "%ld write errors", result->write_errors);
    return 0;
}

static int verify_bytes(const struct tool_result *result, size_t head_size,
                        size_t body_size, struct err *err)
{
    long body = (long)body_size;
    long whole = (long)(head_size + body_size);
    if (result->document_length >= 0 && result->document_length != body)
        return err_set(err,
                       "the replies' bodies had %ld bytes, not %ld, and the load tool "
                       "accepted them",
                       result->document_length, body);
    if (result->body_bytes >= 0 && result->body_bytes != result->complete * body)
        return err_set(err,
                       "the load tool accepted every reply, but their bodies were %ld "
                       "bytes in all, not the expected %ld",
                       result->body_bytes, result->complete * body);
    if (result->total_bytes >= 0 && result->total_bytes != result->complete * whole)
        return err_set(err,
                       "the load tool accepted every reply, but they were %ld bytes in "
                       "all, not the expected %ld",
                       result->total_bytes, result->complete * whole);
    return 0;
}

int verify_result(const struct tool_result *result, size_t head_size, size_t body_size,
                  struct err *err)
{
    if (verify_counts(result, err) < 0)
        return -1;
    return verify_bytes(result, head_size, body_size, err);
}
