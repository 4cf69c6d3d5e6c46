#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# In anyfs shell a reader that ends early leaves no memory or open files behind, and a signal ends
# a verb whose reader does not read.
. "${0%/*}/../lib.sh"
requires python3 --version
mkdir -p tree/many
head -c 3M /dev/urandom >tree/big
truncate -s 3G tree/endless
(cd tree/many && seq -f 'a-name-that-is-not-short-at-all-%g' 3000 | xargs touch)
image_ext4 tree '' 48M

# server: in a command of the host, the process id of the process with the image.
# shellcheck disable=SC2016 # the shell that runs the command replaces it
server='$(ps -o ppid= -p $PPID | tr -d " ")'
rss='!sed -n "s/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p" /proc/'$server'/status'

echo "2,000 verbs whose reader ends early leave no memory and no open files."
{
	for i in $(seq 2000); do
		echo 'cat /big | :'
		case $((i % 10)) in
		1) echo 'find /many | :' ;;
		2) echo 'get /big - | :' ;;
		esac
		[ "$i" -ne 200 ] || echo "$rss"
	done 2>/dev/null
	echo "$rss"
	echo 'cat /big | sha256sum'
} >script
anyfs shell "$img" <script >got 2>err || true
[ "$(tail -1 got)" = "$(sha256sum <tree/big)" ] || fail "$(cat got; tail -3 err)"
[ "$(wc -l <got)" -eq 3 ] || fail "$(cat got)"
[ $(($(sed -n 2p got) - $(sed -n 1p got))) -lt 20000 ] || fail "memory grows: $(cat got) KiB"

# Waits for data, sends SIGINT to the process with the image, and never reads.
cat >silent.py <<'END'
import os, select, signal, sys
p = select.poll()
p.register(0, select.POLLIN)
p.poll(300000) or sys.exit("no data")
os.kill(int(sys.argv[1]), signal.SIGINT)
p.modify(0, 0)
events = p.poll(300000)
sys.exit(0 if events and events[0][1] & select.POLLHUP else "the verb still runs")
END
echo "SIGINT ends a verb that waits for its reader."
for command in 'cat /endless' 'get /endless -' 'ls -l /many' 'find / -printf "%p %p %p\n"'; do
	printf '%s\n' "$command | python3 silent.py $server" pwd |
		anyfs shell "$img" >got 2>err || true
	expect / <got
	grep -v 'not copied' err | expect "anyfs: stopped by SIGINT before everything was done"
done
mkfifo out
python3 - <<'END' &
import os, select
fd = os.open("out", os.O_RDONLY)
p = select.poll()
p.register(fd, select.POLLIN)
if p.poll(300000):
    open("began", "w").close()
    p.modify(fd, 0)
    if p.poll(300000):
        open("ended", "w").close()
END
reader=$!
anyfs get "$img" /endless - >out 2>err &
getter=$!
wait_for test -e began
kill -TERM $getter			# SIGINT is ignored in the background
code=0
wait $getter || code=$?
[ $code -eq 143 ] || fail "exit $code: $(cat err)"
wait $reader
[ -e ended ] || fail "get continues after SIGTERM"
