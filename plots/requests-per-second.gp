# requests-per-second.gp - which server answers most, and whether it was the server that was measured.
# SPDX-License-Identifier: MIT

data = ARG1
output = ARG2
folder = ARG0[: strlen(ARG0) - strlen("requests-per-second.gp")]
style = folder."style.gp"
hatched = 1

set title "Requests per second: more is better"
set xlabel "requests per second (bar: median of the rounds; whisker: low to high)"
load folder."bars.gp"
