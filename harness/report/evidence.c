/* evidence.c - every trial of a run, and what the load tool printed in it, folded.
 * SPDX-License-Identifier: MIT */
#include "report/view.h"

#include "base/alloc.h"
#include "base/textfile.h"
#include "render/document.h"
#include "render/escape.h"
#include "render/figure.h"
#include "render/glossary.h"
#include "render/names.h"
#include "report/packed.h"
#include "report/trials.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* So that the page of a long run still opens: no more printouts than this in all, an equal
 * share for each row of the tables, and of each no more than this. ab prints 2 KB. */
enum { PRINTOUTS_SHOWN = 500, PRINTOUT_BYTES = 8192 };

/* A record may come from anywhere: only a file of its own raw/ is read. */
static bool is_own_file(const char *path)
{
    return strncmp(path, "raw/", strlen("raw/")) == 0 && !strstr(path, "..");
}

static void write_lines(FILE *out, char *text)
{
    fputs("<pre tabindex=\"0\">", out);
    for (char *line; (line = strsep(&text, "\n"));) {
        escape_text(out, line);
        if (text)
            fputc('\n', out);
    }
    fputs("</pre>\n", out);
}

static void write_text(struct page *page, const struct trial *trial,
                       const char *directory)
{
    struct err err;
    char *path = alloc_format("%s/%s", directory, trial->raw);
    char *text = textfile_read(path, PRINTOUT_BYTES, &err);
    if (!text && packed_has(directory, trial->raw))
        page_text(page, "It is in " PACKED_NAME ", which tar -xf unpacks.");
    else if (!text)
        page_text(page, "It is not there. %s", err.text);
    page_block(page, BLOCK_OTHER);
    if (text)
        write_lines(page->out, text);
    if (text && strlen(text) == PRINTOUT_BYTES)
        page_text(page, "Here it is cut off; the file has the rest.");
    free(text);
    free(path);
}

static void write_printout(struct page *page, const struct trial *trial,
                           const char *directory)
{
    char *line = alloc_format("Trial %d: %s", trial->round, verdict_name(trial->verdict));
    document_fold(page, NULL, line);
    page_item_file(page, "File", trial->raw);
    if (is_own_file(trial->raw))
        write_text(page, trial, directory);
    document_unfold(page);
    free(line);
}

/* Which server under which load, and where its printouts are. */
struct place {
    const struct run *run;
    const struct run_server *server;
    const struct load *load;
    const char *directory;
};

/* A share of all printouts that are shown. */
static size_t printouts_shown(const struct run *run)
{
    size_t places = run->server_count * run->suite.load_count;
    return places < PRINTOUTS_SHOWN ? PRINTOUTS_SHOWN / places : 1;
}

static void write_printouts(struct page *page, const struct place *place)
{
    size_t shown = printouts_shown(place->run), count = 0;
    const struct trial *trial = NULL;
    while ((trial = trials_next(place->run, trial, place->server, place->load))) {
        if (trial->raw && count < shown)
            write_printout(page, trial, place->directory);
        count += trial->raw != NULL;
    }
    if (count > shown)
        page_text(page,
                  "The printouts of %zu more trials are left out here, to keep the page "
                  "small; the table above leads to each.",
                  count - shown);
}

static size_t count_trials(const struct place *place)
{
    size_t count = 0;
    const struct trial *trial = NULL;
    while ((trial = trials_next(place->run, trial, place->server, place->load)))
        count++;
    return count;
}

static void write_place(struct page *page, const struct place *place)
{
    size_t count = count_trials(place);
    char *id = trials_id(place->server, place->load);
    char *line =
        alloc_format("%s: %zu trial%s", place->load->name, count, count == 1 ? "" : "s");
    document_fold(page, id, line);
    if (trials_write(page, place->run, place->server, place->load) > 0)
        write_printouts(page, place);
    else
        page_text(page, "There are none%s%s.", place->server->missing ? ": " : "",
                  place->server->missing ? place->server->missing : "");
    document_unfold(page);
    free(line);
    free(id);
}

void evidence_write(struct page *page, const struct report *report)
{
    const struct run *run = report->run;
    const char *directory = report->directory;
    glossary_text(page, "rates-lead", NULL);
    for (size_t s = 0; s < run->server_count; s++) {
        page_heading(page, 3, "%s", name_label(run->servers[s].name).text);
        for (size_t l = 0; l < run->suite.load_count; l++)
            write_place(page, &(struct place){.run = run,
                                              .server = &run->servers[s],
                                              .load = &run->suite.loads[l],
                                              .directory = directory});
    }
}
