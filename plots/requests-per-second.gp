# requests-per-second.gp - which server answers most, and whether it was the server that was
# measured.
# SPDX-License-Identifier: MIT

data = ARG1
output = ARG2
folder = ARG0[: strlen(ARG0) - strlen("requests-per-second.gp")]
hatched = 1
banded = 0
heading = "Requests per second: more is better"
axis = "requests per second"
load folder."bars.gp"
