/* status_test.c - the line that shows where a run is, at every width, and how long it will take.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "measure/plan.h"
#include "measure/progress.h"
#include "sample.h"

#include <math.h>
#include <string.h>

static struct trial last = {
    .verdict = VERDICT_VALID,
    .result = {.requests_per_second = 35948.4},
    .cpu_us_per_request = 16.64,
};

static const struct status midway = {
    .round = 2,
    .rounds = 6,
    .trial = 40,
    .trials = 126,
    .load = "c1000",
    .server = "libevent",
    .last_load = "c50",
    .last_server = "epoll",
    .last = &last,
    .share = 0.31,
    .left_s = 700,
};

static void each_width_has_its_line(void **state)
{
    (void)state;
    static const struct {
        size_t width;
        const char *line;
    } cases[] = {
        {120, "round 2/6 [###.......] 12 min left  c1000 libevent | "
              "epoll: 35948 req/s, 16.6 µs CPU/request"},
        {79,
         "round 2/6 [###.......] 12 min left  c1000 libevent | epoll 35948/s 16.6 µs"},
        {72, "round 2/6 [###.......] 12 min left  c1000 libevent"},
        {60, "round 2/6 [###.......] 12 min left  c1000 libevent"},
        {59, "2/6 [###.......] 12 min  c1000 libevent"},
        {39, "2/6 [###.......] 12 min  c1000 libevent"},
        {33, "2/6 [#...] 12 min  c1000 libevent"},
        {30, "2/6 12 min  c1000 libevent"},
        {20, "2/6 12 min  c100…ent"},
        {12, "2/6 12…  c…t"},
        {3, "2…t"},
        {0, "2…t"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *line = status_line(&midway, cases[i].width);
        assert_string_equal(line, cases[i].line);
        free(line);
    }
}

/* Whatever the names are, no line wraps; 3 columns are the least. */
static void no_line_is_too_wide(void **state)
{
    (void)state;
    static const char *const names[] = {
        "x", "a-name-that-is-far-too-long-for-any-line-that-fits", "éволюция",
        "a\x1b[31m\n"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (size_t width = 3; width < 200; width++) {
            struct status status = midway;
            struct trial other = last;
            status.server = names[i];
            status.last_server = names[i];
            status.last = width % 2 ? &other : NULL;
            char *line = status_line(&status, width);
            if (utf8_width(line) > width || strpbrk(line, "\n\x1b"))
                fail_msg("%zu: '%s'", width, line);
            free(line);
        }
}

static void the_bar_is_within_its_frame(void **state)
{
    (void)state;
    static const struct {
        double share;
        const char *bar;
    } cases[] = {
        {-1, "[..........]"},  {0, "[..........]"},    {0.09, "[..........]"},
        {0.5, "[#####.....]"}, {0.99, "[#########.]"}, {1, "[##########]"},
        {7, "[##########]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct status status = midway;
        status.share = cases[i].share;
        char *line = status_line(&status, 79);
        assert_non_null(strstr(line, cases[i].bar));
        free(line);
    }
}

static void a_trial_without_figures_says_so(void **state)
{
    (void)state;
    struct trial failed = last;
    struct status status = midway;
    failed.verdict = VERDICT_INVALID;
    failed.reason = (char *)"the server ended";
    status.last = &failed;
    char *line = status_line(&status, 79);
    assert_non_null(strstr(line, " | epoll: invalid"));
    free(line);
    char *entry = status_entry(&status);
    assert_string_equal(
        entry, "40/126 round 2/6  c50 epoll: invalid: the server ended  (12 min left)");
    free(entry);
}

static void an_entry_is_whole(void **state)
{
    (void)state;
    char *entry = status_entry(&midway);
    assert_string_equal(entry, "40/126 round 2/6  c50 epoll: 35948 req/s, "
                               "16.6 µs CPU/request  (12 min left)");
    free(entry);
}

static void durations_are_short(void **state)
{
    (void)state;
    static const struct {
        double seconds;
        const char *text;
    } cases[] = {
        {-3, "0 s"}, {0.4, "0 s"}, {99.4, "99 s"}, {99.6, "2 min"}, {3601, "61 min"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = status_duration(cases[i].seconds);
        assert_string_equal(text, cases[i].text);
        free(text);
    }
}

/* ---- how long it takes ---- */

static void assert_near(double value, double expected)
{
    if (!(fabs(value - expected) <= 1e-9 * fabs(expected)))
        fail_msg("%.10g instead of %.10g", value, expected);
}

/* A trial that took so long: server and load by their places. */
static void add_trial(struct run *run, size_t server, size_t load, int attempt,
                      double seconds)
{
    struct trial trial = {
        .server = server,
        .load = load,
        .round = 1,
        .attempt = attempt,
        .started_s = 100,
        .ended_s = 100 + seconds,
    };
    run_add_trial(run, &trial);
}

/* The sample's loads are of 100,000 requests and 3,000 to prime: a guess of 6.74 s each. */
static void what_was_measured_counts(void **state)
{
    (void)state;
    static const double guess = 103000 / 16000.0 + 0.3;
    const struct slot slots[] = {
        {.round = 1}, {.round = 1, .server = 1}, {.round = 1, .load = 1}};
    struct run run;
    sample_run(&run, sample_six, 2, 0);
    double *each = estimate_slots(&run, slots, 3);
    for (size_t i = 0; i < 3; i++)
        assert_near(each[i], guess);
    free(each);

    /* Two attempts are one slot; the other server is taken to be like it, and so is the guess
     * for the other load. */
    add_trial(&run, 0, 0, 1, 9);
    add_trial(&run, 0, 0, 2, 3);
    each = estimate_slots(&run, slots, 3);
    for (size_t i = 0; i < 3; i++)
        assert_near(each[i], 12);
    free(each);

    add_trial(&run, 1, 0, 1, 4);
    each = estimate_slots(&run, slots, 3);
    assert_near(each[0], 12);
    assert_near(each[1], 4);
    assert_near(each[2], 8);
    assert_near(estimate_left(&run, slots, 3, 1), 12);
    assert_true(estimate_left(&run, slots, 3, 3) == 0);
    free(each);
    run_free(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_width_has_its_line),
        cmocka_unit_test(no_line_is_too_wide),
        cmocka_unit_test(the_bar_is_within_its_frame),
        cmocka_unit_test(a_trial_without_figures_says_so),
        cmocka_unit_test(an_entry_is_whole),
        cmocka_unit_test(durations_are_short),
        cmocka_unit_test(what_was_measured_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
