# phases.gp - what a request's CPU time is spent on, by phase.
# SPDX-License-Identifier: MIT

data = ARG1
output = ARG2
folder = ARG0[: strlen(ARG0) - strlen("phases.gp")]

heading = "CPU time of a request, by phase: less is better"
explanation = "Of the system calls, and of the user-space time that led to them."
axis = "CPU time per request, µs, while it was traced"
load folder."stacked.gp"
