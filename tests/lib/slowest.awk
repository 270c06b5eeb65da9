# SPDX-License-Identifier: GPL-2.0-or-later
# Files of timed.sh, one after the other, each three lines: name, begin, end; times of the shell; times of its children. Prints
# seconds by the clock, and of processors in user and in kernel mode.
function seconds(word, part) { split(word, part, /[ms]/); return part[1] * 60 + part[2] }
/^tests/ { name = $1; wall = $3 - $2; next }
seen[name]++ == 1 { printf "%6.1f %6.1f %6.1f  %s\n", wall, seconds($1), seconds($2), name }
