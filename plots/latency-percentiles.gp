# latency-percentiles.gp - the tail of the requests' times: each tenth of the requests that
# remain takes the same room, so that 90, 99 and the longest stand apart.
# SPDX-License-Identifier: MIT

data = ARG1
output = ARG2
folder = ARG0[: strlen(ARG0) - strlen("latency-percentiles.gp")]
heading = "Latency percentiles: lower is better"
explanation = "Point: median over the rounds of the time within which so many requests were " \
    ."served; longest: of all rounds."
axis = "percentage of the requests that were served within that time (the tail is stretched)"
longest = 2.6
place_of(percent) = percent < 100 ? -log10(1 - percent / 100.0) : longest
from = 0.2
to = longest
tic_percents = "50 66 75 80 90 95 98 99"
last_tic = "longest"
every = 1
load folder."lines.gp"
