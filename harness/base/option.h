/* option.h - the options of a command, each described once: reading them, the help, and what is
 * said of a wrong one follow from that.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_OPTION_H
#define ABACUS_OPTION_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* What an option sets: the type of the field at `where`. */
enum option_kind {
    OPTION_FLAG,   /* bool: it takes no value */
    OPTION_TEXT,   /* const char *: the value as it stands in argv */
    OPTION_COUNT,  /* int: a whole number from `least` to `most` */
    OPTION_SEED,   /* unsigned long long: a whole number from 1 */
    OPTION_NUMBER, /* double: from `least` to `most` */
    OPTION_SHARE, /* double: "5%" or "0.05", above 0, at most 1; a bare 5 could be either */
    OPTION_OWN,   /* whatever `take` does */
};

struct option_spec {
    const char *name;  /* "rounds", for --rounds */
    char letter;       /* 'c', for -c; 0: it has none */
    const char *value; /* what the help calls its value, "N"; NULL with OPTION_FLAG */
    const char *help;  /* a new line in it begins a line of the help */
    size_t where;      /* of the field in the command's struct */
    double least, most;
    /* OPTION_OWN: takes the value into the command's struct. False: it cannot be one. */
    bool (*take)(void *values, const char *text);
    const char *wants; /* OPTION_OWN: what it takes, "text or markdown" */
    enum option_kind kind;
};

/* Reads the options of `command` into `values`, which holds the defaults. Returns the place of the
 * first operand in argv, which getopt_long permutes; or -1 with what is wrong. `specs` ends in one
 * without a name. */
int options_read(const char *command, const struct option_spec *specs, void *values,
                 int argc, char **argv, struct err *err);

/* Prints a line or more for each. */
void options_help(FILE *out, const struct option_spec *specs);

/* The same as a list of a manual page (mdoc(7)). */
void options_mdoc(FILE *out, const struct option_spec *specs);

#endif
