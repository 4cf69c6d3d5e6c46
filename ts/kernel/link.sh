#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# link.sh OBJDIR GLUE OUT - link a kernel compiled for wasm32
#
# OBJDIR is the kernel's build directory with vmlinux.a, GLUE a source file of the host
# (lib/host/wasm/glue.c).  wasm-ld has no linker scripts, but it appends each section in
# the order of its inputs: the first object defines the labels at the start of each table
# (see `tables'), the last one those at the end.
set -euo pipefail
export LC_ALL=C
here=$(cd "${0%/*}" && pwd)
usage="usage: link.sh OBJDIR GLUE OUT"
objdir=${1:?$usage} glue=${2:?$usage} out=${3:?$usage}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

cc=(clang-19 --target=wasm32 -matomics -mbulk-memory -mmutable-globals -O2
	-Wall -Wextra -Werror -ffreestanding)

# labels_of_tables COLUMN - define the labels of one end of each table, as objects of size 0
labels_of_tables() {
	awk -v column="$1" '
		!/^#/ && NF == 3 {
			n = split($column, names, ",")
			if ($column == "-")
				names[n = 1] = "unused_" NR
			for (i = 1; i <= n; i++)
				printf "char %s[0] TABLE(\"%s\");\n", names[i], $1
		}' "$here/tables"
}

prologue='#define TABLE(s) __attribute__((section(s), used, aligned(4)))'
{
	echo "$prologue"
	labels_of_tables 2 | sed 's/unused_/unused_start_/'
} >"$tmp/head.c"
{
	echo "$prologue"
	labels_of_tables 3 | grep -v ' unused_'
	# The stack of the first task: on other architectures the linker script allocates it.
	echo '#define THREAD_SIZE (4096 << 2)'
	echo 'char init_stack[THREAD_SIZE] __attribute__((used, aligned(THREAD_SIZE)));'
	echo 'extern char init_thread_union __attribute__((alias("init_stack")));'
	echo 'extern char __start_init_stack __attribute__((alias("init_stack")));'
	echo 'char nothing[1];'
	grep -v '^#' "$here/labels" | tr -s ' ' '\n' | sed '/^$/d
		s/.*/extern char & __attribute__((alias("nothing")));/'
} >"$tmp/tail.c"
"${cc[@]}" -c "$tmp/head.c" -o "$tmp/head.o"
"${cc[@]}" -c "$tmp/tail.c" -o "$tmp/tail.o"
"${cc[@]}" -I "$here/../../kernel/abi" -c "$glue" -o "$tmp/glue.o"

builtins=$(clang-19 -print-resource-dir)/lib/wasi/libclang_rt.builtins-wasm32.a

cd "$objdir"
wasm-ld-19 --no-entry --no-gc-sections --import-memory \
	--max-memory=4294967296 --global-base=65536 -z stack-size=65536 --table-base=8192 \
	--export=__stack_pointer --export=__heap_base --export-table \
	"$tmp/head.o" --whole-archive vmlinux.a init/version-timestamp.o \
	--no-whole-archive lib/lib.a \
	"$tmp/glue.o" "$builtins" "$tmp/tail.o" -o "$out"
