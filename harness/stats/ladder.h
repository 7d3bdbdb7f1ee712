/* ladder.h - the kernel's retry times: how long a connection takes that lost a packet.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_LADDER_H
#define ABACUS_LADDER_H

/* The rung, ms, that a time lies on: from 1 % below it to 15 % above; the highest of several.
 * NAN: on none. The rungs are those of Linux: a SYN sent again after 1 s (3 s to kernel 3.0),
 * then after twice as long each time, or four times after 1 s first (tcp_syn_linear_timeouts,
 * since 6.5); and a lost final ACK, from 0.2 s on. RFC 6298; tcp(7). */
double ladder_rung(double time_ms);

#endif
