/* status_test.c - the line that shows where a run is, at every width.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "measure/progress.h"

#include <stdlib.h>
#include <string.h>

static const struct status midway = {
    .trials = true,
    .step = 40,
    .steps = 126,
    .place = "c1000 libevent",
    .last = "epoll: 35948 req/s, 16.6 µs CPU/request",
    .share = 0.31,
    .left_s = 700,
};

static const struct status in_rounds = {
    .step = 2,
    .steps = 12,
    .place = "c50, block 7 of 16",
    .last = "epoll: 16.6 µs CPU/request",
    .share = 0.31,
    .left_s = 700,
};

static void each_width_has_its_line(void **state)
{
    (void)state;
    static const struct {
        const struct status *status;
        size_t width;
        const char *line;
    } cases[] = {
        {&midway, 120,
         "trial 40/126 [###.......] 12 min left  c1000 libevent | "
         "epoll: 35948 req/s, 16.6 µs CPU/request"},
        {&midway, 95,
         "trial 40/126 [###.......] 12 min left  c1000 libevent | "
         "epoll: 35948 req/s, 16.6 µs CPU/request"},
        {&midway, 94, "trial 40/126 [###.......] 12 min left  c1000 libevent"},
        {&midway, 60, "trial 40/126 [###.......] 12 min left  c1000 libevent"},
        {&midway, 59, "40/126 [###.......] 12 min  c1000 libevent"},
        {&midway, 42, "40/126 [###.......] 12 min  c1000 libevent"},
        {&midway, 36, "40/126 [#...] 12 min  c1000 libevent"},
        {&midway, 35, "40/126 12 min  c1000 libevent"},
        {&midway, 23, "40/126 12 min  c100…ent"},
        {&midway, 3, "4…t"},
        {&midway, 0, "4…t"},
        {&in_rounds, 120,
         "round 2/12 [###.......] 12 min left  c50, block 7 of 16 | "
         "epoll: 16.6 µs CPU/request"},
        {&in_rounds, 59, "2/12 [###.......] 12 min  c50, block 7 of 16"},
        {&in_rounds, 31, "2/12 12 min  c50, block 7 of 16"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *line = status_line(cases[i].status, cases[i].width);
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
            status.place = names[i];
            status.last = width % 2 ? names[i] : NULL;
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

static void an_entry_is_whole(void **state)
{
    (void)state;
    static const struct {
        struct status status;
        const char *entry;
    } cases[] = {
        {{.trials = true,
          .step = 40,
          .steps = 126,
          .place = "c50 epoll",
          .last = "epoll failed: the server\nended",
          .left_s = 700},
         "trial 40/126  c50 epoll: epoll failed: the server?ended  (12 min left)"},
        {{.step = 3, .steps = 12, .place = "c50, 16 blocks", .left_s = 40},
         "round 3/12  c50, 16 blocks  (40 s left)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *entry = status_entry(&cases[i].status);
        assert_string_equal(entry, cases[i].entry);
        free(entry);
    }
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_width_has_its_line),
        cmocka_unit_test(no_line_is_too_wide),
        cmocka_unit_test(the_bar_is_within_its_frame),
        cmocka_unit_test(an_entry_is_whole),
        cmocka_unit_test(durations_are_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
