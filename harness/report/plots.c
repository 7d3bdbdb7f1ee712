/* plots.c - the columns that the gnuplot scripts in plots/ read, and running gnuplot.
 * SPDX-License-Identifier: MIT */
#include "report/plots.h"

#include "base/alloc.h"
#include "base/outfile.h"
#include "base/utf8.h"
#include "host/proc.h"
#include "report/figure.h"
#include "report/names.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One picture takes less than a second; a machine that is busy may take its time. */
enum { GNUPLOT_TIMEOUT_MS = 60000 };

/* What a bar stands for. */
struct bar {
    struct interval length;
    struct figure label;
};

/* gnuplot reads a quoted string up to the next quote, and knows no escape. */
static void write_string(FILE *out, const char *text)
{
    char *clean = utf8_clean(text);
    for (char *quote = clean; (quote = strchr(quote, '"'));)
        *quote = '\'';
    fprintf(out, "\t\"%s\"", clean);
    free(clean);
}

/* "nan" is how gnuplot knows that there is no figure. */
static void write_number(FILE *out, double value)
{
    if (isfinite(value))
        fprintf(out, "\t%.3f", value);
    else
        fputs("\tnan", out);
}

/* The columns that every row of every picture begins with: load and server, by number from 1
 * and by name. */
static void write_place(FILE *out, const struct summary *summary, size_t load,
                        size_t server, const char *server_name)
{
    const struct load *of = summary->tables[load].load;
    char *load_name = alloc_format("%s: %s", of->name, of->title);
    fprintf(out, "%zu\t%zu", load + 1, server + 1);
    write_string(out, load_name);
    write_string(out, server_name);
    free(load_name);
}

/* The cell of the server that is the `server`-th of the first table. */
static const struct cell *cell_at(const struct summary *summary, size_t load,
                                  size_t server)
{
    return table_cell(&summary->tables[load], summary->tables[0].cells[server].server);
}

static struct bar rate_bar(const struct cell *cell)
{
    return (struct bar){
        .length = cell->requests_per_second,
        .label = figure_count(cell->requests_per_second.mid),
    };
}

static struct bar cpu_bar(const struct cell *cell)
{
    return (struct bar){
        .length = cell->cpu_us_per_request,
        .label = figure_short(cell->cpu_us_per_request.mid),
    };
}

static void write_bars(FILE *out, const struct summary *summary,
                       struct bar (*bar_of)(const struct cell *))
{
    fputs("# load\tserver\tload name\tserver name\tlow\tmid\thigh\tlabel\tbound\n", out);
    for (size_t l = 0; l < summary->table_count; l++)
        for (size_t s = 0; s < summary->tables[0].cell_count; s++) {
            const struct cell *cell = cell_at(summary, l, s);
            const char *absence = cell_absence(cell);
            struct bar bar = bar_of(cell);
            write_place(out, summary, l, s, name_label(cell->server->name).text);
            write_number(out, bar.length.low);
            write_number(out, bar.length.mid);
            write_number(out, bar.length.high);
            write_string(out, absence ? absence : bar.label.text);
            fprintf(out, "\t%s\n", absence ? "none" : bound_name(cell->bound));
        }
}

static void write_rates(FILE *out, const struct summary *summary)
{
    write_bars(out, summary, rate_bar);
}

static void write_cpu(FILE *out, const struct summary *summary)
{
    write_bars(out, summary, cpu_bar);
}

/* One line of the picture: a server's percentiles under one load. What the tool does not give
 * (wrk knows fewer percentiles than ab) is left out, so that the line has no gap; the last row
 * is always there, to name the server. */
static void write_curve(FILE *out, const struct summary *summary, size_t load,
                        size_t server)
{
    const struct cell *cell = cell_at(summary, load, server);
    const char *absence = cell_absence(cell);
    const struct label name = name_label(cell->server->name);
    char *title =
        absence ? alloc_format("%s (%s)", name.text, absence) : alloc_copy(name.text);
    for (size_t p = 0; p < PERCENTILES_SHOWN; p++) {
        double ms = cell->percentile_ms[percentiles_shown[p]];
        bool last = p + 1 == PERCENTILES_SHOWN;
        if (!isfinite(ms) && !absence && !last)
            continue;
        write_place(out, summary, load, server, title);
        fprintf(out, "\t%zu\t%d", p + 1, percentiles_shown[p]);
        write_number(out, ms);
        fputc('\n', out);
    }
    free(title);
}

static void write_percentiles(FILE *out, const struct summary *summary)
{
    fputs("# load\tserver\tload name\tserver name\tplace\tpercentile\tms\n", out);
    for (size_t l = 0; l < summary->table_count; l++)
        for (size_t s = 0; s < summary->tables[0].cell_count; s++)
            write_curve(out, summary, l, s);
}

const struct plot plots[PLOT_COUNT] = {
    {.name = "requests-per-second",
     .caption =
         "Bars: the requests per second of each server under each load, with their "
         "interval; hatched where the load tool, not the server, was the limit.",
     .write = write_rates},
    {.name = "cpu-per-request",
     .caption = "Bars: the CPU time that one request costs each server under each load, "
                "with its interval.",
     .write = write_cpu},
    {.name = "latency-percentiles",
     .caption =
         "Lines: the time within which a share of the requests was served, from the "
         "median to the longest; a panel for each load, a line for each server.",
     .write = write_percentiles},
};

static int write_data(const struct plot *plot, const struct summary *summary,
                      const char *folder, struct err *err)
{
    struct outfile file;
    char *name = alloc_format("%s.dat", plot->name);
    int failed = outfile_open(&file, folder, name, err);
    free(name);
    if (failed)
        return -1;
    plot->write(file.stream, summary);
    return outfile_close(&file, err);
}

/* gnuplot may warn and end with 0: then too something is wrong with the picture. */
static int run_gnuplot(char *const *argv, struct err *err)
{
    char said[256];
    int status = proc_capture(argv, said, sizeof said, GNUPLOT_TIMEOUT_MS, err);
    if (status < 0) {
        struct err why = *err;
        return err_set(err, "plots: %.300s (Debian's package is gnuplot-nox)", why.text);
    }
    if (status == 0 && !said[0])
        return 0;
    const char *line = said + strspn(said, "\n");
    return err_set(err, "plots: gnuplot %s: %s: %.*s", argv[2], proc_status_text(status),
                   (int)strcspn(line, "\n"), line);
}

static int draw(const struct plot *plot, const char *extension, const char *folder,
                const char *scripts, struct err *err)
{
    char *script = alloc_format("%s/%s.gp", scripts, plot->name);
    char *data = alloc_format("%s/%s.dat", folder, plot->name);
    char *picture = alloc_format("%s/%s.%s", folder, plot->name, extension);
    char gnuplot[] = "gnuplot", option[] = "-c";
    char *argv[] = {gnuplot, option, script, data, picture, NULL};
    int failed = run_gnuplot(argv, err);
    free(script);
    free(data);
    free(picture);
    return failed;
}

/* One that was drawn before is not of this record. */
static void remove_pictures(const char *folder)
{
    for (size_t i = 0; i < PLOT_COUNT; i++) {
        char *svg = alloc_format("%s/%s.svg", folder, plots[i].name);
        char *png = alloc_format("%s/%s.png", folder, plots[i].name);
        unlink(svg);
        unlink(png);
        free(svg);
        free(png);
    }
}

static int write_and_draw(const char *folder, const char *scripts,
                          const struct summary *summary, struct err *err)
{
    if (mkdir(folder, 0777) < 0 && errno != EEXIST)
        return err_set(err, "%s: cannot make: %s", folder, strerror(errno));
    remove_pictures(folder);
    for (size_t i = 0; i < PLOT_COUNT; i++)
        if (write_data(&plots[i], summary, folder, err) < 0)
            return -1;
    for (size_t i = 0; i < PLOT_COUNT; i++)
        if (draw(&plots[i], "svg", folder, scripts, err) < 0 ||
            draw(&plots[i], "png", folder, scripts, err) < 0)
            return -1;
    return 0;
}

int plots_render(const char *directory, const char *scripts,
                 const struct summary *summary, struct err *err)
{
    char *folder = alloc_format("%s/plots", directory);
    int failed = write_and_draw(folder, scripts, summary, err);
    free(folder);
    return failed;
}
