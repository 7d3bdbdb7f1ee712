# sorted-times.gp - all requests in the order of their times, the classic picture of what ab
# measures.
# SPDX-License-Identifier: MIT

data = ARG1
output = ARG2
folder = ARG0[: strlen(ARG0) - strlen("sorted-times.gp")]
heading = "All requests, from the fastest to the slowest: lower is better"
explanation = "At each percent: the median over the rounds; at the ends the shortest and the " \
    ."longest of all rounds."
axis = "percentage of the requests that were served within that time"
place_of(percent) = percent
from = 0
to = 100
tic_percents = "0 10 20 30 40 50 60 70 80 90"
last_tic = "100"
every = 10
load folder."lines.gp"
