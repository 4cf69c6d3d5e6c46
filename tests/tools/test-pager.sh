#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Help that is longer than the terminal is shown by $PAGER; in a pipe it never is.
. "${0%/*}/../lib.sh"
cat >terminal.py <<'END_PY'
"""terminal.py ROWS COMMAND...: run the command on a terminal of that height."""
import fcntl, os, pty, struct, sys, termios

pid, fd = pty.fork()
if not pid:
    size = struct.pack("HHHH", int(sys.argv[1]), 80, 0, 0)
    fcntl.ioctl(1, termios.TIOCSWINSZ, size)
    os.execvp(sys.argv[2], sys.argv[2:])
while True:
    try:
        data = os.read(fd, 65536)
    except OSError:
        break
    if not data:
        break
    os.write(1, data)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
END_PY
on_terminal() { python3 terminal.py "$@" </dev/null | tr -d '\r'; }
export PAGER="sed s/^/paged:/"
for words in "ls --help" "help ls" "--help" "tar-in --help"; do
	# shellcheck disable=SC2086 # the words
	anyfs $words >plain
	grep -q paged: plain && fail "$words: a pager in a pipe"
	# shellcheck disable=SC2086
	on_terminal 20 anyfs $words >shown
	sed 's/^/paged:/' plain | same - shown
	# shellcheck disable=SC2086
	on_terminal 1000 anyfs $words | same - plain
done
anyfs ls --help >plain
PAGER='' on_terminal 20 anyfs ls --help | same - plain
PAGER=true on_terminal 20 anyfs ls --help | expect ""
PAGER=/none/such on_terminal 20 anyfs ls --help >shown
tail -n "$(wc -l <plain)" shown | same - plain
# Without $PAGER and less, the text is printed.
mkdir bin
ln -s "$(command -v cat)" "$(command -v anyfs)" bin
on_terminal 20 env -u PAGER PATH="$PWD/bin" anyfs ls --help | same - plain
