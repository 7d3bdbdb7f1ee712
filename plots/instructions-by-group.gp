# instructions-by-group.gp - whose instructions a request runs in user space.
# SPDX-License-Identifier: MIT

data = ARG1
output = ARG2
folder = ARG0[: strlen(ARG0) - strlen("instructions-by-group.gp")]

heading = "Instructions of a request in user space, by whose they are: less is better"
explanation = "The kernel's are not among them."
axis = "instructions per request, one client at a time"
load folder."stacked.gp"
