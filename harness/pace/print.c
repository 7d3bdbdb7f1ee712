/* print.c - what came out: for people, and for programs.
 * SPDX-License-Identifier: MIT */
#include "pace/print.h"

#include <jansson.h>
#include <math.h>
#include <stdbool.h>

static const double shares[] = {0.5, 0.66, 0.75, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 1};
enum { SHARES = sizeof shares / sizeof *shares, PERCENTILES = 101 };

static double requests_per_second(const struct outcome *outcome)
{
    double seconds = fmax(outcome->seconds, outcome->lasted);
    return seconds > 0 ? (double)outcome->complete / seconds : NAN;
}

/* ---- for people ---- */

static void print_command(FILE *out, const struct plan *plan)
{
    fprintf(out, "%s, %d connection%s, ", plan->url, plan->connections,
            plan->connections == 1 ? "" : "s");
    fputs(plan->closes ? "one for each request" : "kept", out);
    if (plan->rate > 0)
        fprintf(out, ", %g requests per second (%s)\n", plan->rate,
                plan->constant ? "constant" : "Poisson");
    else
        fputs(", each as fast as it can (closed loop)\n", out);
}

static void print_requests(FILE *out, const struct outcome *outcome)
{
    fprintf(out, "\n  requests    %ld, of which %ld complete, %ld failed", outcome->due,
            outcome->complete, outcome_failed(outcome));
    const char *between = " (";
    for (int i = 0; i < FAILURES; i++)
        if (outcome->failed[i] > 0) {
            fprintf(out, "%s%s %ld", between, failure_names[i], outcome->failed[i]);
            between = ", ";
        }
    fputs(*between == ',' ? ")\n" : "\n", out);
    fprintf(out, "  per second  %.1f in %.3f s, %.1f KB\n", requests_per_second(outcome),
            outcome->seconds,
            outcome->seconds > 0 ? (double)outcome->bytes / outcome->seconds / 1024 : 0);
}

static void print_idle(FILE *out, const struct idle *idle)
{
    if (idle->asked == 0)
        return;
    fprintf(out, "  idle        %d connections held of %d", idle->held - idle->closed,
            idle->asked);
    if (idle->closed)
        fprintf(out, ", %d closed by the server", idle->closed);
    fprintf(out, "%s%s\n", *idle->why ? ": " : "", idle->why);
}

static void print_lateness(FILE *out, const struct outcome *outcome)
{
    const struct times *late = &outcome->lateness;
    if (late->count > 0)
        fprintf(
            out,
            "  lateness    50 %% %.3f, 99 %% %.3f, longest %.3f ms: how late pace sent "
            "what it could have sent\n",
            times_quantile(late, 0.5), times_quantile(late, 0.99),
            times_quantile(late, 1));
}

/* Twice as near to 1 with each line, until the longest is reached. */
static void print_spectrum(FILE *out, const struct times *times)
{
    fputs("\n   share of requests    ms  1/(1-share)\n", out);
    for (double tail = 1; tail * (double)times->count >= 1; tail /= 2)
        fprintf(out, "          %9.6f %8.3f  %.0f\n", 1 - tail,
                times_quantile(times, 1 - tail), 1 / tail);
    fprintf(out, "          %9.6f %8.3f\n", 1.0, times_quantile(times, 1));
}

void print_text(FILE *out, const struct plan *plan, const struct outcome *outcome,
                const struct idle *idle)
{
    print_command(out, plan);
    print_requests(out, outcome);
    print_lateness(out, outcome);
    print_idle(out, idle);
    if (outcome->times.count == 0)
        return;
    fprintf(out, "\n  time of a request from %s, ms (mean %.3f, sd %.3f)\n",
            plan->rate > 0 ? "the moment it was due" : "its start",
            times_mean(&outcome->times), times_sd(&outcome->times));
    for (int i = 0; i < SHARES; i++)
        fprintf(out, "  %6.4g %% %9.3f\n", 100 * shares[i],
                times_quantile(&outcome->times, shares[i]));
    if (plan->spectrum)
        print_spectrum(out, &outcome->times);
}

void print_held(FILE *out, const struct idle *idle)
{
    fprintf(out, "holding %d of %d idle connections after %.1f s%s%s\n", idle->held,
            idle->asked, idle->seconds, *idle->why ? ": " : "", idle->why);
    fflush(out);
}

/* ---- for programs ---- */

/* Six decimals, which is more than there is. */
static json_t *number(double value)
{
    return isfinite(value) ? json_real(round(value * 1e6) / 1e6) : json_null();
}

static json_t *percentiles_json(const struct times *times)
{
    json_t *array = json_array();
    for (int percent = 0; percent < PERCENTILES; percent++)
        json_array_append_new(array, number(times_quantile(times, percent / 100.0)));
    return array;
}

static json_t *failures_json(const struct outcome *outcome)
{
    json_t *object = json_object();
    for (int i = 0; i < FAILURES; i++)
        json_object_set_new(object, failure_names[i], json_integer(outcome->failed[i]));
    return object;
}

static json_t *times_json(const struct times *times)
{
    json_t *object = json_object();
    json_object_set_new(object, "mean", number(times_mean(times)));
    json_object_set_new(object, "sd", number(times_sd(times)));
    json_object_set_new(object, "p99.9", number(times_quantile(times, 0.999)));
    json_object_set_new(object, "percentiles", percentiles_json(times));
    return object;
}

static json_t *lateness_json(const struct times *times)
{
    if (times->count == 0)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "p50", number(times_quantile(times, 0.5)));
    json_object_set_new(object, "p99", number(times_quantile(times, 0.99)));
    json_object_set_new(object, "max", number(times_quantile(times, 1)));
    return object;
}

static json_t *idle_json(const struct idle *idle)
{
    if (idle->asked == 0)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "asked", json_integer(idle->asked));
    json_object_set_new(object, "held", json_integer(idle->held - idle->closed));
    json_object_set_new(object, "closed", json_integer(idle->closed));
    json_object_set_new(object, "seconds", number(idle->seconds));
    json_object_set_new(object, "why", json_string(idle->why));
    return object;
}

void print_json(FILE *out, const struct plan *plan, const struct outcome *outcome,
                const struct idle *idle)
{
    json_t *object = json_object();
    json_object_set_new(object, "url", json_string(plan->url));
    json_object_set_new(object, "connections", json_integer(plan->connections));
    json_object_set_new(object, "offered_per_second",
                        plan->rate > 0 ? number(plan->rate) : json_null());
    json_object_set_new(object, "due", json_integer(outcome->due));
    json_object_set_new(object, "complete", json_integer(outcome->complete));
    json_object_set_new(object, "failed", json_integer(outcome_failed(outcome)));
    json_object_set_new(object, "failures", failures_json(outcome));
    json_object_set_new(object, "kept", json_integer(outcome->kept));
    json_object_set_new(object, "seconds",
                        number(fmax(outcome->seconds, outcome->lasted)));
    json_object_set_new(object, "requests_per_second",
                        number(requests_per_second(outcome)));
    json_object_set_new(object, "bytes", json_integer(outcome->bytes));
    json_object_set_new(object, "body_bytes", json_integer(outcome->body));
    json_object_set_new(object, "document_bytes", json_integer(outcome->document));
    json_object_set_new(object, "time_ms", times_json(&outcome->times));
    json_object_set_new(object, "lateness_ms", lateness_json(&outcome->lateness));
    json_object_set_new(object, "idle", idle_json(idle));
    json_dumpf(object, out, JSON_COMPACT | JSON_REAL_PRECISION(10));
    fputc('\n', out);
    json_decref(object);
}
