# cpu-per-request.gp - what one request costs each server, which does not depend on how
# fast the load tool is.
# SPDX-License-Identifier: MIT

data = ARG1
output = ARG2
folder = ARG0[: strlen(ARG0) - strlen("cpu-per-request.gp")]
style = folder."style.gp"
hatched = 0

set title "Server CPU time per request: less is better"
set xlabel "CPU time per request, µs (bar: median of the rounds; whisker: low to high)"
load folder."bars.gp"
