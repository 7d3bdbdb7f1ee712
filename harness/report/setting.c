/* setting.c - what was run: the machine, the servers, the loads, the rounds.
 * SPDX-License-Identifier: MIT */
#include "report/view.h"

#include "base/alloc.h"
#include "render/figure.h"
#include "render/grid.h"

#include <math.h>
#include <stdlib.h>

static const struct column NAMED_LINES[] = {{.head = NULL}, {.head = NULL}};

static void add_line(struct grid *lines, const char *name, const char *words)
{
    grid_add(lines, "%s", name);
    grid_add(lines, "%s", words);
}

static void write_lines(struct grid *lines, struct page *page)
{
    grid_write(lines, page);
    grid_free(lines);
}

/* "100,000 requests for /", "10 s of requests for /". */
static char *load_amount(const struct load *load)
{
    if (load->requests > 0)
        return alloc_format("%s requests for %s",
                            figure_count((double)load->requests).text, load->path);
    return alloc_format("%s of requests for %s", figure_duration(load->seconds).text,
                        load->path);
}

static char *load_words(const struct load *load)
{
    char *amount = load_amount(load);
    char *tools = load->clients > 1
                      ? alloc_format("%d %s side by side", load->clients, load->tool)
                      : alloc_copy(load->tool);
    char *words = alloc_format(
        "%s by %s, %s at a time, %s; %s more beforehand to prime the server", amount,
        tools, figure_count(load->concurrency).text,
        load->keepalive ? "on connections that are kept" : "each on its own connection",
        figure_count((double)load->priming).text);
    free(amount);
    free(tools);
    return words;
}

static void write_loads(struct page *page, const struct suite *suite)
{
    struct grid lines;
    grid_init(&lines, NAMED_LINES, 2);
    for (size_t i = 0; i < suite->load_count; i++) {
        char *words = load_words(&suite->loads[i]);
        add_line(&lines, suite->loads[i].name, words);
        free(words);
    }
    write_lines(&lines, page);
}

static void write_machine(struct page *page, const struct run *run)
{
    struct grid lines;
    if (run->machine_count == 0)
        return;
    grid_init(&lines, NAMED_LINES, 2);
    for (size_t i = 0; i < run->machine_count; i++)
        add_line(&lines, run->machine[i].name, run->machine[i].value);
    write_lines(&lines, page);
}

/* Owned by the caller. */
static char *server_words(const struct run_server *server)
{
    if (server->missing)
        return alloc_format("LEFT OUT: %s", server->missing);
    if (server->control_of)
        return alloc_format("%s once more: how far the two differ is the noise floor of "
                            "this run",
                            server->control_of);
    return alloc_copy(server->about);
}

static void write_servers(struct page *page, const struct run *run)
{
    struct grid lines;
    grid_init(&lines, NAMED_LINES, 2);
    for (size_t i = 0; i < run->server_count; i++) {
        const struct run_server *server = &run->servers[i];
        char *words = server_words(server);
        add_line(&lines, server->name, words);
        free(words);
    }
    write_lines(&lines, page);
}

static void write_extent(struct page *page, const struct run *run,
                         const struct summary *summary)
{
    char *took =
        run->finished
            ? alloc_format("took %s", figure_duration(run->wall_s).text)
            : alloc_format("and stopped before its end: %d of %d rounds complete",
                           summary->rounds_done, run->rounds);
    page_text(
        page,
        "Started %s, %s. %d whole trial%s of each server and load, then %d rounds of "
        "slices with all servers side by side, in an order shuffled with seed %llu.",
        run->started, took, run->trials_each, run->trials_each == 1 ? "" : "s",
        run->rounds, run->seed);
    free(took);
}

void setting_introduce(struct page *page, const struct report *report)
{
    const struct run *run = report->run;
    if (run->suite.about[0])
        page_text(page, "%s", run->suite.about);
    write_extent(page, run, report->summary);
    for (size_t i = 0; i < run->note_count; i++)
        page_item(page, "%s", run->notes[i]);
}

void setting_write(struct page *page, const struct report *report)
{
    const struct run *run = report->run;
    page_heading(page, 3, "The loads");
    write_loads(page, &run->suite);
    if (run->machine_count > 0)
        page_heading(page, 3, "The test environment");
    write_machine(page, run);
    page_heading(page, 3, "The servers");
    write_servers(page, run);
}
