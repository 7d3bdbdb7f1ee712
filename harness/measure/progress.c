/* progress.c - shows what a run is doing, on standard error.
 * SPDX-License-Identifier: MIT */
#include "measure/progress.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* ---- where it is, as text ---- */

enum {
    BAR_LEAST = 4, /* cells; with fewer a bar says nothing */
    BAR_MOST = 10,
    BAR_FRAME = 3, /* its brackets and a blank */
    WIDE = 60,     /* columns from which words are not shortened */
};

char *status_duration(double seconds)
{
    if (seconds < 99.5)
        return alloc_format("%.0f s", fmax(seconds, 0));
    return alloc_format("%.0f min", ceil(seconds / 60));
}

/* How many columns are left; 0 also where there are too few. */
static size_t columns_left(size_t width, size_t used)
{
    return width > used ? width - used : 0;
}

/* `text` and more of it; takes the one, frees the other. */
static char *text_join(char *text, const char *between, char *more)
{
    char *joined = alloc_format("%s%s%s", text, between, more);
    free(text);
    free(more);
    return joined;
}

/* "[####......]"; "" where there is no room for one. */
static char *bar_make(double share, size_t room)
{
    if (room < BAR_FRAME + BAR_LEAST)
        return alloc_copy("");
    size_t cells = room - BAR_FRAME < BAR_MOST ? room - BAR_FRAME : BAR_MOST;
    size_t full = (size_t)(fmin(fmax(share, 0), 1) * (double)cells);
    return alloc_format(" [%.*s%.*s]", (int)full, "##########", (int)(cells - full),
                        "..........");
}

/* A text cut to the room that there is. */
static char *shorten(const char *text, size_t room)
{
    char *clean = utf8_clean(text);
    char *cut = utf8_shorten(clean, room > 3 ? room : 3);
    free(clean);
    return cut;
}

/* What is needed most takes its room first. */
char *status_line(const struct status *status, size_t width)
{
    bool wide = width >= WIDE;
    char *duration = status_duration(status->left_s);
    char *head = alloc_format("%s%zu/%zu",
                              !wide            ? ""
                              : status->trials ? "trial "
                                               : "round ",
                              status->step, status->steps);
    char *left = alloc_format("%s%s", duration, wide ? " left" : "");
    size_t used = utf8_width(head) + 1 + utf8_width(left) + 2;
    char *place = shorten(status->place, columns_left(width, used));
    used += utf8_width(place);

    char *bar = bar_make(status->share, columns_left(width, used));
    used += strlen(bar) + strlen(" | ");
    char *line = text_join(text_join(head, "", bar), " ", left);
    line = text_join(line, "  ", place);
    if (status->last && utf8_width(status->last) <= columns_left(width, used))
        line = text_join(line, " | ", utf8_clean(status->last));
    free(duration);
    char *fitting = utf8_shorten(line, width > 3 ? width : 3);
    free(line);
    return fitting;
}

char *status_entry(const struct status *status)
{
    char *duration = status_duration(status->left_s);
    char *entry =
        alloc_format("%s %zu/%zu  %s%s%s  (%s left)", status->trials ? "trial" : "round",
                     status->step, status->steps, status->place, status->last ? ": " : "",
                     status->last ? status->last : "", duration);
    char *clean = utf8_clean(entry);
    free(duration);
    free(entry);
    return clean;
}

/* ---- on the terminal ---- */

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

/* ---- what the step under way is, and what came of it ---- */

static size_t count_kind(const struct progress *progress, size_t count)
{
    size_t kind = 0;
    for (size_t i = 0; i < count; i++)
        kind += progress->steps[i].trial == progress->steps[progress->at].trial;
    return kind;
}

/* "c50 epoll", "c50, block 7 of 16"; owned by the caller. */
static char *place_make(const struct progress *progress)
{
    const struct step *step = &progress->steps[progress->at];
    const char *load = progress->run->suite.loads[step->load].name;
    if (step->trial)
        return alloc_format("%s %s", load, progress->run->servers[step->server].name);
    if (progress->planning)
        return alloc_copy("all loads, a first slice of each server");
    if (progress->block == 0)
        return alloc_format("%s, starting the servers", load);
    return alloc_format("%s, block %d of %d", load, progress->block, progress->blocks);
}

/* Of the trial that ended last; owned by the caller, NULL: there is none. */
static char *trial_words(const struct run *run)
{
    if (run->trial_count == 0)
        return NULL;
    const struct trial *trial = &run->trials[run->trial_count - 1];
    if (trial->verdict == VERDICT_INVALID)
        return alloc_format("%s failed: %s", trial_server(run, trial)->name,
                            trial->reason);
    return alloc_format("%s: %.0f req/s, %.1f µs CPU/request",
                        trial_server(run, trial)->name, trial->result.requests_per_second,
                        trial->cpu_us_per_request);
}

/* Of the slice that ended last. */
static char *slice_words(const struct run *run)
{
    if (run->slice_count == 0)
        return NULL;
    const struct slice *slice = &run->slices[run->slice_count - 1];
    const char *name = run->servers[slice->server].name;
    if (slice->reason)
        return alloc_format("%s failed: %s", name, slice->reason);
    return alloc_format("%s: %.1f µs CPU/request", name, slice_cpu_us(run, slice));
}

/* The round and the block that each was made in. */
static size_t kind_at(const struct progress *progress)
{
    const struct step *step = &progress->steps[progress->at];
    return step->trial ? count_kind(progress, progress->at) + 1 : (size_t)step->round;
}

static size_t kind_count(const struct progress *progress)
{
    return progress->steps[progress->at].trial ? count_kind(progress, progress->count)
                                               : (size_t)progress->run->rounds;
}

/* `place` and `last` are borrowed. */
static struct status make_status(const struct progress *progress, double now,
                                 const char *place, const char *last)
{
    double elapsed = fmin(now - progress->began, progress->expected_s);
    double done = progress->done_s + elapsed;
    double all = progress->done_s + progress->expected_s + progress->after_s;
    return (struct status){
        .trials = progress->steps[progress->at].trial,
        .step = kind_at(progress),
        .steps = kind_count(progress),
        .place = place,
        .last = last,
        .share = all > 0 ? done / all : 0,
        .left_s = progress->expected_s - elapsed + progress->after_s,
    };
}

/* One column less than there is: a full line would wrap on some terminals. */
static void draw(struct progress *progress, double now)
{
    const struct run *run = progress->run;
    char *place = place_make(progress);
    char *last =
        progress->steps[progress->at].trial ? trial_words(run) : slice_words(run);
    struct status status = make_status(progress, now, place, last);
    char *line = status_line(&status, terminal_width() - 1);
    fprintf(stderr, "\r%s\033[K", line);
    free(line);
    free(last);
    free(place);
    progress->drawn = now;
}

void progress_begin(struct progress *progress, const struct run *run,
                    const struct step *steps, size_t count)
{
    *progress = (struct progress){
        .run = run, .steps = steps, .count = count, .terminal = is_terminal()};
}

void progress_begin_step(struct progress *progress, size_t at)
{
    double *each = plan_estimate(progress->run, progress->steps, progress->count);
    progress->at = at;
    progress->planning = false;
    progress->block = 0;
    progress->began = clock_now();
    progress->expected_s = each[at];
    progress->after_s = 0;
    for (size_t i = at + 1; i < progress->count; i++)
        progress->after_s += each[i];
    free(each);
    if (progress->terminal)
        draw(progress, progress->began);
}

void progress_begin_planning(struct progress *progress, size_t at)
{
    progress_begin_step(progress, at);
    progress->planning = true;
}

void progress_block(struct progress *progress, int block, int blocks)
{
    progress->block = block;
    progress->blocks = blocks;
}

void progress_tick(struct progress *progress)
{
    double now = clock_now();
    if (progress->terminal && now - progress->drawn >= REDRAW_S)
        draw(progress, now);
}

void progress_end_step(struct progress *progress)
{
    const struct step *step = &progress->steps[progress->at];
    double now = clock_now();
    progress->done_s += now - progress->began;
    if (progress->terminal)
        return;
    char *place = step->trial ? place_make(progress)
                              : alloc_format("%s, %d blocks of slices",
                                             progress->run->suite.loads[step->load].name,
                                             progress->blocks);
    char *last = step->trial ? trial_words(progress->run) : NULL;
    struct status status = make_status(progress, now, place, last);
    status.left_s =
        plan_left(progress->run, progress->steps, progress->count, progress->at + 1);
    char *entry = status_entry(&status);
    fprintf(stderr, "%s\n", entry);
    free(entry);
    free(last);
    free(place);
}

void progress_clear(const struct progress *progress)
{
    if (progress->terminal)
        fprintf(stderr, "\r\033[K");
}
