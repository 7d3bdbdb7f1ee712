/* io_uring.c - one process, which hands the kernel what is to be done and is told the outcome.
 * SPDX-License-Identifier: MIT
 * library: liburing
 * debian: liburing-dev
 *
 * Requests to the kernel lie in one ring in shared memory, outcomes in another, and a single
 * system call hands over all of one kind and waits for one of the other. A client that is
 * answered and closed takes three requests: receive; then send, with the close linked behind
 * it. One request, made once, accepts all clients (multishot). They have no descriptors in this
 * process, only places in a table of the ring's own (direct descriptors). The kernel copies:
 * input into one of the buffers that it was given beforehand, so that a client that waits
 * holds none, and the server once more, from there to the connection. It breaks where the
 * table is full: then clients are accepted and closed.
 *
 * It needs Linux 6.1, and a system that does not forbid it (kernel.io_uring_disabled, a
 * container's seccomp filter); and memory to lock for its rings (RLIMIT_MEMLOCK), 1 MB at most.
 *
 * Read it from serve(), at the end, upwards. */
#include "core/conn.h"
#include "core/fail.h"
#include "core/listen.h"
#include "core/server.h"

#include <errno.h>
#include <liburing.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

enum {
    /* The rings are gone through from end to end, so large ones fall out of the cache. */
    REQUESTS = 256,    /* that can be handed over at a time */
    OUTCOMES = 4096,   /* that the kernel has room for; more take a slower way */
    TABLE_MAX = 65536, /* clients */
    BUFFERS = 256,     /* for input; a power of two */
    BUFFER_SIZE = 1024,
    BUFFER_GROUP = 0,
    OPERATION_BITS = 7,
};

/* What an outcome is of; in the low bits of its user data, below a client's address. */
enum operation { ACCEPT, RECEIVE, SEND, SHUTDOWN, CLOSE };

/* A client stays in memory until the kernel has nothing left to tell of it. */
struct client {
    int place;      /* in the table */
    enum want next; /* what the kernel does by itself once it has sent the output */
    struct conn conn;
};

static struct io_uring ring;
static struct io_uring_buf_ring *free_buffers; /* which the kernel may fill */
static char buffers[BUFFERS][BUFFER_SIZE];
static int listen_fd;
static bool accepting;  /* the kernel goes on accepting clients */
static unsigned places; /* that are free in the table */

/* ---- what the kernel is asked ---- */

/* A request that is filled in already, but for whom it is and how. */
static void request_mark(struct io_uring_sqe *request, struct client *client,
                         enum operation operation, unsigned flags)
{
    request->flags |= flags;
    io_uring_sqe_set_data64(request, (uintptr_t)client | operation);
}

static void ask_accept(void)
{
    struct io_uring_sqe *request = io_uring_get_sqe(&ring);
    io_uring_prep_multishot_accept_direct(request, listen_fd, NULL, NULL, 0);
    request_mark(request, NULL, ACCEPT, 0);
    accepting = true;
}

/* Into whichever buffer is free when there is input. There mostly is none yet, so the kernel need
 * not try before it waits. */
static void ask_receive(struct client *client)
{
    struct io_uring_sqe *request = io_uring_get_sqe(&ring);
    io_uring_prep_recv(request, client->place, NULL, conn_room(&client->conn), 0);
    request->buf_group = BUFFER_GROUP;
    request->ioprio |= IORING_RECVSEND_POLL_FIRST;
    request_mark(request, client, RECEIVE, IOSQE_FIXED_FILE | IOSQE_BUFFER_SELECT);
}

static void ask_shutdown(struct client *client)
{
    struct io_uring_sqe *request = io_uring_get_sqe(&ring);
    io_uring_prep_shutdown(request, client->place, SHUT_WR);
    request_mark(request, client, SHUTDOWN, IOSQE_FIXED_FILE);
}

static void ask_close(int place, struct client *client)
{
    struct io_uring_sqe *request = io_uring_get_sqe(&ring);
    io_uring_prep_close_direct(request, (unsigned)place);
    request_mark(request, client, CLOSE, 0);
}

/* Sends all of the output and goes on, if that is to close or to receive, with no turn between:
 * that all was sent is then not told. A client that is to be closed is so whatever becomes of
 * the reply, hence the hard link. Nothing is held back for the end of the stream: to send both
 * in one segment takes a shutdown behind the reply, and the kernel hands those to a thread of
 * its own, which costs much more than a segment. */
static void ask_send(struct client *client)
{
    struct io_uring_sqe *request = io_uring_get_sqe(&ring);
    struct slice output = conn_output(&client->conn);
    unsigned link = 0;
    client->next = conn_next(&client->conn);
    if (client->next == WANT_SHUTDOWN && !conn_lingers(&client->conn))
        client->next = WANT_CLOSE;
    if (client->next == WANT_CLOSE)
        link = IOSQE_IO_HARDLINK | IOSQE_CQE_SKIP_SUCCESS;
    else if (client->next == WANT_READ)
        link = IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS;
    io_uring_prep_send(request, client->place, output.bytes, output.length, MSG_WAITALL);
    request_mark(request, client, SEND, IOSQE_FIXED_FILE | link);
    if (client->next == WANT_CLOSE)
        ask_close(client->place, client);
    else if (client->next == WANT_READ)
        ask_receive(client);
}

static void client_go_on(struct client *client)
{
    switch (conn_want(&client->conn)) {
    case WANT_READ:
        ask_receive(client);
        break;
    case WANT_WRITE:
        ask_send(client);
        break;
    case WANT_SHUTDOWN:
        ask_shutdown(client);
        break;
    case WANT_CLOSE:
        ask_close(client->place, client);
        break;
    }
}

/* ---- what came of it ---- */

/* Full: there is no place in the table, or no file or memory to be had. To ask again would accept
 * the next client only to close it, until another one has left, or a moment later. */
static void on_accept(int result, bool more)
{
    bool full =
        result == -ENFILE || result == -EMFILE || result == -ENOMEM || result == -ENOBUFS;
    accepting = more;
    if (!more && !full)
        ask_accept();
    if (result < 0)
        return;
    places--;
    struct client *client = malloc(sizeof *client);
    if (!client) {
        ask_close(result, NULL);
        return;
    }
    client->place = result;
    conn_open(&client->conn);
    ask_receive(client);
}

static void buffer_give(unsigned buffer)
{
    io_uring_buf_ring_add(free_buffers, buffers[buffer], BUFFER_SIZE,
                          (unsigned short)buffer, io_uring_buf_ring_mask(BUFFERS), 0);
    io_uring_buf_ring_advance(free_buffers, 1);
}

/* That there is input at all means that the output before it was sent. No buffer was free: there
 * will be one now that outcomes are being looked at. Behind a full one there may be more, and
 * the kernel may know it. */
static void on_receive(struct client *client, int result, unsigned flags)
{
    unsigned buffer = flags >> IORING_CQE_BUFFER_SHIFT;
    if (conn_want(&client->conn) == WANT_WRITE)
        conn_sent(&client->conn, conn_output(&client->conn).length);
    struct space space = conn_space(&client->conn);
    ssize_t n = result == -ENOBUFS || result == -EINTR ? -1 : 0;
    if (result > 0 && (size_t)result <= space.length) {
        memcpy(space.bytes, buffers[buffer], (size_t)result);
        n = result;
    }
    if (flags & IORING_CQE_F_BUFFER)
        buffer_give(buffer);
    conn_input(&client->conn, n);
    if (n == BUFFER_SIZE || flags & IORING_CQE_F_SOCK_NONEMPTY)
        conn_more_waits(&client->conn);
    client_go_on(client);
}

/* It is told that a reply was not sent whole, or sent with nothing linked behind it. */
static void on_send(struct client *client, int result)
{
    if (client->next == WANT_CLOSE)
        return; /* which it is going to be, and that is told, too */
    if (result < 0) {
        ask_close(client->place, client);
        return;
    }
    conn_sent(&client->conn, (size_t)result);
    client_go_on(client);
}

static void on_shutdown(struct client *client, int result)
{
    conn_shut(&client->conn);
    if (result < 0)
        ask_close(client->place, client);
    else
        client_go_on(client);
}

/* Now there is a place in the table, if that was what it lacked. */
static void on_close(struct client *client)
{
    if (client)
        conn_close(&client->conn);
    free(client);
    places++;
    if (!accepting)
        ask_accept();
}

static void on_outcome(const struct io_uring_cqe *outcome)
{
    enum operation operation = outcome->user_data & OPERATION_BITS;
    char *data = io_uring_cqe_get_data(outcome);
    struct client *client = (struct client *)(data - operation);
    switch (operation) {
    case ACCEPT:
        on_accept(outcome->res, outcome->flags & IORING_CQE_F_MORE);
        break;
    case RECEIVE:
        on_receive(client, outcome->res, outcome->flags);
        break;
    case SEND:
        on_send(client, outcome->res);
        break;
    case SHUTDOWN:
        on_shutdown(client, outcome->res);
        break;
    case CLOSE:
        on_close(client);
        break;
    }
}

/* ---- the ring ---- */

/* An outcome makes two requests at most. Those that there is no room for wait for the next turn,
 * which then does not wait. */
static void turn(void)
{
    struct io_uring_cqe *outcomes[REQUESTS / 2];
    unsigned n =
        io_uring_peek_batch_cqe(&ring, outcomes, io_uring_sq_space_left(&ring) / 2);
    for (unsigned i = 0; i < n; i++)
        on_outcome(outcomes[i]);
    io_uring_cq_advance(&ring, n);
}

/* Hands over the requests and waits for an outcome; where accepting is to be tried again, only for
 * a moment. */
static void outcomes_await(void)
{
    struct __kernel_timespec retry = {.tv_nsec = LISTEN_RETRY_MS * 1000000LL};
    struct io_uring_cqe *first;
    int result = accepting || places == 0
                     ? io_uring_submit_and_wait(&ring, 1)
                     : io_uring_submit_and_wait_timeout(&ring, &first, 1, &retry, NULL);
    errno = -result;
    if (result < 0 && errno != EINTR && errno != EAGAIN && errno != EBUSY &&
        errno != ETIME)
        fail("io_uring_enter");
}

/* What is returned by liburing is an errno below 0. */
static void require(int result)
{
    errno = -result;
    if (result == -ENOMEM)
        fail_unavailable("no memory that can be locked for its rings (ulimit -l)");
    if (result < 0)
        fail_unavailable("not allowed here, or older than Linux 6.1");
}

static void buffers_setup(void)
{
    static _Alignas(4096) struct io_uring_buf list[BUFFERS];
    struct io_uring_buf_reg registration = {
        .ring_addr = (uintptr_t)list, .ring_entries = BUFFERS, .bgid = BUFFER_GROUP};
    require(io_uring_register_buf_ring(&ring, &registration, 0));
    free_buffers = (struct io_uring_buf_ring *)list;
    io_uring_buf_ring_init(free_buffers);
    for (unsigned i = 0; i < BUFFERS; i++)
        buffer_give(i);
}

/* One thread asks, and looks at outcomes only when it waits for them: so the kernel need not
 * interrupt it, and does what is left to do in the same call. */
static void setup(void)
{
    struct rlimit limit;
    struct io_uring_params params = {
        .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN |
                 IORING_SETUP_SUBMIT_ALL | IORING_SETUP_CQSIZE,
        .cq_entries = OUTCOMES};
    require(io_uring_queue_init_params(REQUESTS, &ring, &params));
    require(io_uring_register_ring_fd(&ring));
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        fail("getrlimit");
    places = limit.rlim_cur < TABLE_MAX ? (unsigned)limit.rlim_cur : TABLE_MAX;
    require(io_uring_register_files_sparse(&ring, places));
    buffers_setup();
}

static void serve(const struct listener *listener)
{
    listen_fd = listener->fd;
    ask_accept();
    listen_announce(listener);
    for (;;) {
        outcomes_await();
        if (!accepting && places > 0 && io_uring_sq_space_left(&ring) > 0)
            ask_accept();
        turn();
    }
}

static const char *version(void)
{
    return LIBRARY_VERSION;
}

const struct server server = {
    .about = "one process, io_uring: multishot accept, direct descriptors, linked close",
    .library = "liburing",
    .version = version,
    .setup = setup,
    .blocking = true,
    .serve = serve,
};
