/* bare_io_uring.c - accepts, receives, sends the reply and closes: io_uring.c without any HTTP.
 * SPDX-License-Identifier: MIT
 * library: liburing
 * debian: liburing-dev
 *
 * As bare_epoll.c is to epoll.c: the same requests to the kernel as io_uring.c makes, so the
 * difference is what HTTP costs there. Good for `ab` and `wrk`, and for nothing else. */
#include "../../servers/core/fail.h"
#include "../../servers/core/server.h"
#include "bare.h"

#include <errno.h>
#include <liburing.h>
#include <sys/socket.h>

enum { REQUESTS = 256, OUTCOMES = 4096, BUFFERS = 256, BUFFER_SIZE = 1024 };
enum operation { ACCEPT, RECEIVE, SEND, CLOSE, OPERATIONS };

static struct io_uring ring;
static struct io_uring_buf_ring *free_buffers;
static char buffers[BUFFERS][BUFFER_SIZE];
static int listen_fd;

static void request_mark(struct io_uring_sqe *request, int fd, enum operation operation,
                         unsigned flags)
{
    request->flags |= flags;
    io_uring_sqe_set_data64(request, (uint64_t)fd * OPERATIONS + operation);
}

static void ask_accept(void)
{
    struct io_uring_sqe *request = io_uring_get_sqe(&ring);
    io_uring_prep_multishot_accept(request, listen_fd, NULL, NULL, SOCK_CLOEXEC);
    request_mark(request, 0, ACCEPT, 0);
}

static void ask_receive(int fd, unsigned hint)
{
    struct io_uring_sqe *request = io_uring_get_sqe(&ring);
    io_uring_prep_recv(request, fd, NULL, BUFFER_SIZE, 0);
    request->ioprio |= hint;
    request_mark(request, fd, RECEIVE, IOSQE_BUFFER_SELECT);
}

static void ask_close(int fd)
{
    struct io_uring_sqe *request = io_uring_get_sqe(&ring);
    io_uring_prep_close(request, fd);
    request_mark(request, 0, CLOSE, IOSQE_CQE_SKIP_SUCCESS);
}

static void ask_send(int fd, bool keeps)
{
    struct io_uring_sqe *request = io_uring_get_sqe(&ring);
    io_uring_prep_send(request, fd, keeps ? BARE_REPLY("1") : BARE_REPLY("0"),
                       sizeof BARE_REPLY("1") - 1,
                       keeps ? MSG_WAITALL : MSG_WAITALL | MSG_MORE);
    request_mark(request, fd, SEND, keeps ? IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS : 0);
    if (keeps)
        ask_receive(fd, IORING_RECVSEND_POLL_FIRST);
}

static void buffer_give(unsigned buffer)
{
    io_uring_buf_ring_add(free_buffers, buffers[buffer], BUFFER_SIZE,
                          (unsigned short)buffer, io_uring_buf_ring_mask(BUFFERS), 0);
    io_uring_buf_ring_advance(free_buffers, 1);
}

static void on_receive(int fd, int result, unsigned flags)
{
    unsigned buffer = flags >> IORING_CQE_BUFFER_SHIFT;
    if (result > 0)
        ask_send(fd, bare_keeps(buffers[buffer]));
    else if (result == -ENOBUFS)
        ask_receive(fd, 0);
    else
        ask_close(fd);
    if (flags & IORING_CQE_F_BUFFER)
        buffer_give(buffer);
}

static void on_outcome(const struct io_uring_cqe *outcome)
{
    int fd = (int)(outcome->user_data / OPERATIONS);
    switch (outcome->user_data % OPERATIONS) {
    case ACCEPT:
        if (outcome->res >= 0)
            ask_receive(outcome->res, IORING_RECVSEND_POLL_FIRST);
        if (!(outcome->flags & IORING_CQE_F_MORE))
            ask_accept();
        break;
    case RECEIVE:
        on_receive(fd, outcome->res, outcome->flags);
        break;
    case SEND: /* the last, or it failed */
        shutdown(fd, SHUT_WR);
        ask_close(fd);
        break;
    default: /* a close that failed, which changes nothing */
        break;
    }
}

static void require(int result)
{
    errno = -result;
    if (result < 0)
        fail_unavailable("io_uring");
}

static void setup(void)
{
    static _Alignas(4096) struct io_uring_buf list[BUFFERS];
    struct io_uring_buf_reg registration = {.ring_addr = (uintptr_t)list,
                                            .ring_entries = BUFFERS};
    struct io_uring_params params = {
        .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN |
                 IORING_SETUP_SUBMIT_ALL | IORING_SETUP_CQSIZE,
        .cq_entries = OUTCOMES};
    require(io_uring_queue_init_params(REQUESTS, &ring, &params));
    require(io_uring_register_ring_fd(&ring));
    require(io_uring_register_buf_ring(&ring, &registration, 0));
    free_buffers = (struct io_uring_buf_ring *)list;
    io_uring_buf_ring_init(free_buffers);
    for (unsigned i = 0; i < BUFFERS; i++)
        buffer_give(i);
}

static void serve(const struct listener *listener)
{
    struct io_uring_cqe *outcomes[REQUESTS / 2];
    listen_fd = listener->fd;
    ask_accept();
    listen_announce(listener);
    for (;;) {
        io_uring_submit_and_wait(&ring, 1);
        unsigned n =
            io_uring_peek_batch_cqe(&ring, outcomes, io_uring_sq_space_left(&ring) / 2);
        for (unsigned i = 0; i < n; i++)
            on_outcome(outcomes[i]);
        io_uring_cq_advance(&ring, n);
    }
}

const struct server server = {
    .about = "one process, io_uring, no HTTP: any request gets the same reply",
    .setup = setup,
    .blocking = true,
    .serve = serve,
};
