/* libuv.c - one process, called by libuv when something has been done.
 * SPDX-License-Identifier: MIT
 * library: libuv
 * debian: libuv1-dev
 *
 * A model of completion: the server asks for input, or for output to be sent, and is called
 * when that is done. The library reads and writes, straight into and out of the memory that
 * it is given, so nothing is copied twice; but that memory must stay until the call, and a
 * handle's own until the loop has closed it. Below is epoll, and it breaks where that does;
 * when no descriptor is left, libuv does not make clients wait, it accepts and closes them, as
 * long as it has one in reserve. It ends the program when it cannot enlarge its table of
 * descriptors, hence the reserve of memory. */
#include "core/conn.h"
#include "core/fail.h"
#include "core/reserve.h"
#include "core/server.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <uv.h>

struct client {
    uv_tcp_t tcp; /* the first member: callbacks get a pointer to it */
    union {
        uv_write_t write;
        uv_shutdown_t shutdown;
    } request; /* a connection wants one thing at a time */
    struct conn conn;
};

static const struct listener *listening;
static uv_tcp_t accepter;
static uv_timer_t
    retry; /* of accepting, while there is no descriptor or no memory left */

static void client_go_on(struct client *client);
static void on_retry(uv_timer_t *timer);

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    (void)suggested;
    struct space space = conn_space(&((struct client *)handle)->conn);
    *buf = uv_buf_init(space.bytes, (unsigned)space.length);
}

/* 0 bytes mean "not now" to libuv; the end and errors are below 0. */
static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    (void)buf;
    struct client *client = (struct client *)stream;
    conn_input(&client->conn, n > 0 ? n : n == 0 ? -1 : 0);
    if (conn_want(&client->conn) != WANT_READ)
        client_go_on(client);
}

static void on_close(uv_handle_t *handle)
{
    struct client *client = (struct client *)handle;
    conn_close(&client->conn);
    free(client);
}

static void client_close(struct client *client)
{
    uv_close((uv_handle_t *)&client->tcp, on_close);
}

static void on_written(uv_write_t *write, int error)
{
    struct client *client = (struct client *)write->handle;
    if (error) {
        client_close(client);
        return;
    }
    conn_sent(&client->conn, conn_output(&client->conn).length);
    client_go_on(client);
}

static void on_shutdown(uv_shutdown_t *shutdown, int error)
{
    struct client *client = (struct client *)shutdown->handle;
    conn_shut(&client->conn);
    if (error)
        client_close(client);
    else
        client_go_on(client);
}

static int client_write(struct client *client)
{
    uv_stream_t *stream = (uv_stream_t *)&client->tcp;
    struct slice output = conn_output(&client->conn);
    uv_buf_t buf = uv_buf_init((char *)output.bytes, (unsigned)output.length);
    uv_os_fd_t fd;
    if (uv_fileno((uv_handle_t *)stream, &fd) == 0)
        conn_cork(&client->conn, fd);
    uv_read_stop(stream);
    return uv_write(&client->request.write, stream, &buf, 1, on_written);
}

static void client_go_on(struct client *client)
{
    uv_stream_t *stream = (uv_stream_t *)&client->tcp;
    int error = UV_ECANCELED;
    if (conn_want(&client->conn) == WANT_READ)
        error = uv_read_start(stream, on_alloc, on_read);
    else if (conn_want(&client->conn) == WANT_WRITE)
        error = client_write(client);
    else if (conn_want(&client->conn) == WANT_SHUTDOWN)
        error = uv_shutdown(&client->request.shutdown, stream, on_shutdown);
    if (error)
        client_close(client);
}

/* libuv goes on calling accept() whatever the error is, unless the handle is closed. */
static void accepter_pause(void)
{
    uv_close((uv_handle_t *)&accepter, NULL);
    uv_timer_start(&retry, on_retry, LISTEN_RETRY_MS, LISTEN_RETRY_MS);
}

static void on_connection(uv_stream_t *listener, int error)
{
    struct client *client = error ? NULL : malloc(sizeof *client);
    if (!client) {
        accepter_pause();
        return;
    }
    conn_open(&client->conn);
    uv_tcp_init(listener->loop, &client->tcp);
    if (uv_accept(listener, (uv_stream_t *)&client->tcp) == 0)
        client_go_on(client);
    else
        client_close(client);
}

/* On a descriptor of its own, since libuv closes that with the handle. */
static int accepter_open(uv_loop_t *loop)
{
    int fd = fcntl(listening->fd, F_DUPFD_CLOEXEC, 0);
    if (fd < 0)
        return uv_translate_sys_error(errno);
    int error = uv_tcp_init(loop, &accepter);
    if (!error)
        error = uv_tcp_open(&accepter, fd);
    if (!error)
        error = uv_listen((uv_stream_t *)&accepter, listening->backlog, on_connection);
    if (error)
        uv_close((uv_handle_t *)&accepter, NULL);
    return error;
}

static void on_retry(uv_timer_t *timer)
{
    if (accepter_open(timer->loop) == 0)
        uv_timer_stop(timer);
}

static void serve(const struct listener *listener)
{
    uv_replace_allocator(malloc, reserve_realloc, calloc, free);
    uv_loop_t *loop = uv_default_loop();
    if (!loop)
        fail("uv_default_loop");
    listening = listener;
    int error = uv_timer_init(loop, &retry);
    if (!error)
        error = accepter_open(loop);
    errno = -error;
    if (error)
        fail("libuv");
    listen_announce(listener);
    uv_run(loop, UV_RUN_DEFAULT);
}

const struct server server = {
    .about = "one process, completion callbacks on epoll",
    .library = "libuv",
    .version = uv_version_string,
    .serve = serve,
};
