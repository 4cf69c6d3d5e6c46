#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs-fuse returns when the mount answers.  Signals and unmounting end the mount
# after everything was written to the image, and the exit status says whether that
# worked.  If the mount cannot be served, none is left behind.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
mounted() { grep -q " $mnt fuse.anyfs " /proc/self/mountinfo || grep -q " $mnt .* fuse.anyfs " /proc/self/mountinfo; }
# A new mount may still be entering its sandbox.
answers() { mounted && ls "$mnt" >/dev/null; }
start() {
	anyfs-fuse -f --write "$img" "$mnt" 2>server.log &
	pid=$!
	at_exit "kill -9 $pid 2>/dev/null; umount -l '$mnt' 2>/dev/null"
	wait_for answers
}

# In the background, the server keeps no descriptor of the caller open.
image_of ext4 256M
listed=$(anyfs-fuse --write "$img" "$mnt"; names "$mnt")
at_exit "umount -l '$mnt'"
[ "$listed" = lost+found ] || fail "it did not answer: $listed"
head -c 20000000 /dev/urandom >data
cp data "$mnt/data"
umount_image
fsck_image ext4

# An image may be hostile, so the process is sandboxed and has no capabilities.
start
status=/proc/$pid/status
grep -q '^Seccomp:	2' "$status" || fail "no seccomp: $(cat "$status")"
grep -q '^NoNewPrivs:	1' "$status" || fail "new privileges: $(cat "$status")"
grep -q '^CapEff:	0000000000000000' "$status" || fail "capabilities: $(cat "$status")"

for signal in TERM INT HUP; do
	mounted || start
	cp data "$mnt/$signal"
	kill -$signal "$pid"
	wait "$pid" || fail "exit $? after SIG$signal: $(cat server.log)"
	mounted && fail "still mounted after SIG$signal"
	fsck_image ext4
	debugfs -R "cat /$signal" "$img" 2>/dev/null | cmp - data || fail "$signal is not complete"
done

# Other programs may unmount; the process ends when all data is in the image.
for command in 'fusermount3 -u' umount 'umount -l'; do
	start
	cp data "$mnt/unmounted"
	$command "$mnt"
	wait "$pid" || fail "exit $? after $command: $(cat server.log)"
	fsck_image ext4
	debugfs -R "cat /unmounted" "$img" 2>/dev/null | cmp - data || fail "$command: not complete"
done

# Without any standard descriptor it mounts and returns.
code=0
timeout -k 1 300 anyfs-fuse "$img" "$mnt" <&- >&- 2>&- || code=$?
[ $code -eq 0 ] || fail "exit $code with standard descriptors closed"
[ "$(names "$mnt" | head -c 5)" ] || fail "the mount does not answer"
run anyfs-umount "$mnt"

# In the background the process keeps no directory in use.
(mkdir elsewhere && mount -t tmpfs none elsewhere && cd elsewhere && anyfs-fuse "$img" "$mnt")
at_exit "umount -l '$mnt' elsewhere 2>/dev/null"
run umount elsewhere
run anyfs-umount "$mnt"

# anyfs-umount does not unmount a mount that is in use.
start
exec 8<"$mnt/data"
refuse busy anyfs-umount "$mnt"
exec 8<&-
mounted || fail "unmounted although it was in use"
run anyfs-umount "$mnt"
wait "$pid" || fail "exit $? after anyfs-umount"
refuse 'no mount point given' anyfs-umount

# anyfs-umount takes several mount points, by any name; the exit status covers all of them.
mkdir other && ln -s "$mnt" name && cp "$img" other.img
run anyfs-fuse "$img" "$mnt"
run anyfs-fuse other.img other
run anyfs-umount other/ name
if mounted; then fail "still mounted"; fi
run anyfs-fuse "$img" name
refuse 'other: no anyfs-fuse file system is mounted there' anyfs-umount other "$mnt"
if mounted; then fail "the second one is still mounted"; fi

# A mount on another, a mount in another, and an image that is a file of a mount.
run anyfs-fuse --write "$img" "$mnt"
truncate -s 16M "$mnt/inner.img" && mkfs.ext4 -q -F "$mnt/inner.img" && mkdir "$mnt/in"
run anyfs-fuse --write "$mnt/inner.img" "$mnt/in"
echo deep >"$mnt/in/file"
refuse busy anyfs-umount "$mnt"
refuse 'inner.img is already mounted there' anyfs-fuse other.img "$mnt/in"
expect deep <"$mnt/in/file"
# Another mount namespace keeps the inner mount, and so its process, which uses the outer one.
# anyfs-umount waits for this process: it reads mountinfo repeatedly to look for the inner mount,
# so the number of bytes that it has read grows, and it does not try to unmount the outer mount
# meanwhile.
mkfifo release
unshare -m sh -c ': >entered; read -r line <release' &
at_exit "kill -9 $! 2>/dev/null"
wait_for test -e entered
anyfs-umount "$mnt/in" "$mnt" >umount.log 2>&1 &
pid=$!
detached() { ! grep -q " $mnt/in " /proc/self/mountinfo; }
wait_for detached
bytes_read() { sed -n 's/^rchar: //p' "/proc/$pid/io"; }
enough=$(($(bytes_read) + 20 * $(wc -c </proc/self/mountinfo)))
waits() { [ "$(bytes_read)" -gt $enough ]; }
wait_for waits
echo >release
wait "$pid" || fail "exit $? after anyfs-umount: $(cat umount.log)"
unset 'cleanups[-1]'
fsck_image ext4
debugfs -R 'dump /inner.img inner.img' "$img" 2>/dev/null
run e2fsck -fn inner.img
debugfs -R 'cat /file' inner.img 2>/dev/null | expect deep
[ "$(anyfs-umount >/dev/null 2>&1; echo $?)" -eq 2 ] || fail "a wrong command line is not exit 2"

# If the mount is in use, its data is flushed, and the exit status reports that it is still in use.
start
(cd "$mnt" && exec sleep 300) &
user=$!
inside() { [ "$(readlink "/proc/$user/cwd")" = "$mnt" ]; }
wait_for inside
cp data "$mnt/busy"
code=0
kill -TERM "$pid"
wait "$pid" || code=$?
kill "$user"
[ $code -eq 1 ] || fail "exit $code although it was in use"
grep -q 'in use' server.log || fail "not reported: $(cat server.log)"
mounted && fail "still mounted"
fsck_image ext4
debugfs -R "cat /busy" "$img" 2>/dev/null | cmp - data || fail "not complete"

# If the process was killed, anyfs-umount reports it, whether or not the helper has noticed it yet.
start
kill -9 "$pid"
wait "$pid" || true
refuse 'a mount whose process was killed is still there' anyfs-fuse "$img" "$mnt"
refuse 'its process ' anyfs-umount "$mnt"
mounted && fail "still mounted"
refuse 'no anyfs-fuse file system is mounted there' anyfs-umount "$mnt"

# An image that cannot be served is not mounted.
truncate -s 1M empty.img
refuse 'no file system recognised' anyfs-fuse empty.img "$mnt"
wait_for sh -c "! grep -q ' $mnt ' /proc/self/mountinfo"
refuse 'xfs' anyfs-fuse -o fstype=xfs "$img" "$mnt"
refuse 'option' anyfs-fuse -o nonsense "$img" "$mnt"
