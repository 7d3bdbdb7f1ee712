/* command.h - the commands of abacus: each takes its own arguments, argv[0] being its name,
 * and returns the program's exit status.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_COMMAND_H
#define ABACUS_COMMAND_H

#include "base/err.h"
#include "model/run.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    EXIT_USAGE = 2,
    EXIT_CANNOT_TELL = 2
}; /* the latter of compare, where 1 is a result */

#define ABACUS_VERSION "2.0"

int command_list(int argc, char **argv);
int command_suites(int argc, char **argv);
int command_check(int argc, char **argv);
int command_run(int argc, char **argv);
int command_report(int argc, char **argv);
int command_explain(int argc, char **argv);
int command_rules(int argc, char **argv);
int command_compare(int argc, char **argv);
int command_profile(int argc, char **argv);
int command_versus(int argc, char **argv);

/* ---- what several of them need ---- */

/* Each prints a line on standard error and returns the exit status. */
int command_fail(int status, const struct err *err);
int command_fail_usage(const char *what);

/* Reads a share, "5%" or "0.05": above 0, at most 1. A bare 5 could be either, and is refused. 0, or
 * as command_fail_usage. */
int command_take_share(double *share, const char *option, const char *text);

/* The last thing of all: `status`, or, with a line on standard error, `unwritten` where not all
 * of standard output could be written. */
int command_end(int status, int unwritten);

/* Where all is that was made: the last line on standard output. */
void command_say_where(const char *folder);

/* Frees what server_find gave. */
void command_free_servers(struct run_server *servers, size_t count);

/* The report of the record in `folder`, written there; its tables on standard output.
 * `reference` names a server of the run, or is NULL: as in report_write. 0, or -1 with `err`
 * set, also where there are no figures to show. */
int command_show_report(const char *folder, const char *reference, struct err *err);

/* The same without the printing. */
int command_write_report(const char *folder, struct err *err);

/* The same of the profile in `folder`, with a page only where that holds no run: else it is a
 * section of the report's. */
int command_show_profile(const char *folder, struct err *err);

/* Whether there is such a file in the folder. */
bool command_has_file(const char *folder, const char *name);

/* Prints a file of the folder; nothing if there is none. */
void command_print_file(const char *folder, const char *name);

#endif
