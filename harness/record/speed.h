/* speed.h - CPU time per request at one speed of the core.
 * SPDX-License-Identifier: MIT
 *
 * A core that is slower for a while makes a request costlier, and the yardstick
 * (host/yardstick.h) too. The logarithm of the one is regressed on that of the other, within
 * the trials of each server under each load, so that no difference between servers enters
 * the slope; each figure is then moved along the slope to the mean speed of the run under that
 * load (under more connections the yardstick, too, is slower). That is the
 * analysis of covariance (Fisher 1932, Statistical Methods for Research Workers, 4th ed.),
 * in simulation known as control variates, in online experiments as CUPED (Deng et al.
 * 2013). With no relation between the two the slope is 0, and nothing moves; nor does
 * it if the yardstick tells servers apart, since then they change it themselves. */
#ifndef ABACUS_SPEED_H
#define ABACUS_SPEED_H

#include "record/run.h"

/* Sets cpu_us_per_request of each trial with figures, from server_cpu_s and the slope, and
 * run->speed. Without a yardstick in each of them, or with too few trials for a slope, it is
 * just server_cpu_s per request. May be called again after trials were added. */
void speed_adjust(struct run *run);

/* Takes that back: cpu_us_per_request is what was measured. */
void speed_clear(struct run *run);

/* What the trial itself used, µs per request, at the speed that the core happened to have;
 * NAN if it has no figures. */
double speed_unadjusted(const struct trial *trial);

#endif
