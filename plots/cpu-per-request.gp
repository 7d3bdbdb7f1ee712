# cpu-per-request.gp - what one request costs each server, which hardly depends on how fast the
# load tool is.
# SPDX-License-Identifier: MIT

data = ARG1
output = ARG2
folder = ARG0[: strlen(ARG0) - strlen("cpu-per-request.gp")]
hatched = 0
banded = 1
heading = "Server CPU time per request: less is better"
axis = "user and system time of the server and its children, µs per request"
explanation = "Bar: Hodges-Lehmann estimate over the rounds of slices. Whisker: its 95 % interval."
load folder."bars.gp"
