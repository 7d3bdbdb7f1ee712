/* check.c - tries the server contract on servers, check by check.
 * SPDX-License-Identifier: MIT */
#include "subject/check.h"

#include "base/alloc.h"
#include "base/colour.h"
#include "base/interrupt.h"
#include "base/utf8.h"
#include "subject/conduct.h"
#include "subject/exchange.h"
#include "subject/subject.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- trying ---- */

static const char loopback[] = "127.0.0.1";

/* How long after a failed check a server may take to be seen to have ended. */
enum { DEATH_TIMEOUT_MS = 200 };

/* Either a conversation or a conduct. */
struct check {
    const struct exchange *exchange;
    const struct conduct *conduct;
};

static size_t check_count(void)
{
    return conduct_at_start_count + exchange_count + conduct_in_service_count;
}

static struct check check_at(size_t i)
{
    if (i < conduct_at_start_count)
        return (struct check){.conduct = &conducts_at_start[i]};
    i -= conduct_at_start_count;
    if (i < exchange_count)
        return (struct check){.exchange = &exchanges[i]};
    return (struct check){.conduct = &conducts_in_service[i - exchange_count]};
}

static const char *check_name(const struct check *check)
{
    return check->exchange ? check->exchange->name : check->conduct->name;
}

static bool check_is_hello(const struct check *check)
{
    return check->exchange ? check->exchange->hello : check->conduct->hello;
}

static int check_try(const struct check *check, struct subject *subject,
                     struct finding *finding)
{
    if (check->conduct)
        return check->conduct->try(subject, finding);
    return exchange_try(check->exchange, subject->running.host, subject->running.port,
                        finding);
}

/* A server that a check has ended is worth a line, and makes room for a fresh one. */
static void note_death(struct subject *subject, struct finding *finding)
{
    struct finding ending;
    if (!subject->up || proc_wait(&subject->running.proc, DEATH_TIMEOUT_MS) != PROC_ENDED)
        return;
    snprintf(finding->ended, sizeof finding->ended, "%s", server_died(&subject->running));
    subject_stop(subject, &ending);
}

/* A server that ended unasked since the last check fails this one; the next has a fresh
 * one. */
static bool has_died(struct subject *subject, struct finding *finding)
{
    struct finding ending;
    const char *died = subject->up ? server_died(&subject->running) : NULL;
    if (!died)
        return false;
    finding_says(finding, "a server that runs on", "it ended before this check: %s",
                 died);
    subject_stop(subject, &ending);
    return true;
}

/* Makes the server as the check needs it: running, or stopped, so that it can start its
 * own. */
static int subject_prepare(struct subject *subject, bool running, struct finding *finding)
{
    struct finding ending;
    if (running)
        return subject_start(subject, loopback, finding);
    subject_stop(subject, &ending);
    return 0;
}

static enum check_verdict check_run(const struct check *check, struct subject *subject,
                                    struct finding *finding)
{
    bool needs_running = check->exchange || check->conduct->needs_running;
    if (needs_running && subject->unstartable)
        return CHECK_NOT_TRIED;
    if (has_died(subject, finding) ||
        subject_prepare(subject, needs_running, finding) < 0)
        return CHECK_FAILED;
    if (check_try(check, subject, finding) == 0)
        return CHECK_OK;
    note_death(subject, finding);
    const char *blocks = subject->server->blocks;
    const char *excuse = check->conduct ? check->conduct->excuse : NULL;
    return blocks && excuse && strstr(blocks, excuse) ? CHECK_NOTED : CHECK_FAILED;
}

void check_server(const struct run_server *server, const char *only,
                  void (*report)(const struct check_result *result, void *data),
                  void *data)
{
    struct finding ending;
    struct subject subject = {.server = server,
                              .error = memfd_create("error", MFD_CLOEXEC)};
    for (size_t i = 0; i < check_count(); i++) {
        struct check check = check_at(i);
        struct check_result result = {.server = server, .name = check_name(&check)};
        if ((only && strcmp(only, result.name) != 0) ||
            (server->only && !check_is_hello(&check)))
            continue;
        result.verdict = check_run(&check, &subject, &result.finding);
        if (interrupt_requested())
            break;
        report(&result, data);
    }
    subject_stop(&subject, &ending);
    close(subject.error);
}

/* ---- printing ---- */

struct tally {
    int count[CHECK_NOT_TRIED + 1]; /* by verdict */
};

struct printer {
    int name_width;
    bool colour;
    struct tally tally; /* of the server under way */
};

static const struct {
    const char *word;
    const char *colour; /* SGR parameters */
} shown[] = {
    [CHECK_OK] = {"ok", "32"},
    [CHECK_FAILED] = {"FAIL", "1;31"},
    [CHECK_NOTED] = {"note", "33"},
    [CHECK_NOT_TRIED] = {"--", "33"},
};

static void print_line(const struct printer *printer, const char *name,
                       enum check_verdict verdict, const char *text)
{
    const char *word = shown[verdict].word;
    char *clean = utf8_clean(name);
    printf("%-*s  ", printer->name_width, clean);
    free(clean);
    if (printer->colour)
        printf("\033[%sm%-4s\033[0m", shown[verdict].colour, word);
    else
        printf("%-4s", word);
    fputs("  ", stdout);
    utf8_print(stdout, text);
    putchar('\n');
}

static void print_finding_line(const struct printer *printer, const char *label,
                               const char *text)
{
    if (!*text)
        return;
    printf("%*s%-8s  ", printer->name_width + 8, "", label);
    utf8_print(stdout, text);
    putchar('\n');
}

static void print_left_out(const struct printer *printer, const struct run_server *server)
{
    char *line = alloc_format("%-*s  left out: %s", printer->name_width, server->name,
                              server->missing);
    utf8_print(stdout, line);
    putchar('\n');
    free(line);
}

static void print_result(const struct check_result *result, void *data)
{
    struct printer *printer = data;
    printer->tally.count[result->verdict]++;
    if (result->verdict != CHECK_NOT_TRIED)
        print_line(printer, result->server->name, result->verdict, result->name);
    if (result->verdict == CHECK_FAILED || result->verdict == CHECK_NOTED) {
        print_finding_line(printer, "sent", result->finding.sent);
        print_finding_line(printer, "expected", result->finding.expected);
        print_finding_line(printer, "came", result->finding.came);
        print_finding_line(printer, "ended", result->finding.ended);
    }
    fflush(stdout);
}

static void print_tally(const struct printer *printer, const char *name,
                        const struct tally *tally)
{
    char text[160];
    const int *count = tally->count;
    int used = snprintf(text, sizeof text, "%d of %d checks passed", count[CHECK_OK],
                        count[CHECK_OK] + count[CHECK_FAILED] + count[CHECK_NOTED] +
                            count[CHECK_NOT_TRIED]);
    static const char *const words[] = {[CHECK_FAILED] = "failed",
                                        [CHECK_NOTED] = "noted: its I/O model is so",
                                        [CHECK_NOT_TRIED] = "not tried"};
    for (int i = CHECK_FAILED; i <= CHECK_NOT_TRIED; i++)
        if (count[i] > 0)
            used += snprintf(text + used, sizeof text - (size_t)used, ", %d %s", count[i],
                             words[i]);
    print_line(printer, name, count[CHECK_FAILED] ? CHECK_FAILED : CHECK_OK, text);
    fflush(stdout);
}

static int names_width(const struct run_server *servers, size_t count)
{
    int width = (int)strlen("all");
    for (size_t i = 0; i < count; i++)
        if ((int)strlen(servers[i].name) > width)
            width = (int)strlen(servers[i].name);
    return width;
}

static void tally_add(struct tally *sum, const struct tally *tally)
{
    for (int i = 0; i <= CHECK_NOT_TRIED; i++)
        sum->count[i] += tally->count[i];
}

int check_servers(const struct run_server *servers, size_t count)
{
    struct err err;
    struct tally sum = {0};
    struct printer printer = {
        .name_width = names_width(servers, count),
        .colour = colour_wanted(STDOUT_FILENO),
    };
    if (interrupt_catch(&err) < 0) {
        fprintf(stderr, "abacus: %s\n", err.text);
        return 1;
    }
    for (size_t i = 0; i < count && !interrupt_requested(); i++) {
        if (servers[i].missing) {
            print_left_out(&printer, &servers[i]);
            continue;
        }
        printer.tally = (struct tally){0};
        check_server(&servers[i], NULL, print_result, &printer);
        print_tally(&printer, servers[i].name, &printer.tally);
        tally_add(&sum, &printer.tally);
    }
    if (count > 1)
        print_tally(&printer, "all", &sum);
    if (interrupt_requested())
        puts("interrupted: not every check was tried");
    return sum.count[CHECK_FAILED] + interrupt_requested();
}
