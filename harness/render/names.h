/* names.h - servers' names in tables and sentences.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_NAMES_H
#define ABACUS_NAMES_H

#include <stdio.h>

/* A name as tables show it: clean, and cut to 24 columns, so that one long name does not
 * push a table off the page. By value, so that `name_label(x).text` can be printed. */
struct label {
    char text[128];
};

struct label name_label(const char *name);

/* "epoll", "epoll and fork", "epoll, fork and select": starts zeroed, freed by names_free. */
struct names {
    char **labels; /* each owned */
    size_t count;
};

void names_add(struct names *names, const char *name);
void names_free(struct names *names);

/* The names joined, owned by the caller; "" if there is none. */
char *names_join(const struct names *names);

#endif
