/* client.c - the requests themselves: one thread, one epoll set, a slot for each connection.
 * SPDX-License-Identifier: MIT */
#include "pace/client.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "pace/arrivals.h"
#include "pace/reply.h"

#include <errno.h>
#include <math.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

const char *const failure_names[FAILURES] = {
    [FAILURE_CONNECT] = "connect", [FAILURE_RESET] = "reset",
    [FAILURE_WRONG] = "wrong",     [FAILURE_STATUS] = "status",
    [FAILURE_TIMEOUT] = "timeout",
};

/* A sleep ends late by some 50 µs, so the last stretch before a request is due is not slept. */
static const double SPIN_S = 200e-6;
/* How often timeouts are looked for. */
static const double LOOK_S = 0.1;

enum slot_state {
    SLOT_FREE, /* without a request; its connection, if it has one, is kept */
    SLOT_CONNECTING,
    SLOT_WAITING, /* for the reply */
    SLOT_ENDING,  /* the reply is whole, and the server has yet to close the connection */
};

struct slot {
    enum slot_state state;
    int fd;       /* -1: not connected */
    double since; /* when its request was due, or begun in a closed loop */
    double begun;
    double freed; /* since when it is free */
    struct reply reply;
};

struct client {
    const struct plan *plan;
    struct outcome *outcome;
    int epoll;
    struct slot *slots;
    int *
        free_slots; /* the places of those that are free: a ring, so that all take turns */
    int free_first, free_count;
    double *due; /* open loop; else NULL */
    long count;  /* of requests; open loop, or a closed one of so many */
    long begun;
    long ended;
    size_t request_size;
    double start, now;
    double look; /* when to look for timeouts next */
};

/* ---- a slot's request, from its beginning to its end ---- */

static void slot_close(struct slot *slot)
{
    if (slot->fd >= 0)
        close(slot->fd);
    slot->fd = -1;
}

static void slot_free(struct client *client, struct slot *slot)
{
    slot->state = SLOT_FREE;
    slot->freed = client->now;
    int last = (client->free_first + client->free_count++) % client->plan->connections;
    client->free_slots[last] = (int)(slot - client->slots);
}

/* The request is over, and its connection closed unless it is `kept`. */
static void request_end(struct client *client, struct slot *slot, bool kept)
{
    client->ended++;
    client->outcome->seconds = client->now - client->start;
    if (!kept)
        slot_close(slot);
    slot_free(client, slot);
}

static void request_fail(struct client *client, struct slot *slot, enum failure failure)
{
    client->outcome->failed[failure]++;
    request_end(client, slot, false);
}

/* The last byte is here: this is the request's time, whatever becomes of the connection. */
static void reply_count(struct client *client, const struct slot *slot)
{
    struct outcome *outcome = client->outcome;
    times_add(&outcome->times, client->now - slot->since);
    outcome->complete++;
    outcome->bytes += (long)slot->reply.head_size + slot->reply.body;
    outcome->body += slot->reply.body;
    if (outcome->document < 0)
        outcome->document = slot->reply.body;
}

static void reply_finish(struct client *client, struct slot *slot, bool closed)
{
    if (slot->reply.status < 200 || slot->reply.status > 299) {
        request_fail(client, slot, FAILURE_STATUS);
        return;
    }
    bool keeps = slot->reply.keeps && !closed;
    reply_count(client, slot);
    client->outcome->kept += keeps && !client->plan->closes;
    if (!closed && (client->plan->closes || !keeps))
        slot->state = SLOT_ENDING;
    else
        request_end(client, slot, keeps);
}

/* ---- what the kernel says of a connection ---- */

static void connection_ended(struct client *client, struct slot *slot)
{
    if (slot->state ==
        SLOT_FREE) { /* a kept connection: the next request makes another */
        slot_close(slot);
        return;
    }
    if (slot->state == SLOT_ENDING) {
        request_end(client, slot, false);
        return;
    }
    reply_end(&slot->reply);
    if (slot->reply.state == REPLY_WHOLE)
        reply_finish(client, slot, true);
    else
        request_fail(client, slot, FAILURE_RESET);
}

/* Reads until there is no more. */
static void slot_read(struct client *client, struct slot *slot)
{
    static char bytes[65536];
    while (slot->fd >= 0) {
        ssize_t n = recv(slot->fd, bytes, sizeof bytes, 0);
        if (n < 0 && errno == EAGAIN)
            return;
        if (n <= 0 && !(n < 0 && errno == EINTR))
            connection_ended(client, slot);
        if (n <= 0)
            continue;
        if (slot->state != SLOT_WAITING) { /* nothing is owed */
            slot_close(slot);
            return;
        }
        reply_input(&slot->reply, bytes, (size_t)n);
        if (slot->reply.state == REPLY_WHOLE)
            reply_finish(client, slot, false);
        else if (slot->reply.state == REPLY_WRONG)
            request_fail(client, slot, FAILURE_WRONG);
    }
}

/* A request is smaller than any socket's buffer, so it goes whole, or the connection is broken. */
static void slot_send(struct client *client, struct slot *slot)
{
    ssize_t sent =
        send(slot->fd, client->plan->request, client->request_size, MSG_NOSIGNAL);
    if (sent == (ssize_t)client->request_size)
        slot->state = SLOT_WAITING;
    else
        request_fail(client, slot, FAILURE_RESET);
}

static void slot_connected(struct client *client, struct slot *slot)
{
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(slot->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error)
        request_fail(client, slot, FAILURE_CONNECT);
    else
        slot_send(client, slot);
}

static void slot_event(struct client *client, struct slot *slot, uint32_t events)
{
    if (slot->fd < 0)
        return;
    if (slot->state == SLOT_CONNECTING)
        slot_connected(client, slot);
    if (slot->fd >= 0 && slot->state != SLOT_CONNECTING &&
        (events & (EPOLLIN | EPOLLHUP | EPOLLERR | EPOLLRDHUP)))
        slot_read(client, slot);
}

/* ---- beginning a request ---- */

/* A connection that is made, or on its way. */
static int socket_open(struct client *client, struct slot *slot)
{
    const int on = 1;
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
                                .data.ptr = slot};
    slot->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (slot->fd < 0 ||
        setsockopt(slot->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0 ||
        epoll_ctl(client->epoll, EPOLL_CTL_ADD, slot->fd, &event) < 0)
        return -1;
    int connected = connect(slot->fd, (const struct sockaddr *)&client->plan->server,
                            sizeof client->plan->server);
    return connected == 0 || errno == EINPROGRESS ? 0 : -1;
}

/* On a kept connection it leaves at once; else once there is one. */
static void request_begin(struct client *client, double due)
{
    struct slot *slot = &client->slots[client->free_slots[client->free_first]];
    client->free_first = (client->free_first + 1) % client->plan->connections;
    client->free_count--;
    client->now = clock_now();
    if (client->due)
        times_add(&client->outcome->lateness, client->now - fmax(due, slot->freed));
    client->begun++;
    slot->begun = client->now;
    slot->since = client->due ? due : client->now;
    reply_begin(&slot->reply);
    slot->state = SLOT_CONNECTING;
    if (slot->fd >= 0)
        slot_send(client, slot);
    else if (socket_open(client, slot) < 0)
        request_fail(client, slot, FAILURE_CONNECT);
}

/* When the next request is due, as long as there is one. */
static double next_due(const struct client *client)
{
    if (client->due)
        return client->begun < client->count ? client->start + client->due[client->begun]
                                             : INFINITY;
    bool more = client->count ? client->begun < client->count
                              : client->now - client->start < client->plan->seconds;
    return more ? client->start : INFINITY;
}

static void begin_what_is_due(struct client *client)
{
    for (double due; client->free_count > 0 && !interrupt_requested() &&
                     (due = next_due(client)) <= client->now;)
        request_begin(client, due);
}

/* ---- the loop ---- */

static void look_for_timeouts(struct client *client)
{
    if (client->now < client->look)
        return;
    client->look = client->now + LOOK_S;
    for (int i = 0; i < client->plan->connections; i++) {
        struct slot *slot = &client->slots[i];
        if (slot->state == SLOT_ENDING &&
            client->now - slot->begun > client->plan->timeout)
            request_end(client, slot, false); /* its reply was in time */
        else if (slot->state != SLOT_FREE &&
                 client->now - slot->begun > client->plan->timeout)
            request_fail(client, slot, FAILURE_TIMEOUT);
    }
}

/* Sleeps until something happens, but wakes up before the next request is due. */
static int wait_for_events(const struct client *client, struct epoll_event *events,
                           int max)
{
    double due = client->free_count > 0 ? next_due(client) : INFINITY;
    double left = fmin(due - SPIN_S, client->look) - clock_now();
    if (left <= 0)
        return epoll_wait(client->epoll, events, max, 0);
    struct timespec time = {.tv_sec = (time_t)left,
                            .tv_nsec = (long)(fmod(left, 1) * 1e9)};
    return epoll_pwait2(client->epoll, events, max, &time, NULL);
}

static bool is_done(const struct client *client)
{
    return interrupt_requested() ||
           (isinf(next_due(client)) && client->ended == client->begun);
}

static int loop(struct client *client, struct err *err)
{
    enum { EVENTS = 64 };
    struct epoll_event events[EVENTS];
    while (client->now = clock_now(), !is_done(client)) {
        begin_what_is_due(client);
        int n = wait_for_events(client, events, EVENTS);
        if (n < 0 && errno != EINTR)
            return err_set(err, "epoll_wait: %s", strerror(errno));
        client->now = clock_now();
        for (int i = 0; i < n; i++)
            slot_event(client, events[i].data.ptr, events[i].events);
        look_for_timeouts(client);
    }
    return 0;
}

/* ---- the whole ---- */

/* Kept connections are there before anything is due, so that no time includes their making. One that
 * cannot be made now is tried again by a request. */
static void connect_kept(struct client *client)
{
    double deadline = clock_now() + client->plan->timeout;
    for (int i = 0; i < client->plan->connections; i++) {
        struct slot *slot = &client->slots[i];
        if (socket_open(client, slot) < 0) {
            slot_close(slot);
            continue;
        }
        struct pollfd connected = {.fd = slot->fd, .events = POLLOUT};
        if (poll(&connected, 1, clock_left_ms(deadline)) != 1 ||
            connected.revents & (POLLERR | POLLHUP))
            slot_close(slot);
    }
}

static void client_open(struct client *client)
{
    const struct plan *plan = client->plan;
    size_t slots = (size_t)plan->connections;
    client->slots = alloc_zeroed(slots, sizeof *client->slots);
    client->free_slots = alloc_zeroed(slots, sizeof *client->free_slots);
    client->request_size = strlen(plan->request);
    client->count = plan_requests(plan);
    if (plan->rate > 0)
        client->due = arrivals_make(plan, client->count);
    for (size_t i = 0; i < slots; i++) {
        client->slots[i].fd = -1;
        slot_free(client, &client->slots[i]);
    }
    if (!plan->closes)
        connect_kept(client);
    client->now = client->start = clock_now();
}

static void client_close(struct client *client)
{
    for (int i = 0; i < client->plan->connections; i++)
        slot_close(&client->slots[i]);
    close(client->epoll);
    free(client->slots);
    free(client->free_slots);
    free(client->due);
}

int client_run(struct outcome *outcome, const struct plan *plan, struct err *err)
{
    struct client client = {.plan = plan, .outcome = outcome};
    *outcome = (struct outcome){.document = -1};
    client.epoll = epoll_create1(EPOLL_CLOEXEC);
    if (client.epoll < 0)
        return err_set(err, "epoll_create1: %s", strerror(errno));
    client_open(&client);
    int failed = loop(&client, err);
    outcome->due = client.begun;
    outcome->lasted = client.due ? (double)client.count / plan->rate : outcome->seconds;
    client_close(&client);
    times_sort(&outcome->times);
    times_sort(&outcome->lateness);
    return failed;
}

long outcome_failed(const struct outcome *outcome)
{
    long failed = 0;
    for (int i = 0; i < FAILURES; i++)
        failed += outcome->failed[i];
    return failed;
}

void outcome_free(struct outcome *outcome)
{
    times_free(&outcome->times);
    times_free(&outcome->lateness);
}
