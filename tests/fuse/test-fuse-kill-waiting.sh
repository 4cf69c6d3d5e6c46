#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A search for holes makes a thread of anyfs-fuse wait for the host to send cached
# data. kill -9 at that time ends the process and the programs that use the mount.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
requires python3 --version
image_of ext4 256M
# Processes that hang end with this test: abort lets their requests fail.
mkdir control
mount -t fusectl none control || skip "fusectl cannot be mounted"
at_exit "umount -l control"
free_mount() { echo 1 >"control/$connection/abort" || true; umount -l "$mnt" || true; } 2>/dev/null
at_exit free_mount
connection=none

cat >search.py <<'EOF'
import os, sys
fd = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
os.write(fd, os.urandom(1 << 20) * 100)
try:
    os.lseek(fd, 0, os.SEEK_HOLE)
except OSError as err:
    sys.exit(err.strerror)
EOF
# Exit 0: the server was killed while one of its threads was in uninterruptible sleep.
cat >kill.py <<'EOF'
import os, signal, sys
server, program = int(sys.argv[1]), int(sys.argv[2])
def waits(tid):
    try:
        with open(f"/proc/{server}/task/{tid}/stat") as f:
            state = f.read().rpartition(")")[2].split()[0]
        with open(f"/proc/{server}/task/{tid}/wchan") as f:
            return state == "D" and "folio" in f.read()
    except (FileNotFoundError, ProcessLookupError):     # the thread has ended
        return False
def ended():
    try:
        return open(f"/proc/{program}/stat").read().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:           # the shell has reaped the process
        return True
while not ended():
    if any(waits(tid) for tid in os.listdir(f"/proc/{server}/task")):
        os.kill(server, signal.SIGKILL)
        sys.exit(0)
os.kill(server, signal.SIGKILL)
sys.exit(1)
EOF

# Use only kill(pid, 0): reading /proc/PID may hang like the process.
ends() { timeout 300 tail --pid="$1" -f /dev/null || { free_mount; fail "$2 does not end"; }; }

caught=0
for ((i = 0; i < 10 && caught < 2; i++)); do
	anyfs-fuse -f --write "$img" "$mnt" &
	server=$!
	wait_for test -d "$mnt/lost+found"
	connection=$(stat -c %Ld "$mnt")
	python3 search.py "$mnt/file" 2>/dev/null &
	program=$!
	if python3 kill.py $server $program; then
		caught=$((caught + 1))
	fi
	ends $server "the killed process"
	ends $program "the program that searches"
	wait $server $program || true
	umount -l "$mnt"
	connection=none		# a mount of another test may get its number
done
[ $caught -gt 0 ] || skip "the process never waited for the host when it was killed"

# As after every kill, fsck finds no error in the image.
mount_image --write
umount_image
fsck_image ext4
