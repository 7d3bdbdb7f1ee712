/* main.c - the program calibration: from the records of `make calibrate` to its result.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "base/outfile.h"
#include "model/record.h"
#include "tools/calibrate/sheet.h"

#include <stdlib.h>

static int fail(const struct err *err)
{
    fprintf(stderr, "calibration: %s\n", err->text);
    return 1;
}

/* A run that was stopped early has rounds that never took place. */
static int read_run(struct run *run, const char *folder, const char *name,
                    struct err *err)
{
    char *path = alloc_format("%s/%s", folder, name);
    int failed = record_read(run, path, err);
    if (!failed && !run->finished) {
        failed = err_set(err, "%s: the run was stopped early", path);
        run_free(run);
    }
    free(path);
    return failed;
}

static int write_markdown(const char *folder, const struct calibration *calibration,
                          struct err *err)
{
    struct outfile file;
    if (outfile_open(&file, folder, "calibration.md", err) < 0)
        return -1;
    struct page page = {.out = file.stream, .format = FORMAT_MARKDOWN};
    sheet_write(&page, calibration);
    return outfile_close(&file, err);
}

static int report(const char *folder, const struct calibration *calibration)
{
    struct err err;
    struct page page = {.out = stdout, .format = FORMAT_TEXT};
    bool reached = sheet_write(&page, calibration);
    if (write_markdown(folder, calibration, &err) < 0)
        return fail(&err);
    return reached ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct err err;
    struct calibration calibration = {0};
    if (argc != 2) {
        fprintf(stderr,
                "usage: calibration DIR, with the runs quiet, loaded and six in it\n");
        return 2;
    }
    int failed = read_run(&calibration.quiet, argv[1], "quiet", &err) < 0 ||
                 read_run(&calibration.loaded, argv[1], "loaded", &err) < 0 ||
                 read_run(&calibration.six, argv[1], "six", &err) < 0;
    int status = failed ? fail(&err) : report(argv[1], &calibration);
    run_free(&calibration.quiet);
    run_free(&calibration.loaded);
    run_free(&calibration.six);
    return status;
}
