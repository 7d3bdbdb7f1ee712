/* judge_test.c - each rule by which a trial is judged: just kept, just broken, and not to be
 * measured.
 * SPDX-License-Identifier: MIT */
#include "analyse/judge.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { REQUESTS = 100000, STEPS = 30, SETS = 4 };

static const struct load ten = {
    .name = (char *)"c10", .tool = (char *)"ab", .concurrency = 10};

/* By the usual limits. */
static void judge(struct trial *trial, const struct load *load)
{
    struct limits limits;
    limits_usual(&limits);
    judge_trial(trial, load, &limits);
}

/* Ten seconds on a quiet machine, in which nothing went wrong. */
static struct trial quiet_trial(void)
{
    struct trial trial = {
        .tool_wall_s = 10.02,
        .server_cpu_s = 4,
        .client_cpu_s = 9,
        .harness_cpu_s = 0.01,
        .server_busy = 0.4,
        .client_busy = 0.9,
        .client_delay_s = 0.01,
        .result = {.complete = REQUESTS, .seconds = 10, .requests_per_second = 10000},
        .counters = {.monotonic_s = 10,
                     .realtime_s = 10,
                     .boottime_s = 10,
                     .busy_s = 13.05,
                     .passive_opens = REQUESTS + 2},
    };
    for (int i = 0; i < PERCENTILES; i++)
        trial.result.percentile_ms[i] = 1;
    return trial;
}

/* A figure of a trial, by its place; none: at the end of a list. */
struct set {
    size_t offset;
    double value;
};

static const struct breach {
    struct set sets[SETS];
    const char *rules; /* that are broken, each followed by a blank */
    enum verdict verdict;
} breaches[] = {
    {{{offsetof(struct trial, counters.realtime_s), 10.0099}}, "", VERDICT_VALID},
    {{{offsetof(struct trial, counters.realtime_s), 10.0101}}, "clock ", VERDICT_INVALID},
    {{{offsetof(struct trial, counters.realtime_s), 9.9899}}, "clock ", VERDICT_INVALID},
    /* in a short trial a millisecond */
    {{{offsetof(struct trial, counters.monotonic_s), 0.5},
      {offsetof(struct trial, counters.boottime_s), 0.5},
      {offsetof(struct trial, counters.realtime_s), 0.5009},
      {offsetof(struct trial, counters.busy_s), 13.01}},
     "",
     VERDICT_VALID},
    {{{offsetof(struct trial, counters.monotonic_s), 0.5},
      {offsetof(struct trial, counters.boottime_s), 0.5},
      {offsetof(struct trial, counters.realtime_s), 0.5011},
      {offsetof(struct trial, counters.busy_s), 13.01}},
     "clock ",
     VERDICT_INVALID},
    {{{offsetof(struct trial, counters.boottime_s), 10.09}}, "", VERDICT_VALID},
    {{{offsetof(struct trial, counters.boottime_s), 10.11}},
     "suspended ",
     VERDICT_INVALID},
    {{{offsetof(struct trial, tool_wall_s), 12.99}}, "", VERDICT_VALID},
    {{{offsetof(struct trial, tool_wall_s), 13.01}}, "wall ", VERDICT_INVALID},
    {{{offsetof(struct trial, tool_wall_s), 6.99}}, "wall ", VERDICT_INVALID},
    {{{offsetof(struct trial, counters.passive_opens), REQUESTS}}, "", VERDICT_VALID},
    {{{offsetof(struct trial, counters.passive_opens), REQUESTS - 1}},
     "connections ",
     VERDICT_INVALID},
    /* what others do on the machine breaks no rule: it is summed over the run */
    {{{offsetof(struct trial, counters.busy_s), 19},
      {offsetof(struct trial, client_delay_s), 5},
      {offsetof(struct trial, counters.pressure_s), 5},
      {offsetof(struct trial, counters.steal_s), 5}},
     "",
     VERDICT_VALID},
    {{{offsetof(struct trial, counters.swapped), 1}}, "", VERDICT_VALID},
    {{{offsetof(struct trial, counters.listen_overflows), 1}},
     "overflows ",
     VERDICT_VALID},
    {{{offsetof(struct trial, counters.listen_drops), 1}}, "overflows ", VERDICT_VALID},
    {{{offsetof(struct trial, counters.syn_retransmits), 1}}, "retries ", VERDICT_VALID},
    {{{offsetof(struct trial, counters.timeouts), 1}}, "retries ", VERDICT_VALID},
    {{{offsetof(struct trial, counters.timeouts), 1},
      {offsetof(struct trial, result.percentile_ms[PERCENTILES - 1]), 980}},
     "retries ",
     VERDICT_VALID},
    {{{offsetof(struct trial, counters.timeouts), 1},
      {offsetof(struct trial, result.percentile_ms[PERCENTILES - 1]), 1003}},
     "retries ladder ",
     VERDICT_VALID},
    {{{offsetof(struct trial, result.percentile_ms[PERCENTILES - 1]), 1003}},
     "",
     VERDICT_VALID},
    {{{offsetof(struct trial, counters.cookies_sent), 1}}, "cookies ", VERDICT_VALID},
    {{{offsetof(struct trial, counters.resets_sent), 70},
      {offsetof(struct trial, counters.resets_received), 40}},
     "",
     VERDICT_VALID},
    {{{offsetof(struct trial, counters.resets_sent), 70},
      {offsetof(struct trial, counters.resets_received), 41}},
     "resets ",
     VERDICT_VALID},
    {{{offsetof(struct trial, counters.time_wait_overflows), 1}},
     "time-wait ",
     VERDICT_VALID},
    {{{offsetof(struct trial, result.seconds), 2},
      {offsetof(struct trial, tool_wall_s), 2}},
     "",
     VERDICT_VALID},
    {{{offsetof(struct trial, result.seconds), 1.99},
      {offsetof(struct trial, tool_wall_s), 2}},
     "short ",
     VERDICT_VALID},
    {{{offsetof(struct trial, result.requests_per_second), 9510}}, "", VERDICT_VALID},
    {{{offsetof(struct trial, result.requests_per_second), 9490}},
     "little ",
     VERDICT_VALID},
    {{{offsetof(struct trial, result.requests_per_second), 10490}}, "", VERDICT_VALID},
    {{{offsetof(struct trial, result.requests_per_second), 10510}},
     "little ",
     VERDICT_VALID},
    /* the worst of several makes the verdict */
    {{{offsetof(struct trial, counters.cookies_sent), 1},
      {offsetof(struct trial, counters.listen_drops), 1},
      {offsetof(struct trial, counters.realtime_s), 12}},
     "clock overflows cookies ",
     VERDICT_INVALID},
};

static void set_figures(struct trial *trial, const struct set *sets)
{
    for (int i = 0; i < SETS && sets[i].offset; i++)
        *(double *)((char *)trial + sets[i].offset) = sets[i].value;
}

/* The rules that are broken, each followed by a blank; a static buffer. */
static const char *broken_rules(const struct trial *trial)
{
    static char names[400];
    size_t used = 0;
    names[0] = '\0';
    for (size_t i = 0; i < trial->remark_count; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, "%s ",
                                 trial->remarks[i].rule);
    return names;
}

static void each_rule_has_its_limit(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof breaches / sizeof *breaches; i++) {
        const struct breach *row = &breaches[i];
        struct trial trial = quiet_trial();
        set_figures(&trial, row->sets);
        judge(&trial, &ten);
        if (strcmp(broken_rules(&trial), row->rules) != 0 ||
            trial.verdict != row->verdict)
            fail_msg("case %zu: broken is '%s', not '%s'; %s", i, broken_rules(&trial),
                     row->rules, verdict_name(trial.verdict));
        assert_int_equal(trial.reason != NULL, trial.verdict != VERDICT_VALID);
        trial_free(&trial);
    }
}

static void what_cannot_be_measured_breaks_nothing(void **state)
{
    (void)state;
    struct trial trial = quiet_trial();
    double accepts[STEPS];
    double *counters = (double *)&trial.counters;
    for (size_t i = 0; i < sizeof trial.counters / sizeof *counters; i++)
        counters[i] = NAN;
    for (int i = 0; i < PERCENTILES; i++)
        trial.result.percentile_ms[i] = NAN;
    for (int i = 0; i < STEPS; i++)
        accepts[i] = NAN;
    trial.server_cpu_s = trial.client_delay_s = NAN;
    trial.accepts = accepts;
    trial.accept_count = STEPS;
    judge(&trial, &ten);
    assert_string_equal(broken_rules(&trial), "");
    assert_int_equal(trial.verdict, VERDICT_VALID);
}

/* One connection serves many requests, or there are too few for Little's law. */
static void a_rule_applies_where_it_can(void **state)
{
    (void)state;
    static const struct load kept = {
        .tool = (char *)"ab", .concurrency = 10, .keepalive = true};
    static const struct load nine = {.tool = (char *)"ab", .concurrency = 9};
    struct trial trial = quiet_trial();
    trial.counters.passive_opens = 10 + REQUESTS * 0.1;
    trial.result.keepalive = REQUESTS * 0.9;
    judge(&trial, &kept);
    assert_string_equal(broken_rules(&trial), "");
    trial = quiet_trial();
    judge(&trial, &nine);
    assert_string_equal(broken_rules(&trial), "");
}

/* The kernel tells it of any tool, and ab by itself. */
static void keep_alive_that_is_not_kept_is_invalid(void **state)
{
    (void)state;
    static const struct load kept = {
        .tool = (char *)"ab", .concurrency = 10, .keepalive = true};
    static const struct {
        double passive_opens;
        long keepalive;
    } cases[] = {{10 + REQUESTS * 0.11, -1}, {10, 0}, {NAN, 0}, {REQUESTS, REQUESTS}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct trial trial = quiet_trial();
        trial.counters.passive_opens = cases[i].passive_opens;
        trial.result.keepalive = cases[i].keepalive;
        judge(&trial, &kept);
        assert_string_equal(broken_rules(&trial), "kept ");
        assert_int_equal(trial.verdict, VERDICT_INVALID);
        trial_free(&trial);
    }
}

/* Where connections are closed, a request of h2load begins only when there is one. */
static void a_time_without_its_connection_has_no_law(void **state)
{
    (void)state;
    struct load load = ten;
    struct trial trial = quiet_trial();
    for (int i = 0; i < PERCENTILES; i++)
        trial.result.percentile_ms[i] /= 2;
    judge(&trial, &load);
    assert_string_equal(broken_rules(&trial), "little ");
    trial_free(&trial);
    trial = quiet_trial();
    for (int i = 0; i < PERCENTILES; i++)
        trial.result.percentile_ms[i] /= 2;
    load.tool = (char *)"h2load";
    judge(&trial, &load);
    assert_string_equal(broken_rules(&trial), "");
}

/* A server on more cores than its own; what ab opens too many is no flag, but divided by. */
static void what_is_too_much_is_flagged(void **state)
{
    (void)state;
    struct trial trial = quiet_trial();
    trial.counters.passive_opens = REQUESTS * 1.03;
    trial.server_busy = 1.5;
    judge(&trial, &ten);
    assert_string_equal(broken_rules(&trial), "cores ");
    assert_int_equal(trial.verdict, VERDICT_VALID);
    trial_free(&trial);
}

/* ---- the timeline ---- */

/* A digit for each tenth of a second, tens of connections in it. */
static const struct timeline {
    const char *steps;
    double usual_ms; /* the median time of a request */
    const char *rules;
} timelines[] = {
    {"9555555555555555555555555555551", 1, ""},
    {"9555555550005555555555555555551", 1, "stall "},
    {"9555555550055555555555555555551", 1, ""},
    {"9000000000000000000000000000009", 1, "stall "}, /* the rest in what the end left */
    {"9555555550005555555555555555551", 150, ""},     /* the others wait nearly as long */
    {"0005555555555555555555555555551", 1, ""},       /* the load tool starts late */
    {"9555555555555555555555555500000", 1, ""},       /* the last replies are awaited */
    {"9333333333344444444445555555551", 1, "drift "},
    {"9555555555544444444443333333331", 1, "drift "},
    {"9545454545454545454545454545451", 1, ""},
    {"93344555551", 1, ""}, /* too short to tell */
    {"95", 1, ""},
    {"", 1, ""},
};

static void the_timeline_is_judged(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof timelines / sizeof *timelines; i++) {
        double accepts[40];
        struct trial trial = quiet_trial();
        const char *steps = timelines[i].steps;
        trial.accept_count = strlen(steps);
        for (size_t j = 0; j < trial.accept_count; j++)
            accepts[j] = 10 * (steps[j] - '0');
        trial.accepts = trial.accept_count ? accepts : NULL;
        trial.result.percentile_ms[50] = timelines[i].usual_ms;
        trial.result.requests_per_second = NAN; /* Little's law is not asked */
        judge(&trial, &ten);
        if (strcmp(broken_rules(&trial), timelines[i].rules) != 0)
            fail_msg("%s: broken is '%s', not '%s'", steps, broken_rules(&trial),
                     timelines[i].rules);
        trial.accepts = NULL;
        trial_free(&trial);
    }
}

/* ---- words and limits ---- */

static void remarks_have_the_figure(void **state)
{
    (void)state;
    static const struct {
        struct set set;
        const char *text;
    } cases[] = {
        {{offsetof(struct trial, counters.resets_sent), 1234},
         "connections were reset: 1.22 % of the requests (limit 0.1)"},
        {{offsetof(struct trial, counters.listen_overflows), 15792},
         "connections that the server's backlog had no room for: 15792 (limit 0)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct trial trial = quiet_trial();
        set_figures(&trial, (struct set[SETS]){cases[i].set});
        judge(&trial, &ten);
        assert_int_equal(trial.remark_count, 1);
        const struct remark *remark = &trial.remarks[0];
        char *words = judge_words(remark->rule, remark->value, remark->limit);
        assert_string_equal(words, cases[i].text);
        free(words);
        if (trial.reason)
            assert_string_equal(trial.reason, cases[i].text);
        trial_free(&trial);
    }
}

static void the_rung_is_named(void **state)
{
    (void)state;
    struct trial trial = quiet_trial();
    trial.counters.syn_retransmits = 3;
    trial.result.percentile_ms[PERCENTILES - 1] = 9087;
    judge(&trial, &ten);
    assert_string_equal(broken_rules(&trial), "retries ladder ");
    assert_true(trial.remarks[1].value == 9000);
    trial_free(&trial);
}

static void a_limit_can_be_set(void **state)
{
    (void)state;
    static const struct {
        const char *limit;
        const char *rules;
    } cases[] = {
        {"resets=1.3", ""},
        {"resets=1.2", "resets "},
        {"resets=inf", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err;
        struct limits limits;
        struct trial trial = quiet_trial();
        trial.counters.resets_sent = 1234; /* 1.224 %: ten are ab's own */
        limits_usual(&limits);
        assert_int_equal(limits_set(&limits, cases[i].limit, &err), 0);
        judge_trial(&trial, &ten, &limits);
        assert_string_equal(broken_rules(&trial), cases[i].rules);
        trial_free(&trial);
    }
}

static void other_limits_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *limit;
        const char *reason;
    } cases[] = {
        {"foreign-cpu=1", "the rules are: suspended clock wall connections"},
        {"resets", "RULE=NUMBER"},
        {"=1", "RULE=NUMBER"},
        {"", "RULE=NUMBER"},
        {"resets=", "not a number"},
        {"resets=1x", "not a number"},
        {"resets=nan", "not a number"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err;
        struct limits limits;
        limits_usual(&limits);
        assert_int_equal(limits_set(&limits, cases[i].limit, &err), -1);
        assert_non_null(strstr(err.text, cases[i].reason));
    }
}

/* Whoever reads the list finds every rule that a trial of the table above breaks. */
static void the_list_has_every_rule(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    judge_list(out);
    assert_int_equal(fclose(out), 0);
    for (size_t i = 0; i < sizeof breaches / sizeof *breaches; i++) {
        char line[64];
        snprintf(line, sizeof line, "\n%.*s ", (int)strcspn(breaches[i].rules, " "),
                 breaches[i].rules);
        if (*breaches[i].rules)
            assert_non_null(strstr(text, line));
    }
    assert_non_null(strstr(text, "\nstall "));
    assert_non_null(strstr(text, "\ndrift "));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_has_its_limit),
        cmocka_unit_test(what_cannot_be_measured_breaks_nothing),
        cmocka_unit_test(a_rule_applies_where_it_can),
        cmocka_unit_test(keep_alive_that_is_not_kept_is_invalid),
        cmocka_unit_test(a_time_without_its_connection_has_no_law),
        cmocka_unit_test(what_is_too_much_is_flagged),
        cmocka_unit_test(the_timeline_is_judged),
        cmocka_unit_test(remarks_have_the_figure),
        cmocka_unit_test(the_rung_is_named),
        cmocka_unit_test(a_limit_can_be_set),
        cmocka_unit_test(other_limits_are_refused),
        cmocka_unit_test(the_list_has_every_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
