/* exchange.h - the contract on the wire, as data: what is sent to a server, and what must
 * come back.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_EXCHANGE_H
#define ABACUS_EXCHANGE_H

#include "subject/finding.h"

#include <stdbool.h>
#include <stddef.h>

/* A reply that must come. What is not filled in is not asked for. */
struct wanted {
    int status;              /* 0: no further reply */
    const char *bytes;       /* the whole reply, byte for byte */
    const char *lines[4];    /* how some lines of its head begin, in any case */
    const char *body;        /* the whole body, byte for byte */
    size_t body_size;        /* or just its length */
    const char *contains[3]; /* texts in the body, in any case */
    const char *lacks;       /* a text that is not in the body */
    bool bodyless;           /* it answers HEAD */
};

/* Something sent, and the replies that it is owed. */
struct step {
    const char *request; /* NULL: no further step */
    size_t size;         /* 0: up to the NUL */
    size_t padding;      /* so many 'a' and the blank line are sent after it */
    struct wanted replies[6];
};

enum delivery {
    DELIVERY_WHOLE,
    DELIVERY_HALVES,   /* in two pieces */
    DELIVERY_BYTEWISE, /* in pieces of one byte */
    DELIVERY_SHUT,     /* whole, and then the client's side is closed */
};

/* A conversation on one connection. After its last reply the server must close. */
struct exchange {
    const char *name;
    bool hello; /* tried on those that have only GET /, too */
    enum delivery delivery;
    struct step steps[3];
};

extern const struct exchange exchanges[];
extern const size_t exchange_count;

/* In all of check: how long any one reply may take, and how long a server is waited for to
 * read what was sent to it. */
enum { REPLY_TIMEOUT_MS = 3000, READ_TIMEOUT_MS = 100 };

/* Holds the conversation. 0, or -1 with what is wrong. */
int exchange_try(const struct exchange *exchange, const char *host, int port,
                 struct finding *finding);

/* The shortest one: is GET / answered with Hello, World!? */
int exchange_probe(const char *host, int port, struct finding *finding);

#endif
