# spectrum.gp - how long requests took that came at a given rate, from the moment when each was due.
# SPDX-License-Identifier: MIT

data = ARG1
output = ARG2
folder = ARG0[: strlen(ARG0) - strlen("spectrum.gp")]
heading = "Percentiles at equal rates: lower is better"
explanation = "From the moment when a request was due. Point: Hodges-Lehmann estimate over the " \
    ."rounds of the median slice."
axis = "percentage of the requests that were served within that time (the tail is stretched)"
longest = 4
place_of(percent) = percent < 100 ? -log10(1 - percent / 100.0) : longest
from = 0.2
to = longest
tic_percents = "50 90 99 99.9"
last_tic = "longest"
every = 1
load folder."lines.gp"
