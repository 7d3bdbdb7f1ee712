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
explanation = "Bar: median of the whole trials. Whisker: from the lowest to the highest."
load folder."bars.gp"
