# phases.gp - what a request's CPU time is spent on, by phase.
# SPDX-License-Identifier: MIT

data = ARG1
output = ARG2
folder = ARG0[: strlen(ARG0) - strlen("phases.gp")]
style = folder."style.gp"

set title "CPU time of a request, by phase: less is better"
set xlabel "CPU time per request, µs, while it was traced"
load folder."stacked.gp"
