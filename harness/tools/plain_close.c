/* plain_close.c - preloaded into a server, lets a reply and the end of the stream go apart.
 * SPDX-License-Identifier: MIT
 *
 * Nothing is held back, and the close alone ends the stream, as in most servers. Only for clients
 * that send no more than their request: others may lose the reply, or wait for its end. */
#include <stddef.h>
#include <sys/socket.h>

/* In front of libc's, as the servers call them. */
ssize_t send(int fd, const void *bytes, size_t length, int flags)
{
    return sendto(fd, bytes, length, flags & ~MSG_MORE, NULL, 0);
}

int shutdown(int fd, int how)
{
    (void)fd, (void)how;
    return 0;
}
