/* unread.c - what the other end of a connection has not read yet, by sock_diag(7).
 * SPDX-License-Identifier: MIT */
#include "subject/unread.h"

#include "base/clock.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

/* No event tells that another process has read, so it is asked this often. */
enum { POLL_MS = 1 };

struct question {
    struct nlmsghdr header;
    struct inet_diag_req_v2 request;
};

struct answer {
    struct nlmsghdr header;
    struct inet_diag_msg message;
    char attributes[1024];
};

/* Names the peer's socket: its own address is our peer's, its peer's is ours. */
static bool question_make(struct question *question, int fd)
{
    struct sockaddr_in near;
    struct sockaddr_in far;
    socklen_t near_size = sizeof near;
    socklen_t far_size = sizeof far;
    if (getsockname(fd, (struct sockaddr *)&near, &near_size) < 0 ||
        getpeername(fd, (struct sockaddr *)&far, &far_size) < 0)
        return false;
    *question = (struct question){
        .header = {.nlmsg_len = sizeof *question,
                   .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                   .nlmsg_flags = NLM_F_REQUEST},
        .request = {.sdiag_family = AF_INET,
                    .sdiag_protocol = IPPROTO_TCP,
                    .idiag_states = ~0U,
                    .id = {.idiag_sport = far.sin_port,
                           .idiag_dport = near.sin_port,
                           .idiag_src = {far.sin_addr.s_addr},
                           .idiag_dst = {near.sin_addr.s_addr},
                           .idiag_cookie = {INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE}}},
    };
    return true;
}

/* The bytes in the receive queue of the socket asked for; -1: not known. */
static long unread_bytes(int netlink, const struct question *question)
{
    struct answer answer;
    if (send(netlink, question, sizeof *question, 0) < 0)
        return -1;
    ssize_t n = recv(netlink, &answer, sizeof answer, 0);
    if (n < (ssize_t)(sizeof answer.header + sizeof answer.message) ||
        answer.header.nlmsg_type != SOCK_DIAG_BY_FAMILY)
        return -1;
    return (long)answer.message.idiag_rqueue;
}

bool unread_await_none(int fd, int timeout_ms)
{
    struct question question;
    double deadline = clock_now() + timeout_ms / 1000.0;
    long unread = -1;
    int netlink = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (netlink >= 0 && question_make(&question, fd))
        unread = unread_bytes(netlink, &question);
    while (unread > 0 && clock_now() < deadline) {
        poll(NULL, 0, POLL_MS);
        unread = unread_bytes(netlink, &question);
    }
    if (netlink >= 0)
        close(netlink);
    return unread == 0;
}
