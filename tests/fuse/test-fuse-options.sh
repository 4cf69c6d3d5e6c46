#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Each option does what the manual says, and an error in the command line is reported in
# one line, with exit status 2.  (part=, overlay, users, auto_unmount and prefetch have
# tests of their own.)
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
mkdir tree && echo text >'tree/a long name.text'
image_vfat tree

# foreground OPTION...: mount in the foreground, with output in server.log
foreground() {
	anyfs-fuse -f "$@" "$img" "$mnt" 2>server.log &
	pid=$!
	at_exit "kill -9 $pid 2>/dev/null; umount -l '$mnt' 2>/dev/null"
	wait_for mounted
}
mounted() { grep -q " $mnt .* fuse.anyfs " /proc/self/mountinfo && ls "$mnt"; }
ended() {
	run anyfs-umount "$mnt"
	wait "$pid" || fail "exit $?: $(cat server.log)"
	unset 'cleanups[-1]'
}

# Options of the file system: its type, its own options.
mount_image -o fstype=msdos
names "$mnt" | expect alongn~1.tex
umount_image
mount_image -o 'opts=uid=12\,gid=34\,fmask=077'
stat -c '%u:%g %a' "$mnt/a long name.text" | expect '12:34 700'
umount_image
refuse 'msdos|Unknown parameter' anyfs-fuse -o fstype=msdos,opts=nonsense "$img" "$mnt"
refuse 'no file system "nonsense"' anyfs-fuse -o fstype=nonsense "$img" "$mnt"
! grep " $mnt " /proc/self/mountinfo || fail "a refused mount is there"

# Options of the kernel: its memory and its messages.
foreground -o loglevel=0
ended
[ ! -s server.log ] || fail "not quiet: $(cat server.log)"
foreground -o mem=32,loglevel=7
ended
grep -q '^Memory: .*/32768K available' server.log || fail "not 32 MiB: $(cat server.log)"
foreground -v
ended
grep -q '^anyfs-fuse: sandbox: ' server.log || fail "the sandbox is not mentioned: $(cat server.log)"
foreground --no-sandbox
grep -q '^Seccomp:	0' "/proc/$pid/status" || fail "in a sandbox"
ended

# Options of the mount: read-only unless --write or rw; without devices and set-user-ID.
# mount(8) and mount.fuse3 add rw when they pass options about devices and set-user-ID bits.
options() { findmnt -no OPTIONS "$mnt"; }
mount_image -o rw
[[ $(options) == rw,nosuid,nodev,* ]] || fail "rw: $(options)"
run touch "$mnt/written by rw"
umount_image
for given in ro write,ro rw,ro; do
	mount_image -o $given
	[[ $(options) == ro,nosuid,nodev,* ]] || fail "$given: $(options)"
	if touch "$mnt/new" 2>err; then fail "$given: written to"; fi
	umount_image
done
for given in rw,dev,suid rw,nosuid,nodev,noexec; do
	mount_image -o $given
	[[ $(options) == ro,* ]] || fail "$given: $(options)"
	if touch "$mnt/new" 2>err; then fail "$given: written to"; fi
	umount_image
done
mount_image --write -o suid,dev,noatime
[[ $(options) == rw,noatime,* ]] || fail "$(options)"
touch "$mnt/new"
umount_image
fsck_image vfat

# Names with the characters that separate options.
odd=$PWD/'a, b=c\d'
mkdir -p "$odd/mnt"
cp "$img" "$odd/disk.img"
run anyfs-fuse "$odd/disk.img" "$odd/mnt"
at_exit "umount -l \"\$odd/mnt\" 2>/dev/null"
[ -e "$odd/mnt/new" ] || fail "not mounted: $(names "$odd/mnt")"
run anyfs-umount "$odd/mnt"

# Errors in the command line.
usage() {
	local text=$1 code=0
	shift
	refuse "$text|see anyfs-fuse --help" anyfs-fuse "$@"
	anyfs-fuse "$@" 2>/dev/null || code=$?
	[ $code -eq 2 ] || fail "exit $code: anyfs-fuse $*"
}
for wrong in umask=1000 umask=8 uid=-1 uid=4294967295 uid=nobody gid=12abc mem=8 mem=64k threads=0 \
	threads=65 loglevel=9 loglevel=; do
	usage "-o $wrong: give a" -o $wrong "$img" "$mnt"
done
usage 'no image given'
usage 'no mount point given' "$img"
usage 'no path given' -o part= "$img" "$mnt"
usage 'no file given' --overlay= "$img" "$mnt"
usage 'needs exactly one image' -o part=p1 "$img" "$img" "$mnt"
usage 'needs exactly one image' --overlay changes "$img" "$img" "$mnt"
for wrong in '-o nonsense' --nonsense -x '-o opts'; do
	# shellcheck disable=SC2086  # two words
	usage "$wrong" $wrong "$img" "$mnt"
done
usage 'use allow_other' -o allow_root "$img" "$mnt"
usage 'missing argument' "$img" "$mnt" -o
if grep -q " $PWD/.* fuse.anyfs " /proc/self/mountinfo; then fail "something is still mounted"; fi

# The manual has every option of the program's table and of the help text.
manual=$ANYFS_TOP/docs/man/anyfs-fuse.1
sed -n '/^\.Sh OPTIONS/,/^\.El/p' "$manual" | grep '^\.It' | sed 's/Fl -/Fl --/g; s/Fl \([a-zA-Z]\)/Fl -\1/g' >documented
count=0
while read -r option; do
	option=${option%%=*}
	grep -qE -- "(Cm|Fl) $option(=|\$| )" documented || fail "not in the manual: $option"
	count=$((count + 1))
done < <(sed -n '/templates\[\] = {/,/^};/p' "$ANYFS_TOP/tools/anyfs-fuse/options.c" | grep -o '"[^"]*"' | tr -d '"')
[ $count -gt 30 ] || fail "only $count options were checked"
while read -r option; do
	grep -qE -- "(Cm|Fl) $option(=|\$| )" documented || fail "in the help, but not in the manual: $option"
done < <(anyfs-fuse --help | grep -oE -- '-o [a-z_]+|--[a-z][a-z-]+' | sed 's/-o //')
