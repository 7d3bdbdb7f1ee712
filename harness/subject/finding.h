/* finding.h - what is wrong, in words: what was sent, what was expected, and what came.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_FINDING_H
#define ABACUS_FINDING_H

#include <stddef.h>

/* Each text is one line; "" where there is nothing to say. */
struct finding {
    char sent[800];
    char expected[800];
    char came[800];
    char ended[160]; /* how the server ended, if it did */
};

/* Writes bytes as a C string, of which at most some 160 bytes around byte `at` are shown;
 * where some are left out it says how many there are. */
void finding_quote(char *text, size_t size, const char *bytes, size_t count, size_t at);

/* Fills in what was sent; `how` ("byte by byte") may be NULL. */
void finding_sent(struct finding *finding, const char *how, const char *bytes,
                  size_t count);

/* These fill in what was expected and what came, and return -1, so that a failing check can
 * end in `return finding_…`. The first shows both where they first differ. */
int finding_differs(struct finding *finding, const char *expected, size_t expected_count,
                    const char *came, size_t came_count);
int finding_says(struct finding *finding, const char *expected, const char *came_format,
                 ...) __attribute__((format(printf, 3, 4)));

/* As finding_says, and quotes the bytes that came. */
int finding_shows(struct finding *finding, const char *expected, const char *problem,
                  const char *came, size_t came_count);

#endif
