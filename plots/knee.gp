# knee.gp - the highest rate at which each server still answers in time.
# SPDX-License-Identifier: MIT

data = ARG1
output = ARG2
folder = ARG0[: strlen(ARG0) - strlen("knee.gp")]

heading = "The highest rate in time: more is better"
axis = "requests per second (log)"
load folder."dots.gp"
