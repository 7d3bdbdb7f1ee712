/* io_uring-poll.c - one process, told by io_uring which clients are ready.
 * SPDX-License-Identifier: MIT
 * library: liburing
 * debian: liburing-dev
 * beside: epoll
 * question: Is io_uring cheaper than epoll for readiness alone?
 *
 * The ring takes the place of the epoll set, and nothing else of io_uring is used: clients are accepted,
 * read and written by system calls, as in epoll.c. To wait for a client is a request that is handed
 * over with the wait itself, so it costs no call of its own; but each is for one event, so a client
 * that stays asks anew each time. It needs what io_uring.c does, and breaks where epoll does. */
#include "core/conn.h"
#include "core/fail.h"
#include "core/listen.h"
#include "core/server.h"

#include <errno.h>
#include <liburing.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

enum { REQUESTS = 256 }; /* that can be handed over at a time */

struct client {
    int fd;
    struct conn conn;
};

static struct io_uring ring;
static int listen_fd;
static bool listening; /* the ring watches the listening socket, or is going to */

/* NULL is the listening socket. There is room in the ring: see turn(). */
static void watch(int fd, unsigned events, struct client *client)
{
    struct io_uring_sqe *request = io_uring_get_sqe(&ring);
    io_uring_prep_poll_add(request, fd, events);
    io_uring_sqe_set_data(request, client);
}

static void listen_watch(void)
{
    watch(listen_fd, POLLIN, NULL);
    listening = true;
}

/* No request of its is left when a client is closed: each has had its outcome. */
static void client_close(struct client *client)
{
    conn_close(&client->conn);
    close(client->fd);
    free(client);
}

static void client_step(struct client *client)
{
    enum want want = conn_step(&client->conn, client->fd);
    if (want == WANT_CLOSE)
        client_close(client);
    else
        watch(client->fd, want == WANT_WRITE ? POLLOUT : POLLIN, client);
}

/* As in epoll.c, nothing is read before its event. */
static void client_accept(void)
{
    int fd = listen_accept(listen_fd);
    listening = false;
    if (fd != LISTEN_FULL)
        listen_watch();
    if (fd < 0)
        return;
    struct client *client = malloc(sizeof *client);
    if (!client) {
        close(fd);
        return;
    }
    client->fd = fd;
    conn_open(&client->conn);
    watch(fd, POLLIN, client);
}

/* Hands over the requests and waits for an outcome; where accepting is to be tried again, only for
 * a moment. */
static void outcomes_await(void)
{
    struct __kernel_timespec retry = {.tv_nsec = LISTEN_RETRY_MS * 1000000LL};
    struct io_uring_cqe *first;
    int result = listening
                     ? io_uring_submit_and_wait(&ring, 1)
                     : io_uring_submit_and_wait_timeout(&ring, &first, 1, &retry, NULL);
    errno = -result;
    if (result < 0 && errno != EINTR && errno != EAGAIN && errno != EBUSY &&
        errno != ETIME)
        fail("io_uring_enter");
}

/* An outcome makes two requests at most. Those that there is no room for wait for the next turn. */
static void turn(void)
{
    struct io_uring_cqe *outcomes[REQUESTS / 2];
    unsigned n =
        io_uring_peek_batch_cqe(&ring, outcomes, io_uring_sq_space_left(&ring) / 2);
    for (unsigned i = 0; i < n; i++) {
        struct client *client = io_uring_cqe_get_data(outcomes[i]);
        if (client)
            client_step(client);
        else
            client_accept();
    }
    io_uring_cq_advance(&ring, n);
}

/* As in io_uring.c. */
static void setup(void)
{
    unsigned flags =
        IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_SUBMIT_ALL;
    int result = io_uring_queue_init(REQUESTS, &ring, flags);
    if (result == 0)
        result = io_uring_register_ring_fd(&ring);
    errno = -result;
    if (result < 0)
        fail_unavailable("not allowed here, no memory to lock, or older than Linux 6.1");
}

static void serve(const struct listener *listener)
{
    listen_fd = listener->fd;
    listen_watch();
    listen_announce(listener);
    for (;;) {
        outcomes_await();
        if (!listening && io_uring_sq_space_left(&ring) > 0)
            listen_watch();
        turn();
    }
}

static const char *version(void)
{
    return LIBRARY_VERSION;
}

const struct server server = {
    .about = "one process, io_uring for readiness alone: one poll request for each wait",
    .library = "liburing",
    .version = version,
    .setup = setup,
    .serve = serve,
};
