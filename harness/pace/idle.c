/* idle.c - connections that are kept and have nothing to say: opened some at a time, each answered
 * once.
 * SPDX-License-Identifier: MIT */
#include "pace/idle.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "base/textfile.h"
#include "pace/reply.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    WINDOW = 128, /* on their way at a time */
    /* From one address, of the 28,000 ports or so that there are by default. */
    PER_ADDRESS = 20000,
    SPARE = 64,         /* descriptors for all else */
    PATIENCE_MS = 3000, /* with a server that answers none of those that wait */
};

/* A server that takes longer for all of them cannot hold them in any useful sense. poll takes 10 s for
 * 10,000, since each new one makes the next wait longer. */
static const double PATIENCE_S = 5;
static const double PATIENCE_EACH_S = 0.001;

/* One that is on its way. */
struct opening {
    int fd;
    bool asked; /* the request has been sent */
    struct reply reply;
};

/* ---- what the machine allows ---- */

static int raise_descriptors(const struct plan *plan, struct err *err)
{
    struct rlimit limit;
    rlim_t needed = (rlim_t)plan->idle + (rlim_t)plan->connections + SPARE;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= needed)
        return 0;
    limit.rlim_cur = needed;
    if (limit.rlim_max < needed)
        limit.rlim_max = needed;
    if (setrlimit(RLIMIT_NOFILE, &limit) == 0)
        return 0;
    return err_set(err,
                   "%d idle connections need %ld descriptors, and fewer are allowed: "
                   "ulimit -n %ld",
                   plan->idle, (long)needed, (long)needed);
}

/* On loopback, each 20,000 have an address of their own: 127.1.0.1 and on. */
static bool has_addresses(const struct plan *plan)
{
    return ntohl(plan->server.sin_addr.s_addr) >> 24 == 127;
}

static long ports(void)
{
    long low = 32768, high = 60999;
    struct err err;
    char *text = textfile_read("/proc/sys/net/ipv4/ip_local_port_range", 64, &err);
    if (text)
        sscanf(text, "%ld %ld", &low, &high);
    free(text);
    return high - low + 1;
}

static int check_ports(const struct plan *plan, struct err *err)
{
    long needed = plan->idle + plan->connections;
    if (has_addresses(plan) && needed > PER_ADDRESS)
        needed = PER_ADDRESS; /* from each */
    if (ports() >= needed)
        return 0;
    return err_set(err,
                   "%d idle connections need more ports than there are, %ld: raise "
                   "net.ipv4.ip_local_port_range",
                   plan->idle, ports());
}

/* ---- one of them ---- */

static int bind_source(int fd, int number)
{
    const int on = 1;
    struct sockaddr_in source = {
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(0x7f010001U + (unsigned)number / PER_ADDRESS),
    };
    return setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on) < 0 ||
                   bind(fd, (struct sockaddr *)&source, sizeof source) < 0
               ? -1
               : 0;
}

static int opening_begin(struct opening *opening, const struct plan *plan, int number)
{
    *opening = (struct opening){
        .fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    reply_begin(&opening->reply);
    if (opening->fd < 0 || (has_addresses(plan) && bind_source(opening->fd, number) < 0))
        return -1;
    int connected =
        connect(opening->fd, (const struct sockaddr *)&plan->server, sizeof plan->server);
    return connected == 0 || errno == EINPROGRESS ? 0 : -1;
}

/* 1: its answer is here; 0: not yet; -1: it will not be had, with errno, 0 for an answer that is no
 * reply. */
static int opening_go_on(struct opening *opening, const struct plan *plan, short events)
{
    char bytes[4096];
    size_t size = strlen(plan->idle_request);
    if (!opening->asked && events & POLLOUT) {
        if (send(opening->fd, plan->idle_request, size, MSG_NOSIGNAL) != (ssize_t)size)
            return -1;
        opening->asked = true;
    }
    for (;;) {
        ssize_t n = recv(opening->fd, bytes, sizeof bytes, 0);
        if (n < 0)
            return errno == EAGAIN || errno == EINTR ? 0 : -1;
        if (n == 0)
            errno = ECONNRESET;
        if (n == 0)
            return -1;
        reply_input(&opening->reply, bytes, (size_t)n);
        if (opening->reply.state == REPLY_WHOLE)
            return opening->reply.keeps ? 1 : (errno = 0, -1);
        if (opening->reply.state == REPLY_WRONG)
            return errno = 0, -1;
    }
}

/* ---- all of them ---- */

struct opener {
    struct idle *idle;
    const struct plan *plan;
    struct opening openings[WINDOW];
    struct pollfd fds[WINDOW];
    int open;    /* on their way */
    int started; /* in all */
    bool ended;  /* one was not to be had: no more are tried */
};

static void opener_fail(struct opener *opener)
{
    if (!opener->ended) {
        opener->idle->end = errno == ETIMEDOUT ? IDLE_WAITS : IDLE_CLOSED;
        snprintf(opener->idle->why, sizeof opener->idle->why, "%s",
                 errno ? strerror(errno) : "its reply does not keep the connection");
    }
    opener->ended = true;
}

static void opener_drop(struct opener *opener, int place)
{
    opener->openings[place] = opener->openings[--opener->open];
}

static void opener_fill(struct opener *opener)
{
    while (!opener->ended && opener->open < WINDOW &&
           opener->started < opener->idle->asked) {
        struct opening *opening = &opener->openings[opener->open];
        if (opening_begin(opening, opener->plan, opener->started++) == 0) {
            opener->open++;
        } else {
            opener_fail(opener);
            if (opening->fd >= 0)
                close(opening->fd);
        }
    }
}

/* False: none was answered for too long. */
static bool opener_step(struct opener *opener)
{
    for (int i = 0; i < opener->open; i++)
        opener->fds[i] = (struct pollfd){
            .fd = opener->openings[i].fd,
            .events = (short)(opener->openings[i].asked ? POLLIN : POLLIN | POLLOUT)};
    int ready = poll(opener->fds, (nfds_t)opener->open, PATIENCE_MS);
    for (int i = opener->open - 1; ready > 0 && i >= 0; i--) {
        if (!opener->fds[i].revents)
            continue;
        struct opening *opening = &opener->openings[i];
        int done = opening_go_on(opening, opener->plan, opener->fds[i].revents);
        if (done > 0)
            opener->idle->fds[opener->idle->held++] = opening->fd;
        if (done < 0) {
            opener_fail(opener);
            close(opening->fd);
        }
        if (done)
            opener_drop(opener, i);
    }
    return ready != 0;
}

static void opener_give_up(struct opener *opener, bool moved, double seconds)
{
    if (!opener->ended)
        opener->idle->end = moved ? IDLE_SLOW : IDLE_WAITS;
    if (!opener->ended)
        snprintf(opener->idle->why, sizeof opener->idle->why,
                 moved ? "no more within %.0f s" : "no answer for %.0f s",
                 moved ? seconds : PATIENCE_MS / 1000.0);
    opener->ended = true;
}

int idle_open(struct idle *idle, const struct plan *plan, struct err *err)
{
    double start = clock_now();
    struct opener *opener = alloc_zeroed(1, sizeof *opener);
    *idle = (struct idle){.asked = plan->idle};
    opener->idle = idle;
    opener->plan = plan;
    int failed = raise_descriptors(plan, err) < 0 || check_ports(plan, err) < 0 ? -1 : 0;
    idle->fds = alloc_zeroed((size_t)plan->idle + 1, sizeof *idle->fds);
    double deadline = start + PATIENCE_S + PATIENCE_EACH_S * plan->idle;
    while (!failed && !interrupt_requested()) {
        opener_fill(opener);
        if (opener->open == 0)
            break;
        bool moved = opener_step(opener);
        if (!moved || (clock_now() > deadline && opener->open > 0)) {
            opener_give_up(opener, moved, clock_now() - start);
            break;
        }
    }
    for (int i = 0; i < opener->open; i++)
        close(opener->openings[i].fd);
    free(opener);
    idle->seconds = clock_now() - start;
    return failed;
}

void idle_look(struct idle *idle)
{
    char byte;
    for (int i = 0; i < idle->held; i++) {
        if (idle->fds[i] < 0)
            continue;
        ssize_t n = recv(idle->fds[i], &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        if (n > 0 || (n < 0 && errno == EAGAIN))
            continue;
        close(idle->fds[i]);
        idle->fds[i] = -1;
        idle->closed++;
    }
}

void idle_close(struct idle *idle)
{
    for (int i = 0; i < idle->held; i++)
        if (idle->fds[i] >= 0)
            close(idle->fds[i]);
    free(idle->fds);
    *idle = (struct idle){0};
}
