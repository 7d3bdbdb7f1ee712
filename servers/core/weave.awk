# weave.awk - a variant of a server: its model's file, with the variant's own definitions in it.
# SPDX-License-Identifier: MIT
#
# Usage: awk -f weave.awk VARIANT MODEL. Each definition of the variant (a function, a struct, a
# variable) takes the place of the model's of the same name, with the comment above it. One that the
# model has not comes with the next that it has; includes come with the model's. In both files, as
# the formatter leaves them, a definition begins in the first column, and ends with a brace there or
# a semicolon. `diff` of the model and what this prints is then what the variant is about.

# What stands last before what is no part of a name: of "static struct client *clients;" clients;
# of an enum in one line its first constant.
function name_of(line,    words) {
    sub(/^enum \{ */, "", line)
    sub(/ *[=(,;[{].*/, "", line)
    return words[split(line, words, /[ *]+/)]
}

function item_end(name) {
    text[file, ++count[file]] = held
    names[file, count[file]] = name
    if (name != "")
        place[file, name] = count[file]
    held = ""
    inside = braced = 0
}

# Prints the variant's items up to that one.
function print_to(last) {
    while (printed < last)
        print_text(text[1, ++printed])
}

# No more than one empty line at a time.
function print_text(piece) {
    if (piece == "\n" && before == "\n")
        return
    printf "%s", piece
    before = piece
}

FNR == 1 { file++; heading = 1 }

heading {
    head[file] = head[file] $0 "\n"
    heading = !/\*\//
    next
}

/^$/ && !inside && !comment {
    if (held != "")
        item_end("")
    held = "\n"
    item_end("")
    next
}

/^#include / && file == 1 { includes = includes $0 "\n"; next }

{
    held = held $0 "\n"
    line = $0
}

/^#include / { item_end("#include"); next }

!inside && (comment || /^\/\*/) { comment = !/\*\//; next }

!inside && /^#/ { next }

{
    sub(/ *\/\*.*/, "", line)
    if (!inside)
        name = name_of(line)
    closed = line ~ /;$/ && (!inside || !braced)
    inside = 1
    braced = braced || line ~ /\{/
    if (closed || line ~ /^\}/)
        item_end(name)
}

END {
    printf "%s", head[1]
    for (i = 1; i <= count[2]; i++) {
        if (names[2, i] == "#include" && includes != "") {
            printf "%s", includes
            includes = ""
        }
        if ((1, names[2, i]) in place)
            print_to(place[1, names[2, i]])
        else
            print_text(text[2, i])
    }
    while (printed < count[1])
        if (text[1, ++printed] != "\n") {
            printf "weave.awk: not in the model: %s\n", names[1, printed] >"/dev/stderr"
            exit 1
        }
}
