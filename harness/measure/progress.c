/* progress.c - shows what a run is doing, on standard error.
 * SPDX-License-Identifier: MIT */
#include "measure/progress.h"

#include "base/clock.h"
#include "measure/estimate.h"
#include "measure/status.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Less than a second, since those who call progress_tick come a little late. */
static const double REDRAW_S = 0.8;

static bool is_terminal(void)
{
    const char *term = getenv("TERM");
    return isatty(STDERR_FILENO) && term && *term && strcmp(term, "dumb") != 0;
}

/* Asked for each line, since a window can be resized at any time. */
static size_t terminal_width(void)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
        return 80;
    return size.ws_col;
}

static struct status make_status(const struct progress *progress, double now)
{
    const struct run *run = progress->run;
    const struct slot *slot = &progress->slots[progress->at];
    double elapsed = fmin(now - progress->began, progress->expected_s);
    double part = progress->expected_s > 0 ? elapsed / progress->expected_s : 0;
    const struct trial *last =
        run->trial_count ? &run->trials[run->trial_count - 1] : NULL;
    return (struct status){
        .round = slot->round,
        .rounds = run->rounds,
        .trial = progress->at + 1,
        .trials = progress->count,
        .load = run->suite.loads[slot->load].name,
        .server = run->servers[slot->server].name,
        .last = last,
        .last_load = last ? trial_load(run, last)->name : NULL,
        .last_server = last ? trial_server(run, last)->name : NULL,
        .share = ((double)progress->at + part) / (double)progress->count,
        .left_s = progress->expected_s - elapsed + progress->after_s,
    };
}

/* One column less than there is: a full line would wrap on some terminals. */
static void draw(struct progress *progress, double now)
{
    struct status status = make_status(progress, now);
    char *line = status_line(&status, terminal_width() - 1);
    fprintf(stderr, "\r%s\033[K", line);
    free(line);
    progress->drawn = now;
}

void progress_begin(struct progress *progress, const struct run *run,
                    const struct slot *slots, size_t count)
{
    *progress = (struct progress){
        .run = run, .slots = slots, .count = count, .terminal = is_terminal()};
}

void progress_begin_trial(struct progress *progress, size_t at)
{
    double *each = estimate_slots(progress->run, progress->slots, progress->count);
    progress->at = at;
    progress->began = clock_now();
    progress->expected_s = each[at];
    progress->after_s = 0;
    for (size_t i = at + 1; i < progress->count; i++)
        progress->after_s += each[i];
    free(each);
    if (progress->terminal)
        draw(progress, progress->began);
}

void progress_tick(struct progress *progress)
{
    double now = clock_now();
    if (progress->terminal && now - progress->drawn >= REDRAW_S)
        draw(progress, now);
}

void progress_end_trial(struct progress *progress)
{
    if (progress->terminal)
        return;
    struct status status = make_status(progress, clock_now());
    status.left_s =
        estimate_left(progress->run, progress->slots, progress->count, progress->at + 1);
    char *entry = status_entry(&status);
    fprintf(stderr, "%s\n", entry);
    free(entry);
}

void progress_clear(const struct progress *progress)
{
    if (progress->terminal)
        fprintf(stderr, "\r\033[K");
}
