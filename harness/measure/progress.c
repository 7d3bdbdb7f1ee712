/* progress.c - what a run is doing, its last figure, and how long it will take.
 * SPDX-License-Identifier: MIT */
#include "measure/progress.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* For the first guess: what ab does per second on loopback, to within a factor of two, and
 * what a trial takes beside its requests, s. */
static const double guessed_rate = 16000;
static const double guessed_overhead_s = 0.3;

const char *progress_duration(double seconds)
{
    static char text[32];
    if (seconds < 99.5)
        snprintf(text, sizeof text, "%.0f s", fmax(seconds, 0));
    else
        snprintf(text, sizeof text, "%.0f minutes", ceil(seconds / 60));
    return text;
}

static double guess(const struct load *load)
{
    double requests = (double)load->priming;
    if (strcmp(load->tool, "ab") == 0)
        requests += (double)load->requests;
    else
        return load->seconds + requests / guessed_rate + guessed_overhead_s;
    return requests / guessed_rate + guessed_overhead_s;
}

/* The mean time of the trials of a load, and of one server unless that is NULL; NAN if there
 * is none. */
static double measured(const struct run *run, const char *load, const char *server)
{
    double sum = 0;
    size_t n = 0;
    for (size_t i = 0; i < run->trial_count; i++) {
        const struct trial *trial = &run->trials[i];
        if (strcmp(trial->load, load) != 0 ||
            (server && strcmp(trial->server, server) != 0))
            continue;
        sum += trial->ended_s - trial->started_s;
        n++;
    }
    return n ? sum / (double)n : NAN;
}

double progress_estimate(const struct run *run, const struct slot *slots, size_t count,
                         size_t from)
{
    double sum = 0;
    for (size_t i = from; i < count; i++) {
        const struct load *load = &run->suite.loads[slots[i].load];
        double one = measured(run, load->name, run->servers[slots[i].server].name);
        if (isnan(one))
            one = measured(run, load->name, NULL);
        sum += isnan(one) ? guess(load) : one;
    }
    return sum;
}

static int terminal_width(void)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
        return 80;
    return size.ws_col;
}

/* The last trial's figure, or that it failed. */
static void describe_last(char *text, size_t size, const struct run *run)
{
    text[0] = '\0';
    if (run->trial_count == 0)
        return;
    const struct trial *last = &run->trials[run->trial_count - 1];
    if (last->verdict == VERDICT_VALID)
        snprintf(text, size, "%s %s: %.0f req/s, %.1f us CPU/req", last->load,
                 last->server, last->result.requests_per_second,
                 last->cpu_us_per_request);
    else
        snprintf(text, size, "%s %s: %s: %s", last->load, last->server,
                 verdict_name(last->verdict), last->reason);
}

void progress_begin_trial(const struct run *run, const struct slot *slots, size_t count,
                          size_t at)
{
    char last[300];
    char line[512];
    if (!isatty(STDERR_FILENO))
        return;
    describe_last(last, sizeof last, run);
    snprintf(line, sizeof line, "%zu/%zu, %s left: %s %s%s%s", at + 1, count,
             progress_duration(progress_estimate(run, slots, count, at)),
             run->suite.loads[slots[at].load].name, run->servers[slots[at].server].name,
             *last ? "  | " : "", last);
    /* One column less than there is: a full line would wrap on some terminals. */
    fprintf(stderr, "\r%.*s\033[K", terminal_width() - 1, line);
}

void progress_end_trial(const struct run *run, const struct slot *slots, size_t count,
                        size_t at)
{
    char last[300];
    if (isatty(STDERR_FILENO))
        return;
    describe_last(last, sizeof last, run);
    fprintf(stderr, "%zu/%zu round %d  %s  (%s left)\n", at + 1, count, slots[at].round,
            last, progress_duration(progress_estimate(run, slots, count, at + 1)));
}

void progress_end(void)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K");
}
