/* judge.c - is a trial to be trusted? The rules, as a table.
 * SPDX-License-Identifier: MIT */
#include "analyse/judge.h"

#include "base/alloc.h"
#include "load/tool.h"
#include "stats/ladder.h"
#include "stats/trend.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One check: broken if `measure` gives more than `limit`. A measure that cannot be taken is
 * NAN, which breaks nothing. */
struct rule {
    const char *name;
    enum consequence consequence;
    double limit;
    const char *unit;   /* of the measure and its limit */
    const char *source; /* where the measure comes from */
    const char *words;  /* what it means, before the figure */
    double (*measure)(const struct trial *trial, const struct load *load);
};

/* A step of trial.accepts. */
static const double ACCEPT_STEP_MS = 100;

/* What a load tool takes to start, and to sort its times at the end, beside busy programs, too: these
 * make no trial invalid. */
static const double START_AND_END_S = 2;

/* With fewer requests to each connection, the start and the end of a trial, when not all are
 * under way, weigh too much. */
enum { GENERATIONS = 50 };

/* ---- what is measured ---- */

static double seconds(const struct trial *trial)
{
    return trial->counters.monotonic_s;
}

static double clock_jump(const struct trial *trial, const struct load *load)
{
    (void)load;
    double jump = fabs(trial->counters.realtime_s - trial->counters.monotonic_s);
    return 100 * jump / fmax(seconds(trial), 1);
}

static double suspended(const struct trial *trial, const struct load *load)
{
    (void)load;
    return trial->counters.boottime_s - trial->counters.monotonic_s;
}

/* The load tool's own time is what it measures, the trial's what abacus sees: its start and its
 * end lie between. More, and abacus was stopped, or the tool's clock set; the CPU time then
 * belongs to another time than the requests. */
static double time_apart(const struct trial *trial, const struct load *load)
{
    (void)load;
    double apart = fabs(trial->tool_wall_s - trial->result.seconds);
    return 100 * fmax(apart - START_AND_END_S, 0) / trial->result.seconds;
}

static double missing_connections(const struct trial *trial, const struct load *load)
{
    double expected = (double)trial->result.complete;
    return load->keepalive ? NAN : expected - trial->counters.passive_opens;
}

/* Requests that came on a connection of their own, beyond the first of each that was to be
 * kept: as the kernel accepted connections, or as the load tool counted them. */
static double not_kept(const struct trial *trial, const struct load *load)
{
    const struct tool_result *result = &trial->result;
    double complete = (double)result->complete;
    double accepted = trial->counters.passive_opens - load->concurrency;
    double told = result->keepalive >= 0 ? complete - (double)result->keepalive : NAN;
    return load->keepalive ? 100 * fmax(accepted, told) / complete : NAN;
}

static double listen_overflows(const struct trial *trial, const struct load *load)
{
    (void)load;
    return fmax(trial->counters.listen_overflows, trial->counters.listen_drops);
}

static double syn_retries(const struct trial *trial, const struct load *load)
{
    (void)load;
    return fmax(trial->counters.syn_retransmits, trial->counters.timeouts);
}

static double cookies(const struct trial *trial, const struct load *load)
{
    (void)load;
    return trial->counters.cookies_sent;
}

/* The rung that the longest request lies on, if some packet was sent again. */
static double on_ladder(const struct trial *trial, const struct load *load)
{
    if (!(syn_retries(trial, load) > 0))
        return NAN;
    return ladder_rung(trial->result.percentile_ms[PERCENTILES - 1]);
}

/* More than it was given: it has left its core, and takes the load tool's. */
static double server_cores(const struct trial *trial, const struct load *load)
{
    (void)load;
    return 100 * trial->server_busy;
}

/* Not those of the connections that ab has open, and does not need, when it ends. */
static double resets(const struct trial *trial, const struct load *load)
{
    double sum = trial->counters.resets_sent + trial->counters.resets_received;
    return 100 * fmax(sum - load->concurrency, 0) / (double)trial->result.complete;
}

static double time_wait(const struct trial *trial, const struct load *load)
{
    (void)load;
    return trial->counters.time_wait_overflows;
}

/* How much shorter than two seconds. */
static double too_short(const struct trial *trial, const struct load *load)
{
    (void)load;
    return 2 - trial->result.seconds;
}

/* Some tools' requests begin once they have a connection: more is under way then. */
static bool times_begin_late(const struct load *load)
{
    return tool_find(load->tool)->keeps && !load->keepalive;
}

/* Little 1961: what is under way is the rate times the mean time. The mean lies between those
 * of the percentiles' lower and upper ends (ab's own is in whole milliseconds), so only what
 * lies outside counts. */
static double little(const struct trial *trial, const struct load *load)
{
    const double *time_ms = trial->result.percentile_ms;
    double low = 0;
    double high = 0;
    if (load->concurrency < 10 ||
        trial->result.complete < GENERATIONS * load->concurrency ||
        times_begin_late(load))
        return NAN;
    for (int i = 1; i < PERCENTILES; i++) {
        low += time_ms[i - 1] / (PERCENTILES - 1);
        high += time_ms[i] / (PERCENTILES - 1);
    }
    double per_ms = trial->result.requests_per_second / 1000;
    double over = per_ms * low / load->concurrency - 1;
    double under = 1 - per_ms * high / load->concurrency;
    return 100 * fmax(over, under);
}

/* The timeline between its first and its last traffic: these two steps are cut off by the
 * start and the end, and then there are no connections while the last replies are awaited. */
static size_t inner_steps(const struct trial *trial, const double **first)
{
    size_t from = 0;
    size_t to = trial->accept_count;
    while (from < to && !(trial->accepts[from] > 0))
        from++;
    while (to > from && !(trial->accepts[to - 1] > 0))
        to--;
    if (to - from < 3)
        return 0;
    *first = trial->accepts + from + 1;
    return to - from - 2;
}

static double drift(const struct trial *trial, const struct load *load)
{
    (void)load;
    const double *steps = NULL;
    size_t n = inner_steps(trial, &steps);
    if (n < 10)
        return NAN;
    return trend_p(steps, n) < 0.01 ? 100 * fabs(trend_drift(steps, n)) : 0;
}

/* The longest time without traffic, beyond what a request usually takes: where all are
 * answered at once there are such pauses, too. */
static double stall(const struct trial *trial, const struct load *load)
{
    (void)load;
    const double *steps = NULL;
    size_t n = inner_steps(trial, &steps);
    double pause = 0;
    double longest = 0;
    for (size_t i = 0; i < n; i++) {
        pause = steps[i] == 0 ? pause + ACCEPT_STEP_MS : 0;
        longest = fmax(longest, pause);
    }
    return longest - trial->result.percentile_ms[50];
}

/* Of what the load asks for: a server that was too slow for all was given fewer. A tool that counts
 * time was not asked for a number. */
static double fewer_requests(const struct trial *trial, const struct load *load)
{
    if (load->requests <= 0)
        return 0;
    return 100 * (1 - (double)trial->result.complete / (double)load->requests);
}

/* Then its requests per second are those of several cores. */
static double several_cores(const struct trial *trial, const struct load *load)
{
    (void)load;
    return trial->server_cores;
}

/* ---- the rules ---- */

static const struct rule rules[] = {
    {"suspended", CONSEQUENCE_INVALID, 0.1, "s", "CLOCK_BOOTTIME, CLOCK_MONOTONIC",
     "the machine was suspended meanwhile, for", suspended},
    {"clock", CONSEQUENCE_INVALID, 0.1, "% of the trial",
     "CLOCK_REALTIME, CLOCK_MONOTONIC",
     "the clock that the load tool measures with was set meanwhile, by", clock_jump},
    {"wall", CONSEQUENCE_INVALID, 10, "% of the trial", "ab: Time taken, CLOCK_MONOTONIC",
     "abacus was stopped meanwhile, or the load tool's clock was set: the tool's own "
     "time "
     "and the trial's are apart by",
     time_apart},
    {"connections", CONSEQUENCE_INVALID, 0, "", "/proc/net/snmp: PassiveOpens",
     "fewer connections were accepted than requests answered, by", missing_connections},
    {"kept", CONSEQUENCE_INVALID, 10, "% of the requests",
     "/proc/net/snmp: PassiveOpens, ab: Keep-Alive requests",
     "keep-alive was asked for and not kept: new connections took", not_kept},
    {"overflows", CONSEQUENCE_FLAG, 0, "",
     "/proc/net/netstat: ListenOverflows, ListenDrops",
     "connections that the server's backlog had no room for:", listen_overflows},
    {"retries", CONSEQUENCE_FLAG, 0, "", "/proc/net/netstat: TCPSynRetrans, TCPTimeouts",
     "kernel retry: the slowest requests waited for packets that were sent again,",
     syn_retries},
    {"ladder", CONSEQUENCE_FLAG, 0, "ms", "ab -e, and the kernel's retry times",
     "kernel retry: the longest request took as long as the timer of a lost packet,",
     on_ladder},
    {"cookies", CONSEQUENCE_FLAG, 0, "", "/proc/net/netstat: SyncookiesSent",
     "connections that the kernel took without a queue (SYN cookies):", cookies},
    {"resets", CONSEQUENCE_FLAG, 0.1, "% of the requests",
     "/proc/net/snmp: OutRsts, EstabResets", "connections were reset:", resets},
    {"time-wait", CONSEQUENCE_FLAG, 0, "", "/proc/net/netstat: TCPTimeWaitOverflow",
     "closed connections that the kernel had no room to remember:", time_wait},
    {"cores", CONSEQUENCE_FLAG, 105, "% of its cores", "cgroup cpu.stat, ab: Time taken",
     "the server used more than it was given, so it ran on the load tool's core, too:",
     server_cores},
    {"several-cores", CONSEQUENCE_FLAG, 1, "cores", "the server's -i",
     "others had one core, and it had", several_cores},
    {"short", CONSEQUENCE_FLAG, 0, "s", "ab: Time taken for tests",
     "the trial was shorter than two seconds, by", too_short},
    {"requests", CONSEQUENCE_FLAG, 0, "%",
     "ab: Complete requests, the suite's trial_seconds",
     "all of the load's requests would have taken too long: it was given fewer, by",
     fewer_requests},
    {"little", CONSEQUENCE_FLAG, 5, "%", "ab -e: Little's law",
     "ab's figures do not fit together: requests per second times time per request "
     "should be the concurrency, and is off by",
     little},
    {"drift", CONSEQUENCE_FLAG, 5, "%",
     "/proc/net/snmp: PassiveOpens, InSegs every 100 ms",
     "the rate changed from the trial's first third to its last, by", drift},
    {"stall", CONSEQUENCE_FLAG, 200, "ms",
     "/proc/net/snmp: PassiveOpens, InSegs every 100 ms",
     "nothing moved: the time without any connection, or with keep-alive any TCP "
     "segment, "
     "exceeded that of a request by",
     stall},
};

enum { RULES = sizeof rules / sizeof *rules };

_Static_assert(sizeof rules / sizeof *rules <= RULES_MAX,
               "struct limits has a place for each rule");

static const struct rule *find_rule(const char *name, size_t length)
{
    for (int i = 0; i < RULES; i++)
        if (strlen(rules[i].name) == length && strncmp(rules[i].name, name, length) == 0)
            return &rules[i];
    return NULL;
}

/* Whole numbers from 100 on, three digits below: never an exponent. */
char *judge_words(const char *name, double value, double limit)
{
    const struct rule *rule = find_rule(name, strlen(name));
    if (!rule)
        return alloc_format("%s %.3g (limit %g)", name, value, limit);
    if (isnan(value))
        return alloc_format("%s more than %g%s%s", rule->words, rule->limit,
                            *rule->unit ? " " : "", rule->unit);
    char figure[32];
    snprintf(figure, sizeof figure, value >= 100 ? "%.0f" : "%.3g", value);
    return alloc_format("%s %s%s%s (limit %g)", rule->words, figure,
                        *rule->unit ? " " : "", rule->unit, limit);
}

void limits_usual(struct limits *limits)
{
    for (int i = 0; i < RULES; i++)
        limits->of[i] = rules[i].limit;
}

void judge_trial(struct trial *trial, const struct load *load,
                 const struct limits *limits)
{
    for (int i = 0; i < RULES; i++) {
        const struct rule *rule = &rules[i];
        double value = rule->measure(trial, load);
        if (!(value > limits->of[i]))
            continue;
        trial_add_remark(trial, rule->name, rule->consequence, value, limits->of[i]);
        enum verdict verdict = (enum verdict)rule->consequence;
        if (verdict > trial->verdict) {
            trial->verdict = verdict;
            free(trial->reason);
            trial->reason = judge_words(rule->name, value, limits->of[i]);
        }
    }
}

static void list_names(char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < RULES && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, " %s", rules[i].name);
}

int limits_set(struct limits *limits, const char *assignment, struct err *err)
{
    const char *equals = strchr(assignment, '=');
    const struct rule *rule =
        equals ? find_rule(assignment, (size_t)(equals - assignment)) : NULL;
    if (!rule) {
        char names[300];
        list_names(names, sizeof names);
        return err_set(err, "--limit takes RULE=NUMBER; the rules are:%s", names);
    }
    char *end;
    double limit = strtod(equals + 1, &end);
    if (end == equals + 1 || *end || isnan(limit))
        return err_set(err, "--limit %s: not a number", assignment);
    limits->of[rule - rules] = limit;
    return 0;
}

void judge_list(FILE *out)
{
    static const char *const consequences[] = {
        [CONSEQUENCE_FLAG] = "flag", [CONSEQUENCE_INVALID] = "invalid"};
    fprintf(out, "%-13s %6s %-17s %-9s  %s\n", "rule", "limit", "", "then", "source");
    for (int i = 0; i < RULES; i++)
        fprintf(out, "\n%-13s %6g %-17s %-9s  %s\n  %s …\n", rules[i].name,
                rules[i].limit, rules[i].unit, consequences[rules[i].consequence],
                rules[i].source, rules[i].words);
}
