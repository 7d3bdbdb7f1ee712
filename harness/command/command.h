/* command.h - the commands of abacus, and what several of them need.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_COMMAND_H
#define ABACUS_COMMAND_H

#include "base/err.h"
#include "base/option.h"
#include "model/run.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    EXIT_USAGE = 2,
    EXIT_CANNOT_TELL = 2,  /* of compare and versus, where 1 is a result */
    EXIT_INTERRUPTED = 130 /* by Ctrl-C, as shells have it: 128 + SIGINT */
};

/* A command: what it is, for the help, and how it is run. */
struct command {
    const char *name;
    const char *what;                  /* it is for, in half a sentence */
    const char *arguments;             /* "[OPTION...] OLD NEW" */
    const struct option_spec *options; /* NULL: none */
    const char *more; /* the end of its help: examples, exit statuses; or NULL */
    int unwritten;    /* the exit status where what it prints cannot be written */
    /* Takes its own arguments, argv[0] being its name, and returns the exit status. */
    int (*run)(int argc, char **argv);
};

extern const struct command command_list, command_suites, command_check, command_run,
    command_report, command_explain, command_compare, command_versus, command_profile,
    command_rules, command_limits, command_new, command_completion, command_manual,
    command_history;

/* All of them, in the order of the help; NULL at the end. */
extern const struct command *const commands[];

/* ---- what several of them need ---- */

/* Each prints a line on standard error and returns the exit status. */
int command_fail(int status, const struct err *err);
int command_fail_usage(const char *what);

/* Reads its options, as options_read does. The place of the first operand; or -1, and a line on
 * standard error says what is wrong. */
int command_options(const struct command *command, void *values, int argc, char **argv);

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

/* The same of the profile in `folder`, its overview on standard output, with a page only where that
 * holds no run: else it is a section of the report's. */
int command_show_profile(const char *folder, struct err *err);

/* The same of the limits in `folder`. */
int command_show_limits(const char *folder, struct err *err);

/* A folder for what goes into `file`: a new one; or a run's, which takes it, too, so that the page
 * shows both. `what` is there already, says the reason. Owned by the caller; NULL with the reason. */
char *command_choose_folder(const char *wanted, const char *file, const char *what,
                            struct err *err);

/* Whether there is such a file in the folder, or it is there compressed, as NAME.gz. */
bool command_has_file(const char *folder, const char *name);

#endif
