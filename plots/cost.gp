# cost.gp - what a request costs each server.
# SPDX-License-Identifier: MIT

data = ARG1
output = ARG2
folder = ARG0[: strlen(ARG0) - strlen("cost.gp")]

heading = "CPU time per request: less is better"
axis = "µs of CPU, user and system, of the server and its children (log)"
load folder."dots.gp"
