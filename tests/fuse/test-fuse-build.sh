#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Two compilers build a program on a mount while a part of the kernel's source is
# unpacked twice beside it.  The objects equal those built on the host's file system,
# make rebuilds nothing, and the unpacked files equal those in the archive. ext4, xfs
# and btrfs are tested.
# root: mounts
. "${0%/*}/lib-fuse.sh"
needs_fuse
requires gcc --version
requires make --version

# A program of thirty files: each includes the header, main calls each.
mkdir -p host/src
echo '#include <stdio.h>' >host/src/all.h
echo '#include "all.h"' >host/src/main.c
echo 'int main(void) { long sum = 0;' >>host/src/main.c
for n in $(seq 30); do
	echo "int f$n(int x);" >>host/src/all.h
	printf '#include "all.h"\nint f%d(int x) { return x * %d; }\n' "$n" "$n" >"host/src/f$n.c"
	echo "sum += f$n(2);" >>host/src/main.c
done
printf '%s\n' 'printf("%ld\n", sum); return 0; }' >>host/src/main.c
cat >host/src/Makefile <<'EOF'
objects = $(patsubst %.c,%.o,$(wildcard *.c))
program: main.o libf.a
	$(CC) -o $@ $^
libf.a: $(filter-out main.o,$(objects))
	rm -f $@
	ar crD $@ $(sort $^)
%.o: %.c all.h
	$(CC) -O1 -g0 -c -o $@ $<
EOF
tar -C host -cf src.tar src
make -s -j 2 -C host/src program

# The beginning of the kernel's source has thousands of files.
kernel=$(echo /usr/src/linux-source-6.*.tar.xz)
requires test -r "$kernel"
mkdir host/tree
xz -dc "$kernel" 2>/dev/null | head -c 30M | tar -C host/tree -xf - 2>/dev/null || true
[ "$(find host/tree | wc -l)" -gt 3000 ] || fail "too few files: $kernel"
tar -C host/tree -cf tree.tar .

for fs in ext4 xfs btrfs; do
	image_of $fs 4G
	mount_image --write -o default_permissions
	mkdir "$mnt/one" "$mnt/two"
	tar -C "$mnt/one" -xf tree.tar &
	one=$!
	tar -C "$mnt/two" -xf tree.tar &
	two=$!
	tar -C "$mnt" -xf src.tar
	run make -s -j 2 -C "$mnt/src" program
	wait $one && wait $two || fail "$fs: tar"
	"$mnt/src/program" | expect 930
	make -q -C "$mnt/src" program || fail "$fs: make would build what it has just built"
	touch "$mnt/src/f7.c"
	make -n -C "$mnt/src" program | grep -c -- '-c -o' | expect 1
	umount_image
	fsck_image $fs
	mount_image
	run diff -r --no-dereference host/src "$mnt/src"
	run diff -r --no-dereference host/tree "$mnt/one"
	run diff -r --no-dereference host/tree "$mnt/two"
	umount_image
done
