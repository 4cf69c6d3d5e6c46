#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# install.sh KERNEL_SRC KERNEL_OBJ OUT_INCLUDE OUT_C
#
# Make the kernel's user-space headers of ARCH=lkl and put them, with prefixed
# names, below OUT_INCLUDE/lkl; write the functions that make system calls to
# OUT_C.  KERNEL_OBJ is the kernel's build directory (make O=).
set -euo pipefail
export LC_ALL=C

[ $# -eq 4 ] || { echo "usage: install.sh KERNEL_SRC KERNEL_OBJ OUT_INCLUDE OUT_C" >&2; exit 2; }
src=$(realpath "$1")
obj=$(realpath "$2")
log=$obj/headers.log

make -C "$src" ARCH=lkl O="$obj" -j"${JOBS:-2}" headers >"$log" 2>&1 || {
	tail -n 20 "$log" >&2
	echo "install.sh: $src: make headers failed; the whole log is $log" >&2
	exit 1
}
exec python3 -B "${0%/*}/generate.py" "$src" "$obj/usr/include" "$3" "$4"
