#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# build.sh BUILD - formats.wasm: the image formats of lib/block/format, by clang
#
# wasi-libc provides malloc, strings and snprintf; include/ replaces the headers that need an
# operating system.  The decoders come from the kernel (BUILD/lib/anyfs/unpack.o, made by
# ts/kernel/build.sh).
set -euo pipefail
export LC_ALL=C

here=$(cd "${0%/*}" && pwd)
top=${here%/ts/formats}
build=$(realpath -m "${1:?usage: build.sh BUILD}")
dir=$build/ts/formats
out=$build/lib/anyfs/formats.wasm
unpack=$build/lib/anyfs/unpack.o

# The option for atomics is not given, so thread-local variables are ordinary variables: the module
# has no code that could set up memory for each thread.
cc=(clang-19 --target=wasm32-wasi --sysroot=/usr -nostdlibinc -isystem "$here/include"
	-isystem /usr/include/wasm32-wasi -O2 -mbulk-memory
	-Wall -Wextra -Wno-unused-parameter -Werror)
for directory in lib/block lib/block/format lib/util lib/codecs kernel/abi; do
	cc+=(-I "$top/$directory")
done
sources=("$here"/*.c "$top"/lib/block/{blockdev,split}.c "$top/lib/util/error.c")
for file in "$top"/lib/block/format/*.c; do
	# Skip this file: this directory has its replacement.
	[ "${file##*/}" = codec.c ] || sources+=("$file")
done

mkdir -p "$dir"
objects=()
for file in "${sources[@]}"; do
	object=$dir/${file##*/}
	object=${object%.c}.o
	objects+=("$object")
	"${cc[@]}" -c "$file" -o "$object"
done
wasm-ld-19 --no-entry --gc-sections --strip-all -z stack-size=262144 --max-memory=268435456 \
	"${objects[@]}" "$unpack" /usr/lib/wasm32-wasi/libc.a \
	"$(clang-19 -print-resource-dir)/lib/wasi/libclang_rt.builtins-wasm32.a" -o "$out"
