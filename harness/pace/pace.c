/* pace.c - the program pace: requests at a rate that does not depend on the replies, timed from the
 * moment when they were due.
 * SPDX-License-Identifier: MIT */
#include "base/err.h"
#include "base/interrupt.h"
#include "base/number.h"
#include "base/option.h"
#include "base/version.h"
#include "pace/client.h"
#include "pace/idle.h"
#include "pace/plan.h"
#include "pace/print.h"

#include <limits.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

enum { EXIT_USAGE = 2, INTERRUPTED = 130 };

static const double USUAL_S = 10;
static const double SECONDS_MAX = 86400;
static const double REQUESTS_MAX = 100e6;

/* ---- options ---- */

static bool take_duration(void *values, const char *text)
{
    return number_time(&((struct plan *)values)->seconds, text, SECONDS_MAX);
}

static bool take_timeout(void *values, const char *text)
{
    return number_time(&((struct plan *)values)->timeout, text, SECONDS_MAX);
}

static bool take_arrivals(void *values, const char *text)
{
    struct plan *plan = values;
    plan->constant = strcmp(text, "constant") == 0;
    return plan->constant || strcmp(text, "poisson") == 0;
}

#define AT(field) offsetof(struct plan, field)

static const struct option_spec specs[] = {
    {.name = "connections",
     .letter = 'c',
     .value = "N",
     .kind = OPTION_COUNT,
     .where = AT(connections),
     .least = 1,
     .most = 60000,
     .help = "at a time (50)"},
    {.name = "duration",
     .letter = 'd',
     .value = "TIME",
     .kind = OPTION_OWN,
     .take = take_duration,
     .wants = "a time such as 10s, 500ms or 2m",
     .help = "for which requests are sent (10s)"},
    {.name = "requests",
     .letter = 'n',
     .value = "N",
     .kind = OPTION_COUNT,
     .where = AT(requests),
     .least = 1,
     .most = REQUESTS_MAX,
     .help = "so many requests, however long they take"},
    {.name = "rate",
     .letter = 'R',
     .value = "N",
     .kind = OPTION_NUMBER,
     .where = AT(rate),
     .least = 0.1,
     .most = 1e6,
     .help = "requests per second, whether or not replies come: an open loop.\n"
             "Without it each connection sends when it has its reply"},
    {.name = "arrivals",
     .value = "HOW",
     .kind = OPTION_OWN,
     .take = take_arrivals,
     .wants = "poisson or constant",
     .help = "poisson (the default), or constant: at equal distances"},
    {.name = "seed",
     .value = "N",
     .kind = OPTION_SEED,
     .where = AT(seed),
     .help = "of the Poisson process (1)"},
    {.name = "disable-keepalive",
     .kind = OPTION_FLAG,
     .where = AT(closes),
     .help = "a connection for each request"},
    {.name = "idle",
     .value = "N",
     .kind = OPTION_COUNT,
     .where = AT(idle),
     .least = 1,
     .most = 1000000,
     .help = "open so many more connections first, each answered once, and hold them"},
    {.name = "hold",
     .kind = OPTION_FLAG,
     .where = AT(hold),
     .help = "send no requests: hold the idle connections until SIGTERM or Ctrl-C"},
    {.name = "timeout",
     .value = "TIME",
     .kind = OPTION_OWN,
     .take = take_timeout,
     .wants = "a time such as 10s, 500ms or 2m",
     .help = "of a request (30s)"},
    {.name = "latency",
     .kind = OPTION_FLAG,
     .where = AT(spectrum),
     .help = "print the whole distribution of times"},
    {.name = "json",
     .kind = OPTION_FLAG,
     .where = AT(json),
     .help = "print one JSON object instead"},
    {0}};

static void print_help(void)
{
    puts("usage: pace [OPTION...] http://HOST:PORT/PATH\n\n"
         "Sends requests at a given rate, and takes each one's time from the moment when "
         "it "
         "was due.\n");
    options_help(stdout, specs);
    puts("\nExample: pace -R 1000 -d 10s --latency http://127.0.0.1:8080/\n\n"
         "Exit status: 0; 1 no request was complete; 2 wrong usage; 130 after Ctrl-C.");
}

static void print_manual(void)
{
    puts(".Dd November 26, 2026\n.Dt PACE 1\n.Os abacus " ABACUS_VERSION);
    puts(".Sh NAME\n.Nm pace\n.Nd send HTTP requests at a given rate");
    puts(".Sh SYNOPSIS\n.Nm\n.Op Ar options\n.Ar http://host:port/path");
    puts(".Sh DESCRIPTION\n.Nm\nsends requests at a rate that does not depend on the "
         "replies, and "
         "takes each one's time from the\nmoment when it was due: a server that stops "
         "for a "
         "second shows a second's worth of late\nrequests.\nIt measures how late it is "
         "itself.");
    options_mdoc(stdout, specs);
    puts(".Sh EXIT STATUS\n.Bl -tag -width Ds\n.It 0\nSome request was complete.\n.It "
         "1\nNone "
         "was.\n.It 2\nWrong usage.\n.It 130\nEnded by Ctrl-C.\n.El");
    puts(".Sh SEE ALSO\n.Xr ab 1 ,\n.Xr abacus 1");
}

static int fail(int status, const struct err *err)
{
    fprintf(stderr, "pace: %s\n", err->text);
    return status;
}

/* Reads the command line into the plan. 0, or the exit status. */
static int plan_make(struct plan *plan, int argc, char **argv)
{
    struct err err;
    *plan = (struct plan){.connections = 50, .timeout = 30, .seed = 1};
    int operands = options_read("pace", specs, plan, argc, argv, &err);
    if (operands < 0)
        return fail(EXIT_USAGE, &err);
    if (argc != operands + 1)
        err_set(&err, "which http://HOST:PORT/PATH? 'pace --help' shows the options");
    else if (plan->requests && plan->seconds > 0)
        err_set(&err, "--requests or --duration, not both");
    else if (plan->hold && !plan->idle)
        err_set(&err, "--hold needs --idle N");
    else if (plan->rate * plan->seconds > REQUESTS_MAX)
        err_set(&err, "more than %.0f requests: a lower --rate or --duration",
                REQUESTS_MAX);
    else if (plan_target(plan, argv[operands], &err) == 0) {
        if (!plan->requests && plan->seconds <= 0)
            plan->seconds = USUAL_S;
        return 0;
    }
    return fail(EXIT_USAGE, &err);
}

/* ---- what it does ---- */

/* Nothing happens but that the server may close some of them. */
static int hold(const struct idle *idle)
{
    struct pollfd stop = {.fd = interrupt_fd(), .events = POLLIN};
    print_held(stdout, idle);
    while (!interrupt_requested())
        poll(&stop, 1, -1);
    return 0;
}

static int measure(const struct plan *plan, struct idle *idle)
{
    struct err err;
    struct outcome outcome;
    int failed = client_run(&outcome, plan, &err);
    idle_look(idle);
    if (failed)
        fail(1, &err);
    else if (plan->json)
        print_json(stdout, plan, &outcome, idle);
    else
        print_text(stdout, plan, &outcome, idle);
    bool nothing = outcome.complete == 0;
    if (!failed && nothing)
        fprintf(stderr, "pace: no request was complete\n");
    outcome_free(&outcome);
    if (interrupt_requested())
        return INTERRUPTED;
    return failed || nothing ? 1 : 0;
}

static int run(const struct plan *plan)
{
    struct err err;
    struct idle idle = {0};
    if (interrupt_catch(&err) < 0)
        return fail(1, &err);
    prctl(PR_SET_TIMERSLACK, 1UL); /* sleeps that end on time */
    int status = plan->idle && idle_open(&idle, plan, &err) < 0 ? fail(EXIT_USAGE, &err)
                 : plan->hold                                   ? hold(&idle)
                                                                : measure(plan, &idle);
    idle_close(&idle);
    return status;
}

int main(int argc, char **argv)
{
    struct plan plan;
    interrupt_begin();
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            print_help();
            return 0;
        }
    if (argc == 2 && strcmp(argv[1], "--manual") == 0) {
        print_manual();
        return 0;
    }
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("pace " ABACUS_VERSION);
        return 0;
    }
    int status = plan_make(&plan, argc, argv);
    if (!status)
        status = run(&plan);
    plan_free(&plan);
    return status;
}
