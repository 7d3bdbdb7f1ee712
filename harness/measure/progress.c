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

/* "c50 epoll", cut to the room that there is. */
static char *place_make(const struct status *status, size_t room)
{
    char *place = alloc_format("%s %s", status->load, status->server);
    char *clean = utf8_clean(place);
    char *cut = utf8_shorten(clean, room > 3 ? room : 3);
    free(place);
    free(clean);
    return cut;
}

/* A trial's figures, or what became of it, at most so wide; "" if they do not fit. */
static char *figures_make(const struct status *status, size_t room)
{
    const struct trial *trial = status->last;
    double rate = trial->result.requests_per_second, cost = trial->cpu_us_per_request;
    bool valid = trial->verdict == VERDICT_VALID;
    const char *verdict = verdict_name(trial->verdict);
    char *server = utf8_clean(status->last_server);
    char *forms[] = {
        valid ? alloc_format("%s: %.0f req/s, %.1f µs CPU/request", server, rate, cost)
              : alloc_format("%s: %s", server, verdict),
        valid ? alloc_format("%s %.0f/s %.1f µs", server, rate, cost)
              : alloc_copy(verdict),
    };
    size_t form = utf8_width(forms[0]) <= room ? 0 : 1;
    char *figures = alloc_copy(utf8_width(forms[form]) <= room ? forms[form] : "");
    free(forms[0]);
    free(forms[1]);
    free(server);
    return figures;
}

/* What is needed most takes its room first. */
char *status_line(const struct status *status, size_t width)
{
    bool wide = width >= WIDE;
    char *duration = status_duration(status->left_s);
    char *head =
        alloc_format("%s%d/%d", wide ? "round " : "", status->round, status->rounds);
    char *left = alloc_format("%s%s", duration, wide ? " left" : "");
    size_t used = utf8_width(head) + 1 + utf8_width(left) + 2;
    char *place = place_make(status, columns_left(width, used));
    used += utf8_width(place);

    char *bar = bar_make(status->share, columns_left(width, used));
    used += strlen(bar) + strlen(" | ");
    char *line = text_join(text_join(head, "", bar), " ", left);
    line = text_join(line, "  ", place);
    if (status->last && width > used) {
        char *figures = figures_make(status, width - used);
        line = text_join(line, *figures ? " | " : "", figures);
    }
    free(duration);
    char *fitting = utf8_shorten(line, width > 3 ? width : 3);
    free(line);
    return fitting;
}

char *status_entry(const struct status *status)
{
    const struct trial *last = status->last;
    char *duration = status_duration(status->left_s);
    char *said =
        last->verdict == VERDICT_VALID
            ? alloc_format("%.0f req/s, %.1f µs CPU/request",
                           last->result.requests_per_second, last->cpu_us_per_request)
            : alloc_format("%s: %s", verdict_name(last->verdict), last->reason);
    char *entry = alloc_format("%zu/%zu round %d/%d  %s %s: %s  (%s left)", status->trial,
                               status->trials, status->round, status->rounds,
                               status->last_load, status->last_server, said, duration);
    char *clean = utf8_clean(entry);
    free(duration);
    free(said);
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
    if (progress->terminal || progress->run->trial_count == 0)
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
