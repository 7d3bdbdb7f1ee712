/* noise.h - how much each server's figure varies from one round to the next, once what
 * all servers had in common in a round is taken out.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_NOISE_H
#define ABACUS_NOISE_H

#include <stddef.h>

/* The logarithms of one figure. */
struct samples {
    size_t servers, rounds;
    double *logs; /* [server * rounds + round], from 0; NAN: no valid trial */
};

/* Of one trial of one server. NAN and 0 if nothing can be said: fewer than two of its
 * rounds count, or no other server's do. */
struct noise {
    double variance;
    double df; /* degrees of freedom that the variance rests on */
};

/* Fits an effect of each server and one of each round (randomised blocks: Box, Hunter &
 * Hunter, Statistics for Experimenters, ch. 4) by least squares, and takes a server's
 * variance from its own residuals, since servers differ in how steady they are. Six
 * rounds are few for that, so half of it is replaced by the median of all servers'
 * variances: an empirical Bayes estimate (Smyth 2004, "Linear models and empirical Bayes
 * methods") with as many prior degrees of freedom as the server has itself, and a prior
 * that one noisy server cannot move. Fills noise[samples->servers]. Returns the degrees
 * of freedom of all residuals together. */
double noise_fit(struct noise *noise, const struct samples *samples);

#endif
