/* io_uring.c - one process, which hands the kernel what is to be done and is told the outcome.
 * SPDX-License-Identifier: MIT
 * library: liburing
 * debian: liburing-dev
 *
 * Requests to the kernel lie in one ring in shared memory, outcomes in another, and a single
 * system call hands over all of one kind and waits for one of the other. One request, made once,
 * accepts all clients (multishot). The kernel copies: input into one of the buffers that it was
 * given beforehand, so that a client that waits holds none, and the server once more, from there
 * to the connection. It breaks at the limit of descriptors: then clients wait in the backlog.
 *
 * One thing is not asked of the ring: shutdown(), which the kernel would hand to a thread of its
 * own. The call itself lets the last reply leave in one segment with the end of the stream.
 *
 * What was tried besides, as a ratio of CPU per request with its 95 % interval (a = ab -c 50, w = wrk
 * -c 50 with kept connections; one run each, on a virtual machine of two busy cores with Linux 6.18, so
 * only the first row and the last tell):
 *
 *   reply and end of stream in two segments    a 1.12 (1.01-1.21)
 *   receiving without end (multishot)          w 1.00 (0.95-1.04)  input comes while a reply waits
 *   COOP_TASKRUN instead of DEFER_TASKRUN      a 0.94 (0.82-1.10), w 1.01 (0.98-1.06)
 *   64 buffers and 512 outcomes                a 0.93 (0.83-1.06), w 1.00 (0.98-1.03)
 *   50 KB sent without copying (SEND_ZC)       a 1.29 (1.19-1.50), kept 1.80 (1.48-2.17)
 *
 * It needs Linux 5.17, and does without what only newer ones have (features()); a system that
 * does not forbid it (kernel.io_uring_disabled, a container's seccomp filter); and memory to lock
 * for its rings (RLIMIT_MEMLOCK), 1 MB at most.
 *
 * Read it from serve(), at the end, upwards. */
#include "core/conn.h"
#include "core/fail.h"
#include "core/listen.h"
#include "core/server.h"

#include <errno.h>
#include <liburing.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    /* The rings are gone through from end to end, so large ones fall out of the cache. */
    REQUESTS = 256,  /* that can be handed over at a time */
    OUTCOMES = 4096, /* that the kernel has room for; more take a slower way */
    BUFFERS = 256,   /* for input; a power of two */
    BUFFER_SIZE = 1024,
    BUFFER_GROUP = 0,
    OPERATION_BITS = 7,
};

/* What an outcome is of; in the low bits of its user data, below a client's address. */
enum operation { ACCEPT, RETRY, RECEIVE, SEND, CLOSE };

/* The kernel has one thing to tell of a client at a time, and nothing once it is closed. */
struct client {
    int fd;
    struct conn conn;
};

static struct io_uring ring;
static bool lending; /* the kernel takes buffers, and so has multishot accept */
static struct io_uring_buf_ring *free_buffers; /* which the kernel may fill */
static char buffers[BUFFERS][BUFFER_SIZE];
static int listen_fd;
static bool accepting; /* the kernel goes on accepting clients */
static bool retrying;  /* it is going to tell that a moment has passed */

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
    io_uring_prep_accept(request, listen_fd, NULL, NULL, SOCK_CLOEXEC);
    if (lending)
        request->ioprio |= IORING_ACCEPT_MULTISHOT;
    request_mark(request, NULL, ACCEPT, 0);
    accepting = true;
}

static void ask_retry(void)
{
    static const struct __kernel_timespec moment = {.tv_nsec =
                                                        LISTEN_RETRY_MS * 1000000LL};
    struct io_uring_sqe *request = io_uring_get_sqe(&ring);
    io_uring_prep_timeout(request, (struct __kernel_timespec *)&moment, 0, 0);
    request_mark(request, NULL, RETRY, 0);
    retrying = true;
}

/* Closes the client, whose memory ends with this; that it was done is not told. Now there is a
 * descriptor, if that was what accepting lacked. */
static void ask_close(struct client *client)
{
    struct io_uring_sqe *request = io_uring_get_sqe(&ring);
    io_uring_prep_close(request, client->fd);
    request_mark(request, NULL, CLOSE, IOSQE_CQE_SKIP_SUCCESS);
    conn_close(&client->conn);
    free(client);
    if (!accepting)
        ask_accept();
}

/* Into whichever buffer is free when there is input; where the kernel cannot choose, into the
 * connection. `hint`: there mostly is none yet, so the kernel need not try before it waits. */
static void ask_receive(struct client *client, unsigned hint)
{
    struct io_uring_sqe *request;
    struct space space = {NULL, conn_room(&client->conn)};
    if (!lending) {
        space = conn_space(&client->conn);
        if (space.length == 0) {
            ask_close(client);
            return;
        }
    }
    request = io_uring_get_sqe(&ring);
    io_uring_prep_recv(request, client->fd, space.bytes, space.length, 0);
    request->buf_group = BUFFER_GROUP;
    request->ioprio |= hint;
    request_mark(request, client, RECEIVE, lending ? IOSQE_BUFFER_SELECT : 0);
}

/* Sends all of the output. If that is to receive what follows, with no turn between: that all was
 * sent is then not told. */
static void ask_send(struct client *client)
{
    struct io_uring_sqe *request = io_uring_get_sqe(&ring);
    struct slice output = conn_output(&client->conn);
    bool linked = lending && conn_next(&client->conn) == WANT_READ;
    io_uring_prep_send(request, client->fd, output.bytes, output.length,
                       MSG_WAITALL | conn_send_flags(&client->conn));
    request_mark(request, client, SEND,
                 linked ? IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS : 0);
    if (linked)
        ask_receive(client, IORING_RECVSEND_POLL_FIRST);
}

static void client_go_on(struct client *client)
{
    if (conn_want(&client->conn) == WANT_SHUTDOWN) {
        shutdown(client->fd, SHUT_WR);
        conn_shut(&client->conn);
    }
    if (conn_want(&client->conn) == WANT_READ)
        ask_receive(client, 0);
    else if (conn_want(&client->conn) == WANT_WRITE)
        ask_send(client);
    else
        ask_close(client);
}

/* ---- what came of it ---- */

/* A new client has seldom sent its request yet. */
enum { FIRST_RECEIVE = IORING_RECVSEND_POLL_FIRST };

static void client_open(int fd)
{
    struct client *client = malloc(sizeof *client);
    if (!client) {
        close(fd);
        return;
    }
    client->fd = fd;
    conn_open(&client->conn);
    ask_receive(client, FIRST_RECEIVE);
}

/* Full: no file or memory is to be had. To ask again at once would fail again, so not before a
 * client has left, or a moment has passed, since it may be others who leave. */
static void on_accept(int result, bool more)
{
    bool full =
        result == -ENFILE || result == -EMFILE || result == -ENOMEM || result == -ENOBUFS;
    accepting = more;
    if (full && !retrying)
        ask_retry();
    else if (!more && !full)
        ask_accept();
    if (result >= 0)
        client_open(result);
}

static void on_retry(void)
{
    retrying = false;
    if (!accepting)
        ask_accept();
}

static void buffer_give(unsigned buffer)
{
    io_uring_buf_ring_add(free_buffers, buffers[buffer], BUFFER_SIZE,
                          (unsigned short)buffer, io_uring_buf_ring_mask(BUFFERS), 0);
    io_uring_buf_ring_advance(free_buffers, 1);
}

/* From the buffer that the kernel chose to the connection. Returns how many bytes; -1: there is no
 * memory for them. */
static ssize_t buffer_take(struct client *client, size_t n, unsigned buffer)
{
    struct space space = conn_space(&client->conn);
    bool fits = n <= space.length;
    if (fits)
        memcpy(space.bytes, buffers[buffer], n);
    buffer_give(buffer);
    return fits ? (ssize_t)n : -1;
}

/* That there is input at all means that the output before it was sent. No buffer was free: there
 * will be one now that outcomes are being looked at. Behind a full one there may be more, and
 * the kernel may know it. */
static void on_receive(struct client *client, int result, unsigned flags)
{
    bool again = result == -ENOBUFS || result == -EINTR;
    ssize_t n = result;
    if (conn_want(&client->conn) == WANT_WRITE)
        conn_sent(&client->conn, conn_output(&client->conn).length);
    if (flags & IORING_CQE_F_BUFFER)
        n = buffer_take(client, n > 0 ? (size_t)n : 0, flags >> IORING_CQE_BUFFER_SHIFT);
    if (n < 0 && !again) {
        ask_close(client);
        return;
    }
    conn_input(&client->conn, n);
    if ((lending && n == BUFFER_SIZE) || flags & IORING_CQE_F_SOCK_NONEMPTY)
        conn_more_waits(&client->conn);
    client_go_on(client);
}

/* It is told that a reply was not sent whole, or sent with nothing linked behind it. */
static void on_send(struct client *client, int result)
{
    if (result < 0) {
        ask_close(client);
        return;
    }
    conn_sent(&client->conn, (size_t)result);
    client_go_on(client);
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
    case RETRY:
        on_retry();
        break;
    case RECEIVE:
        on_receive(client, outcome->res, outcome->flags);
        break;
    case SEND:
        on_send(client, outcome->res);
        break;
    case CLOSE: /* failed, which changes nothing: the descriptor is gone */
        break;
    }
}

/* ---- the ring ---- */

/* Hands over the requests and waits for an outcome. An outcome makes two requests at most. Those
 * that there is no room for wait for the next turn, which then does not wait. */
static void turn(void)
{
    struct io_uring_cqe *outcomes[REQUESTS / 2];
    errno = -io_uring_submit_and_wait(&ring, 1);
    if (errno > 0 && errno != EINTR && errno != EAGAIN && errno != EBUSY)
        fail("io_uring_enter");
    unsigned n =
        io_uring_peek_batch_cqe(&ring, outcomes, io_uring_sq_space_left(&ring) / 2);
    for (unsigned i = 0; i < n; i++)
        on_outcome(outcomes[i]);
    io_uring_cq_advance(&ring, n);
}

/* What is returned by liburing is an errno below 0. */
static void require(int result)
{
    errno = -result;
    if (result == -ENOMEM)
        fail_unavailable("no memory that can be locked for its rings (ulimit -l)");
    if (result < 0)
        fail_unavailable("not allowed here, or older than Linux 5.17");
}

/* From Linux 5.19. */
static void buffers_setup(void)
{
    struct io_uring_buf *list = aligned_alloc(4096, BUFFERS * sizeof *list);
    if (!list)
        fail("aligned_alloc");
    struct io_uring_buf_reg registration = {
        .ring_addr = (uintptr_t)list, .ring_entries = BUFFERS, .bgid = BUFFER_GROUP};
    int result = io_uring_register_buf_ring(&ring, &registration, 0);
    if (result == -EINVAL || result == -EPERM)
        return;
    require(result);
    lending = true;
    free_buffers = (struct io_uring_buf_ring *)list;
    io_uring_buf_ring_init(free_buffers);
    for (unsigned i = 0; i < BUFFERS; i++)
        buffer_give(i);
}

/* One thread asks, and looks at outcomes only when it waits for them: so the kernel need not
 * interrupt it, and does what is left to do in the same call. The best first. */
static const struct {
    unsigned flags;
    const char *name;
} modes[] = {
    {IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_SUBMIT_ALL,
     "deferred"}, /* from Linux 6.1 */

    {IORING_SETUP_COOP_TASKRUN | IORING_SETUP_SUBMIT_ALL, "cooperative"}, /* from 5.19 */

    {0, "interrupting"},
};
static unsigned mode; /* which of these the kernel has */

static void setup(void)
{
    enum { LAST = sizeof modes / sizeof *modes - 1 };
    struct io_uring_params params;
    int result;
    for (;; mode++) {
        params = (struct io_uring_params){
            .flags = modes[mode].flags | IORING_SETUP_CQSIZE, .cq_entries = OUTCOMES};
        result = io_uring_queue_init_params(REQUESTS, &ring, &params);
        if (result != -EINVAL || mode == LAST)
            break;
    }
    require(result);
    require(params.features & IORING_FEAT_CQE_SKIP ? 0 : -EINVAL);
    io_uring_register_ring_fd(&ring); /* from Linux 5.18 */
    buffers_setup();
}

static const char *features(void)
{
    static char text[128];
    snprintf(text, sizeof text, "task work %s%s", modes[mode].name,
             lending ? ", multishot accept, buffer ring" : "");
    return text;
}

static void serve(const struct listener *listener)
{
    listen_fd = listener->fd;
    ask_accept();
    listen_announce(listener);
    for (;;)
        turn();
}

static const char *version(void)
{
    return LIBRARY_VERSION;
}

const struct server server = {
    .about =
        "one process, io_uring: multishot accept, input into buffers lent to the kernel",
    .library = "liburing",
    .version = version,
    .features = features,
    .setup = setup,
    .blocking = true,
    .serve = serve,
};
